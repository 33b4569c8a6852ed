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

use crate::lint::guards::{self, LEAST_WAIT};
use crate::lint::prelude::*;

/// See the text above.
pub static LINT: Lint = Lint {
    name: "guard_across_slow_call",
    summary: "a lock is held during a slow call",
    on: &[Kind::Let],
    methods: &[],
    check,
};

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let held = guards::held(site)?;
    let dropped = dropped(site, held.scope, held.from, &held.name);
    let (slow, what) = site
        .tree
        .below(held.scope)
        .filter(|&id| id >= held.from && dropped.is_none_or(|dropped| id < dropped))
        .find_map(|id| Some((id, slow(site, id)?)))?;
    // What is locked is what is read or written.
    if place::has_word(site.text(slow), &held.name) || guards::is_deferred(site, slow, held.scope) {
        return None;
    }
    let suggestion =
        held.let_go(site, slow, dropped.is_some(), ["let go of it first", "hold it for less"]);
    Some(
        Claim::new(slow, format!("{what} while `{}` holds a lock", held.name))
            .regions([held.locking])
            .about(held.locking)
            .label("everybody who wants the lock waits for this too")
            .types(held.typed.by)
            .witness(Witness::of(Quantity::LockDelay, LEAST_WAIT))
            .related(site.related(held.stmt, "locked here"))
            .suggest(Some(suggestion)),
    )
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
