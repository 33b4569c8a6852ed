//! # What it finds
//!
//! A value that is cloned only to be lent out, asked or matched: `f(&x.clone())`,
//! `x.clone().is_some()`, `x.clone().unwrap_or_default().len()`, `match x.clone() { … }` whose arms
//! only look, an argument of `format!`, and `f(x.clone())` where the function, in the same file,
//! only reads its parameter. Also a text in a list that is only lent, to a function that another
//! call in the file lends literal texts in its place.
//!
//! # What it costs
//!
//! A copy of everything that the value owns, for something that was there already.
//!
//! # The rewrite
//!
//! Lend the value itself; where a function asks for an owned one that it only reads, let it take a
//! reference.
//!
//! # When to keep the code
//!
//! The copy ends a borrow: what it was made of is changed while the copy is still used, also by the
//! very call that it is given to. Or the clone is that of an `Rc`, an `Arc` or a handle. A function
//! under an attribute that may be a macro, as `#[cached]` keeps its keys, or that code under another
//! `cfg` calls too, is not judged by what it does with its parameter.
//!
//! # How it was proved
//!
//! The profile shows allocation below the very call that clones. `ui-tests/cloned_to_borrow` holds
//! the code before and after.

use syn::spanned::Spanned;
use syn::{FnArg, ImplItem, Item, Pat, Signature, Type};

use crate::lint::consumed::{self, Made};
use crate::lint::copies::{clones, copied, looked_at, only_looks, only_reads, stays};
use crate::lint::lent_list::lent_until;
use crate::lint::prelude::*;
use crate::lint::{attributes, callers};
use crate::model::type_name::TypeName;
use crate::source::bindings::{self, Binding, Origin, Use, UseRole};

/// See the text above.
pub static LINT: Lint = Lint {
    name: "cloned_to_borrow",
    summary: "a value is cloned only to be lent out",
    on: &[Kind::MethodCall],
    methods: &["clone", "to_owned", "to_vec", "to_string", "to_path_buf"],
    check,
};

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let Some(Expr::MethodCall(call)) = site.expr() else { return None };
    let is_copy = matches!(
        call.method.to_string().as_str(),
        "clone" | "to_owned" | "to_vec" | "to_string" | "to_path_buf"
    );
    if !is_copy || !call.args.is_empty() || !place::is_place(&call.receiver) {
        return None;
    }
    let parent = site.tree.parent(site.node)?;
    match site.tree.node(parent) {
        Node::Expr(Expr::Reference(reference)) if reference.mutability.is_none() => {
            lent(site, call, parent)
        }
        Node::Expr(Expr::MethodCall(outer)) if site.tree.id(&outer.receiver) == Some(site.node) => {
            asked(site, call, outer)
        }
        Node::Expr(Expr::MethodCall(_) | Expr::Call(_)) => given(site, call, parent),
        Node::Expr(Expr::Match(choice)) => {
            let arms: Vec<_> = choice.arms.iter().map(|arm| &arm.pat).collect();
            matched(site, call, &arms, parent)
        }
        Node::Expr(Expr::Let(found)) => matched(site, call, &[&found.pat], parent),
        Node::Expr(Expr::Tuple(_) | Expr::Array(_)) => listed(site, call),
        Node::Expr(Expr::Macro(outer)) => printed(site, call, &outer.mac),
        Node::Stmt(Stmt::Macro(outer)) => printed(site, call, &outer.mac),
        _ => None,
    }
}

/// The claim about a clone, unless what is cloned is known to own nothing.
fn claim<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall, what: &str) -> Option<Claim> {
    let typed = site.type_of(&call.receiver);
    let ty = typed.ty.peeled();
    // What the others do is known only where the type is.
    let copies = match call.method.to_string().as_str() {
        "clone" => true,
        "to_string" => ty.is_text(),
        "to_path_buf" => true,
        _ => ty.is_text() || ty.owns_heap(),
    };
    if ty.is_shared_pointer() || ty.is_copy() == Some(true) || !copies {
        return None;
    }
    let source = place::on_one_line(site.source(&call.receiver));
    Some(
        Claim::new(site.node, format!("`{source}` is cloned only to be {what}"))
            .label("copied and thrown away")
            .types(typed.by)
            .witness(Witness::cpu_in(clones))
            .yields_to(&["copied_out_buffer", "owned_map_key", "cloned_to_walk"]),
    )
}

