//! # What it finds
//!
//! A value of a kilobyte or more that is copied whole: `*block` or `self.table` taken into a local,
//! a large array or struct that a function takes or gives by value, `clone` of one, and a vector
//! of such values that is sorted, shifted or pushed to.
//!
//! # What it costs
//!
//! Each copy is a `memcpy` of all its bytes, and pushes as much else out of the cache.
//!
//! # The rewrite
//!
//! Borrow it, keep it in a `Box`, exchange it with `std::mem::swap`, or sort indices instead of
//! the values.
//!
//! # When to keep the code
//!
//! The copy is what is wanted: a snapshot that is changed afterwards. Where a function is inlined,
//! the compiler often leaves the copy out.
//!
//! # How it was proved
//!
//! The profile shows time in `memcpy` below this line. `ui-tests/large_copy` holds the code before
//! and after.

use crate::lint::prelude::*;
use crate::model::type_name::TypeName;
use crate::source::bindings::{self, UseRole};

/// See the text above.
pub static LINT: Lint = Lint {
    name: "large_copy",
    summary: "a large value is copied whole",
    on: &[Kind::Let, Kind::MethodCall, Kind::Function],
    methods: &[
        "clone",
        "sort",
        "sort_unstable",
        "sort_by",
        "sort_unstable_by",
        "sort_by_key",
        "sort_unstable_by_key",
        "reverse",
        "rotate_left",
        "rotate_right",
        "remove",
        "insert",
        "retain",
        "dedup",
    ],
    check,
};

/// Bytes from which on a copy is worth a word.
const LARGE: u64 = 1024;

/// What nearly all parameters that are given by value are.
const PRIMITIVE: [&str; 8] = ["usize", "bool", "u8", "u32", "u64", "i32", "i64", "char"];

/// Elements that are moved about in a vector are moved many times.
const LARGE_ELEMENT: u64 = 256;

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    match site.tree.node(site.node) {
        Node::Stmt(Stmt::Local(local)) => taken(site, local),
        Node::Expr(Expr::MethodCall(call)) => {
            cloned(site, call).or_else(|| moved_about(site, call))
        }
        _ => given_by_value(site),
    }
}

/// `let table = self.table;`, `let block = *block;`, `let block = blocks[i];`.
fn taken<'a>(site: &Site<'_, 'a>, local: &'a syn::Local) -> Option<Claim> {
    let init = &*local.init.as_ref()?.expr;
    let copies = match init {
        Expr::Unary(unary) => matches!(unary.op, syn::UnOp::Deref(_)) && place::is_place(init),
        Expr::Field(_) => place::is_place(init),
        Expr::Index(index) => !matches!(&*index.index, Expr::Range(_)),
        _ => false,
    };
    if !copies {
        return None;
    }
    let typed = site.type_of(init);
    let size = site.types.size_at_least(&typed.ty);
    // What is no `Copy` is moved, and is gone where it was.
    let is_copy = typed.ty.is_copy();
    if typed.ty.is_reference() || size < LARGE || is_copy == Some(false) {
        return None;
    }
    let binding = bindings::of_let(site.tree, site.node)?;
    let name = &binding.name.ident;
    let uses = site.uses(&binding);
    // What is changed afterwards is a copy for a reason.
    if binding.name.mutability.is_some() {
        return None;
    }
    let id = site.tree.id(init)?;
    let source = site.source(init);
    let borrowed = match init {
        Expr::Unary(unary) => {
            let inner = &unary.expr;
            let is_ref = site.type_of(inner).ty.is_reference();
            if is_ref { site.source(inner).to_owned() } else { format!("&{source}") }
        }
        _ => format!("&{source}"),
    };
    let reads = uses.iter().all(|used| {
        matches!(used.role, UseRole::Indexed | UseRole::Field)
            || matches!(used.role, UseRole::Receiver(call)
                if matches!(call.method.to_string().as_str(), "len" | "iter" | "first" | "last" | "get"))
    });
    let root = place::root(init)?;
    // Nor is what a copy was made of, to be changed while the copy keeps what it was.
    if is_written(site, &root, binding.scope, binding.from) {
        return None;
    }
    let stays = stays(site, &root, binding.scope, binding.from);
    let is_plain = matches!(&local.pat, syn::Pat::Ident(_));
    let message = "borrow it";
    let suggestion = if is_copy == Some(true) && reads && stays && is_plain && !uses.is_empty() {
        Suggestion::safe(message, vec![site.replace(site.tree.range(id), borrowed)])
    } else {
        Suggestion::shown(message, format!("let {name} = {borrowed};"))
    };
    Some(
        claim(site, id, format!("`{name}` is a copy of {size} bytes"))
            .types(typed.by)
            .suggest(Some(suggestion)),
    )
}

