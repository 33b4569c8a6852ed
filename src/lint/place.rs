//! Questions about places and the code around them that more than one lint asks.

use syn::{Expr, ExprMethodCall, Stmt};

use super::site::Site;
use crate::source::bindings::{Origin, UseRole};
use crate::source::loops::{Loop, LoopKind};
use crate::source::tree::{Node, NodeId};

pub use super::turns::is_place;

/// The expression without parentheses and references around it.
pub fn bare(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(inner) => bare(&inner.expr),
        Expr::Group(inner) => bare(&inner.expr),
        Expr::Reference(inner) => bare(&inner.expr),
        other => other,
    }
}

/// The name that a place, or a chain of method calls on one, starts with.
pub fn root(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Path(path) => path.path.segments.first().map(|part| part.ident.to_string()),
        Expr::Field(field) => root(&field.base),
        Expr::Index(index) => root(&index.expr),
        Expr::MethodCall(call) => root(&call.receiver),
        Expr::Unary(unary) => root(&unary.expr),
        Expr::Try(tried) => root(&tried.expr),
        Expr::Paren(_) | Expr::Group(_) | Expr::Reference(_) => match bare(expr) {
            inner if std::ptr::eq(inner, expr) => None,
            inner => root(inner),
        },
        _ => None,
    }
}

/// Whether a text mentions a word; text in comments and strings counts, to be on the safe side.
pub fn has_word(text: &str, word: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    !word.is_empty()
        && text.match_indices(word).any(|(at, _)| {
            let before = text[..at].chars().next_back().is_some_and(is_word);
            let after = text[at + word.len()..].chars().next().is_some_and(is_word);
            !before && !after
        })
}

/// Whether two expressions are written alike.
pub fn same(site: &Site<'_, '_>, a: &Expr, b: &Expr) -> bool {
    let words = |expr: &Expr| site.source(expr).split_whitespace().collect::<String>();
    let (a, b) = (words(bare(a)), words(bare(b)));
    !a.is_empty() && a == b
}

/// Whether evaluating what stands at a node may leave it: `?`, `return`, `break`, `.await`, or a
/// macro that nobody looks into.
pub fn may_leave(site: &Site<'_, '_>, id: NodeId) -> bool {
    std::iter::once(id).chain(site.tree.below(id)).any(|id| match site.tree.node(id) {
        Node::Expr(expr) => match expr {
            Expr::Try(_)
            | Expr::Return(_)
            | Expr::Break(_)
            | Expr::Continue(_)
            | Expr::Await(_)
            | Expr::Yield(_) => true,
            Expr::Macro(call) => {
                site.tree.arguments(&call.mac).is_none() && !call.mac.tokens.is_empty()
            }
            _ => false,
        },
        Node::Stmt(Stmt::Macro(call)) => {
            site.tree.arguments(&call.mac).is_none() && !call.mac.tokens.is_empty()
        }
        _ => false,
    })
}

/// Code within a sketch of a rewrite: what takes several lines is left out.
pub fn on_one_line(code: &str) -> &str {
    if code.contains('\n') { "…" } else { code }
}

/// Whether something below a node gives way to other tasks: an `.await`.
pub fn may_wait(site: &Site<'_, '_>, id: NodeId) -> bool {
    site.tree.below(id).any(|id| matches!(site.tree.expr(id), Some(Expr::Await(_))))
}

/// Whether a closure or an `async` block between a node and one around it takes what it uses with
/// it.
pub fn is_captured(site: &Site<'_, '_>, id: NodeId, within: NodeId) -> bool {
    site.tree.ancestors(id).take_while(|&outer| outer > within).any(|outer| {
        match site.tree.expr(outer) {
            Some(Expr::Closure(closure)) => closure.capture.is_some(),
            Some(Expr::Async(_)) => true,
            _ => false,
        }
    })
}

/// A value that may be evaluated again or not at all: places, literals, borrows of them.
pub fn is_simple(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_) => true,
        Expr::Paren(inner) => is_simple(&inner.expr),
        Expr::Reference(inner) => inner.mutability.is_none() && is_simple(&inner.expr),
        Expr::Unary(unary) => is_simple(&unary.expr),
        other => is_place(other),
    }
}

/// A `for`, `while` or `loop` around a node in the same function or closure as it.
pub fn own_loop<'a>(site: &Site<'_, 'a>, id: NodeId) -> Option<Loop<'a>> {
    let turn = crate::source::loops::innermost(site.tree, id)?;
    let leaves =
        |&outer: &NodeId| matches!(site.tree.expr(outer), Some(Expr::Closure(_) | Expr::Async(_)));
    let between = site.tree.ancestors(id).take_while(|&outer| outer != turn.id);
    let crosses = between.into_iter().any(|outer| leaves(&outer));
    (!matches!(turn.kind, LoopKind::Adapter(_)) && !crosses).then_some(turn)
}

