//! # What it finds
//!
//! A number behind a lock that is locked only to be counted up: `*count.lock().unwrap() += 1`, or
//! the same with a guard of its own.
//!
//! # What it costs
//!
//! Two atomic operations and, where threads meet, a wait with two switches by the operating
//! system, for what the processor does in one instruction.
//!
//! # The rewrite
//!
//! An atomic: `fetch_add` counts up and gives the old value. Where even that is fought over, each
//! thread counts for itself and the sum is taken at the end.
//!
//! # When to keep the code
//!
//! The lock protects more than the number: other data is changed under the same lock, or others
//! wait until the number and something else fit together.
//!
//! # How it was proved
//!
//! The profile shows time, or waiting, below the lock. `ui-tests/shared_write` holds an example.

use std::ops::Range;

use syn::{Item, UnOp};

use crate::lint::prelude::*;
use crate::model::type_name::TypeName;

/// See the text above.
pub static LINT: Lint = Lint {
    name: "shared_write",
    summary: "a number is locked only to be counted up",
    on: &[Kind::Binary, Kind::Let, Kind::MethodCall],
    methods: &["fetch_add", "fetch_sub"],
    check,
};

/// Waiting that is less of the threads' time is not worth a change.
const LEAST_WAIT: f64 = 0.02;

/// Time that is less of all is not either.
const LEAST_TIME: f64 = 0.05;

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    locked_number(site).or_else(|| static_number(site))
}

/// `COUNT += 1` of a `static mut`, and `COUNT.fetch_add(1, …)`, on each turn of a loop.
fn static_number(site: &Site<'_, '_>) -> Option<Claim> {
    let (place, added, is_atomic) = match site.expr()? {
        Expr::Binary(both) if matches!(both.op, syn::BinOp::AddAssign(_)) => {
            (&*both.left, &*both.right, false)
        }
        Expr::MethodCall(call)
            if matches!(call.method.to_string().as_str(), "fetch_add" | "fetch_sub") =>
        {
            (&*call.receiver, call.args.first()?, true)
        }
        _ => return None,
    };
    let turn = place::own_loop(site, site.node)?;
    let Expr::Path(path) = place else { return None };
    let name = path.path.segments.last()?.ident.to_string();
    if site.binding(place).is_some() {
        return None;
    }
    let declared = site.tree.ids().find_map(|id| match site.tree.node(id) {
        Node::Item(Item::Static(item)) if item.ident == name => Some(item),
        _ => None,
    });
    let is_mutable =
        declared.is_some_and(|item| matches!(item.mutability, syn::StaticMutability::Mut(_)));
    // A counter whose value is asked for hands out numbers: it must be shared on each turn.
    let is_asked =
        is_atomic && !site.tree.parent(site.node).is_some_and(|id| place::is_statement(site, id));
    if !is_atomic && !is_mutable || is_atomic && declared.is_none() || is_asked {
        return None;
    }
    let message = format!("`{name}` is written on each turn, by every thread that comes here");
    let sketch = format!(
        "let mut count = 0;\nfor … {{\n    count += {};\n}}\n{name}.fetch_add(count, Ordering::Relaxed); // as an atomic",
        site.source(added)
    );
    Some(
        Claim::new(site.node, message)
            .label("the processors take its cache line from each other")
            .types(Types::NotNeeded)
            .related(site.related(turn.id, "in this loop"))
            .witness(Witness::of(Quantity::Cpu, LEAST_TIME))
            .suggest(Some(Suggestion::shown("count in a local, and add once at the end", sketch))),
    )
}

fn locked_number(site: &Site<'_, '_>) -> Option<Claim> {
    let found = match site.tree.node(site.node) {
        Node::Expr(Expr::Binary(both)) => at_once(site, both),
        Node::Stmt(Stmt::Local(_)) => with_guard(site),
        _ => None,
    }?;
    let typed = site.type_of(found.lock);
    let number = protected(&typed.ty)?;
    if !number.is_integer() {
        return None;
    }
    let name = site.source(found.lock);
    Some(
        Claim::new(found.whole, format!("`{name}` is locked only to count up a number"))
            .regions([found.locking])
            .about(found.locking)
            .label("an atomic does this in one instruction")
            .types(typed.by)
            .witness(Witness::of(Quantity::LockDelay, LEAST_WAIT))
            .witness(Witness::cpu_in(locks))
            .suggest(Some(
                atomic(site, &found, number).unwrap_or_else(|| by_hand(name, number, found.step)),
            )),
    )
}

