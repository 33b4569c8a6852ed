//! # What it finds
//!
//! A collection that is made and then consumed once: a vector that is collected to be walked by one
//! `for` or one chain, to be asked for its length, its first element or whether it holds one, to be
//! compared, joined, appended to another or handed to a call that walks it; a text that is collected
//! from characters to be compared or appended; a set or a map that is collected for one lookup; a
//! vector that is filtered into a new one where `retain` serves.
//!
//! # What it costs
//!
//! The memory of all elements at once, growing as they come, and a second walk over them. Where a
//! question is answered by the first elements, all the others are computed for nothing.
//!
//! # The rewrite
//!
//! Walk, ask or hand on the iterator itself. A question before the walk (`is_empty`, `first`) is
//! what `peekable` is for. Written out where the collection is appended to another or walked by
//! value, never as safe: each element is made when it is used, no longer all before the first.
//!
//! # When to keep the code
//!
//! The collection ends a borrow: what it was made of is changed while it is walked. Or all of its
//! elements must be computed before the first is used: they start threads, or may fail.
//!
//! # How it was proved
//!
//! The profile shows allocation below the very call that collects. `ui-tests/collected_once` holds
//! the code before and after.

use crate::lint::callers::walker_of_returned;
use crate::lint::collects::{allocates, collects};
use crate::lint::consumed::{self, Consumed, Made};
use crate::lint::handed_on;
use crate::lint::prelude::*;
use crate::lint::untouched::stays;

/// See the text above.
pub static LINT: Lint = Lint {
    name: "collected_once",
    summary: "a collection is made only to be consumed once",
    on: &[Kind::MethodCall],
    methods: &["collect", "collect_vec"],
    check,
};

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let Some(Expr::MethodCall(call)) = site.expr() else { return None };
    if !call.args.is_empty() || !matches!(&*call.method.to_string(), "collect" | "collect_vec") {
        return None;
    }
    if let Some(claim) =
        retained(site, call).or_else(|| drained(site, call)).or_else(|| returned(site, call))
    {
        return Some(claim);
    }
    let made = consumed::made(site, call)?;
    if consumed::works_ahead(site.source(&call.receiver)) {
        return None;
    }
    if let Some(stmt) = consumed::let_of(site) {
        return local(site, call, stmt, made);
    }
    let consumed = consumed::by(site, site.node, made)?;
    // Of a value that has no name, everything after it is one use.
    let end = consumed.end;
    if !stays(site, &call.receiver, site.node, end) {
        return None;
    }
    let what = made.in_words();
    Some(claim(site, format!("{what} is collected only {}", consumed.purpose)).suggest(Some(
        handed_on::of_value(site, call, made).unwrap_or_else(|| instead(site, call, &consumed)),
    )))
}

fn claim(site: &Site<'_, '_>, message: String) -> Claim {
    Claim::new(site.node, message)
        .label("allocated, filled and freed")
        .types(Types::NotNeeded)
        .yields_to(&["copied_out_buffer", "string_concat_in_loop", "linear_scan_in_loop"])
        .witness(Witness::cpu_in(allocates).through(collects))
}

fn instead(site: &Site<'_, '_>, call: &ExprMethodCall, consumed: &Consumed) -> Suggestion {
    let source = place::on_one_line(site.source(&call.receiver));
    let source = if source == "…" { "iterator" } else { source };
    let sketch = consumed.sketch.replace('…', source);
    Suggestion::shown("use the iterator itself", sketch)
}

/// `let v: Vec<_> = ….collect();` and what is done with it.
fn local<'a>(
    site: &Site<'_, 'a>,
    call: &'a ExprMethodCall,
    stmt: NodeId,
    made: Made,
) -> Option<Claim> {
    let binding = crate::source::bindings::of_let(site.tree, stmt)?;
    if made == Made::List
        && binding.name.mutability.is_none()
        && let Some(turn) = consumed::walked_by_index(site, &binding)
        && stays(site, &call.receiver, site.tree.behind(stmt), site.tree.behind(turn))
    {
        let name = &binding.name.ident;
        let source = place::on_one_line(site.source(&call.receiver));
        let sketch = format!("for (i, item) in {source}.enumerate() {{ }}");
        return Some(
            claim(site, format!("`{name}` is collected only to be walked once"))
                .about(stmt)
                .related(site.related(turn, "walked here"))
                .suggest(Some(Suggestion::shown("walk the iterator itself", sketch))),
        );
    }
    let uses = consumed::uses_of(site, &binding, stmt, made)?;
    let consumed = consumed::of_all(&uses)?;
    let is_changed = binding.name.mutability.is_some();
    if is_changed && !uses.iter().any(|used| used.takes_out) {
        return None;
    }
    let end = uses.iter().map(|used| used.end).max()?;
    if !stays(site, &call.receiver, site.tree.behind(stmt), end) {
        return None;
    }
    let name = &binding.name.ident;
    Some(
        claim(site, format!("`{name}` is collected only {}", consumed.purpose))
            .about(stmt)
            .related(site.related(consumed.at, "used here"))
            .suggest(Some(
                handed_on::of_local(site, call, stmt, &binding, made)
                    .unwrap_or_else(|| instead(site, call, consumed)),
            )),
    )
}

