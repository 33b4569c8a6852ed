//! # What it finds
//!
//! A copy that is only looked at: `to_string`, `to_owned` or `clone` for a comparison, a lookup or
//! a method that only reads; a local that holds such a copy and is never changed or given away; a
//! `collect` whose vector is only walked once, counted, or handed to `extend`; a `vec![…]` of a few
//! elements that is only walked or searched, where an array serves.
//!
//! # What it costs
//!
//! An allocation, a copy of the whole content and a free, for something that was there already.
//! Among real fixes this is the most common one, and it paid most often.
//!
//! # The rewrite
//!
//! Borrow instead of copying, look up by `&str`, walk the iterator itself. Safe where types, and
//! everything that happens while the borrow lives, are in sight.
//!
//! # When to keep the code
//!
//! The copy ends a borrow: what it was made of is changed while the copy is still used. Or the
//! copy is of an `Rc` or `Arc`, or of a borrowed `Cow`, and costs next to nothing.
//!
//! # How it was proved
//!
//! The profile shows allocation below the very call that copies. `ui-tests/copied_out_buffer`
//! holds the code before and after.

use crate::lint::collects::{
    allocates, asked_later, asked_of_iterator, asks_once, hides_more, is_used_up, is_vec, lazy,
    loop_over, retained,
};
use crate::lint::copies::{
    Copied, copied, copied_unseen, initial, is_argument, looked_at, only_reads, references, stays,
};
use crate::lint::prelude::*;
use crate::model::type_name::TypeName;
use crate::source::bindings::{self, UseRole};

/// See the text above.
pub static LINT: Lint = Lint {
    name: "copied_out_buffer",
    summary: "a copy is made only to be looked at",
    on: &[Kind::Let, Kind::Call, Kind::Macro, Kind::MethodCall],
    methods: &["collect", "to_string", "to_owned", "clone", "to_vec"],
    check,
};

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    match site.tree.node(site.node) {
        Node::Stmt(Stmt::Local(_)) => local(site),
        Node::Expr(Expr::MethodCall(call)) if call.method == "collect" => collected(site, call),
        Node::Expr(Expr::Macro(call)) => listed(site, &call.mac),
        Node::Expr(expr) => {
            let copy = copied(site, expr)?;
            compared(site, &copy).or_else(|| looked_up(site, &copy)).or_else(|| read(site, &copy))
        }
        _ => None,
    }
}

fn claim(site: &Site<'_, '_>, message: String, types: Types) -> Claim {
    Claim::new(site.node, message)
        .label("allocated, copied and freed")
        .types(types)
        .witness(Witness::cpu_in(allocates).through(copies))
}

/// `x.to_string() == y`.
fn compared(site: &Site<'_, '_>, copy: &Copied<'_>) -> Option<Claim> {
    let parent = site.tree.parent(site.node)?;
    let Expr::Binary(both) = site.tree.expr(parent)? else { return None };
    if !matches!(both.op, syn::BinOp::Eq(_) | syn::BinOp::Ne(_)) || !copy.ty.is_text() {
        return None;
    }
    let is_left = site.tree.id(&both.left) == Some(site.node);
    let other = if is_left { &both.right } else { &both.left };
    let typed = site.type_of(other);
    let message = format!("`{}` is copied only to be compared", short(site, copy.of));
    let claim = claim(site, message, copy.by);
    let suggestion = typed.ty.is_text().then(|| comparable(copy, &typed.ty)).flatten();
    Some(claim.suggest(Some(match suggestion {
        Some(stars) => {
            let text = format!("{}{}", "*".repeat(stars), site.source(copy.of));
            let edits = vec![site.replace(site.tree.range(site.node), text)];
            Suggestion::safe("compare it as it is", edits)
        }
        None => Suggestion::shown("compare it as it is", format!("{} == …", site.source(copy.of))),
    })))
}

