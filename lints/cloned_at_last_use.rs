//! # What it finds
//!
//! A local, or an element of a walk, that is cloned where it is used for the last time: it could be
//! given away itself.
//!
//! # What it costs
//!
//! A copy of everything that the value owns, and the end of the original soon after.
//!
//! # The rewrite
//!
//! Give the value away.
//!
//! # When to keep the code
//!
//! Something still borrows from the original: the compiler says so. Or it is kept in sight for the
//! next person to use it.
//!
//! # How it was proved
//!
//! The profile shows allocation below the very call that clones. `ui-tests/cloned_at_last_use`
//! holds the code before and after.

use crate::lint::collects::allocates;
use crate::lint::prelude::*;
use crate::model::type_name::TypeName;
use crate::source::bindings::{Binding, Origin, UseRole};

/// See the text above.
pub static LINT: Lint = Lint {
    name: "cloned_at_last_use",
    summary: "a value is cloned where it is used for the last time",
    on: &[Kind::MethodCall],
    methods: &["clone", "to_owned", "to_vec", "to_string"],
    check,
};

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let Some(Expr::MethodCall(call)) = site.expr() else { return None };
    let name = call.method.to_string();
    let copies = matches!(name.as_str(), "clone" | "to_owned" | "to_vec" | "to_string")
        && call.args.is_empty();
    if !copies || !is_given_away(site) {
        return None;
    }
    let binding = site.binding(&call.receiver)?;
    let typed = site.type_of(&call.receiver);
    // The others make something else of a slice or an array.
    let is_same =
        name == "clone" || typed.ty.is_string() || typed.ty.is_vec() && name != "to_string";
    if !is_same
        || !may_own(&typed.ty)
        || !is_own(&binding)
        || !is_last(site, &binding, &call.receiver)
    {
        return None;
    }
    let name = &binding.name.ident;
    let mut range = site.tree.range(site.node);
    // A field of the same name needs no more than the name.
    let before = site.file.text.get(..range.start).unwrap_or_default();
    if is_field(site) && before.ends_with(&format!(" {name}: ")) {
        range.start -= name.to_string().len() + ": ".len();
    }
    let edits = vec![site.replace(range, name.to_string())];
    Some(
        Claim::new(site.node, format!("`{name}` is cloned where it is used for the last time"))
            .label("the original is thrown away behind it")
            .types(typed.by)
            .witness(Witness::cpu_in(allocates))
            .yields_to(&["copied_out_buffer", "cloned_to_borrow", "cloned_to_walk"])
            .suggest(Some(if owns(&typed.ty) {
                Suggestion::safe("give it away", edits)
            } else {
                let caveat = "nobody knows here what it means to its type to end a little earlier";
                Suggestion::with_caveat("give it away", edits, caveat)
            })),
    )
}

fn is_field(site: &Site<'_, '_>) -> bool {
    let parent = site.tree.parent(site.node).map(|parent| site.tree.node(parent));
    matches!(parent, Some(Node::Expr(Expr::Struct(_))))
}

/// Whether the copy itself is kept: an argument, a field, a result.
fn is_given_away(site: &Site<'_, '_>) -> bool {
    match site.tree.parent(site.node).map(|parent| site.tree.node(parent)) {
        Some(Node::Expr(Expr::MethodCall(outer))) => {
            site.tree.id(&outer.receiver) != Some(site.node)
        }
        Some(Node::Expr(
            Expr::Call(_) | Expr::Struct(_) | Expr::Tuple(_) | Expr::Array(_) | Expr::Return(_),
        )) => true,
        Some(Node::Expr(Expr::Assign(assign))) => site.tree.id(&assign.right) == Some(site.node),
        _ => false,
    }
}

/// What is no reference and no handle, and whose clone is no plain copy.
fn may_own(ty: &TypeName) -> bool {
    let is_handle = ty.name().is_some_and(|name| {
        ["Rc", "Arc", "Sender", "Receiver", "Handle", "Weak", "Waker", "Guard"]
            .iter()
            .any(|end| name.ends_with(end))
    });
    !ty.is_unknown() && !ty.is_reference() && !is_handle && ty.is_copy() != Some(true)
}

/// What owns memory of its own and nothing else.
fn owns(ty: &TypeName) -> bool {
    match ty.std_name() {
        Some("Option") => ty.args().first().is_some_and(owns),
        _ => ty.owns_heap(),
    }
}

/// A local, a parameter or an element of a walk that nothing lent.
fn is_own(binding: &Binding<'_>) -> bool {
    binding.name.by_ref.is_none()
        && match binding.origin {
            Origin::Let(local, _) => crate::source::bindings::simple_name(&local.pat).is_some(),
            Origin::For(turn) => crate::source::bindings::simple_name(&turn.pat).is_some(),
            Origin::Param(parameter) => !matches!(*parameter.ty, syn::Type::Reference(_)),
            _ => false,
        }
}

/// Whether nothing uses the local after the clone, nor holds a borrow of it.
fn is_last<'a>(site: &Site<'_, 'a>, binding: &Binding<'a>, path: &'a Expr) -> bool {
    let tree = site.tree;
    let Some(id) = tree.id(path) else { return false };
    let uses = site.uses(binding);
    let is_once = loops::around(tree, site.node).all(|turn| turn.id < binding.from);
    let ends = uses.last().is_some_and(|last| last.id == id);
    // A `let` before may hold a borrow that lives on.
    let is_lent = uses.iter().filter(|used| used.id != id).any(|used| {
        let lends = matches!(
            used.role,
            UseRole::Borrowed
                | UseRole::BorrowedMut
                | UseRole::Receiver(_)
                | UseRole::Opaque
                | UseRole::Field
                | UseRole::Iterated
        );
        lends
            && std::iter::once(used.id)
                .chain(tree.ancestors(used.id))
                .take_while(|&outer| outer > binding.scope)
                .any(|outer| match tree.node(outer) {
                    Node::Stmt(Stmt::Local(local)) => !makes_number(site, local),
                    _ => false,
                })
    });
    is_once && ends && !is_lent && !place::is_captured(site, id, binding.scope)
}

/// What is bound borrows from nothing.
fn makes_number(site: &Site<'_, '_>, local: &syn::Local) -> bool {
    local.init.as_ref().is_some_and(|init| site.type_of(&init.expr).ty.is_number())
}