/// `xs = xs.into_iter().filter(…).collect()`, where `xs` may be any place.
fn retained<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall) -> Option<Claim> {
    let mut chain = &*call.receiver;
    while let Expr::MethodCall(step) = chain {
        match step.method.to_string().as_str() {
            "cloned" | "copied" if step.args.is_empty() => chain = &step.receiver,
            _ => break,
        }
    }
    let Expr::MethodCall(filter) = chain else { return None };
    let Expr::MethodCall(walk) = &*filter.receiver else { return None };
    let walks = matches!(&*walk.method.to_string(), "into_iter" | "iter" | "drain" | "chars");
    if filter.method != "filter" || !walks {
        return None;
    }
    let of = taken(site, &walk.receiver);
    let parent = site.tree.parent(site.node)?;
    let is_same = match site.tree.node(parent) {
        Node::Expr(Expr::Assign(assign)) => match &*assign.left {
            // `*list = take(list)…`, of a reference.
            Expr::Unary(deref) => place::same(site, &deref.expr, of),
            left => place::same(site, left, of),
        },
        Node::Stmt(Stmt::Local(_)) => {
            let binding = crate::source::bindings::of_let(site.tree, parent)?;
            walk.method == "into_iter" && binding.name.ident == site.source(of)
        }
        _ => false,
    };
    if !is_same || !place::is_place(of) {
        return None;
    }
    let name = site.source(of);
    let test = place::on_one_line(site.source(filter.args.first()?));
    let sketch = format!("{name}.retain({test});");
    Some(
        claim(site, format!("`{name}` is filtered into a collection of its own"))
            .suggest(Some(Suggestion::shown("filter it in place", sketch))),
    )
}

/// `xs.drain(..).collect::<Vec<_>>()`, which moves each element to where `xs` could be put itself.
fn drained<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall) -> Option<Claim> {
    let Expr::MethodCall(drain) = &*call.receiver else { return None };
    let Some(Expr::Range(range)) = drain.args.first() else { return None };
    let is_whole = range.start.is_none() && range.end.is_none();
    if drain.method != "drain" || !is_whole || consumed::made(site, call)? != Made::List {
        return None;
    }
    let ty = site.type_of(&drain.receiver).ty;
    if !(ty.peeled().is_vec() || ty.is_unknown()) {
        return None;
    }
    let name = site.source(&drain.receiver);
    let sketch = format!("std::mem::take(&mut {name})");
    Some(
        claim(site, format!("`{name}` is drained into a vector of its own"))
            .suggest(Some(Suggestion::shown("take it as it is", sketch))),
    )
}

/// What a function returns, where each call of it in this file only walks it.
fn returned<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall) -> Option<Claim> {
    let walker = walker_of_returned(site)?;
    let source = place::on_one_line(site.source(&call.receiver));
    let sketch = format!("-> impl Iterator<Item = …> {{\n    {source}\n}}");
    Some(
        claim(site, "a vector is collected for callers that only walk it".to_owned())
            .related(site.related(walker, "walked here"))
            .suggest(Some(Suggestion::shown("return the iterator itself", sketch))),
    )
}

/// What `mem::take` takes, or the expression itself.
fn taken<'a>(site: &Site<'_, '_>, expr: &'a Expr) -> &'a Expr {
    match expr {
        Expr::Call(call) if site.source(&call.func).ends_with("mem::take") => {
            call.args.first().map_or(expr, place::bare)
        }
        Expr::MethodCall(call) if call.method == "take" && call.args.is_empty() => {
            place::bare(&call.receiver)
        }
        other => place::bare(other),
    }
}