/// `f(&x.clone())`.
fn lent<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall, reference: NodeId) -> Option<Claim> {
    let tree = site.tree;
    let outer = tree.parent(reference)?;
    if let Node::Expr(Expr::Binary(_)) = tree.node(outer) {
        let claim = claim(site, call, "added or compared")?;
        let sketch = format!("… &{}", site.source(&call.receiver));
        return Some(claim.suggest(Some(Suggestion::shown("take it as it is", sketch))));
    }
    let (receiver, args) = match tree.node(outer) {
        Node::Expr(Expr::Call(outer)) => (None, &outer.args),
        Node::Expr(Expr::MethodCall(outer)) if tree.id(&outer.receiver) != Some(reference) => {
            (Some(&*outer.receiver), &outer.args)
        }
        _ => return None,
    };
    let claim = claim(site, call, "lent out")?;
    let source = site.source(&call.receiver);
    let root = place::root(&call.receiver)?;
    // What the call may change must not be what it is given.
    let meets = |expr: &Expr| place::has_word(site.source(expr), &root);
    let others = args.iter().filter(|arg| tree.id(arg) != Some(reference));
    let is_free = receiver.into_iter().chain(others).all(|expr| !meets(expr));
    let known = site.expr().and_then(|expr| copied(site, expr));
    Some(claim.suggest(Some(match known {
        Some(copy) if is_free && copy.refs <= 1 => {
            let text = if copy.refs == 0 { format!("&{source}") } else { source.to_owned() };
            Suggestion::safe("lend it as it is", vec![site.replace(tree.range(reference), text)])
        }
        _ => Suggestion::shown("lend it as it is", format!("&{source}")),
    })))
}

/// `x.clone().is_some()`.
fn asked<'a>(
    site: &Site<'_, 'a>,
    call: &'a ExprMethodCall,
    outer: &'a ExprMethodCall,
) -> Option<Claim> {
    let name = outer.method.to_string();
    if let Some(claim) = unwrapped(site, call, outer) {
        return Some(claim);
    }
    let asks = matches!(
        name.as_str(),
        "is_some"
            | "is_none"
            | "is_ok"
            | "is_err"
            | "is_some_and"
            | "is_none_or"
            | "is_empty"
            | "len"
            | "contains"
            | "contains_key"
            | "starts_with"
            | "ends_with"
            | "eq"
            | "ne"
            | "cmp"
            | "exists"
            | "is_file"
            | "is_dir"
            | "to_str"
            | "to_string_lossy"
            | "display"
            | "extension"
            | "file_name"
            | "join"
    );
    // `is_some_and` and `is_none_or` take the value.
    let takes = matches!(name.as_str(), "is_some_and" | "is_none_or");
    let claim = claim(site, call, &format!("asked for `{name}`")).filter(|_| asks)?;
    let source = site.source(&call.receiver);
    let is_option = site.type_of(&call.receiver).ty.peeled().is_std("Option");
    Some(claim.suggest(Some(if is_option && !takes {
        let edits = vec![site.replace(site.tree.range(site.node), source)];
        Suggestion::safe("ask it as it is", edits)
    } else {
        Suggestion::shown("ask it as it is", format!("{source}.{name}(…)"))
    })))
}

/// `x.clone().unwrap_or_default().is_empty()`.
fn unwrapped<'a>(
    site: &Site<'_, 'a>,
    call: &'a ExprMethodCall,
    outer: &'a ExprMethodCall,
) -> Option<Claim> {
    let name = outer.method.to_string();
    if !matches!(name.as_str(), "unwrap" | "expect" | "unwrap_or_default" | "unwrap_or") {
        return None;
    }
    let whole = site.tree.parent(site.node)?;
    let (_, last) = looked_at(site, whole)?;
    let last = last.method.to_string();
    if matches!(last.as_str(), "clone" | "to_owned" | "to_string" | "to_vec" | "as_ref" | "get") {
        return None;
    }
    let claim = claim(site, call, &format!("asked for `{last}`"))?;
    let source = site.source(&call.receiver);
    let sketch = format!("{source}.as_deref().{name}(…).{last}(…) // or `as_ref`");
    Some(claim.suggest(Some(Suggestion::shown("look into it", sketch))))
}

