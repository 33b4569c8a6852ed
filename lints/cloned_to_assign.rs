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
use crate::source::bindings::Origin;

/// See the text above.
pub static LINT: Lint = Lint {
    name: "cloned_to_assign",
    summary: "memory is freed and allocated anew to hold a copy",
    on: &[Kind::Assign],
    methods: &[],
    check,
};

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let Some(Expr::Assign(assign)) = site.expr() else { return None };
    let Expr::MethodCall(call) = &*assign.right else { return None };
    let copies = matches!(call.method.to_string().as_str(), "clone" | "to_owned" | "to_vec");
    let is_held = matches!(&*assign.left, Expr::Field(_) | Expr::Unary(_))
        || loops::innermost(site.tree, site.node).is_some();
    if !copies
        || !is_held
        || !place::is_place(&assign.left)
        || sets_up(site, &call.receiver)
        || is_empty(site, site.source(&assign.left))
    {
        return None;
    }
    let typed = site.type_of(&assign.left);
    let keeps = typed.ty.is_string() || typed.ty.is_vec();
    if !keeps || !call.args.is_empty() {
        return None;
    }
    let (left, right) = (site.source(&assign.left), site.source(&call.receiver));
    let copy = copied(site, &assign.right);
    // A method sees through a reference by itself.
    let owner = left.trim_start_matches('*');
    let (text, refs) = match &copy {
        Some(copy) if copy.ty == typed.ty && copy.refs == 0 => {
            (format!("{owner}.clone_from(&{right})"), 0)
        }
        Some(copy) if copy.ty == typed.ty => (format!("{owner}.clone_from({right})"), copy.refs),
        Some(copy) => (format!("{right}.clone_into(&mut {left})"), copy.refs),
        None if call.method == "clone" => (format!("{owner}.clone_from(&{right})"), 0),
        None => (format!("{right}.clone_into(&mut {left})"), 0),
    };
    let edits = || vec![site.replace(site.tree.range(site.node), text.clone())];
    let suggestion = if copy.is_none() || refs > 1 || !place::is_place(&call.receiver) {
        Suggestion::shown("copy into it", text)
    } else if may_meet(site, &assign.left, &call.receiver, refs) {
        let caveat = "what is copied must not be borrowed from what it is written to";
        Suggestion::with_caveat("copy into it", edits(), caveat)
    } else {
        Suggestion::safe("copy into it", edits())
    };
    Some(
        Claim::new(site.node, format!("`{left}` is freed and allocated anew to hold a copy"))
            .label("the memory at hand may be enough")
            .types(typed.by)
            .witness(Witness::cpu_in(allocates))
            .suggest(Some(suggestion)),
    )
}

/// Whether what is copied may be borrowed from where it goes: a local reference may come from there,
/// and fields of one guard cannot be borrowed apart.
fn may_meet(site: &Site<'_, '_>, left: &Expr, right: &Expr, refs: usize) -> bool {
    let mut base = right;
    while let Expr::Field(syn::ExprField { base: inner, .. })
    | Expr::Unary(syn::ExprUnary { expr: inner, .. }) = base
    {
        base = inner;
    }
    let is_parameter =
        site.binding(base).is_none_or(|binding| matches!(binding.origin, Origin::Param(_)));
    let (left, right) = (place::root(left), place::root(right));
    (left == right && left.as_deref() != Some("self")) || (refs > 0 && !is_parameter)
}

/// Whether the function makes a value or sets one up, where nothing was held before.
fn sets_up(site: &Site<'_, '_>, copied: &Expr) -> bool {
    let Some(function) = site.function(site.node) else { return true };
    let name = function.signature.ident.to_string();
    let by_value = function
        .signature
        .receiver()
        .is_some_and(|receiver| matches!(receiver.kind, ReceiverKind::Value));
    let is_setter = name.starts_with("set_") && matches!(copied, Expr::Path(_));
    let makes = ["new", "with_", "from_"].iter().any(|start| name.starts_with(start))
        || ["from", "init", "build", "default"].contains(&name.as_str());
    by_value || is_setter || makes
}

/// Whether a condition around says that the place holds nothing.
fn is_empty(site: &Site<'_, '_>, place: &str) -> bool {
    let asked = format!("{place}.is_empty()");
    site.tree.ancestors(site.node).any(|id| match site.tree.expr(id) {
        Some(Expr::If(choice)) => site.source(&choice.cond).contains(&asked),
        _ => false,
    })
}