/// Whether what the place belongs to is assigned to from a node on.
fn is_written(site: &Site<'_, '_>, root: &str, scope: NodeId, from: NodeId) -> bool {
    let starts = |expr: &Expr| place::root(expr).as_deref() == Some(root);
    site.tree.below(scope).filter(|&id| id >= from).any(|id| match site.tree.expr(id) {
        Some(Expr::Assign(assign)) => starts(&assign.left),
        Some(Expr::Binary(both)) => bindings::is_update(&both.op) && starts(&both.left),
        _ => false,
    })
}

/// Whether nothing changes what the place belongs to while the copy is in use.
fn stays(site: &Site<'_, '_>, root: &str, scope: NodeId, from: NodeId) -> bool {
    site.tree.below(scope).filter(|&id| id >= from).all(|id| {
        let Some(expr) = site.tree.expr(id) else { return true };
        let starts = |expr: &Expr| place::root(expr).as_deref() == Some(root);
        match expr {
            Expr::Assign(assign) => !starts(&assign.left),
            Expr::Binary(both) => !(bindings::is_update(&both.op) && starts(&both.left)),
            Expr::Reference(reference) => {
                reference.mutability.is_none() || !starts(&reference.expr)
            }
            Expr::MethodCall(call) => !starts(&call.receiver),
            Expr::Call(call) => !call.args.iter().any(starts),
            Expr::Macro(_) | Expr::Closure(_) => !place::has_word(site.text(id), root),
            _ => true,
        }
    })
}

/// `block.clone()` of a large value without a heap of its own.
fn cloned<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall) -> Option<Claim> {
    if call.method != "clone" || !call.args.is_empty() {
        return None;
    }
    let typed = site.type_of(&call.receiver);
    let mut ty = typed.ty.peeled();
    if ty.is_std("Box") {
        ty = ty.args().first()?;
    }
    let size = site.types.size_at_least(ty);
    if size < LARGE {
        return None;
    }
    let source = site.source(&call.receiver);
    Some(
        claim(site, site.node, format!("`{source}` is copied: {size} bytes"))
            .types(typed.by)
            .yields_to(&["copied_out_buffer"])
            .suggest(Some(Suggestion::shown(
                "borrow it, or share it",
                format!("&{source} // or std::sync::Arc, and Arc::make_mut where it changes"),
            ))),
    )
}

/// A vector of large values that are moved within it.
fn moved_about<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall) -> Option<Claim> {
    let name = call.method.to_string();
    let what = match name.as_str() {
        "sort"
        | "sort_unstable"
        | "sort_by"
        | "sort_unstable_by"
        | "sort_by_key"
        | "sort_unstable_by_key"
        | "reverse"
        | "rotate_left"
        | "rotate_right" => "moved about",
        "remove" | "insert" | "retain" | "dedup" => "shifted",
        _ => return None,
    };
    let typed = site.type_of(&call.receiver);
    let ty = typed.ty.peeled();
    if !ty.is_vec() && !matches!(ty, TypeName::Slice(_)) {
        return None;
    }
    let size = site.types.size_at_least(ty.element()?);
    if size < LARGE_ELEMENT {
        return None;
    }
    let receiver = site.source(&call.receiver);
    let sketch = match what {
        "shifted" => {
            format!("{receiver}: Vec<Box<…>> // or swap_remove, where the order is all the same")
        }
        _ => format!(
            "let mut order: Vec<usize> = (0..{receiver}.len()).collect();\n\
             order.sort_unstable_by_key(|&i| …{receiver}[i]…);"
        ),
    };
    // One element taken out is not worth a word; many are.
    let is_once = what == "shifted" && loops::innermost(site.tree, site.node).is_none();
    Some(
        claim(site, site.node, format!("elements of {size} bytes are {what}"))
            .shape(if is_once { Shape::NeedsProof } else { Shape::Suspect })
            .types(typed.by)
            .suggest(Some(Suggestion::shown("move boxes or indices instead", sketch))),
    )
}

