//! The iterator in place of what it was collected into, where that is appended or walked by value.

use syn::{Expr, ExprMethodCall, Stmt};

use super::consumed::Made;
use super::place;
use super::site::Site;
use crate::model::finding::{Edit, Suggestion};
use crate::source::bindings::Binding;
use crate::source::{Node, NodeId};

/// For a collection that has a name.
pub fn of_local(
    site: &Site<'_, '_>,
    call: &ExprMethodCall,
    stmt: NodeId,
    binding: &Binding<'_>,
    made: Made,
) -> Option<Suggestion> {
    let tree = site.tree;
    let uses = site.uses(binding);
    let [used] = uses.as_slice() else { return None };
    let at = site.statement(used.id)?;
    // What stands between is worked before the iterator then, so it may not give names anew, and
    // nothing may leave in the middle.
    let mut between = std::iter::successors(tree.statement_after(stmt), |&next| {
        tree.statement_after(next).filter(|_| next < at)
    })
    .take_while(|&next| next != at);
    let source = site.source(&call.receiver);
    let leaves = place::may_leave(site, tree.id(&call.receiver)?);
    let is_beside = tree.statement_after(stmt) == Some(at);
    if tree.parent(stmt) != tree.parent(at)
        || between.any(|next| matches!(tree.node(next), Node::Stmt(Stmt::Local(_))))
        || (leaves && !is_beside)
    {
        return None;
    }
    let behind = tree.range(tree.statement_after(stmt)?).start;
    let gone = site.replace(tree.range(stmt).start..behind, "");
    Some(suggestion(vec![gone, handed_on(site, used.id, source, made)?]))
}

/// For a collection without a name: the call that collects is used where it stands.
pub fn of_value(site: &Site<'_, '_>, call: &ExprMethodCall, made: Made) -> Option<Suggestion> {
    let source = site.source(&call.receiver);
    Some(suggestion(vec![handed_on(site, site.node, source, made)?]))
}

fn suggestion(edits: Vec<Edit>) -> Suggestion {
    let caveat = "each element is made when it is used, no longer all before the first";
    Suggestion::with_caveat("use the iterator itself", edits, caveat)
}

/// The use of a value, with the iterator in its place.
fn handed_on(site: &Site<'_, '_>, value: NodeId, iterator: &str, made: Made) -> Option<Edit> {
    let tree = site.tree;
    let around = tree.parent(value)?;
    let (value, around, is_lent) = match tree.expr(around) {
        Some(Expr::Reference(_)) => (around, tree.parent(around)?, true),
        _ => (value, around, false),
    };
    match tree.expr(around)? {
        Expr::MethodCall(sink) if sink.args.first().and_then(|arg| tree.id(arg)) == Some(value) => {
            let appends = match (&*sink.method.to_string(), made) {
                ("push_str", Made::Text) => is_lent,
                ("extend", Made::List) => !is_lent,
                ("append", Made::List) => is_lent,
                _ => false,
            };
            // The target is borrowed while the iterator runs.
            let target = place::root(&sink.receiver)?;
            let is_apart = !place::has_word(iterator, &target);
            let whole = tree.token(sink.method.span()).start..tree.range(around).end;
            (appends && is_apart && sink.args.len() == 1 && place::is_place(&sink.receiver))
                .then(|| site.replace(whole, format!("extend({iterator})")))
        }
        Expr::MethodCall(walk) if walk.method == "into_iter" && !is_lent && made == Made::List => {
            Some(site.replace(tree.range(around), iterator))
        }
        Expr::ForLoop(turn)
            if tree.id(&turn.expr) == Some(value) && !is_lent && made == Made::List =>
        {
            Some(site.replace(tree.bytes(&*turn.expr), iterator))
        }
        _ => None,
    }
}