/// Whether a node runs as part of a future: in an `async` function, block or closure, and in no
/// closure or function within it that is called like any other.
pub fn is_async(site: &Site<'_, '_>, id: NodeId) -> bool {
    for outer in site.tree.ancestors(id) {
        match site.tree.node(outer) {
            Node::Expr(Expr::Async(_)) => return true,
            Node::Expr(Expr::Closure(closure)) => return closure.asyncness.is_some(),
            Node::Item(syn::Item::Fn(item)) => return item.sig.asyncness.is_some(),
            Node::ImplItem(syn::ImplItem::Fn(item)) => return item.sig.asyncness.is_some(),
            Node::TraitItem(syn::TraitItem::Fn(item)) => return item.sig.asyncness.is_some(),
            Node::Item(_) | Node::File(_) => return false,
            _ => {}
        }
    }
    false
}

/// Whether a place is bound outside a loop: a local or a parameter from before it, a field of
/// `self`, a static.
pub fn is_bound_outside<'a>(site: &Site<'_, 'a>, place: &'a Expr, turn: NodeId) -> bool {
    let mut base = bare(place);
    while let Expr::Field(syn::ExprField { base: inner, .. })
    | Expr::Unary(syn::ExprUnary { expr: inner, .. }) = base
    {
        base = bare(inner);
    }
    match site.binding(base) {
        Some(binding) => binding.from <= turn && !(site.tree.contains(turn, binding.scope)),
        None => matches!(base, Expr::Path(_)),
    }
}

/// The statement that a node is, or is the expression of: where a line can be put before it.
pub fn own_statement(site: &Site<'_, '_>, id: NodeId) -> Option<NodeId> {
    let parent = site.tree.parent(id)?;
    matches!(site.tree.node(parent), Node::Stmt(_)).then_some(parent)
}

/// Whether a place has the same value on each turn of a loop: its root is bound outside and not
/// assigned, lent out mutably or moved within.
pub fn is_invariant<'a>(site: &Site<'_, 'a>, place: &'a Expr, turn: NodeId) -> bool {
    let place = bare(place);
    if matches!(place, Expr::Lit(_)) {
        return true;
    }
    let mut base = place;
    while let Expr::Field(syn::ExprField { base: inner, .. })
    | Expr::Unary(syn::ExprUnary { expr: inner, .. }) = base
    {
        base = inner;
    }
    let Expr::Path(path) = base else { return false };
    let Some(name) = path.path.get_ident() else { return path.qself.is_none() };
    if name == "self" {
        return !is_assigned_below(site, place, turn);
    }
    match site.binding(base) {
        Some(binding) => {
            binding.from <= turn
                && !matches!(binding.origin, Origin::Closure(..) if binding.scope > turn)
                && site.uses(&binding).iter().filter(|used| site.tree.contains(turn, used.id)).all(
                    |used| {
                        !matches!(
                            used.role,
                            UseRole::Assigned
                                | UseRole::Updated
                                | UseRole::BorrowedMut
                                | UseRole::Opaque
                        )
                    },
                )
        }
        // A constant or a static.
        None => name.to_string().chars().all(|c| c.is_uppercase() || c.is_numeric() || c == '_'),
    }
}

fn is_assigned_below(site: &Site<'_, '_>, place: &Expr, turn: NodeId) -> bool {
    site.tree.below(turn).any(|id| match site.tree.expr(id) {
        Some(Expr::Assign(assign)) => same(site, &assign.left, place),
        Some(Expr::Reference(reference)) => {
            reference.mutability.is_some() && same(site, &reference.expr, place)
        }
        _ => false,
    })
}

/// The name of a called method and how many arguments it is given.
pub fn signature(call: &ExprMethodCall) -> (String, usize) {
    (call.method.to_string(), call.args.len())
}

/// The method call around an expression that is its receiver.
pub fn called_on<'a>(site: &Site<'_, 'a>, id: NodeId) -> Option<(NodeId, &'a ExprMethodCall)> {
    let parent = site.tree.parent(id)?;
    match site.tree.expr(parent)? {
        Expr::MethodCall(call) if site.tree.id(&call.receiver) == Some(id) => Some((parent, call)),
        _ => None,
    }
}

/// Whether a statement at a node ends with a semicolon.
pub fn is_statement(site: &Site<'_, '_>, id: NodeId) -> bool {
    matches!(site.tree.node(id), Node::Stmt(Stmt::Expr(_, Some(_))))
}