/// How often the copied text must be dereferenced so that it can be compared with the other one;
/// `None` where the other one would have to be.
fn comparable(copy: &Copied<'_>, other: &TypeName) -> Option<usize> {
    let (mine, theirs) = (copy.refs, references(other));
    let is_whole = |ty: &TypeName, refs: usize| refs > 0 || ty.is_string();
    // `String == &str` and `&str == String` are there, and all pairs with equal references.
    let mixed = mine.abs_diff(theirs) == 1
        && (mine == 0 && other.peeled().is_str() || theirs == 0 && copy.ty.is_str());
    if mixed && mine.max(theirs) == 1 {
        return Some(0);
    }
    let stars = mine.checked_sub(theirs)?;
    (is_whole(&copy.ty, mine - stars) || stars > 0).then_some(stars)
}

/// `map.get(&x.to_string())`.
fn looked_up(site: &Site<'_, '_>, copy: &Copied<'_>) -> Option<Claim> {
    let tree = site.tree;
    let reference = tree.parent(site.node)?;
    let Expr::Reference(borrow) = tree.expr(reference)? else { return None };
    let outer = tree.parent(reference)?;
    let Expr::MethodCall(call) = tree.expr(outer)? else { return None };
    let (name, args) = place::signature(call);
    let looks = matches!(
        name.as_str(),
        "get" | "get_mut" | "contains_key" | "contains" | "remove" | "get_key_value"
    );
    if !looks || args != 1 || tree.id(&call.args[0]) != Some(reference) {
        return None;
    }
    let owner = site.type_of(&call.receiver);
    let owner = owner.ty.peeled();
    let map = owner.hash_map().or_else(|| owner.btree_map());
    let key = match map {
        Some(map) => map.key,
        None if name == "contains" => owner.element()?,
        None => return None,
    };
    let is_same = key == &copy.ty;
    if !(key.is_string() && copy.ty.is_text() || is_same) || borrow.mutability.is_some() {
        return None;
    }
    let source = site.source(copy.of);
    let message = format!("`{}` is copied only to be looked up", short(site, copy.of));
    let claim = claim(site, message, copy.by);
    let range = tree.range(reference);
    // The map wants `&str` or `&String`: one reference.
    let text = match copy.refs {
        0 => format!("&{source}"),
        refs => format!("{}{source}", "*".repeat(refs - 1)),
    };
    let can_borrow = map.is_some() || is_same;
    // What is looked up may not be borrowed from what is changed by that.
    let changes = matches!(name.as_str(), "get_mut" | "remove");
    let shares = changes && place::root(&call.receiver) == place::root(place::bare(copy.of));
    Some(claim.suggest(Some(if !can_borrow {
        let receiver = site.source(&call.receiver);
        let sketch = format!("{receiver}.iter().any(|known| known == {source})");
        Suggestion::shown("compare it as it is", sketch)
    } else if shares {
        Suggestion::with_caveat(
            "look it up as it is",
            vec![site.replace(range, text)],
            "it must not be a part of what it is looked up in",
        )
    } else {
        Suggestion::safe("look it up as it is", vec![site.replace(range, text)])
    })))
}

/// `x.to_string().len()`, `x.clone().iter()`.
fn read(site: &Site<'_, '_>, copy: &Copied<'_>) -> Option<Claim> {
    let (outer, call) = looked_at(site, site.node)?;
    let name = call.method.to_string();
    // A copy of a copy is the inner one's case; a vector is looked at in more ways than one.
    if matches!(name.as_str(), "as_ref" | "get" | "to_string" | "to_owned" | "clone" | "to_vec") {
        return None;
    }
    let statement = site.statement(site.node)?;
    let behind = site.tree.behind(statement);
    if !stays(site, copy.of, site.node, behind) {
        return None;
    }
    let message = format!("`{}` is copied only for `{name}`", short(site, copy.of));
    let range = site.tree.range(site.node);
    let source = site.source(copy.of);
    // A `str` is what `as_str` of its copy gives.
    if name == "as_str" && copy.ty.is_str() && copy.refs > 0 {
        let text = format!("{}{source}", "*".repeat(copy.refs - 1));
        let edits = vec![site.replace(site.tree.range(outer), text)];
        let suggestion = Suggestion::safe("take it as it is", edits);
        return Some(claim(site, message, copy.by).suggest(Some(suggestion)));
    }
    let fits = copy.ty.is_text() || copy.ty.is_vec() || matches!(copy.ty, TypeName::Slice(_));
    let is_operand = place::is_place(copy.of) || matches!(copy.of, Expr::MethodCall(_));
    Some(claim(site, message, copy.by).suggest(Some(if fits && is_operand {
        let edits = vec![site.replace(range, source)];
        Suggestion::safe(format!("call `{name}` on it as it is"), edits)
    } else {
        let sketch = format!("{source}.{name}(…)");
        Suggestion::shown(format!("call `{name}` on it as it is"), sketch)
    })))
}

