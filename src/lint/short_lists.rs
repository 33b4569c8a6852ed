//! Lists that are short by how they are written.

use syn::{Expr, Type};

use super::callers;
use super::place;
use super::site::Site;
use crate::model::type_name::TypeName;
use crate::source::bindings::Origin;

/// Arrays and lists written out with so few elements are walked at no cost.
pub const FEW: u64 = 16;

/// A constant, which its author has in view, or a short array.
pub fn stays_small(place: &Expr, ty: &TypeName) -> bool {
    let is_constant = matches!(place::bare(place), Expr::Path(path)
    if path.path.segments.last().is_some_and(|last| {
        last.ident.to_string().chars().all(|c| !c.is_lowercase())
    }));
    is_constant || matches!(ty.peeled(), TypeName::Array(_, Some(length)) if *length <= FEW)
}

/// A list written out in the code: where it is bound, or wherever it is lent from.
pub fn is_few<'a>(site: &Site<'_, 'a>, place: &'a Expr) -> bool {
    let Some(binding) = site.binding(place::bare(place)) else { return false };
    if binding.name.mutability.is_some() {
        return false;
    }
    match binding.origin {
        Origin::Let(local, _) => {
            local.init.as_ref().is_some_and(|init| is_written_out(site, &init.expr))
        }
        Origin::Param(parameter) => match &*parameter.ty {
            // What lives for ever was written, as constants are.
            Type::Reference(lent) if matches!(&*lent.elem, Type::Slice(_)) => {
                lent.lifetime.as_ref().is_some_and(|lifetime| lifetime.ident == "static")
                    || callers::is_always_given(site, parameter, |given| {
                        is_written_out(site, given)
                    })
            }
            _ => false,
        },
        _ => false,
    }
}

fn is_written_out(site: &Site<'_, '_>, expr: &Expr) -> bool {
    match place::bare(expr) {
        Expr::Array(list) => list.elems.len() as u64 <= FEW,
        Expr::Macro(call) => {
            call.mac.path.is_ident("vec")
                && site
                    .tree
                    .arguments(&call.mac)
                    .is_some_and(|list| !list.exprs.is_empty() && list.exprs.len() as u64 <= FEW)
        }
        _ => false,
    }
}
