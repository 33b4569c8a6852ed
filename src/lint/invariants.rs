//! Values that are made on each turn of a loop in which everything they are made of stays the same,
//! as far as can be seen without types.

use syn::{Expr, Stmt};

use super::place;
use super::site::Site;
use super::untouched::stays;
use crate::source::bindings::{self, UseRole};
use crate::source::loops::{Loop, around};
use crate::source::tree::{Node, NodeId};

/// A value that is made again on each turn.
pub struct Repeated<'a> {
    /// Outside of this loop it would be the same.
    pub turn: Loop<'a>,
    /// What making it does.
    pub what: &'static str,
}

/// The outermost loop around the site's node in which its value is always the same, if it takes
/// memory to make and is only looked at.
pub fn repeated<'a>(site: &Site<'_, 'a>) -> Option<Repeated<'a>> {
    let expr = site.expr()?;
    let what = makes(site, expr)?;
    let turns: Vec<Loop<'_>> = around(site.tree, site.node).collect();
    if turns.is_empty() || !is_only_borrowed(site, site.node) {
        return None;
    }
    let behind = site.tree.behind(site.node);
    let turn = turns.into_iter().rfind(|turn| {
        is_bound_before(site, turn.id)
            && stays(site, expr, turn.id, site.node)
            && stays(site, expr, behind, site.tree.behind(turn.id))
    })?;
    Some(Repeated { turn, what })
}

/// What making a value does, if it allocates by its name and is made of nothing but places, getters
/// and literals.
fn makes(site: &Site<'_, '_>, expr: &Expr) -> Option<&'static str> {
    match expr {
        Expr::MethodCall(call) => {
            let what = match (call.method.to_string().as_str(), call.args.len()) {
                (
                    "to_lowercase" | "to_uppercase" | "to_ascii_lowercase" | "to_ascii_uppercase",
                    0,
                )
                | ("replace", 2)
                | ("repeat", 1) => "another string",
                ("to_string" | "to_owned", 0) => "another copy",
                ("join", 1) => "joined anew",
                ("canonicalize", 0) => "asks the file system",
                _ => return None,
            };
            let parts = std::iter::once(&*call.receiver).chain(&call.args);
            let all_steady = parts.into_iter().all(|part| is_steady(site, part));
            all_steady.then_some(what)
        }
        Expr::Macro(call) if call.mac.path.is_ident("format") => {
            let arguments = site.tree.arguments(&call.mac)?;
            let parts = arguments.exprs.iter().skip(1);
            let is_something = arguments.exprs.len() > 1;
            // What a format string captures is no node that could be followed.
            (is_something
                && arguments.captures.is_empty()
                && parts.into_iter().all(|part| is_steady(site, part)))
            .then_some("formatted anew")
        }
        _ => None,
    }
}

/// Places, literals, getters without arguments, and `Path::new` of them.
fn is_steady(site: &Site<'_, '_>, expr: &Expr) -> bool {
    const MOVES: [&str; 15] = [
        "next", "bump", "pop", "read", "take", "advance", "consume", "eat", "parse", "recv",
        "lock", "borrow", "load", "get_mut", "generate",
    ];
    match place::bare(expr) {
        Expr::Lit(_) => true,
        Expr::MethodCall(call) => {
            let name = call.method.to_string();
            call.args.is_empty()
                && !MOVES.iter().any(|start| name.starts_with(start))
                && !matches!(name.as_str(), "elapsed" | "now" | "random" | "len")
                && is_steady(site, &call.receiver)
        }
        Expr::Call(call) => {
            let name = site.source(&call.func);
            matches!(name, "Path::new" | "OsStr::new" | "std::path::Path::new")
                && call.args.iter().all(|arg| is_steady(site, arg))
        }
        other => place::is_place(other),
    }
}

/// Whether the names in the site's expression, of which there is at least one that is no constant,
/// are all bound outside of a loop.
fn is_bound_before(site: &Site<'_, '_>, turn: NodeId) -> bool {
    let tree = site.tree;
    let mut some = false;
    for id in std::iter::once(site.node).chain(tree.below(site.node)) {
        let Some(Expr::Path(path)) = tree.expr(id) else { continue };
        let Some(name) = path.path.get_ident().map(ToString::to_string) else { continue };
        some = true;
        if name == "self" {
            continue;
        }
        match bindings::find(tree, id, &name) {
            Some(binding) if binding.from > turn || tree.contains(turn, binding.scope) => {
                return false;
            }
            Some(_) => {}
            None => {}
        }
    }
    some
}

/// Whether the value at a node is borrowed, compared or asked, and let go.
fn is_only_borrowed(site: &Site<'_, '_>, id: NodeId) -> bool {
    let tree = site.tree;
    let Some(parent) = tree.parent(id) else { return false };
    let looks = |name: &str| !name.starts_with("into") && !matches!(name, "clone" | "leak");
    match tree.node(parent) {
        Node::Expr(Expr::Reference(reference)) => reference.mutability.is_none(),
        Node::Expr(Expr::Binary(both)) => bindings::is_comparison(&both.op),
        Node::Expr(Expr::Paren(_) | Expr::Group(_) | Expr::Try(_)) => {
            is_only_borrowed(site, parent)
        }
        Node::Expr(Expr::MethodCall(call)) if tree.id(&call.receiver) == Some(id) => {
            match call.method.to_string().as_str() {
                "unwrap" | "expect" | "unwrap_or_default" => is_only_borrowed(site, parent),
                name => looks(name),
            }
        }
        Node::Stmt(Stmt::Local(_)) => {
            let Some(binding) = bindings::of_let(tree, parent) else { return false };
            let uses = site.uses(&binding);
            binding.name.mutability.is_none()
                && !uses.is_empty()
                && uses.iter().all(|used| match used.role {
                    UseRole::Borrowed
                    | UseRole::Compared
                    | UseRole::Formatted
                    | UseRole::Indexed
                    | UseRole::Dereferenced => true,
                    UseRole::Receiver(call) => looks(&call.method.to_string()),
                    _ => false,
                })
        }
        _ => false,
    }
}
