//! Whether what an iterator walks is left alone while it is alive, as far as can be seen.

use syn::Expr;

use super::copies::only_looks;
use super::site::Site;
use crate::model::type_name::TypeName;
use crate::source::bindings::{self, Use, UseRole};
use crate::source::tree::NodeId;

/// Whether nothing that an iterator is made of is changed in a range of nodes, as far as can be
/// seen: then it may be alive there.
pub fn stays<'a>(site: &Site<'_, 'a>, iterator: &'a Expr, from: NodeId, to: NodeId) -> bool {
    let tree = site.tree;
    let Some(top) = tree.id(iterator) else { return false };
    std::iter::once(top).chain(tree.below(top)).all(|id| {
        let Some(Expr::Path(path)) = tree.expr(id) else { return true };
        let Some(name) = path.path.get_ident() else { return true };
        let field = field_of(site, id);
        if name == "self" {
            let shared = site
                .function(id)
                .and_then(|f| f.signature.receiver())
                .is_some_and(|it| matches!(&it.kind, syn::ReceiverKind::Reference(_, _, None)));
            return shared
                || tree.ids().filter(|&id| id >= from && id < to).all(|id| match tree.expr(id) {
                    Some(Expr::Path(path)) if path.path.is_ident("self") => {
                        let other = field_of(site, id);
                        other.is_some() && field.is_some() && other != field
                            || field.is_some() && only_read(site, id)
                    }
                    _ => true,
                });
        }
        let Some(binding) = bindings::find(tree, id, &name.to_string()) else { return true };
        if binding.scope > top && tree.contains(top, binding.scope) {
            return true;
        }
        let ty = site.types.type_of_local(id, &name.to_string()).ty;
        let is_mut = matches!(ty, TypeName::Ref { mutable: true, .. })
            || matches!(binding.origin, bindings::Origin::Param(it)
                if matches!(&*it.ty, syn::Type::Reference(it) if it.mutability.is_some()));
        if binding.name.mutability.is_none() && !is_mut {
            if changed_by_both(site, &binding, top, from..to) {
                return false;
            }
            // What is moved while the iterator borrows it ends its life.
            let is_outside = |used: &Use<'_>| !tree.contains(top, used.id) && used.id != top;
            return ty.is_copy() == Some(true)
                || !site
                    .uses(&binding)
                    .iter()
                    .filter(|used| used.id >= from && used.id < to && is_outside(used))
                    .any(moves);
        }
        site.uses(&binding).iter().filter(|used| used.id >= from && used.id < to).all(|used| {
            match used.role {
                UseRole::Borrowed | UseRole::Compared | UseRole::Formatted => true,
                UseRole::Field => {
                    let other = field_of(site, used.id);
                    field.is_some() && other != field || only_read(site, used.id)
                }
                _ => only_read(site, used.id),
            }
        })
    })
}

/// Whether a use takes the value away.
fn moves(used: &Use<'_>) -> bool {
    match used.role {
        UseRole::Moved | UseRole::Iterated => true,
        UseRole::Receiver(call) => call.method.to_string().starts_with("into_"),
        _ => false,
    }
}

/// Whether an iterator and what is done in a range of nodes both change what a local refers to, which
/// a shared reference does not rule out: then each sees what the other did before.
pub fn changed_by_both<'a>(
    site: &Site<'_, 'a>,
    binding: &bindings::Binding<'a>,
    iterator: NodeId,
    range: std::ops::Range<NodeId>,
) -> bool {
    let uses = site.uses(binding);
    let mut changes = uses.iter().filter(|used| changes(used)).map(|used| used.id);
    let is_inside = |id: NodeId| site.tree.contains(iterator, id);
    changes.clone().any(is_inside) && changes.any(|id| range.contains(&id) && !is_inside(id))
}

/// Whether a use changes the value, by its name.
fn changes(used: &Use<'_>) -> bool {
    let UseRole::Receiver(call) = used.role else { return false };
    let name = call.method.to_string();
    name.starts_with("fetch_")
        || matches!(
            name.as_str(),
            "insert" | "remove" | "push" | "pop" | "send" | "recv" | "store" | "set" | "swap"
        )
}

/// The field of a place that starts at a node: `items` of `self.items.iter()`.
fn field_of(site: &Site<'_, '_>, id: NodeId) -> Option<String> {
    match site.tree.expr(site.tree.parent(id)?)? {
        Expr::Field(field) => match &field.member {
            syn::Member::Named(name) => Some(name.to_string()),
            syn::Member::Unnamed(index) => Some(index.index.to_string()),
        },
        _ => None,
    }
}

/// Whether the place that starts at a node is only looked at.
fn only_read(site: &Site<'_, '_>, id: NodeId) -> bool {
    let tree = site.tree;
    let mut inner = id;
    for outer in tree.ancestors(id) {
        match tree.expr(outer) {
            Some(Expr::Field(_) | Expr::Paren(_)) => inner = outer,
            Some(Expr::Index(index)) if tree.id(&index.expr) == Some(inner) => inner = outer,
            Some(Expr::MethodCall(call)) if tree.id(&call.receiver) == Some(inner) => {
                return only_looks(&call.method.to_string());
            }
            Some(Expr::Reference(borrow)) => return borrow.mutability.is_none(),
            Some(Expr::Assign(assign)) => return tree.id(&assign.left) != Some(inner),
            Some(Expr::Binary(both)) => {
                return !(bindings::is_update(&both.op) && tree.id(&both.left) == Some(inner));
            }
            // A field that is copied out.
            _ => return inner != id,
        }
    }
    false
}
