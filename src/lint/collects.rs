//! Vectors that are collected: what they are collected from, and who walks them.

use syn::{Expr, ExprMethodCall, Stmt};

use super::claim::{Claim, Witness};
use super::copies::{initial, stays};
use super::place;
use super::site::Site;
use crate::model::finding::{Edit, Suggestion, Types};
use crate::source::bindings::{self, Use, UseRole};
use crate::source::loops;
use crate::source::tree::{Node, NodeId};

/// The `for` whose head is a use, perhaps through `iter` or `into_iter`.
pub fn loop_over<'a>(site: &Site<'_, 'a>, used: &Use<'a>) -> Option<&'a syn::ExprForLoop> {
    let head = match used.role {
        UseRole::Iterated => used.id,
        UseRole::Borrowed => site.tree.parent(used.id)?,
        UseRole::Receiver(call)
            if matches!(call.method.to_string().as_str(), "iter" | "into_iter") =>
        {
            site.tree.parent(used.id)?
        }
        _ => return None,
    };
    match site.tree.expr(site.tree.parent(head)?)? {
        Expr::ForLoop(turn) if site.tree.id(&turn.expr) == Some(head) => Some(turn),
        _ => None,
    }
}

/// Walking while working instead of before: the same unless a closure does something besides.
pub fn lazy(site: &Site<'_, '_>, iterator: &Expr, message: &str, edits: Vec<Edit>) -> Suggestion {
    if is_plain_chain(iterator) && site.type_of_is_known(iterator) {
        return Suggestion::safe(message, edits);
    }
    Suggestion::with_caveat(
        message,
        edits,
        "each element is then computed when it is asked for, not before, and what it is computed \
         from stays borrowed meanwhile",
    )
}

/// Adapters without closures on a place.
fn is_plain_chain(expr: &Expr) -> bool {
    match expr {
        Expr::MethodCall(call) => {
            let name = call.method.to_string();
            matches!(
                name.as_str(),
                "iter"
                    | "chars"
                    | "bytes"
                    | "lines"
                    | "cloned"
                    | "copied"
                    | "enumerate"
                    | "rev"
                    | "split"
                    | "split_whitespace"
                    | "keys"
                    | "values"
                    | "skip"
                    | "take"
                    | "char_indices"
                    | "windows"
                    | "chunks"
            ) && call.args.iter().all(place::is_simple)
                && is_plain_chain(&call.receiver)
        }
        other => place::is_place(other),
    }
}

/// Whether the collection is a vector for sure: not a `Result`, a set, a string.
pub fn is_vec(site: &Site<'_, '_>, call: &ExprMethodCall) -> bool {
    if let Some(turbofish) = &call.turbofish {
        let text: String =
            site.file.text.get(site.tree.token(span_of(turbofish))).unwrap_or_default().into();
        return text.replace(' ', "").contains("<Vec<");
    }
    let Some(stmt) = site.tree.parent(site.node) else { return false };
    match site.tree.node(stmt) {
        Node::Stmt(Stmt::Local(local)) => match &local.pat {
            syn::Pat::Type(typed) => {
                site.types.type_of_written(&typed.ty, site.node).peeled().is_vec()
            }
            _ => false,
        },
        _ => false,
    }
}

fn span_of(turbofish: &syn::AngleBracketedGenericArguments) -> proc_macro2::Span {
    syn::spanned::Spanned::span(turbofish)
}

/// Guards, cells, folders, threads: the collection ends a borrow, or does the work.
pub fn hides_more(site: &Site<'_, '_>, call: &ExprMethodCall) -> bool {
    const WORDS: [&str; 12] = [
        "lock",
        "borrow",
        "borrow_mut",
        "read_dir",
        "spawn",
        "drain",
        "par_iter",
        "into_par_iter",
        "write",
        "try_iter",
        "thread",
        "WalkDir",
    ];
    let text = site.source(&call.receiver);
    WORDS.iter().any(|word| place::has_word(text, word))
}

/// Questions to a vector that an iterator answers as well, without one being made.
pub fn asks_once(name: &str) -> bool {
    matches!(name, "len" | "is_empty" | "first" | "last" | "contains" | "get" | "iter")
}

/// What to ask the iterator instead.
pub fn asked_of_iterator(site: &Site<'_, '_>, iterator: &Expr, question: &str) -> Suggestion {
    let source = place::on_one_line(site.source(iterator));
    let asked = match question {
        "len" => "count()",
        "is_empty" => "next().is_none()",
        "first" => "next()",
        "last" => "last()",
        "contains" => "any(|one| one == …)",
        "get" => "nth(…)",
        _ => "…",
    };
    Suggestion::shown("ask the iterator itself", format!("{source}.{asked}"))
}

