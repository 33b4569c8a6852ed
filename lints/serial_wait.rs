//! # What it finds
//!
//! A loop that waits for one answer before it asks the next question, although no turn needs the
//! result of another: `.await` on each turn, or a call that blocks on a network, a process or a
//! sleep.
//!
//! # What it costs
//!
//! The waits add up: twenty answers of a millisecond take twenty milliseconds, in which the
//! processor has nothing to do.
//!
//! # The rewrite
//!
//! Ask all at once, or so many at a time: `join_all` or `buffered` for futures, scoped threads for
//! calls that block. Shown only: how many may be asked at once, its author knows.
//!
//! # When to keep the code
//!
//! The other side wants them one by one, the order of their effects matters, or each step uses
//! what the last one found.
//!
//! # How it was proved
//!
//! By its shape; waiting of this kind leaves no samples. `ui-tests/serial_wait` holds an example.

use crate::lint::prelude::*;
use crate::model::type_name::TypeName;
use crate::source::bindings::{self, Origin, UseRole};

/// See the text above.
pub static LINT: Lint = Lint {
    name: "serial_wait",
    summary: "independent waits stand one after the other",
    on: &[Kind::For],
    methods: &[],
    check,
};

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let Some(Expr::ForLoop(turn)) = site.expr() else { return None };
    let tree = site.tree;
    let body = tree.block_id(&turn.body)?;
    // What a task of its own waits for does not hold up the loop.
    let mut waits = tree
        .below(body)
        .filter(|&id| !is_deferred(site, id, body))
        .filter_map(|id| Some((id, waiting(site, id)?)));
    let (at, wait) = waits.next()?;
    // Several different waits on a turn: a protocol, or a chain of steps.
    if waits.next().is_some() || loops::innermost(tree, at).map(|turn| turn.id) != Some(site.node) {
        return None;
    }
    let mentions_item = names(&turn.pat).iter().any(|name| place::has_word(site.text(at), name));
    if !mentions_item || !is_independent(site, at, body) {
        return None;
    }
    let called = place::on_one_line(site.text(at));
    let item = site.source_of_pat(&turn.pat);
    let (message, sketch) = match wait {
        Wait::Future => (
            "each turn waits for its future before the next one starts",
            format!(
                "let answers = futures::future::join_all(all.iter().map(|{item}| async move {{ {called} }})).await;\n\
                 // Or so many at a time: futures::stream::iter(…).buffered(16)"
            ),
        ),
        Wait::Thread => (
            "each turn blocks until its answer is there before the next one asks",
            format!(
                "std::thread::scope(|scope| {{\n    let asked: Vec<_> = some.iter().map(|{item}| scope.spawn(move || {called})).collect();\n    \
                 // so many at a time: `all.chunks(16)`; then `join` each\n}});"
            ),
        ),
    };
    Some(
        Claim::new(at, message)
            .label("waits here on each turn")
            .types(Types::NotNeeded)
            .suggest(Some(Suggestion::shown("ask for several at once", sketch))),
    )
}

/// Whether a node stands in an `async` block or a closure of the loop.
fn is_deferred(site: &Site<'_, '_>, id: NodeId, body: NodeId) -> bool {
    site.tree
        .ancestors(id)
        .take_while(|&outer| outer > body)
        .any(|outer| matches!(site.tree.expr(outer), Some(Expr::Closure(_) | Expr::Async(_))))
}

#[derive(Clone, Copy)]
enum Wait {
    Future,
    Thread,
}