/// `match x.clone() { … }`, `if let … = x.clone()`.
fn matched<'a>(
    site: &Site<'_, 'a>,
    call: &'a ExprMethodCall,
    patterns: &[&'a Pat],
    at: NodeId,
) -> Option<Claim> {
    let tree = site.tree;
    // The branches of an `if let` lie beside the condition.
    let whole = match tree.node(at) {
        Node::Expr(Expr::Let(_)) => tree
            .ancestors(at)
            .find(|&id| matches!(tree.expr(id), Some(Expr::If(_) | Expr::While(_))))?,
        _ => at,
    };
    if place::may_wait(site, whole) || !stays(site, &call.receiver, site.node, tree.behind(whole)) {
        return None;
    }
    let mut names = Vec::new();
    for pattern in patterns {
        bound_names(pattern, &mut names)?;
    }
    let uses = names_used(site, whole, &names);
    if !uses.iter().all(|used| only_reads(site, used)) {
        return None;
    }
    let claim = claim(site, call, "matched")?;
    let source = site.source(&call.receiver);
    Some(
        claim.suggest(Some(Suggestion::shown(
            "match a reference",
            format!("match &{source} {{ … }}"),
        ))),
    )
}

/// The names that a pattern binds; `None` where one is bound mutably.
fn bound_names<'a>(pat: &'a Pat, names: &mut Vec<&'a syn::PatIdent>) -> Option<()> {
    match pat {
        Pat::Ident(name) => {
            // A constant or a unit variant binds nothing.
            let binds = name.ident.to_string().starts_with(|c: char| c.is_lowercase() || c == '_');
            if name.mutability.is_some() {
                return None;
            }
            names.extend(binds.then_some(name));
            name.subpat.iter().try_for_each(|(_, pat)| bound_names(pat, names))
        }
        Pat::TupleStruct(inner) => inner.elems.iter().try_for_each(|pat| bound_names(pat, names)),
        Pat::Tuple(inner) => inner.elems.iter().try_for_each(|pat| bound_names(pat, names)),
        Pat::Struct(inner) => {
            inner.fields.iter().try_for_each(|field| bound_names(&field.pat, names))
        }
        Pat::Or(inner) => inner.cases.iter().try_for_each(|pat| bound_names(pat, names)),
        Pat::Paren(inner) => bound_names(&inner.pat, names),
        Pat::Wild(_) | Pat::Path(_) | Pat::Lit(_) | Pat::Rest(_) => Some(()),
        _ => None,
    }
}

/// All uses of names that patterns bind, below a node.
fn names_used<'a>(site: &Site<'_, 'a>, whole: NodeId, names: &[&'a syn::PatIdent]) -> Vec<Use<'a>> {
    let mut seen: Vec<&syn::PatIdent> = Vec::new();
    let mut used = Vec::new();
    for id in site.tree.below(whole) {
        let Some(Expr::Path(path)) = site.tree.expr(id) else { continue };
        let Some(name) = path.path.get_ident().map(ToString::to_string) else { continue };
        let Some(binding) = bindings::find(site.tree, id, &name) else { continue };
        let is_wanted = names.iter().any(|name| std::ptr::eq(*name, binding.name));
        if is_wanted && !seen.iter().any(|name| std::ptr::eq(*name, binding.name)) {
            seen.push(binding.name);
            used.extend(site.uses(&binding));
        }
    }
    used
}

/// `f(x.clone())` where `f` only reads its parameter.
fn given<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall, outer: NodeId) -> Option<Claim> {
    let tree = site.tree;
    let (name, args, is_method) = match tree.expr(outer)? {
        Expr::Call(outer) => {
            let Expr::Path(function) = &*outer.func else { return None };
            let first = function.path.segments.first()?;
            // A path of another type or module leads elsewhere.
            if function.path.segments.len() > 1 && first.ident != "Self" {
                return None;
            }
            (function.path.segments.last()?.ident.to_string(), &outer.args, false)
        }
        Expr::MethodCall(outer) if site.source(&outer.receiver) == "self" => {
            (outer.method.to_string(), &outer.args, true)
        }
        _ => return None,
    };
    let at = args.iter().position(|arg| tree.id(arg) == Some(site.node))?;
    let (function, signature) = function_named(site, &name)?;
    let inputs = signature.inputs.iter().filter(|input| matches!(input, FnArg::Typed(_)));
    let has_self = signature.receiver().is_some();
    if is_method != has_self {
        return None;
    }
    let FnArg::Typed(parameter) = inputs.clone().nth(at)? else { return None };
    let is_owned = match &*parameter.ty {
        Type::Path(path) => {
            !signature.generics.type_params().any(|generic| path.path.is_ident(&generic.ident))
        }
        _ => false,
    };
    let pattern = bindings::simple_name(&parameter.pat)?;
    if !is_owned || pattern.mutability.is_some() {
        return None;
    }
    let binding = Binding {
        name: pattern,
        origin: Origin::Param(parameter),
        scope: function,
        from: function,
    };
    let is_text = consumed::of_type(&parameter.ty) == Some(Made::Text);
    let reads = |used: &Use<'_>| {
        only_reads(site, used)
            || reads_field(site, used)
            || is_text && lent_until(site, used.id).is_some()
    };
    if !site.uses(&binding).iter().all(reads) {
        return None;
    }
    // What another configuration gives it may be no place that can be lent.
    if callers::is_called_under_another_cfg(site, &name) {
        return None;
    }
    let claim = claim(site, call, &format!("read by `{name}`"))?;
    let source = site.source(&call.receiver);
    let ty = borrowed(site.file.text.get(tree.token(parameter.ty.span())).unwrap_or("…"));
    let is_lent = matches!(site.type_of(&call.receiver).ty, TypeName::Ref { .. });
    let lent = if is_lent { source.to_owned() } else { format!("&{source}") };
    let sketch = format!("fn {name}(…, {}: {ty}, …)\n{name}(…, {lent}, …)", pattern.ident);
    Some(
        claim
            .related(site.related(function, "it takes the value and only reads it"))
            .suggest(Some(Suggestion::shown("let it take a reference", sketch))),
    )
}

