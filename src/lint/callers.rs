//! Functions of a file and those that call them: what becomes of what is given and returned.

use syn::{Expr, Stmt};

use super::attributes;
use super::consumed::{self, Consumed, Made};
use super::site::Site;
use crate::source::bindings::{self, Binding, UseRole};
use crate::source::loops;
use crate::source::tree::{Node, NodeId};

/// Given to a call that takes any iterator, or could.
pub fn handed(site: &Site<'_, '_>, arg: NodeId, at: NodeId, made: Made) -> Option<Consumed> {
    if !matches!(made, Made::List | Made::Text) {
        return None;
    }
    let is_arg = |expr: &Expr| site.tree.id(expr) == Some(arg);
    let (name, place, receiver) = match site.tree.expr(at)? {
        Expr::MethodCall(call) => {
            let receiver = Some(receiver(site, &call.receiver));
            (call.method.to_string(), call.args.iter().position(is_arg)?, receiver)
        }
        Expr::Call(call) => {
            let Expr::Path(path) = &*call.func else { return None };
            let name = path.path.segments.last()?.ident.to_string();
            (name, call.args.iter().position(is_arg)?, None)
        }
        _ => return None,
    };
    let is_method = receiver.is_some();
    let takes_any = match (made, is_method) {
        (Made::Text, true) => name == "push_str",
        (Made::Text, false) => false,
        (_, true) => matches!(
            name.as_str(),
            "extend" | "extend_from_slice" | "append" | "args" | "envs" | "chain" | "zip"
        ),
        (_, false) => matches!(name.as_str(), "from_iter" | "join_all" | "select_all"),
    };
    let is_maker = matches!(name.as_str(), "new" | "from" | "default" | "with_capacity");
    // A function of this file could be given an iterator if it only walks what it is given; what
    // others do with a slice that is made for this one call, nobody sees.
    let could = || {
        let is_reference = matches!(site.tree.expr(arg), Some(Expr::Reference(lent))
            if lent.mutability.is_none());
        made == Made::List
            && match walks_parameter(site, &name, place) {
                Some(walks) => walks && !is_maker,
                None => {
                    is_reference && name != "field" && !constructs(&name) && !lends_back(site, at)
                }
            }
    };
    if !takes_any && !could() {
        return None;
    }
    let is_append = name == "append";
    let sketch = match (receiver, name.as_str()) {
        (Some(target), "extend" | "extend_from_slice" | "append" | "push_str") => {
            format!("{target}.extend(…)")
        }
        (Some(target), _) => format!("{target}.{name}(…)"),
        (None, _) => format!("{name}(…)"),
    };
    let found = consumed::walks(site, at, &format!("to be handed to `{name}`"), &sketch)?;
    Some(Consumed { takes_out: is_append, alone: !takes_any, ..found })
}

/// Whether a name is that of a constructor, which asks more of what it is given than a walk.
fn constructs(name: &str) -> bool {
    ["new", "from", "with"].iter().any(|start| {
        name.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    })
}

/// Whether what a call returns points into something: into what it is lent, for all we know.
fn lends_back(site: &Site<'_, '_>, call: NodeId) -> bool {
    site.tree.expr(call).is_some_and(|call| site.type_of(call).ty.borrows())
}

/// What a method is called on, as an idea shows it: chains that run over lines would drown it.
fn receiver<'s>(site: &Site<'s, '_>, expr: &Expr) -> &'s str {
    const LONGEST: usize = 40;
    let text = site.source(expr);
    if text.len() <= LONGEST && !text.contains('\n') { text } else { "target" }
}

/// Whether a value is given to a function of this file that only walks it.
pub fn is_given_to_walker(site: &Site<'_, '_>, id: NodeId) -> bool {
    let Some(parent) = site.tree.parent(id) else { return false };
    let (name, args) = match site.tree.expr(parent) {
        Some(Expr::MethodCall(call)) => (Some(&call.method), &call.args),
        Some(Expr::Call(call)) => match &*call.func {
            Expr::Path(path) => (path.path.segments.last().map(|last| &last.ident), &call.args),
            _ => return false,
        },
        _ => return false,
    };
    let place = args.iter().position(|arg| site.tree.id(arg) == Some(id));
    let (Some(name), Some(place)) = (name, place) else { return false };
    walks_parameter(site, &name.to_string(), place) == Some(true)
}

/// The calls of a name in this file; `None` where it is also handed on as a value, to be called by
/// others.
pub fn calls(site: &Site<'_, '_>, name: &str) -> Option<Vec<NodeId>> {
    let tree = site.tree;
    let is_named =
        |path: &syn::ExprPath| path.path.segments.last().is_some_and(|last| last.ident == name);
    let mut found = Vec::new();
    for id in tree.ids() {
        match tree.expr(id) {
            Some(Expr::MethodCall(call)) if call.method == name => found.push(id),
            Some(Expr::Call(call)) if matches!(&*call.func, Expr::Path(path) if is_named(path)) => {
                found.push(id);
            }
            Some(Expr::Path(path)) if is_named(path) => {
                let is_called = tree.parent(id).is_some_and(|outer| {
                    matches!(tree.expr(outer), Some(Expr::Call(call))
                        if tree.id(&call.func) == Some(id))
                });
                if !is_called && bindings::find(tree, id, name).is_none() {
                    return None;
                }
            }
            _ => {}
        }
    }
    Some(found)
}

