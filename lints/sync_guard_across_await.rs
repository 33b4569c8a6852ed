//! # What it finds
//!
//! A guard of a blocking lock, of `std` or `parking_lot`, that is alive at an `.await`: a local,
//! or a temporary in the head of a `match`, `if let` or `while let`, which lives as long as the
//! body does.
//!
//! # What it costs
//!
//! While the future sleeps the lock stays taken. Whoever wants it blocks a whole thread of the
//! runtime, and the tasks on it; where all threads wait, nobody is left to let go of it.
//!
//! # The rewrite
//!
//! Let go of the guard before the `.await`: take out what is needed, in a block of its own or with
//! `drop`. Where it must be held, an asynchronous lock. Never safe: others may change what the
//! lock protects in the meantime.
//!
//! # When to keep the code
//!
//! The runtime has one thread and no other task wants the lock.
//!
//! # How it was proved
//!
//! By its shape and the type of the guard; with a profile, threads are seen to wait for this very
//! lock. `ui-tests/sync_guard_across_await` holds an example.

use crate::lint::guards::{self, LEAST_WAIT};
use crate::lint::prelude::*;

/// See the text above.
pub static LINT: Lint = Lint {
    name: "sync_guard_across_await",
    summary: "a blocking lock is held while a future sleeps",
    on: &[Kind::Let, Kind::MethodCall],
    methods: &["lock", "read", "write"],
    check,
};

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    match site.tree.node(site.node) {
        Node::Stmt(_) => local(site),
        _ => temporary(site),
    }
}

/// `let guard = lock.lock().unwrap(); … .await`.
fn local(site: &Site<'_, '_>) -> Option<Claim> {
    let held = guards::held(site)?;
    if !place::is_async(site, site.node) {
        return None;
    }
    let behind = || site.tree.below(held.scope).filter(|&id| id >= held.from);
    let gone = behind().find(|&id| gives_away(site, id, &held.name));
    let waits = behind()
        .filter(|&id| gone.is_none_or(|gone| id < gone))
        .find(|&id| awaits_here(site, id, held.scope))?;
    let message = "let go of it before the future sleeps";
    let suggestion = held.let_go(site, waits, gone.is_some(), [message; 2]);
    let message = format!("`{}` holds a blocking lock while the future sleeps", held.name);
    let claim = claim(waits, message, held.locking)
        .types(held.typed.by)
        .related(site.related(held.stmt, "locked here"));
    Some(claim.suggest(Some(suggestion)))
}

/// `match lock.lock().unwrap().state { … .await … }`.
fn temporary(site: &Site<'_, '_>) -> Option<Claim> {
    let tree = site.tree;
    let Some(Expr::MethodCall(call)) = site.expr() else { return None };
    if !matches!(call.method.to_string().as_str(), "lock" | "read" | "write")
        || !call.args.is_empty()
    {
        return None;
    }
    let typed = site.type_of(&call.receiver);
    let mut ty = typed.ty.peeled();
    while ty.is_shared_pointer() || ty.is_std("LazyLock") {
        ty = ty.args().first()?.peeled();
    }
    if !guards::is_blocking(ty.lock()?) || !place::is_async(site, site.node) {
        return None;
    }
    let (head, body) = headed(site, site.node)?;
    let waits =
        tree.below(body).find(|&id| !tree.contains(head, id) && awaits_here(site, id, body))?;
    let name = site.source(&call.receiver);
    let sketch = "let taken = …; // a statement of its own ends the guard\nmatch taken { … }";
    Some(
        claim(waits, format!("`{name}` stays locked while the future sleeps"), site.node)
            .types(typed.by)
            .related(site.related(site.node, "the guard lives until the end of this body"))
            .suggest(Some(Suggestion::shown("take out what is needed first", sketch))),
    )
}

/// The head that a temporary lives in, and the expression that it outlives.
fn headed(site: &Site<'_, '_>, id: NodeId) -> Option<(NodeId, NodeId)> {
    let tree = site.tree;
    let mut inner = id;
    for outer in tree.ancestors(id) {
        match tree.node(outer) {
            Node::Expr(Expr::Match(turn)) if tree.id(&turn.expr) == Some(inner) => {
                return Some((inner, outer));
            }
            Node::Expr(Expr::Let(_)) => {
                // `if let` and `while let`: the condition's parent, whatever `&&` stands between.
                let around = tree
                    .ancestors(outer)
                    .find(|&id| matches!(tree.expr(id), Some(Expr::If(_) | Expr::While(_))))?;
                return Some((outer, around));
            }
            Node::Expr(Expr::ForLoop(turn)) if tree.id(&turn.expr) == Some(inner) => {
                return Some((inner, outer));
            }
            Node::Stmt(_) | Node::Block(_) | Node::Item(_) | Node::Expr(Expr::Closure(_)) => {
                return None;
            }
            _ => {}
        }
        inner = outer;
    }
    None
}

fn claim(at: NodeId, message: String, locking: NodeId) -> Claim {
    Claim::new(at, message)
        .regions([locking])
        .about(locking)
        .label("sleeps here, with the lock taken")
        .shape(Shape::Certain)
        .witness(Witness::of(Quantity::LockDelay, LEAST_WAIT))
}

/// An `.await` that belongs to the same future as its surroundings.
fn awaits_here(site: &Site<'_, '_>, id: NodeId, within: NodeId) -> bool {
    matches!(site.tree.expr(id), Some(Expr::Await(_))) && !guards::is_deferred(site, id, within)
}

/// The guard is dropped, or handed to somebody by value.
fn gives_away(site: &Site<'_, '_>, id: NodeId, name: &str) -> bool {
    let Some(Expr::Call(call)) = site.tree.expr(id) else { return false };
    call.args.iter().any(|arg| matches!(arg, Expr::Path(path) if path.path.is_ident(name)))
}