/// A lock that is taken to add to what it protects.
struct Counted<'a> {
    /// What is replaced.
    whole: NodeId,
    /// The call of `lock`.
    locking: NodeId,
    lock: &'a Expr,
    added: &'a Expr,
    /// Whether it is added or taken away.
    step: Step,
    /// The new value is asked for.
    is_asked: bool,
    /// The bytes that an addition can stand for, and what ends it.
    replaced: Option<(Range<usize>, &'static str)>,
}

/// What is done to the number, as atomics and integers name it.
#[derive(Clone, Copy)]
struct Step {
    atomic: &'static str,
    wrapping: &'static str,
}

impl Step {
    fn of(op: &syn::BinOp) -> Option<Step> {
        match op {
            syn::BinOp::AddAssign(_) => {
                Some(Step { atomic: "fetch_add", wrapping: "wrapping_add" })
            }
            syn::BinOp::SubAssign(_) => {
                Some(Step { atomic: "fetch_sub", wrapping: "wrapping_sub" })
            }
            _ => None,
        }
    }
}

/// `x.lock()`, through `unwrap` and `expect`.
fn locked<'a>(site: &Site<'_, 'a>, expr: &'a Expr) -> Option<(NodeId, &'a Expr)> {
    let Expr::MethodCall(call) = expr else { return None };
    match call.method.to_string().as_str() {
        "unwrap" | "expect" => locked(site, &call.receiver),
        "lock" | "write" if call.args.is_empty() => Some((site.tree.id(expr)?, &*call.receiver)),
        _ => None,
    }
}

/// `*x.lock().unwrap() += 1`.
fn at_once<'a>(site: &Site<'_, 'a>, both: &'a syn::ExprBinary) -> Option<Counted<'a>> {
    let step = Step::of(&both.op)?;
    let (locking, lock) = locked(site, dereferenced(&both.left)?)?;
    let replaced = Some((site.tree.range(site.node), ""));
    let (whole, added) = (site.node, &both.right);
    Some(Counted { whole, locking, lock, added, step, is_asked: false, replaced })
}

fn dereferenced(expr: &Expr) -> Option<&Expr> {
    match expr {
        Expr::Unary(unary) if matches!(unary.op, UnOp::Deref(_)) => Some(&unary.expr),
        Expr::Paren(inner) => dereferenced(&inner.expr),
        _ => None,
    }
}

/// `{ let mut x = lock.lock().unwrap(); *x += 1; *x }`.
fn with_guard<'a>(site: &Site<'_, 'a>) -> Option<Counted<'a>> {
    let Node::Stmt(Stmt::Local(local)) = site.tree.node(site.node) else { return None };
    let syn::Pat::Ident(guard) = &local.pat else { return None };
    let (locking, lock) = locked(site, &local.init.as_ref()?.expr)?;
    let block = site.tree.parent(site.node)?;
    let Node::Block(body) = site.tree.node(block) else { return None };
    let (add, rest) = match body.stmts.as_slice() {
        [Stmt::Local(_), Stmt::Expr(add, Some(_)), rest @ ..] => (add, rest),
        _ => return None,
    };
    let is_guard = |expr: &Expr| {
        dereferenced(expr).is_some_and(
            |inner| matches!(inner, Expr::Path(path) if path.path.is_ident(&guard.ident)),
        )
    };
    let is_asked = match rest {
        [] => false,
        [Stmt::Expr(asked, None)] if is_guard(asked) => true,
        _ => return None,
    };
    let Expr::Binary(both) = add else { return None };
    let step = Step::of(&both.op).filter(|_| is_guard(&both.left))?;
    let whole = site.tree.parent(block)?;
    let (added, replaced) = (&both.right, None);
    let in_body = Counted { whole: site.node, locking, lock, added, step, is_asked, replaced };
    match site.tree.node(whole) {
        // The body of a loop has nothing else to do: shown only, as nothing can stand for it.
        Node::Expr(Expr::ForLoop(_) | Expr::While(_)) => Some(in_body),
        Node::Expr(Expr::Block(found)) if found.label.is_none() && found.attrs.is_empty() => {
            let is_statement = site
                .tree
                .parent(whole)
                .is_some_and(|id| matches!(site.tree.node(id), Node::Stmt(Stmt::Expr(_, None))));
            let ends = if is_asked || !is_statement { "" } else { ";" };
            let replaced = Some((site.tree.range(whole), ends));
            Some(Counted { whole, replaced, ..in_body })
        }
        Node::Expr(_) => None,
        // All that a function does.
        _ => {
            let (start, end) = (site.tree.range(site.node).start, site.tree.range(block).end);
            let inside = site.file.text.get(start..end)?.strip_suffix('}')?.trim_end();
            let ends = if is_asked { "" } else { ";" };
            let has_comment = inside.contains("//") || inside.contains("/*");
            let replaced = (!has_comment).then(|| (start..start + inside.len(), ends));
            Some(Counted { replaced, ..in_body })
        }
    }
}