/// A call that waits for somebody else.
fn waiting(site: &Site<'_, '_>, id: NodeId) -> Option<Wait> {
    // Calls that keep an order, or that wait on purpose.
    const ORDERED: [&str; 17] = [
        "sleep",
        "tick",
        "send",
        "recv",
        "next",
        "lock",
        "read",
        "write",
        "write_all",
        "flush",
        "acquire",
        "changed",
        "notified",
        "read_line",
        "next_line",
        "close",
        "commit",
    ];
    match site.tree.expr(id)? {
        Expr::Await(awaited) => {
            let (name, receiver) = match &*awaited.base {
                Expr::MethodCall(call) => (call.method.to_string(), Some(&*call.receiver)),
                Expr::Call(call) => (last_name(&call.func)?, None),
                _ => return None,
            };
            let is_shared = receiver.is_none_or(|receiver| is_shared(site, receiver));
            (is_shared && !ORDERED.contains(&name.as_str())).then_some(Wait::Future)
        }
        Expr::Call(call) => {
            let Expr::Path(function) = &*call.func else { return None };
            let full = site.names.resolve(site.tree, id, &function.path);
            let asks =
                matches!(full.as_str(), "reqwest::blocking::get" | "std::net::TcpStream::connect");
            (asks || blocks_in_this_file(site, &last_name(&call.func)?)).then_some(Wait::Thread)
        }
        Expr::MethodCall(call) => {
            let name = call.method.to_string();
            let runs = matches!(name.as_str(), "output" | "status")
                && site.type_of(&call.receiver).ty.peeled().is_std("Command");
            let blocks = blocks_in_this_file(site, &name) && is_shared(site, &call.receiver);
            (runs || blocks).then_some(Wait::Thread)
        }
        _ => None,
    }
}

fn last_name(function: &Expr) -> Option<String> {
    let Expr::Path(path) = function else { return None };
    Some(path.path.segments.last()?.ident.to_string())
}

/// Whether several may call it at once: it is behind a shared reference, or not changed.
fn is_shared<'a>(site: &Site<'_, 'a>, receiver: &'a Expr) -> bool {
    let mut base = receiver;
    while let Expr::Field(syn::ExprField { base: inner, .. })
    | Expr::MethodCall(ExprMethodCall { receiver: inner, .. }) = base
    {
        base = inner;
    }
    let Some(binding) = site.binding(base) else {
        let is_self = matches!(base, Expr::Path(path) if path.path.is_ident("self"));
        let function = site.function(site.node);
        return is_self
            && function.and_then(|f| f.signature.receiver()).is_some_and(|receiver| {
                matches!(&receiver.kind, syn::ReceiverKind::Reference(_, _, None))
            });
    };
    let ty = site.type_of(base).ty;
    let is_mutable = matches!(ty, TypeName::Ref { mutable: true, .. });
    binding.name.mutability.is_none() && !is_mutable && !matches!(binding.origin, Origin::For(_))
}

/// Whether the only function of this name in the file sleeps or asks somebody.
fn blocks_in_this_file(site: &Site<'_, '_>, name: &str) -> bool {
    const WAITS: [&str; 5] =
        ["thread::sleep(", "TcpStream::connect(", "reqwest::blocking", "ureq::", "Command::new("];
    let [only] = site.names.functions(name) else { return false };
    let text = site.text(*only);
    WAITS.iter().any(|wait| text.contains(wait))
}

/// Whether what a turn asks does not depend on what an earlier one found.
fn is_independent(site: &Site<'_, '_>, at: NodeId, body: NodeId) -> bool {
    let tree = site.tree;
    std::iter::once(at).chain(tree.below(at)).all(|id| {
        let Some(Expr::Path(path)) = tree.expr(id) else { return true };
        let Some(name) = path.path.get_ident() else { return true };
        let Some(binding) = bindings::find(tree, id, &name.to_string()) else { return true };
        // What is bound outside must stay as it is.
        binding.from >= body
            || site.uses(&binding).iter().filter(|used| tree.contains(body, used.id)).all(|used| {
                !matches!(
                    used.role,
                    UseRole::Assigned | UseRole::Updated | UseRole::BorrowedMut | UseRole::Opaque
                )
            })
    }) && !leaves(site, body)
}

/// A search that ends with the first good answer asks no more than it must.
fn leaves(site: &Site<'_, '_>, body: NodeId) -> bool {
    site.tree
        .below(body)
        .any(|id| matches!(site.tree.expr(id), Some(Expr::Break(_) | Expr::Return(_))))
}

/// The names that a pattern binds.
fn names(pat: &syn::Pat) -> Vec<String> {
    match pat {
        syn::Pat::Ident(name) => vec![name.ident.to_string()],
        syn::Pat::Reference(inner) => names(&inner.pat),
        syn::Pat::Tuple(list) => list.elems.iter().flat_map(names).collect(),
        _ => Vec::new(),
    }
}
