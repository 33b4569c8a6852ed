//! # What it finds
//!
//! `place = other.clone()` where the place holds a string or a collection already: what it had is
//! freed and as much is allocated again.
//!
//! # What it costs
//!
//! A free and an allocation on each assignment, although the memory at hand may well be enough.
//!
//! # The rewrite
//!
//! `place.clone_from(&other)`, or `other.clone_into(&mut place)` where what is copied is borrowed:
//! both reuse the memory.
//!
//! # When to keep the code
//!
//! The place is still empty, as in a constructor or a setter, which is not mentioned; or the code
//! runs a handful of times, and reads better.
//!
//! # How it was proved
//!
//! The profile shows allocation below the very call that clones. `ui-tests/cloned_to_assign` holds
//! the code before and after.

use syn::ReceiverKind;

use crate::lint::collects::allocates;
use crate::lint::copies::copied;
use crate::lint::prelude::*;

/// See the text above.
pub static LINT: Lint = Lint {
    name: "cloned_to_assign",
    summary: "memory is freed and allocated anew to hold a copy",
    on: &[Kind::Assign],
    check,
};

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let Some(Expr::Assign(assign)) = site.expr() else { return None };
    let Expr::MethodCall(call) = &*assign.right else { return None };
    let copies = matches!(call.method.to_string().as_str(), "clone" | "to_owned" | "to_vec");
    let is_held = matches!(&*assign.left, Expr::Field(_) | Expr::Unary(_))
        || loops::innermost(site.tree, site.node).is_some();
    if !copies || !is_held || !place::is_place(&assign.left) || sets_up(site) {
        return None;
    }
    let typed = site.type_of(&assign.left);
    let keeps = typed.ty.is_string() || typed.ty.is_vec();
    let copy = copied(site, &assign.right)?;
    if !keeps {
        return None;
    }
    let (left, right) = (site.source(&assign.left), site.source(&call.receiver));
    let same = copy.ty == typed.ty;
    let text = match copy.refs {
        0 if same => format!("{left}.clone_from(&{right})"),
        1 if same => format!("{left}.clone_from({right})"),
        _ => format!("{right}.clone_into(&mut {left})"),
    };
    // A whole that is borrowed cannot be changed in one of its parts.
    let meets = place::root(&assign.left) == place::root(place::bare(copy.of));
    let is_apart = !meets || place::is_place(copy.of) && place::is_place(&assign.left);
    let suggestion = if is_apart && copy.refs <= 1 {
        Suggestion::safe("copy into it", vec![site.replace(site.tree.range(site.node), text)])
    } else {
        Suggestion::shown("copy into it", text)
    };
    Some(
        Claim::new(site.node, format!("`{left}` is freed and allocated anew to hold a copy"))
            .label("the memory at hand may be enough")
            .types(typed.by)
            .witness(Witness::cpu_in(allocates))
            .suggest(Some(suggestion)),
    )
}

/// Whether the function makes a value or sets one up, where nothing was held before.
fn sets_up(site: &Site<'_, '_>) -> bool {
    let Some(function) = site.function(site.node) else { return true };
    let name = function.signature.ident.to_string();
    let by_value = function
        .signature
        .receiver()
        .is_some_and(|receiver| matches!(receiver.kind, ReceiverKind::Value));
    by_value
        || ["new", "set_", "with_", "from", "init", "build"]
            .iter()
            .any(|start| name.starts_with(start))
}
