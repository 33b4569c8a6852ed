//! Vectors that are collected: what they are collected from, and who walks them.

use syn::{Expr, ExprMethodCall, Stmt};

use super::place;
use super::site::Site;
use crate::model::finding::{Edit, Suggestion};
use crate::source::bindings::{Use, UseRole};
use crate::source::tree::Node;

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
