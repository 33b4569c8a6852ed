//! # What it finds
//!
//! A channel without a bound whose sender is used in a loop, or in a thread or task of its own:
//! `std::sync::mpsc::channel`, `unbounded_channel`, `crossbeam_channel::unbounded`,
//! `flume::unbounded`, `async_channel::unbounded`.
//!
//! # What it costs
//!
//! A sender that is faster than the receiver fills the memory with what waits, and each message
//! takes longer to get through. Blocks for messages are allocated and freed all the time.
//!
//! # The rewrite
//!
//! A channel with a bound, whose sender waits when it is full. Never safe: who waits for whom
//! changes, and a thread that sends to itself would wait for ever.
//!
//! # When to keep the code
//!
//! So many messages are sent at most, by construction; or the sender must never wait, and what is
//! waiting is counted elsewhere.
//!
//! # How it was proved
//!
//! The profile shows memory in use, allocated by sending. `ui-tests/unbounded_queue` holds an
//! example.

use crate::lint::prelude::*;
use crate::source::bindings;

/// See the text above.
pub static LINT: Lint = Lint {
    name: "unbounded_queue",
    summary: "a channel without a bound takes whatever a loop sends",
    on: &[Kind::Call],
    methods: &[],
    check,
};

/// Memory in use that is less of all does not matter.
const LEAST_IN_USE: f64 = 0.05;

/// Messages that may wait, in the sketch; its author knows better.
const BOUND: &str = "1024";

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let tree = site.tree;
    let Some(Expr::Call(call)) = site.expr() else { return None };
    let Expr::Path(path) = &*call.func else { return None };
    if !call.args.is_empty() {
        return None;
    }
    let full = site.resolve(&path.path);
    let bounded = match full.as_str() {
        "std::sync::mpsc::channel" => "sync_channel",
        "tokio::sync::mpsc::unbounded_channel" => "channel",
        "futures::channel::mpsc::unbounded" | "futures_channel::mpsc::unbounded" => "channel",
        "crossbeam_channel::unbounded"
        | "crossbeam::channel::unbounded"
        | "flume::unbounded"
        | "async_channel::unbounded"
        | "kanal::unbounded" => "bounded",
        _ => return None,
    };
    let stmt = tree.parent(site.node)?;
    let Node::Stmt(Stmt::Local(local)) = tree.node(stmt) else { return None };
    let mut pat = &local.pat;
    if let syn::Pat::Type(typed) = pat {
        pat = &typed.pat;
    }
    let syn::Pat::Tuple(ends) = pat else { return None };
    let sender = bindings::simple_name(ends.elems.first()?)?.ident.to_string();
    let block = tree.parent(stmt)?;
    let sends = sends_in_loop(site, block, stmt, &sender)?;
    let function = path.path.segments.last()?.ident.clone();
    let is_thread = full == "std::sync::mpsc::channel";
    let waits_too = full.starts_with("tokio") || full.starts_with("futures");
    // Where the ends have their types written, or are handed on, more than the call changes.
    let handed_on = site.file.text.contains("Sender<");
    let message = "let the sender wait when so many are there";
    let suggestion = if (is_thread && handed_on) || waits_too {
        let sketch = format!("let ({sender}, …) = {bounded}({BOUND}); // `send` then waits");
        Suggestion::shown(message, sketch)
    } else {
        let name = site.tree.token(function.span());
        let mut edits = Vec::new();
        let end = site.tree.range(site.node).end;
        let is_imported = path.path.segments.len() == 1;
        if is_imported {
            let head = full.rsplit_once("::").map_or("", |(head, _)| head);
            edits.push(site.replace(name, format!("{head}::{bounded}")));
        } else {
            edits.push(site.replace(name, bounded));
        }
        edits.push(site.replace(end - 1..end, format!("{BOUND})")));
        let caveat = "a full channel makes the sender wait: a thread that also receives, or holds \
                      what the receiver needs, would wait for ever";
        Suggestion::with_caveat(message, edits, caveat)
    };
    Some(
        Claim::new(site.node, format!("nothing bounds how much `{sender}` sends ahead"))
            .regions([site.node, sends])
            .label("holds all that was sent and not yet received")
            .types(Types::NotNeeded)
            .related(site.related(sends, "sent here, again and again"))
            .witness(Witness::of(Quantity::InUse, LEAST_IN_USE))
            .suggest(Some(suggestion)),
    )
}

/// Where the sender, or a clone of it, sends in a loop without a known end.
fn sends_in_loop(site: &Site<'_, '_>, block: NodeId, from: NodeId, sender: &str) -> Option<NodeId> {
    let tree = site.tree;
    let mut names = vec![sender.to_owned()];
    for id in tree.below(block).filter(|&id| id > from) {
        match tree.node(id) {
            // `let tx = tx.clone();` under whatever name.
            Node::Stmt(Stmt::Local(local)) => {
                let Some(init) = &local.init else { continue };
                let Expr::MethodCall(copy) = &*init.expr else { continue };
                let known = place::root(&copy.receiver).is_some_and(|name| names.contains(&name));
                if copy.method == "clone" && known {
                    names.extend(
                        bindings::simple_name(&local.pat).map(|name| name.ident.to_string()),
                    );
                }
            }
            Node::Expr(Expr::MethodCall(call)) => {
                let method = call.method.to_string();
                let sends = matches!(method.as_str(), "send" | "unbounded_send" | "try_send");
                let known = place::is_place(&call.receiver)
                    && place::root(&call.receiver).is_some_and(|name| names.contains(&name));
                if sends && known && repeats(site, id, from) {
                    return Some(id);
                }
            }
            _ => {}
        }
    }
    None
}

/// Whether a loop after the channel was made repeats a node more often than a few times.
fn repeats(site: &Site<'_, '_>, id: NodeId, from: NodeId) -> bool {
    loops::around(site.tree, id).take_while(|turn| turn.id > from).any(|turn| match turn.kind {
        // One message for each thread that was started.
        LoopKind::For(walk) => !is_few(&walk.expr) && !starts_threads(site, turn.id, id),
        LoopKind::While(_) | LoopKind::Loop(_) => true,
        LoopKind::Adapter(_) => false,
    })
}

/// A range with a constant end.
fn is_few(walked: &Expr) -> bool {
    match place::bare(walked) {
        Expr::Range(range) => range.end.as_deref().is_some_and(|end| match end {
            Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(int), .. }) => {
                int.base10_parse::<u64>().is_ok_and(|end| end <= 1000)
            }
            _ => false,
        }),
        Expr::Array(_) => true,
        _ => false,
    }
}

/// Whether the loop starts a thread or task, which sends once.
fn starts_threads(site: &Site<'_, '_>, turn: NodeId, id: NodeId) -> bool {
    site.tree
        .ancestors(id)
        .take_while(|&outer| outer > turn)
        .any(|outer| matches!(site.tree.expr(outer), Some(Expr::Closure(_) | Expr::Async(_))))
}
