//! Copies of texts and buffers, and whether what holds one is only looked at.

use syn::{Expr, ExprMethodCall};

use super::collects::loop_over;
use super::place;
use super::site::Site;
use super::untouched::changed_by_both;
use crate::model::finding::Types;
use crate::model::type_name::TypeName;
use crate::source::bindings::{Binding, Origin, Use, UseRole};
use crate::source::tree::{Node, NodeId};

/// `x.to_string()`, `x.to_owned()`, `x.clone()`, `x.to_vec()`, `String::from(x)`: an owned copy of
/// a text or a buffer.
pub struct Copied<'a> {
    /// What is copied.
    pub of: &'a Expr,
    /// Its type without references: `str`, `String`, a slice, a collection.
    pub ty: TypeName,
    /// How many references its type has.
    pub refs: usize,
    /// Who told the type.
    pub by: Types,
}

/// The copy that an expression makes, where its type is known to be a text or to own memory.
pub fn copied<'a>(site: &Site<'_, 'a>, expr: &'a Expr) -> Option<Copied<'a>> {
    let (of, name) = match expr {
        Expr::MethodCall(call) if call.args.is_empty() => {
            let name = call.method.to_string();
            // Types are asked for only where they decide.
            if !["to_string", "to_owned", "clone", "to_vec"].contains(&name.as_str()) {
                return None;
            }
            (&*call.receiver, name)
        }
        Expr::Call(call) if call.args.len() == 1 => {
            let Expr::Path(function) = &*call.func else { return None };
            match site.resolve(&function.path).as_str() {
                "String::from" | "std::string::String::from" => (&call.args[0], "from".to_owned()),
                _ => return None,
            }
        }
        _ => return None,
    };
    let typed = site.type_of(of);
    let ty = typed.ty.peeled().clone();
    let refs = references(&typed.ty);
    let fits = match name.as_str() {
        "to_string" | "from" => ty.is_text(),
        "to_owned" => ty.is_text() || matches!(ty, TypeName::Slice(_)),
        // Of several references only the outermost would be copied.
        "clone" => ty.owns_heap() && refs <= 1 && !ty.is_std("Box"),
        "to_vec" => ty.is_vec() || matches!(ty, TypeName::Slice(_)),
        _ => return None,
    };
    fits.then_some(Copied { of, ty, refs, by: typed.by })
}

/// A `clone` or `to_owned` of which nobody knows what it copies.
pub fn copied_unseen<'a>(site: &Site<'_, 'a>, expr: &'a Expr) -> Option<Copied<'a>> {
    let Expr::MethodCall(call) = expr else { return None };
    let copies = (call.method == "clone" || call.method == "to_owned") && call.args.is_empty();
    if !copies || !site.type_of(&call.receiver).ty.is_unknown() {
        return None;
    }
    Some(Copied { of: &call.receiver, ty: TypeName::Unknown, refs: 0, by: Types::Unknown })
}

/// How many references a type starts with.
pub fn references(ty: &TypeName) -> usize {
    match ty {
        TypeName::Ref { to, .. } => 1 + references(to),
        _ => 0,
    }
}

/// Methods that only look at a text or a buffer and whose result keeps nothing owned of it.
pub fn only_looks(name: &str) -> bool {
    matches!(
        name,
        "len"
            | "is_empty"
            | "as_str"
            | "as_bytes"
            | "as_slice"
            | "as_ref"
            | "chars"
            | "char_indices"
            | "bytes"
            | "lines"
            | "iter"
            | "split"
            | "split_once"
            | "rsplit_once"
            | "rsplit"
            | "splitn"
            | "split_whitespace"
            | "split_ascii_whitespace"
            | "split_at"
            | "starts_with"
            | "ends_with"
            | "strip_prefix"
            | "strip_suffix"
            | "contains"
            | "find"
            | "rfind"
            | "get"
            | "first"
            | "last"
            | "trim"
            | "trim_start"
            | "trim_end"
            | "parse"
            | "eq_ignore_ascii_case"
            | "is_char_boundary"
            | "to_lowercase"
            | "to_uppercase"
            | "to_ascii_lowercase"
            | "to_ascii_uppercase"
            | "to_string"
            | "to_owned"
            | "clone"
            | "to_vec"
            | "replace"
            | "replacen"
            | "repeat"
            | "matches"
            | "trim_matches"
            | "trim_start_matches"
            | "trim_end_matches"
            | "split_terminator"
            | "windows"
            | "chunks"
            | "contains_key"
            | "keys"
            | "values"
            | "binary_search"
    )
}

/// How the value at a node is looked at by the method called on it, if that only looks.
pub fn looked_at<'a>(site: &Site<'_, 'a>, id: NodeId) -> Option<(NodeId, &'a ExprMethodCall)> {
    let (outer, call) = place::called_on(site, id)?;
    only_looks(&call.method.to_string()).then_some((outer, call))
}

/// Whether a use only looks at the value.
pub fn only_reads(site: &Site<'_, '_>, used: &Use<'_>) -> bool {
    if !matches!(used.role, UseRole::Iterated) && loop_over(site, used).is_some() {
        return true;
    }
    match used.role {
        UseRole::Receiver(_) => looked_at(site, used.id).is_some(),
        UseRole::Borrowed => is_argument(site, used.id) || is_added(site, used.id),
        UseRole::Formatted | UseRole::Compared => true,
        _ => false,
    }
}

