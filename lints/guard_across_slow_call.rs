//! # What it finds
//!
//! A guard of a blocking lock that is alive while its thread sleeps, reads or writes files or
//! sockets, starts a process, or waits for a thread or a message.
//!
//! # What it costs
//!
//! Everybody else who wants the lock waits for the slow call as well.
//!
//! # The rewrite
//!
//! Let go of the guard before the slow call: in a block of its own, or with `drop`. Never safe:
//! others may change what the lock protects in the meantime.
//!
//! # When to keep the code
//!
//! What is locked is what is read from or written to: a log file, a connection. Then the lock is
//! there to keep the calls apart, and this lint does not speak.
//!
//! # How it was proved
//!
//! The profile shows threads that wait for this very lock. `ui-tests/guard_across_slow_call`
//! holds an example.

use crate::lint::prelude::*;
use crate::model::type_name::Lock;
use crate::source::bindings::{self, Origin};

/// See the text above.
pub static LINT: Lint = Lint {
    name: "guard_across_slow_call",
    summary: "a lock is held during a slow call",
    on: &[Kind::Let],
    check,
};

/// Waiting that is less of the threads' time is not worth a change.
const LEAST_WAIT: f64 = 0.02;

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let tree = site.tree;
    let binding = bindings::of_let(tree, site.node)?;
    let Origin::Let(local, stmt) = binding.origin else { return None };
    let init = &*local.init.as_ref()?.expr;
    let typed = site.type_of(init);
    let guard = typed.ty.guard()?;
    if !matches!(guard.lock, Lock::Std | Lock::ParkingLot) {
        return None;
    }
    let name = binding.name.ident.to_string();
    let dropped = dropped(site, binding.scope, binding.from, &name);
    let held = tree
        .below(binding.scope)
        .filter(|&id| id >= binding.from && dropped.is_none_or(|dropped| id < dropped));
    let (slow, what) = held.into_iter().find_map(|id| Some((id, slow(site, id)?)))?;
    // What is locked is what is read or written.
    if place::has_word(site.text(slow), &name) || is_deferred(site, slow, binding.scope) {
        return None;
    }
    let locking = locking(site, init)?;
    let suggestion = let_go(site, &name, binding.scope, slow, dropped).unwrap_or_else(|| {
        Suggestion::shown(
            "hold it for less",
            format!(
                "let taken = {{\n    let {name} = {};\n    … // what is needed of it\n}};",
                short(site, init)
            ),
        )
    });
    Some(
        Claim::new(slow, format!("{what} while `{name}` holds a lock"))
            .regions([locking])
            .about(locking)
            .label("everybody who wants the lock waits for this too")
            .types(typed.by)
            .witness(Witness::of(Quantity::LockDelay, LEAST_WAIT))
            .related(site.related(stmt, "locked here"))
            .suggest(Some(suggestion)),
    )
}

/// The call of `lock` below `unwrap` and its kin.
fn locking(site: &Site<'_, '_>, init: &Expr) -> Option<NodeId> {
    let Expr::MethodCall(call) = init else { return None };
    match call.method.to_string().as_str() {
        "lock" | "read" | "write" => site.tree.id(init),
        _ => locking(site, &call.receiver),
    }
}

/// `drop(guard)` within the guard's own block.
fn dropped(site: &Site<'_, '_>, scope: NodeId, from: NodeId, name: &str) -> Option<NodeId> {
    site.tree.below(scope).filter(|&id| id >= from).find(|&id| match site.tree.expr(id) {
        Some(Expr::Call(call)) => {
            let is_drop = matches!(&*call.func, Expr::Path(path)
                if path.path.segments.last().is_some_and(|last| last.ident == "drop"));
            let is_it =
                matches!(call.args.first(), Some(Expr::Path(path)) if path.path.is_ident(name));
            is_drop && is_it
        }
        _ => false,
    })
}

/// A call that may take long, whoever is waiting.
fn slow(site: &Site<'_, '_>, id: NodeId) -> Option<&'static str> {
    match site.tree.expr(id)? {
        Expr::Call(call) => {
            let Expr::Path(function) = &*call.func else { return None };
            let full = site.names.resolve(site.tree, id, &function.path);
            Some(match full.as_str() {
                "std::thread::sleep" | "thread::sleep" => "sleeps",
                _ if full.starts_with("std::fs::") || full.starts_with("fs::") => "works on files",
                "std::net::TcpStream::connect" => "connects",
                "reqwest::blocking::get" => "asks a server",
                _ => return None,
            })
        }
        Expr::MethodCall(call) => {
            let name = call.method.to_string();
            let ty = site.type_of(&call.receiver).ty;
            let ty = ty.peeled();
            Some(match (name.as_str(), ty.std_name()?) {
                ("join", "JoinHandle") => "waits for a thread",
                ("recv" | "recv_timeout", "Receiver") => "waits for a message",
                ("output" | "status" | "spawn", "Command") => "starts a process",
                ("wait" | "wait_with_output", "Child") => "waits for a process",
                (
                    "read_to_string" | "read_to_end" | "write_all" | "sync_all",
                    "File" | "TcpStream",
                ) => "reads or writes",
                _ => return None,
            })
        }
        _ => None,
    }
}

/// Whether a call stands in a closure or an `async` block, which may run later.
fn is_deferred(site: &Site<'_, '_>, id: NodeId, scope: NodeId) -> bool {
    site.tree
        .ancestors(id)
        .take_while(|&outer| outer > scope)
        .any(|outer| matches!(site.tree.expr(outer), Some(Expr::Closure(_) | Expr::Async(_))))
}

/// `drop(guard);` before the slow statement, where neither the guard nor anything taken from it is
/// used from there on.
fn let_go(
    site: &Site<'_, '_>,
    name: &str,
    scope: NodeId,
    slow: NodeId,
    dropped: Option<NodeId>,
) -> Option<Suggestion> {
    let tree = site.tree;
    let statement = tree.children(scope).find(|&stmt| tree.contains(stmt, slow))?;
    let before = site.file.text.get(tree.range(scope).start..tree.range(statement).start)?;
    let after = site.file.text.get(tree.range(statement).start..tree.range(scope).end)?;
    // A local that was made of the guard may borrow from it.
    let may_borrow = tree.children(scope).take_while(|&stmt| stmt < statement).any(|stmt| {
        let Node::Stmt(Stmt::Local(local)) = tree.node(stmt) else { return false };
        let made_of_it =
            local.init.as_ref().is_some_and(|init| place::has_word(site.source(&init.expr), name));
        made_of_it && stmt != site.node
    });
    if dropped.is_some() || place::has_word(after, name) || may_borrow || before.is_empty() {
        return None;
    }
    let start = tree.range(statement).start;
    let indent = site.indentation(start);
    Some(Suggestion::with_caveat(
        "let go of it first",
        vec![site.insert(start, format!("drop({name});\n{indent}"))],
        "others may take the lock before this is done",
    ))
}

fn short<'s>(site: &Site<'s, '_>, expr: &Expr) -> &'s str {
    let text = site.source(expr);
    if text.contains('\n') { "…" } else { text }
}
