//! Functions of a file and those that call them: what becomes of what is given and returned.

use syn::{Expr, Stmt};

use super::consumed::{self, Made};
use super::site::Site;
use crate::source::bindings::{self, Binding, UseRole};
use crate::source::loops;
use crate::source::tree::{Node, NodeId};

/// Whether the function of a name walks the parameter it is given, once, and does no more with it;
/// `None` where this file has no such function.
pub fn walks_parameter(site: &Site<'_, '_>, name: &str, place: usize) -> Option<bool> {
    let mut found = None;
    for id in site.tree.ids() {
        let signature = match site.tree.node(id) {
            Node::Item(syn::Item::Fn(item)) => &item.sig,
            Node::ImplItem(syn::ImplItem::Fn(item)) => &item.sig,
            _ => continue,
        };
        if signature.ident == name {
            let walks = walks_once(site, id, signature, place);
            found = Some(found.unwrap_or(false) || walks);
        }
    }
    found
}

fn walks_once(
    site: &Site<'_, '_>,
    function: NodeId,
    signature: &syn::Signature,
    place: usize,
) -> bool {
    let mut typed = signature.inputs.iter().filter_map(|input| match input {
        syn::FnArg::Typed(typed) => Some(typed),
        syn::FnArg::Receiver(_) => None,
    });
    let Some(input) = typed.nth(place) else { return false };
    let Some(name) = bindings::simple_name(&input.pat) else { return false };
    let origin = bindings::Origin::Param(input);
    let uses = site.uses(&Binding { name, origin, scope: function, from: function });
    let [used] = uses.as_slice() else { return false };
    match used.role {
        UseRole::Iterated => true,
        UseRole::Receiver(call) => {
            matches!(&*call.method.to_string(), "iter" | "into_iter")
                && loops::innermost(site.tree, used.id).is_none()
        }
        _ => false,
    }
}

/// A call of the function whose value the site's node is, if that is a function that this file
/// alone calls, and each call only walks what is returned, once.
pub fn walker_of_returned(site: &Site<'_, '_>) -> Option<NodeId> {
    let tree = site.tree;
    let stmt = tree.parent(site.node)?;
    let Node::Stmt(Stmt::Expr(_, None)) = tree.node(stmt) else { return None };
    let body = tree.parent(stmt)?;
    let is_last = tree.children(body).last() == Some(stmt);
    let (name, visibility, output) = match tree.node(tree.parent(body)?) {
        Node::Item(syn::Item::Fn(item)) => (&item.sig.ident, &item.vis, &item.sig.output),
        Node::ImplItem(syn::ImplItem::Fn(item)) => {
            let owner = tree.parent(tree.parent(body)?)?;
            let Node::Item(syn::Item::Impl(owner)) = tree.node(owner) else { return None };
            // The trait says what is returned.
            owner.trait_.is_none().then_some(())?;
            (&item.sig.ident, &item.vis, &item.sig.output)
        }
        _ => return None,
    };
    let syn::ReturnType::Type(_, output) = output else { return None };
    let is_list = consumed::of_type(output) == Some(Made::List);
    if !is_last || !is_list || matches!(visibility, syn::Visibility::Public(_)) {
        return None;
    }
    let name = name.to_string();
    let mut first = None;
    for id in tree.ids() {
        let is_call = match tree.expr(id) {
            Some(Expr::MethodCall(call)) => call.method == name,
            Some(Expr::Call(call)) => matches!(&*call.func, Expr::Path(path)
                if path.path.segments.last().is_some_and(|last| last.ident == name)),
            // Given to another function as it is.
            Some(Expr::Path(path)) => {
                let is_named = path.path.segments.last().is_some_and(|last| last.ident == name);
                let is_called = tree.parent(id).is_some_and(|outer| {
                    matches!(tree.expr(outer), Some(Expr::Call(call))
                        if tree.id(&call.func) == Some(id))
                });
                if is_named && !is_called && bindings::find(tree, id, &name).is_none() {
                    return None;
                }
                false
            }
            _ => false,
        };
        if is_call {
            let consumed = consumed::by(site, id, Made::List)?;
            (consumed.walks && !consumed.purpose.contains("joined")).then_some(())?;
            first = first.or(Some(id));
        }
    }
    first
}