/// `let x = y.clone();` where `x` is only looked at, and `y` stays as it is meanwhile.
fn local(site: &Site<'_, '_>) -> Option<Claim> {
    let binding = bindings::of_let(site.tree, site.node)?;
    let (init, stmt) = initial(&binding)?;
    if binding.name.mutability.is_some() || binding.name.by_ref.is_some() {
        return None;
    }
    let copy = copied(site, init).or_else(|| copied_unseen(site, init))?;
    let uses = site.uses(&binding);
    let last = uses.last()?;
    if !uses.iter().all(|used| only_reads(site, used))
        || uses.iter().any(|used| place::is_captured(site, used.id, binding.scope))
        || is_temporary(copy.of)
        || place::may_wait(site, binding.scope)
    {
        return None;
    }
    let end = site.tree.behind(binding.scope);
    if !stays(site, copy.of, site.tree.behind(stmt), end) {
        return None;
    }
    let name = &binding.name.ident;
    let id = site.tree.id(init)?;
    let mut claim = claim(site, format!("`{name}` is a copy that is only looked at"), copy.by)
        .related(site.related(last.id, "last used here"))
        .about(stmt);
    claim.at = id;
    claim.regions = vec![id];
    let text = match copy.refs {
        0 => format!("&{}", site.source(copy.of)),
        refs => format!("{}{}", "*".repeat(refs - 1), site.source(copy.of)),
    };
    let mut edits = vec![site.replace(site.tree.range(id), text)];
    let mut shown_only = !matches!(&local_of(site)?.pat, syn::Pat::Ident(_));
    let mut is_given = false;
    for used in &uses {
        match used.role {
            // `&x` of a copy is `x` of a borrow.
            UseRole::Borrowed => {
                let borrow = site.tree.range(site.tree.parent(used.id)?);
                edits.push(site.replace(borrow, name.to_string()));
                is_given |= is_argument(site, used.id);
            }
            UseRole::Receiver(call) => {
                let method = call.method.to_string();
                shown_only |= matches!(
                    method.as_str(),
                    "clone" | "to_owned" | "to_vec" | "as_ref" | "get" | "to_string"
                );
            }
            UseRole::Formatted => {}
            _ => shown_only = true,
        }
    }
    // What is neither a text nor a vector may have methods that take it by value.
    shown_only |= !(copy.ty.is_text() || copy.ty.is_vec());
    let message = "borrow it";
    Some(claim.suggest(Some(if shown_only {
        Suggestion::shown(message, format!("let {name} = &{};", site.source(copy.of)))
    } else if is_given {
        Suggestion::with_caveat(
            message,
            edits,
            "it then has another type: where a function is generic over it, or asks for `&String`, \
             it must be borrowed once more",
        )
    } else {
        Suggestion::safe(message, edits)
    })))
}

fn local_of<'a>(site: &Site<'_, 'a>) -> Option<&'a syn::Local> {
    match site.tree.node(site.node) {
        Node::Stmt(Stmt::Local(local)) => Some(local),
        _ => None,
    }
}

/// Whether the copied expression borrows from a value that ends with the statement.
fn is_temporary(of: &Expr) -> bool {
    match of {
        Expr::MethodCall(call) => {
            let name = call.method.to_string();
            let guards = ["lock", "read", "write", "borrow", "borrow_mut", "unwrap", "expect"];
            guards.contains(&name.as_str())
                || is_temporary(&call.receiver)
                || !call.args.iter().all(place::is_simple)
        }
        Expr::Reference(inner) => is_temporary(&inner.expr),
        Expr::Paren(inner) => is_temporary(&inner.expr),
        other => !place::is_place(other),
    }
}