/// `let v: Vec<_> = ….collect();` and then one question, or one `extend`.
pub fn asked_later<'a>(site: &Site<'_, 'a>, iterator: &'a Expr) -> Option<Claim> {
    let tree = site.tree;
    let stmt = tree.parent(site.node)?;
    let binding = bindings::of_let(tree, stmt)?;
    let (init, _) = initial(&binding)?;
    if tree.id(init) != Some(site.node) || binding.name.mutability.is_some() {
        return None;
    }
    let uses = site.uses(&binding);
    let [used] = uses.as_slice() else { return None };
    // Asked again and again of one vector is what a vector is for.
    let made = loops::innermost(tree, stmt).map(|turn| turn.id);
    if loops::innermost(tree, used.id).map(|turn| turn.id) != made {
        return None;
    }
    let question = match used.role {
        UseRole::Receiver(call) if asks_once(&call.method.to_string()) => call.method.to_string(),
        UseRole::Indexed => {
            let Expr::Index(index) = tree.expr(tree.parent(used.id)?)? else { return None };
            matches!(*index.index, Expr::Lit(_)).then(|| "get".to_owned())?
        }
        UseRole::Moved => {
            let Expr::MethodCall(call) = tree.expr(tree.parent(used.id)?)? else { return None };
            let is_other = place::root(&call.receiver)
                .is_some_and(|target| !place::has_word(site.source(iterator), &target));
            (call.method == "extend" && is_other).then(|| "extend".to_owned())?
        }
        _ => return None,
    };
    // The vector may be what ends a borrow.
    let end = tree.behind(site.statement(used.id)?);
    let within = |id: &crate::source::NodeId| *id > binding.scope;
    let is_in_closure = tree
        .ancestors(used.id)
        .take_while(within)
        .any(|outer| matches!(tree.expr(outer), Some(Expr::Closure(_) | Expr::Async(_))));
    // A closure may run many times.
    if is_in_closure || !stays(site, iterator, tree.behind(stmt), end) {
        return None;
    }
    let name = &binding.name.ident;
    let suggestion = if question == "extend" {
        let source = place::on_one_line(site.source(iterator));
        Suggestion::shown("hand the iterator on", format!("….extend({source});"))
    } else {
        asked_of_iterator(site, iterator, &question)
    };
    Some(
        claim(site, format!("`{name}` is collected only for `{question}`"))
            .about(stmt)
            .related(site.related(used.id, "used here, and nowhere else"))
            .suggest(Some(suggestion)),
    )
}

/// `xs = xs.into_iter().filter(…).collect()`, of a vector.
pub fn retained<'a>(site: &Site<'_, 'a>, iterator: &'a Expr) -> Option<Claim> {
    let Expr::MethodCall(filter) = iterator else { return None };
    let Expr::MethodCall(walk) = &*filter.receiver else { return None };
    let Expr::Path(path) = &*walk.receiver else { return None };
    let name = path.path.get_ident()?.to_string();
    let is_shape = filter.method == "filter" && walk.method == "into_iter";
    if !is_shape || !site.type_of(&walk.receiver).ty.is_vec() {
        return None;
    }
    let parent = site.tree.parent(site.node)?;
    let same = match site.tree.node(parent) {
        Node::Stmt(Stmt::Local(_)) => {
            bindings::of_let(site.tree, parent).is_some_and(|binding| binding.name.ident == name)
        }
        Node::Expr(Expr::Assign(assign)) => site.source(&assign.left) == name,
        _ => false,
    };
    let test = place::on_one_line(site.source(filter.args.first()?));
    same.then(|| {
        claim(site, format!("`{name}` is filtered into a vector of its own")).suggest(Some(
            Suggestion::shown("filter it in place", format!("{name}.retain({test});")),
        ))
    })
}

fn claim(site: &Site<'_, '_>, message: String) -> Claim {
    Claim::new(site.node, message)
        .label("allocated, copied and freed")
        .types(Types::Inferred)
        .witness(Witness::cpu_in(allocates).through(collects))
}

/// The calls that collect.
pub fn collects(function: &str) -> bool {
    function.ends_with("::collect") || function.contains("collect<")
}

/// Frames of making and throwing away a buffer.
pub fn allocates(function: &str) -> bool {
    let parts = ["alloc::alloc::", "exchange_malloc", "RawVec", "finish_grow", "__rust_"];
    parts.iter().any(|part| function.contains(part))
        || ["malloc", "free", "cfree", "_int_malloc", "_int_free", "realloc"].contains(&function)
}

/// Whether an iterator is walked to its end where it is made. Where it is kept, its type matters:
/// that of an array's is another one.
pub fn is_used_up(site: &Site<'_, '_>, iterator: NodeId) -> bool {
    const ENDS: [&str; 21] = [
        "all",
        "any",
        "collect",
        "count",
        "find",
        "find_map",
        "fold",
        "for_each",
        "last",
        "max",
        "max_by_key",
        "min",
        "min_by_key",
        "next",
        "nth",
        "partition",
        "position",
        "product",
        "reduce",
        "sum",
        "unzip",
    ];
    let Some(parent) = site.tree.parent(iterator) else { return false };
    match site.tree.expr(parent) {
        Some(Expr::ForLoop(turn)) => site.tree.id(&turn.expr) == Some(iterator),
        Some(Expr::MethodCall(call)) if site.tree.id(&call.receiver) == Some(iterator) => {
            ENDS.iter().any(|end| call.method == end) || is_used_up(site, parent)
        }
        _ => false,
    }
}