/// `fn hash(block: [u8; 4096])`.
fn given_by_value(site: &Site<'_, '_>) -> Option<Claim> {
    let tree = site.tree;
    let signature = match tree.node(site.node) {
        Node::Item(syn::Item::Fn(item)) => &item.sig,
        Node::ImplItem(syn::ImplItem::Fn(item)) => &item.sig,
        _ => return None,
    };
    let (name, ty, size, is_copy) = signature.inputs.iter().find_map(|input| {
        let syn::FnArg::Typed(input) = input else { return None };
        let is_small = |path: &syn::Path| {
            path.get_ident().is_some_and(|name| PRIMITIVE.iter().any(|known| name == known))
        };
        match &*input.ty {
            syn::Type::Reference(_) => return None,
            syn::Type::Path(ty) if ty.qself.is_none() && is_small(&ty.path) => return None,
            _ => {}
        }
        // What is changed in place is a copy for a reason.
        let name = bindings::simple_name(&input.pat).filter(|name| name.mutability.is_none())?;
        let ty = site.types.type_of_written(&input.ty, site.node);
        let size = site.types.size_at_least(&ty);
        let is_copy = ty.is_copy() == Some(true);
        (size >= LARGE).then_some((&name.ident, &input.ty, size, is_copy))
    })?;
    // What is no `Copy` is moved, perhaps once in its life: only the profile can tell.
    let written = site.file.text.get(tree.token(syn::spanned::Spanned::span(ty)))?;
    let name = name.to_string();
    let inside = tree.below(site.node).find(|&id| match tree.expr(id) {
        Some(Expr::Path(path)) => path.path.is_ident(&name),
        _ => false,
    })?;
    let calls = callers(site, &signature.ident.to_string());
    // A value that is handed on or kept is given away, not copied for the function.
    let binding = site.binding(tree.expr(inside)?)?;
    if site.uses(&binding).iter().any(|used| matches!(used.role, UseRole::Moved | UseRole::Opaque))
    {
        return None;
    }
    let mut claim =
        Claim::new(inside, format!("`{}` takes `{name}` by value: {size} bytes", signature.ident))
            .regions(calls.iter().copied().chain([site.node]))
            .label("copied for each call")
            .shape(if is_copy { Shape::Suspect } else { Shape::NeedsProof })
            .types(Types::Inferred)
            .witness(Witness::cpu_in(copies).through(copies));
    if let Some(&call) = calls.first() {
        claim = claim.related(site.related(call, "copied here"));
    }
    Some(
        claim.suggest(Some(Suggestion::shown(
            "take it by reference",
            format!("{name}: &{written}"),
        ))),
    )
}

/// Calls of the function in this file.
fn callers(site: &Site<'_, '_>, name: &str) -> Vec<NodeId> {
    let calls = |id: &NodeId| match site.tree.expr(*id) {
        Some(Expr::Call(call)) => matches!(&*call.func, Expr::Path(path)
            if path.path.segments.last().is_some_and(|last| last.ident == name)),
        Some(Expr::MethodCall(call)) => call.method == name,
        _ => false,
    };
    site.tree.ids().filter(calls).collect()
}

fn claim(site: &Site<'_, '_>, at: NodeId, message: String) -> Claim {
    let mut claim = Claim::new(at, message).label("copied whole").witness(Witness::cpu_in(copies));
    if at != site.node {
        claim = claim.about(site.node);
    }
    claim
}

/// Frames of copying memory.
fn copies(function: &str) -> bool {
    ["memcpy", "memmove", "copy_nonoverlapping"].iter().any(|part| function.contains(part))
}
