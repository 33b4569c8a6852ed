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

use crate::lint::prelude::*;
use crate::model::type_name::Lock;
use crate::source::bindings::{self, Origin};

/// See the text above.
pub static LINT: Lint = Lint {
    name: "sync_guard_across_await",
    summary: "a blocking lock is held while a future sleeps",
    on: &[Kind::Let, Kind::MethodCall],
    check,
};

/// Waiting that is less of the threads' time is not worth a change.
const LEAST_WAIT: f64 = 0.02;

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    match site.tree.node(site.node) {
        Node::Stmt(_) => local(site),
        _ => temporary(site),
    }
}

/// `let guard = lock.lock().unwrap(); … .await`.
fn local(site: &Site<'_, '_>) -> Option<Claim> {
    let tree = site.tree;
    let binding = bindings::of_let(tree, site.node)?;
    let Origin::Let(local, stmt) = binding.origin else { return None };
    let init = &*local.init.as_ref()?.expr;
    let typed = site.type_of(init);
    let guard = typed.ty.guard()?;
    if !is_blocking(guard.lock) || !place::is_async(site, site.node) {
        return None;
    }
    let name = binding.name.ident.to_string();
    let gone = tree
        .below(binding.scope)
        .filter(|&id| id >= binding.from)
        .find(|&id| gives_away(site, id, &name));
    let waits = tree
        .below(binding.scope)
        .filter(|&id| id >= binding.from && gone.is_none_or(|gone| id < gone))
        .find(|&id| awaits_here(site, id, binding.scope))?;
    let locking = locking(site, init)?;
    let suggestion = let_go(site, &name, binding.scope, waits, gone).unwrap_or_else(|| {
        let text = site.source(init);
        let text = if text.contains('\n') { "…" } else { text };
        Suggestion::shown(
            "let go of it before the future sleeps",
            format!("let taken = {{\n    let {name} = {text};\n    … // what is needed of it\n}};"),
        )
    });
    let claim =
        claim(waits, format!("`{name}` holds a blocking lock while the future sleeps"), locking)
            .types(typed.by)
            .related(site.related(stmt, "locked here"));
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
    if !is_blocking(ty.lock()?) || !place::is_async(site, site.node) {
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

fn is_blocking(lock: Lock) -> bool {
    matches!(lock, Lock::Std | Lock::ParkingLot)
}

/// An `.await` that belongs to the same future as its surroundings.
fn awaits_here(site: &Site<'_, '_>, id: NodeId, within: NodeId) -> bool {
    matches!(site.tree.expr(id), Some(Expr::Await(_)))
        && !site
            .tree
            .ancestors(id)
            .take_while(|&outer| outer > within)
            .any(|outer| matches!(site.tree.expr(outer), Some(Expr::Closure(_) | Expr::Async(_))))
}

/// The call of `lock` below `unwrap` and its kin.
fn locking(site: &Site<'_, '_>, init: &Expr) -> Option<NodeId> {
    match init {
        Expr::MethodCall(call) => match call.method.to_string().as_str() {
            "lock" | "read" | "write" => site.tree.id(init),
            _ => locking(site, &call.receiver),
        },
        Expr::Try(tried) => locking(site, &tried.expr),
        _ => None,
    }
}

/// The guard is dropped, or handed to somebody by value.
fn gives_away(site: &Site<'_, '_>, id: NodeId, name: &str) -> bool {
    let Some(Expr::Call(call)) = site.tree.expr(id) else { return false };
    call.args.iter().any(|arg| matches!(arg, Expr::Path(path) if path.path.is_ident(name)))
}

/// `drop(guard);` before the statement that waits, where it is not needed from there on.
fn let_go(
    site: &Site<'_, '_>,
    name: &str,
    scope: NodeId,
    waits: NodeId,
    gone: Option<NodeId>,
) -> Option<Suggestion> {
    let tree = site.tree;
    let statement = tree.children(scope).find(|&stmt| tree.contains(stmt, waits))?;
    let after = site.file.text.get(tree.range(statement).start..tree.range(scope).end)?;
    let borrows = tree.children(scope).take_while(|&stmt| stmt < statement).any(|stmt| {
        let Node::Stmt(Stmt::Local(local)) = tree.node(stmt) else { return false };
        let Some(init) = &local.init else { return false };
        // A number keeps nothing of what it was made from.
        let ty = site.type_of(&init.expr).ty;
        let is_plain = ty.is_number() || ty.is_bool() || ty.is_char() || ty.is_string();
        stmt != site.node && !is_plain && place::has_word(site.source(&init.expr), name)
    });
    if gone.is_some() || borrows || place::has_word(after, name) {
        return None;
    }
    let start = tree.range(statement).start;
    let indent = site.indentation(start);
    Some(Suggestion::with_caveat(
        "let go of it before the future sleeps",
        vec![site.insert(start, format!("drop({name});\n{indent}"))],
        "others may take the lock before this is done",
    ))
}