/// `vec![a, b].contains(&c)`, `for x in vec![a, b]`.
fn listed(site: &Site<'_, '_>, mac: &syn::Macro) -> Option<Claim> {
    let tree = site.tree;
    if !mac.path.is_ident("vec") || mac.tokens.is_empty() {
        return None;
    }
    let elements = &tree.arguments(mac)?.exprs;
    let first = elements.first()?;
    // `vec![value; length]` may be of any length.
    let rest = site.text(site.node).get(tree.bytes(first).end - tree.range(site.node).start..)?;
    if rest.trim_start().starts_with(';') {
        return None;
    }
    let parent = tree.parent(site.node)?;
    let mut is_same_type = true;
    let what = match tree.expr(parent)? {
        Expr::ForLoop(turn) if tree.id(&turn.expr) == Some(site.node) => "walked",
        Expr::MethodCall(call) if tree.id(&call.receiver) == Some(site.node) => {
            is_same_type = call.method != "into_iter" || is_used_up(site, parent);
            match call.method.to_string().as_str() {
                "contains" | "iter" | "into_iter" | "first" | "last" | "len" => "looked at",
                "join" | "concat" => "joined",
                _ => return None,
            }
        }
        _ => return None,
    };
    let start = tree.range(site.node).start;
    let list = site.text(site.node).find(['[', '(', '{'])?;
    let is_bracket = site.text(site.node)[list..].starts_with('[');
    let suggestion = if is_bracket && is_same_type && site.file.package.edition >= 2021 {
        Suggestion::safe("take an array", vec![site.replace(start..start + list, "")])
    } else {
        Suggestion::shown("take an array", "[…]")
    };
    let message = format!("a vector is made only to be {what}");
    Some(claim(site, message, Types::NotNeeded).suggest(Some(suggestion)))
}

/// A vector that is collected and then only walked, counted or handed on as an iterator.
fn collected<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall) -> Option<Claim> {
    let tree = site.tree;
    if !call.args.is_empty() || !is_vec(site, call) || hides_more(site, call) {
        return None;
    }
    let iterator = &*call.receiver;
    let parent = tree.parent(site.node)?;
    let whole = tree.range(site.node);
    let dropped = tree.bytes(iterator).end..whole.end;
    let (message, suggestion) = match tree.node(parent) {
        Node::Expr(Expr::MethodCall(outer)) if tree.id(&outer.receiver) == Some(site.node) => {
            let name = outer.method.to_string();
            let behind = tree.bytes(iterator).end..tree.range(parent).end;
            match (name.as_str(), outer.args.len()) {
                ("len", 0) => (
                    "a vector is collected only to be counted".to_owned(),
                    Suggestion::safe("count", vec![site.replace(behind, ".count()")]),
                ),
                ("is_empty", 0) => (
                    "a vector is collected only to see whether it is empty".to_owned(),
                    lazy(
                        site,
                        iterator,
                        "look for a first one",
                        vec![site.replace(behind, ".next().is_none()")],
                    ),
                ),
                ("into_iter", 0) => {
                    let statement = tree.behind(site.statement(site.node)?);
                    stays(site, iterator, site.node, statement).then_some(())?;
                    (
                        "a vector is collected only to be walked again".to_owned(),
                        lazy(site, iterator, "go on", vec![site.replace(behind, "")]),
                    )
                }
                ("extend", _) => return None,
                (name, _) if asks_once(name) => (
                    format!("a vector is collected only for `{name}`"),
                    asked_of_iterator(site, iterator, name),
                ),
                _ => return extended(site, parent, outer, iterator, dropped),
            }
        }
        Node::Expr(Expr::MethodCall(outer)) => {
            return extended(site, parent, outer, iterator, dropped);
        }
        Node::Expr(Expr::ForLoop(turn)) if tree.id(&turn.expr) == Some(site.node) => {
            let body = tree.block_id(&turn.body)?;
            if place::may_wait(site, body) || !stays(site, iterator, body, tree.behind(parent)) {
                return None;
            }
            let edits = vec![site.replace(dropped, "")];
            (
                "a vector is collected only to be walked".to_owned(),
                lazy(site, iterator, "walk the iterator", edits),
            )
        }
        Node::Expr(Expr::Index(index)) if tree.id(&index.expr) == Some(site.node) => (
            "a vector is collected for one of its elements".to_owned(),
            asked_of_iterator(site, iterator, "get"),
        ),
        _ => {
            return retained(site, iterator)
                .or_else(|| walked_once(site, iterator))
                .or_else(|| asked_later(site, iterator));
        }
    };
    Some(claim(site, message, Types::Inferred).suggest(Some(suggestion)))
}

