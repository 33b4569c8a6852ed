//! # What it finds
//!
//! A function that returns `Box<dyn Iterator>` and is no method of a trait, and a local that is
//! one: an iterator is boxed on each call.
//!
//! # What it costs
//!
//! An allocation for each call, and a call through a table for each element, which the compiler can
//! neither inline nor merge with the next step.
//!
//! # The rewrite
//!
//! `impl Iterator`; where branches differ, an enum of both (`Either`), a chain of two options, or a
//! function that is given what to do with each element.
//!
//! # When to keep the code
//!
//! The iterator is stored, is as long as the work of many calls, or is one of many kinds.
//!
//! # How it was proved
//!
//! The profile shows allocation below the function that boxes. `ui-tests/boxed_iterator` holds the
//! code before and after.

use crate::lint::collects::allocates;
use crate::lint::prelude::*;

/// See the text above.
pub static LINT: Lint = Lint {
    name: "boxed_iterator",
    summary: "an iterator is boxed on each call",
    on: &[Kind::Call],
    methods: &[],
    check,
};

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let Some(Expr::Call(call)) = site.expr() else { return None };
    let Expr::Path(function) = &*call.func else { return None };
    let is_new = function.path.segments.last().is_some_and(|last| last.ident == "new");
    if call.args.len() != 1 || !is_new || site.source(&call.func) != "Box::new" {
        return None;
    }
    let ty = given_to(site)?;
    let what = boxed(ty)?;
    Some(
        Claim::new(site.node, format!("{what} is boxed on each call"))
            .label("allocated, and called through a table")
            .types(Types::NotNeeded)
            .witness(Witness::cpu_in(allocates))
            .suggest(Some(Suggestion::shown(
                "return it as it is",
                "-> impl Iterator<Item = …>  // Either<A, B> where branches differ",
            ))),
    )
}

/// The type of what the value becomes: what the function returns, or a local is written with.
fn given_to<'a>(site: &Site<'_, 'a>) -> Option<&'a syn::Type> {
    let tree = site.tree;
    let mut inner = site.node;
    for outer in tree.ancestors(site.node) {
        let child = std::mem::replace(&mut inner, outer);
        match tree.node(outer) {
            Node::Block(block) => {
                let last = tree.children(outer).last();
                let is_tail =
                    last == Some(child) && matches!(block.stmts.last(), Some(Stmt::Expr(_, None)));
                is_tail.then_some(())?;
            }
            Node::Stmt(Stmt::Local(local)) => {
                let syn::Pat::Type(typed) = &local.pat else { return None };
                return Some(&typed.ty);
            }
            Node::Expr(Expr::Return(_)) => {
                let function = site.function(site.node)?;
                return of_function(site, function.id);
            }
            Node::Item(_) | Node::ImplItem(_) => return of_function(site, outer),
            Node::Stmt(Stmt::Expr(_, None)) | Node::Arm(_) => {}
            Node::Stmt(Stmt::Expr(Expr::Return(_), _)) => {}
            Node::Expr(Expr::If(_) | Expr::Match(_) | Expr::Block(_) | Expr::Paren(_)) => {}
            _ => return None,
        }
    }
    None
}

/// What a function returns that is free to return another type.
fn of_function<'a>(site: &Site<'_, 'a>, id: NodeId) -> Option<&'a syn::Type> {
    let signature = match site.tree.node(id) {
        Node::Item(syn::Item::Fn(item)) => &item.sig,
        Node::ImplItem(syn::ImplItem::Fn(item)) => {
            let parent = site.tree.parent(id)?;
            let Node::Item(syn::Item::Impl(owner)) = site.tree.node(parent) else { return None };
            owner.trait_.is_none().then_some(&item.sig)?
        }
        _ => return None,
    };
    match &signature.output {
        syn::ReturnType::Type(_, ty) => Some(ty),
        syn::ReturnType::Default => None,
    }
}

/// What is boxed, if a type is the box of an iterator.
fn boxed(ty: &syn::Type) -> Option<&'static str> {
    let syn::Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == "Box")?;
    let syn::PathArguments::AngleBracketed(args) = &last.arguments else { return None };
    let syn::GenericArgument::Type(syn::Type::TraitObject(object)) = args.args.first()? else {
        return None;
    };
    object.bounds.iter().find_map(|bound| {
        let syn::TypeParamBound::Trait(bound) = bound else { return None };
        let name = bound.path.segments.last()?.ident.to_string();
        (name.ends_with("Iterator")).then_some("an iterator")
    })
}