/// What a lock protects, through references and shared pointers.
fn protected(ty: &TypeName) -> Option<&TypeName> {
    let mut ty = ty.peeled();
    while ty.is_shared_pointer() || ty.is_std("LazyLock") {
        ty = ty.args().first()?.peeled();
    }
    ty.lock()?;
    ty.args().last()
}

/// The atomic of a number's width.
fn atomic_of(number: &TypeName) -> Option<&'static str> {
    Some(match number.primitive()? {
        "u8" => "AtomicU8",
        "u16" => "AtomicU16",
        "u32" => "AtomicU32",
        "u64" => "AtomicU64",
        "usize" => "AtomicUsize",
        "i8" => "AtomicI8",
        "i16" => "AtomicI16",
        "i32" => "AtomicI32",
        "i64" => "AtomicI64",
        "isize" => "AtomicIsize",
        _ => return None,
    })
}

/// A private static that is used nowhere else: its type and the only use of it.
fn atomic(site: &Site<'_, '_>, found: &Counted<'_>, number: &TypeName) -> Option<Suggestion> {
    let Expr::Path(path) = found.lock else { return None };
    let name = path.path.get_ident()?;
    let tree = site.tree;
    let (replaced, ends) = found.replaced.clone()?;
    let declared = tree.ids().find_map(|id| match tree.node(id) {
        Node::Item(Item::Static(item)) if item.ident == *name => Some(item),
        _ => None,
    })?;
    let text = &site.file.text;
    let mentions = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    let used = mentions.filter(|word| *name == *word).count();
    let Expr::Call(made) = &*declared.expr else { return None };
    let first = made.args.first().filter(|_| made.args.len() == 1)?;
    let is_private = matches!(declared.vis, syn::Visibility::Inherited);
    let is_std = site.type_of(found.lock).ty.std_name() == Some("Mutex");
    if used != 2 || !is_private || !is_std || !place::is_simple(found.added) {
        return None;
    }
    let atomic = atomic_of(number)?;
    let import = "use std::sync::Mutex;";
    // The import of the lock is no longer wanted where nothing else uses it.
    let locks = text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| *w == "Mutex");
    let replaces_import = locks.count() == 3 && text.matches(import).count() == 1;
    let prefix = if replaces_import { "" } else { "std::sync::atomic::" };
    let added = site.source(found.added);
    let Step { atomic: fetch, wrapping } = found.step;
    let adds = format!("{name}.{fetch}({added}, {prefix}Ordering::Relaxed)");
    let adds = if found.is_asked { format!("{adds}.{wrapping}({added})") } else { adds + ends };
    let ty = tree.token(syn::spanned::Spanned::span(&*declared.ty));
    let mut edits = vec![
        site.replace(ty, format!("{prefix}{atomic}")),
        site.replace(
            tree.bytes(&*declared.expr),
            format!("{prefix}{atomic}::new({})", site.source(first)),
        ),
        site.replace(replaced, adds),
    ];
    if replaces_import {
        let at = text.find(import)?;
        let wanted = format!("use std::sync::atomic::{{{atomic}, Ordering}};");
        edits.push(site.replace(at..at + import.len(), wanted));
    }
    Some(Suggestion::with_caveat(
        "make it an atomic",
        edits,
        "it wraps around instead of panicking, and no longer orders what else threads read and write",
    ))
}

fn by_hand(name: &str, number: &TypeName, step: Step) -> Suggestion {
    let atomic = atomic_of(number).unwrap_or("AtomicU64");
    Suggestion::shown(
        "make it an atomic",
        format!(
            "{name}.{}(1, Ordering::Relaxed); // as an `{atomic}`\n\
             // Where threads still meet: count in a local, add once at the end.",
            step.atomic
        ),
    )
}

/// Frames of taking and leaving a lock.
fn locks(function: &str) -> bool {
    ["Mutex", "RwLock", "mutex", "futex", "rwlock"].iter().any(|part| function.contains(part))
}