/// `other.extend(….collect::<Vec<_>>())`.
fn extended(
    site: &Site<'_, '_>,
    outer: NodeId,
    call: &ExprMethodCall,
    iterator: &Expr,
    dropped: std::ops::Range<usize>,
) -> Option<Claim> {
    let target = place::root(&call.receiver)?;
    if call.method != "extend"
        || call.args.len() != 1
        || place::has_word(site.source(iterator), &target)
        || !site.tree.contains(outer, site.node)
    {
        return None;
    }
    let suggestion = lazy(site, iterator, "hand the iterator on", vec![site.replace(dropped, "")]);
    let message = "a vector is collected only to be handed to `extend`".to_owned();
    Some(claim(site, message, Types::Inferred).suggest(Some(suggestion)))
}

/// `let v: Vec<_> = ….collect();` and then a single `for` or count.
fn walked_once<'a>(site: &Site<'_, 'a>, iterator: &'a Expr) -> Option<Claim> {
    let tree = site.tree;
    let stmt = tree.parent(site.node)?;
    let binding = bindings::of_let(tree, stmt)?;
    let (init, _) = initial(&binding)?;
    if tree.id(init) != Some(site.node) || binding.name.mutability.is_some() {
        return None;
    }
    let uses = site.uses(&binding);
    let [used] = uses.as_slice() else { return None };
    let made = loops::innermost(tree, stmt).map(|turn| turn.id);
    let is_once = loops::innermost(tree, used.id).map(|turn| turn.id) == made;
    let turn = loop_over(site, used)?;
    let body = tree.block_id(&turn.body)?;
    let end = tree.behind(body);
    if !is_once || place::may_wait(site, body) || !stays(site, iterator, tree.behind(stmt), end) {
        return None;
    }
    let name = &binding.name.ident;
    let by_value = matches!(used.role, UseRole::Iterated)
        || matches!(used.role, UseRole::Receiver(call) if call.method == "into_iter");
    let follows = tree.statement_after(stmt) == site.statement(used.id);
    let source = site.source(iterator);
    let start = tree.range(stmt).start;
    let suggestion = if by_value && follows {
        let for_start = tree.range(tree.statement_after(stmt)?).start;
        let edits =
            vec![site.replace(start..for_start, ""), site.replace(tree.bytes(&*turn.expr), source)];
        let has_comment = site.file.text.get(start..for_start)?.contains("//");
        if has_comment { by_hand(source) } else { lazy(site, iterator, "walk it", edits) }
    } else {
        by_hand(source)
    };
    let message = format!("`{name}` is collected only to be walked once");
    let claim = claim(site, message, Types::Inferred).about(stmt);
    Some(claim.related(site.related(used.id, "walked here")).suggest(Some(suggestion)))
}

fn by_hand(source: &str) -> Suggestion {
    let source = place::on_one_line(source);
    Suggestion::shown("walk the iterator itself", format!("for item in {source} {{\n    …\n}}"))
}

fn short<'s>(site: &Site<'s, '_>, expr: &Expr) -> &'s str {
    let text = site.source(expr);
    if text.contains('\n') { "it" } else { text }
}

/// The calls that copy.
fn copies(function: &str) -> bool {
    let ends = ["::to_string", "::to_owned", "::clone", "::to_vec", "::collect", "::from"];
    ends.iter().any(|end| function.ends_with(end))
        || ["to_string<", "collect<", "as core::clone::Clone>", "SpecToString"]
            .iter()
            .any(|part| function.contains(part))
}