/// `f(&x)`, `y.f(&x)`: what takes a reference gives it back at the end of the statement, unless
/// it is stored, which only a value that lives long enough allows.
pub fn is_argument(site: &Site<'_, '_>, id: NodeId) -> bool {
    let Some(reference) = site.tree.parent(id) else { return false };
    let Some(outer) = site.tree.parent(reference) else { return false };
    match site.tree.expr(outer) {
        Some(Expr::Call(call)) => site.tree.id(&call.func) != Some(reference),
        Some(Expr::MethodCall(_)) => true,
        _ => false,
    }
}

/// `text + &x`, `text += &x`.
fn is_added(site: &Site<'_, '_>, id: NodeId) -> bool {
    let outer = site.tree.ancestors(id).nth(1).and_then(|outer| site.tree.expr(outer));
    matches!(outer, Some(Expr::Binary(both))
        if matches!(both.op, syn::BinOp::Add(_) | syn::BinOp::AddAssign(_)))
}

/// The names an expression is made of whose value may change: all of its locals, and `self`.
/// `None` where something in it cannot be seen through.
pub fn names_in<'a>(site: &Site<'_, 'a>, expr: &'a Expr) -> Option<Vec<(String, NodeId)>> {
    let id = site.tree.id(expr)?;
    let mut names = Vec::new();
    for id in std::iter::once(id).chain(site.tree.below(id)) {
        match site.tree.node(id) {
            Node::Expr(Expr::Path(path)) => {
                let name = path.path.get_ident().map(ToString::to_string);
                names.extend(name.map(|name| (name, id)));
            }
            Node::Expr(Expr::Macro(_) | Expr::Await(_)) => return None,
            _ => {}
        }
    }
    Some(names)
}

/// Whether nothing that an expression is made of can change in a range of nodes: then it may be
/// borrowed there instead of being copied.
pub fn stays<'a>(site: &Site<'_, 'a>, expr: &'a Expr, from: NodeId, to: NodeId) -> bool {
    let (Some(names), Some(top)) = (names_in(site, expr), site.tree.id(expr)) else { return false };
    names.iter().all(|(name, at)| {
        if name == "self" {
            return is_shared_self(site, *at) || !is_mentioned(site, from, to, "self");
        }
        match crate::source::bindings::find(site.tree, *at, name) {
            // Bound within the expression, by a closure of its own.
            Some(binding) if binding.scope > top => true,
            Some(binding) => {
                !changed_by_both(site, &binding, top, from..to) && is_kept(site, &binding, from, to)
            }
            None => true,
        }
    })
}

/// Whether a local is not changed, moved or lent out mutably in a range of nodes.
fn is_kept<'a>(site: &Site<'_, 'a>, binding: &Binding<'a>, from: NodeId, to: NodeId) -> bool {
    let name = binding.name.ident.to_string();
    let ty = site.types.type_of_local(from, &name).ty;
    if matches!(ty, TypeName::Ref { mutable: false, .. }) && binding.name.mutability.is_none() {
        return true;
    }
    let may_change =
        binding.name.mutability.is_some() || matches!(ty, TypeName::Ref { mutable: true, .. });
    let is_within = |id: NodeId| id >= from && id < to;
    site.uses(binding).iter().filter(|used| is_within(used.id)).all(|used| match used.role {
        UseRole::Borrowed | UseRole::Compared | UseRole::Formatted | UseRole::Indexed => true,
        UseRole::Receiver(call) => {
            let name = call.method.to_string();
            only_looks(&name) || !may_change && !name.starts_with("into_") && !ty.is_unknown()
        }
        _ => false,
    })
}

fn is_shared_self(site: &Site<'_, '_>, at: NodeId) -> bool {
    site.function(at)
        .and_then(|function| function.signature.receiver())
        .is_some_and(|receiver| matches!(&receiver.kind, syn::ReceiverKind::Reference(_, _, None)))
}

fn is_mentioned(site: &Site<'_, '_>, from: NodeId, to: NodeId, name: &str) -> bool {
    site.tree.ids().filter(|&id| id >= from && id < to).any(|id| match site.tree.expr(id) {
        Some(Expr::Path(path)) => path.path.is_ident(name),
        Some(Expr::Macro(call)) => site.tree.arguments(&call.mac).is_none(),
        _ => false,
    })
}

/// The expression a `let` binds to a plain name, with its statement.
pub fn initial<'a>(binding: &Binding<'a>) -> Option<(&'a Expr, NodeId)> {
    let Origin::Let(local, stmt) = binding.origin else { return None };
    let init = local.init.as_ref()?;
    init.diverge.is_none().then_some((&*init.expr, stmt))
}

/// Frames of copying a value and throwing it away.
pub fn clones(function: &str) -> bool {
    let parts = ["alloc::alloc::", "exchange_malloc", "RawVec", "__rust_", "to_vec", "clone"];
    parts.iter().any(|part| function.contains(part))
        || ["malloc", "free", "cfree", "_int_malloc", "_int_free", "realloc"].contains(&function)
}
