//! # What it finds
//!
//! A vector, text or map that is cut short or emptied and then kept: `truncate` before it is
//! returned or stored, `clear` of a field that is not filled again there.
//!
//! # What it costs
//!
//! The memory of what was cut off stays: cutting and emptying never give back. A title of ten
//! bytes may keep its page of a megabyte alive, an emptied cache the table of its busiest hour.
//!
//! # The rewrite
//!
//! `shrink_to_fit` behind it, or a copy of the small part. Never safe: where the same buffer is
//! filled again, it must be allocated again.
//!
//! # When to keep the code
//!
//! It is scratch memory, emptied to be filled again soon.
//!
//! # How it was proved
//!
//! The profile shows bytes still in use at the end that were allocated here. Without that the lint
//! does not speak. `ui-tests/retained_memory` holds an example.

use crate::lint::prelude::*;
use crate::model::type_name::TypeName;
use crate::source::bindings::{self, Binding, Origin, UseRole};

/// See the text above.
pub static LINT: Lint = Lint {
    name: "retained_memory",
    summary: "what was cut short or emptied keeps its memory",
    on: &[Kind::MethodCall],
    methods: &["truncate", "clear"],
    check,
};

/// Less of the memory in use is not worth a change.
const LEAST: f64 = 0.05;

const FILLS: [&str; 7] =
    ["push", "push_str", "push_back", "insert", "extend", "extend_from_slice", "entry"];

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let Some(Expr::MethodCall(call)) = site.expr() else { return None };
    let name = call.method.to_string();
    if !matches!((name.as_str(), call.args.len()), ("truncate", 1) | ("clear", 0)) {
        return None;
    }
    let statement = site.tree.parent(site.node)?;
    if !place::is_statement(site, statement) || !place::is_place(&call.receiver) {
        return None;
    }
    let typed = site.type_of(&call.receiver);
    let ty = typed.ty.peeled();
    if !(ty.owns_heap() || ty.hash_map().is_some()) || ty.btree_map().is_some() {
        return None;
    }
    let text = site.source(&call.receiver);
    let (regions, kept) = match site.binding(&call.receiver) {
        Some(binding) if name == "truncate" => cut(site, &binding, &typed.ty, statement)?,
        None if name == "clear" && text.starts_with("self.") => emptied(site, call, statement)?,
        _ => return None,
    };
    let behind = site.tree.range(statement).end;
    let indent = site.indentation(site.tree.range(statement).start);
    let edit = site.insert(behind, format!("\n{indent}{text}.shrink_to_fit();"));
    Some(
        Claim::new(site.node, format!("`{text}` {kept}, and keeps the memory of what it held"))
            .regions(regions)
            .label("gives nothing back")
            .note("bytes that were allocated where it is filled are still in use at the end")
            .shape(Shape::NeedsProof)
            .types(typed.by)
            .witness(Witness::of(Quantity::InUse, LEAST))
            .suggest(Some(Suggestion::with_caveat(
                "give back what is not needed",
                vec![edit],
                "where it is filled again, it must be allocated again",
            ))),
    )
}

/// A local that is cut short and then given away: where its memory comes from.
fn cut<'a>(
    site: &Site<'_, 'a>,
    binding: &Binding<'a>,
    ty: &TypeName,
    statement: NodeId,
) -> Option<(Vec<NodeId>, &'static str)> {
    let tree = site.tree;
    if ty.is_reference() {
        return None;
    }
    let uses = site.uses(binding);
    let later = || uses.iter().filter(|used| used.id >= tree.behind(statement));
    let is_given = later().any(|used| matches!(used.role, UseRole::Moved));
    let is_shrunk = later().any(|used| match used.role {
        UseRole::Receiver(call) => {
            let name = call.method.to_string();
            name.starts_with("shrink")
                || name.starts_with("into_boxed")
                || FILLS.contains(&name.as_str())
        }
        _ => false,
    });
    if !is_given || is_shrunk {
        return None;
    }
    let mut regions = Vec::new();
    let mut origin = binding.origin;
    // `let mut page = page;` of a parameter.
    for _ in 0..2 {
        match origin {
            Origin::Let(local, _) => {
                let init = &*local.init.as_ref()?.expr;
                regions.extend(tree.id(init));
                match site.binding(init) {
                    Some(outer) => origin = outer.origin,
                    None => break,
                }
            }
            Origin::Param(_) => {
                regions.extend(callers(site));
                break;
            }
            _ => break,
        }
    }
    (!regions.is_empty()).then_some((regions, "is cut short and kept"))
}

/// The calls of the function around the site, in this file.
fn callers(site: &Site<'_, '_>) -> Vec<NodeId> {
    let Some(function) = site.function(site.node) else { return Vec::new() };
    let name = &function.signature.ident;
    let calls = |id: &NodeId| match site.tree.expr(*id) {
        Some(Expr::Call(call)) => matches!(&*call.func, Expr::Path(path)
            if path.path.segments.last().is_some_and(|last| last.ident == *name)),
        Some(Expr::MethodCall(call)) => call.method == *name,
        _ => false,
    };
    site.tree.ids().filter(calls).collect()
}

/// A field that is emptied and not filled again by the same function: where it is filled.
fn emptied(
    site: &Site<'_, '_>,
    call: &ExprMethodCall,
    statement: NodeId,
) -> Option<(Vec<NodeId>, &'static str)> {
    let tree = site.tree;
    let fills = |id: &NodeId| match tree.expr(*id) {
        Some(Expr::MethodCall(filling)) => {
            FILLS.iter().any(|name| filling.method == name)
                && place::same(site, &filling.receiver, &call.receiver)
        }
        _ => false,
    };
    let around = |id: &NodeId| matches!(tree.node(*id), Node::Item(syn::Item::Impl(_)));
    let own_impl = tree.ancestors(site.node).find(around)?;
    let function = site.function(site.node)?;
    let behind = site.file.text.get(tree.range(statement).end..tree.range(function.id).end)?;
    let filled_again = tree.below(function.id).any(|id| fills(&id))
        || place::has_word(behind, "shrink_to_fit")
        || behind.contains(site.source(&call.receiver));
    let regions: Vec<NodeId> = tree.below(own_impl).filter(fills).collect();
    let is_fixed = bindings::find(tree, site.node, "self").is_some();
    (!filled_again && !regions.is_empty() && !is_fixed).then_some((regions, "is emptied and kept"))
}
