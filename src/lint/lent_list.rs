//! Values in lists that are only lent: `let attributes = [("val", name)]; write(&attributes)`.

use syn::punctuated::Punctuated;
use syn::{Expr, Stmt, Token};

use super::copies::{copied, initial, is_argument};
use super::site::Site;
use crate::source::bindings::{self, Use, UseRole};
use crate::source::syntax::literal_text;
use crate::source::tree::{Node, NodeId};

/// Where a value stands in the elements of a list: the field of each tuple from within.
type Fields = Vec<usize>;

/// The node behind the last use of the list that a value is put into, if the list is only lent,
/// and each call takes a borrowed text in the place of the value as well: another call of it in
/// this file is lent a literal there.
pub fn lent_until(site: &Site<'_, '_>, value: NodeId) -> Option<NodeId> {
    let tree = site.tree;
    let mut fields = Fields::new();
    let mut at = value;
    let stmt = loop {
        let parent = tree.parent(at)?;
        match tree.node(parent) {
            Node::Expr(Expr::Tuple(tuple)) => {
                fields.push(tuple.elems.iter().position(|elem| tree.id(elem) == Some(at))?);
            }
            Node::Expr(Expr::Array(_) | Expr::Paren(_)) => {}
            Node::Stmt(Stmt::Local(_)) if at != value => break parent,
            _ => return None,
        }
        at = parent;
    };
    let binding = bindings::of_let(tree, stmt)?;
    let Some(Expr::Array(list)) = tree.expr(at) else { return None };
    // All elements have one type: those beside it must be borrowed as well.
    let may_borrow = |elem| {
        part(elem, &fields).is_some_and(|part| {
            tree.id(part) == Some(value)
                || literal_text(part).is_some()
                || copied(site, part).is_some()
        })
    };
    if binding.name.mutability.is_some() || !list.elems.iter().all(may_borrow) {
        return None;
    }
    let uses = site.uses(&binding);
    let is_lent = |used: &Use<'_>| {
        matches!(used.role, UseRole::Borrowed)
            && is_argument(site, used.id)
            && takes_literal(site, used.id, &fields)
    };
    uses.iter().all(is_lent).then_some(())?;
    Some(tree.behind(site.statement(uses.last()?.id)?))
}

/// Whether a call of the function that is lent a list is lent one with a literal text elsewhere.
fn takes_literal(site: &Site<'_, '_>, list: NodeId, fields: &[usize]) -> bool {
    let tree = site.tree;
    let Some(reference) = tree.parent(list) else { return false };
    let Some((name, place)) = tree.parent(reference).and_then(|call| given(site, call, reference))
    else {
        return false;
    };
    tree.ids().any(|id| {
        let Some(Expr::Reference(lent)) = tree.expr(id) else { return false };
        let same = tree.parent(id).and_then(|call| given(site, call, id));
        same.is_some_and(|(other, at)| other == name && at == place)
            && elements(site, &lent.expr).is_some_and(|elems| {
                elems.iter().any(|elem| part(elem, fields).and_then(literal_text).is_some())
            })
    })
}

/// The name of what is called, and which argument a node is.
fn given(site: &Site<'_, '_>, call: NodeId, arg: NodeId) -> Option<(String, usize)> {
    let (name, args) = match site.tree.expr(call)? {
        Expr::MethodCall(call) => (&call.method, &call.args),
        Expr::Call(call) => match &*call.func {
            Expr::Path(path) => (&path.path.segments.last()?.ident, &call.args),
            _ => return None,
        },
        _ => return None,
    };
    let at = args.iter().position(|other| site.tree.id(other) == Some(arg))?;
    Some((name.to_string(), at))
}

/// The elements of a list that is written here, or where its name is bound.
fn elements<'a>(site: &Site<'_, 'a>, list: &'a Expr) -> Option<&'a Punctuated<Expr, Token![,]>> {
    let list = match list {
        Expr::Path(_) => initial(&site.binding(list)?)?.0,
        written => written,
    };
    match list {
        Expr::Array(list) => Some(&list.elems),
        _ => None,
    }
}

/// The part of an element that stands in these fields.
fn part<'a>(element: &'a Expr, fields: &[usize]) -> Option<&'a Expr> {
    match (element, fields.split_last()) {
        (Expr::Tuple(tuple), Some((&field, inner))) => part(tuple.elems.get(field)?, inner),
        (element, None) => Some(element),
        _ => None,
    }
}