/// Whether a function may be called in this file under a `cfg` other than that of tests and of the
/// site: it is not seen here what it is given there.
pub fn is_called_under_another_cfg(site: &Site<'_, '_>, name: &str) -> bool {
    let tree = site.tree;
    let conditions = |id: NodeId| -> Vec<NodeId> {
        tree.ancestors(id).filter(|&outer| attributes::is_conditional(tree.node(outer))).collect()
    };
    let own = conditions(site.node);
    calls(site, name).is_none_or(|calls| {
        calls.iter().flat_map(|&call| conditions(call)).any(|condition| !own.contains(&condition))
    })
}

/// Whether a function that only this file can call is called, and each call gives it what fits.
pub fn is_always_given<'a>(
    site: &Site<'_, 'a>,
    parameter: &syn::PatType,
    fits: impl Fn(&'a Expr) -> bool,
) -> bool {
    let Some(function) = site.function(site.node) else { return false };
    let is_hidden = match site.tree.node(function.id) {
        Node::Item(syn::Item::Fn(item)) => matches!(item.vis, syn::Visibility::Inherited),
        _ => false,
    };
    let is_parameter = |input: &syn::FnArg| {
        matches!(input, syn::FnArg::Typed(typed)
        if std::ptr::eq(typed, parameter))
    };
    let place = function.signature.inputs.iter().position(is_parameter);
    let Some(place) = place.filter(|_| is_hidden) else { return false };
    let calls = calls(site, &function.signature.ident.to_string()).unwrap_or_default();
    !calls.is_empty()
        && calls.iter().all(|&call| match site.tree.expr(call) {
            Some(Expr::Call(call)) => call.args.iter().nth(place).is_some_and(&fits),
            _ => false,
        })
}

/// Whether the function of a name walks the parameter it is given, once, and does no more with it;
/// `None` where this file has no such function.
pub fn walks_parameter(site: &Site<'_, '_>, name: &str, place: usize) -> Option<bool> {
    let mut found = None;
    for &id in site.names.functions(name) {
        let (signature, attrs) = match site.tree.node(id) {
            Node::Item(syn::Item::Fn(item)) => (&item.sig, &item.attrs),
            Node::ImplItem(syn::ImplItem::Fn(item)) => (&item.sig, &item.attrs),
            _ => continue,
        };
        let walks = attributes::is_as_written(attrs) && walks_once(site, id, signature, place);
        found = Some(found.unwrap_or(false) || walks);
    }
    found
}

fn walks_once(
    site: &Site<'_, '_>,
    function: NodeId,
    signature: &syn::Signature,
    place: usize,
) -> bool {
    let mut typed = signature.inputs.iter().filter_map(|input| match input {
        syn::FnArg::Typed(typed) => Some(typed),
        syn::FnArg::Receiver(_) => None,
    });
    let Some(input) = typed.nth(place) else { return false };
    let Some(name) = bindings::simple_name(&input.pat) else { return false };
    if !is_list(&input.ty) {
        return false;
    }
    let origin = bindings::Origin::Param(input);
    let uses = site.uses(&Binding { name, origin, scope: function, from: function });
    let [used] = uses.as_slice() else { return false };
    match used.role {
        UseRole::Iterated => true,
        UseRole::Receiver(call) => {
            matches!(&*call.method.to_string(), "iter" | "into_iter")
                && loops::innermost(site.tree, used.id).is_none()
        }
        _ => false,
    }
}

/// A vector, a slice, or what is generic already.
fn is_list(ty: &syn::Type) -> bool {
    match ty {
        syn::Type::Reference(inner) => is_list(&inner.elem),
        syn::Type::Slice(_) | syn::Type::ImplTrait(_) => true,
        syn::Type::Path(path) => {
            consumed::of_type(ty) == Some(Made::List)
                || path.path.get_ident().is_some_and(|name| name.to_string().len() == 1)
        }
        _ => false,
    }
}

/// A call of the function whose value the site's node is, if that is a function that this file
/// alone calls, and each call only walks what is returned, once.
pub fn walker_of_returned(site: &Site<'_, '_>) -> Option<NodeId> {
    let tree = site.tree;
    let stmt = tree.parent(site.node)?;
    let Node::Stmt(Stmt::Expr(_, None)) = tree.node(stmt) else { return None };
    let body = tree.parent(stmt)?;
    let is_last = tree.children(body).last() == Some(stmt);
    let (name, visibility, output) = match tree.node(tree.parent(body)?) {
        Node::Item(syn::Item::Fn(item)) => (&item.sig.ident, &item.vis, &item.sig.output),
        Node::ImplItem(syn::ImplItem::Fn(item)) => {
            let owner = tree.parent(tree.parent(body)?)?;
            let Node::Item(syn::Item::Impl(owner)) = tree.node(owner) else { return None };
            // The trait says what is returned.
            owner.trait_.is_none().then_some(())?;
            (&item.sig.ident, &item.vis, &item.sig.output)
        }
        _ => return None,
    };
    let syn::ReturnType::Type(_, output) = output else { return None };
    let is_list = consumed::of_type(output) == Some(Made::List);
    if !is_last || !is_list || matches!(visibility, syn::Visibility::Public(_)) {
        return None;
    }
    let mut first = None;
    for id in calls(site, &name.to_string())? {
        let consumed = consumed::by(site, id, Made::List)?;
        (consumed.walks && !consumed.purpose.contains("joined")).then_some(())?;
        first = first.or(Some(id));
    }
    first
}