/// What lends a value of a type, as it is written.
fn borrowed(ty: &str) -> String {
    let element = ty.strip_prefix("Vec<").and_then(|rest| rest.strip_suffix('>'));
    match (ty, element) {
        ("String", _) => "&str".to_owned(),
        ("PathBuf", _) => "&Path".to_owned(),
        (_, Some(element)) => format!("&[{element}]"),
        _ => format!("&{ty}"),
    }
}

/// The only function of this name in the file, unless a trait dictates its parameters or a macro
/// makes something of it.
fn function_named<'a>(site: &Site<'_, 'a>, name: &str) -> Option<(NodeId, &'a Signature)> {
    let tree = site.tree;
    let named = site.names.functions(name).iter();
    let mut found = named.filter_map(|&id| match tree.node(id) {
        Node::Item(Item::Fn(item)) => Some((id, &item.sig, &item.attrs)),
        Node::ImplItem(ImplItem::Fn(item)) => {
            let of = tree.parent(id)?;
            let is_own =
                matches!(tree.node(of), Node::Item(Item::Impl(item)) if item.trait_.is_none());
            is_own.then_some((id, &item.sig, &item.attrs))
        }
        _ => None,
    });
    let (id, signature, attrs) = found.next()?;
    (found.next().is_none() && attributes::is_as_written(attrs)).then_some((id, signature))
}

/// `x.field` that is only asked, lent out or compared.
fn reads_field(site: &Site<'_, '_>, used: &Use<'_>) -> bool {
    if !matches!(used.role, UseRole::Field) {
        return false;
    }
    let tree = site.tree;
    let is_field = |id: &NodeId| matches!(tree.expr(*id), Some(Expr::Field(_)));
    let Some(field) = tree.ancestors(used.id).take_while(is_field).last() else { return false };
    match tree.parent(field).map(|parent| tree.node(parent)) {
        Some(Node::Expr(Expr::Reference(reference))) => reference.mutability.is_none(),
        Some(Node::Expr(Expr::Binary(both))) => bindings::is_comparison(&both.op),
        Some(Node::Expr(Expr::If(_) | Expr::Unary(_) | Expr::Match(_) | Expr::Macro(_))) => true,
        Some(Node::Stmt(Stmt::Macro(_))) => true,
        Some(Node::Expr(Expr::MethodCall(call))) if tree.id(&call.receiver) == Some(field) => {
            let name = call.method.to_string();
            only_looks(&name)
                || ["is_", "has_", "as_", "get"].iter().any(|start| name.starts_with(start))
        }
        _ => false,
    }
}

/// `[("name", x.clone())]`, where the list is only lent, to what takes borrowed texts too.
fn listed<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall) -> Option<Claim> {
    let end = lent_until(site, site.node)?;
    let ty = site.type_of(&call.receiver).ty;
    if !ty.is_text() || !stays(site, &call.receiver, site.node, end) {
        return None;
    }
    let source = site.source(&call.receiver);
    let view = if ty.peeled().is_str() { "" } else { ".as_str()" };
    let claim = claim(site, call, "lent out in a list")?;
    Some(claim.suggest(Some(Suggestion::shown("lend it as it is", format!("{source}{view}")))))
}

/// `format!("{}", x.clone())`.
fn printed<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall, mac: &syn::Macro) -> Option<Claim> {
    site.tree.arguments(mac)?.format?;
    let claim = claim(site, call, "printed")?;
    let source = site.source(&call.receiver);
    let edits = vec![site.replace(site.tree.range(site.node), source)];
    Some(claim.suggest(Some(Suggestion::safe("print it as it is", edits))))
}
