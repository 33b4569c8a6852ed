//! # What it finds
//!
//! A collection that is cloned only to be walked: `for x in &list.clone()`,
//! `for x in list.clone()`, `map.clone().into_iter()…`, a local copy that a single loop walks, and
//! `map.get(key).cloned().unwrap_or_default()` whose result is only walked.
//!
//! # What it costs
//!
//! An allocation as large as the collection and a copy of all its elements, also of those that the
//! walk leaves out or never comes to.
//!
//! # The rewrite
//!
//! Walk the collection itself. Where the turns want elements of their own, each is cloned when it is
//! its turn. The compiler refuses it where the collection is changed or lent out meanwhile.
//!
//! # When to keep the code
//!
//! The collection is changed while its old elements are walked.
//!
//! # How it was proved
//!
//! The profile shows allocation below the very call that clones. `ui-tests/cloned_to_walk` holds the
//! code before and after.

use crate::lint::copies::{clones, copied, initial, looked_at, stays};
use crate::lint::prelude::*;
use crate::model::type_name::TypeName;
use crate::source::bindings::{self, UseRole};

/// See the text above.
pub static LINT: Lint = Lint {
    name: "cloned_to_walk",
    summary: "a collection is cloned only to be walked",
    on: &[Kind::MethodCall],
    methods: &["clone", "to_vec", "to_owned", "unwrap_or_default"],
    check,
};

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let Some(Expr::MethodCall(call)) = site.expr() else { return None };
    match call.method.to_string().as_str() {
        "clone" | "to_vec" | "to_owned" => {
            walked(site, call).or_else(|| chained(site, call)).or_else(|| held(site, call))
        }
        "unwrap_or_default" => looked_up(site, call),
        _ => None,
    }
}

fn claim(site: &Site<'_, '_>, what: &str, types: Types) -> Claim {
    Claim::new(site.node, format!("{what} is cloned only to be walked"))
        .label("allocated, copied and freed")
        .types(types)
        .witness(Witness::cpu_in(clones))
        .yields_to(&["copied_out_buffer"])
}

/// A collection with an `iter` of its elements, and whether these are pairs.
fn has_pairs(ty: &TypeName) -> Option<bool> {
    let is_list = ty.is_vec()
        || ty.is_vec_deque()
        || matches!(ty, TypeName::Slice(_))
        || ["HashSet", "BTreeSet"].iter().any(|set| ty.is_std(set));
    match is_list {
        true => Some(false),
        false => (ty.hash_map().is_some() || ty.btree_map().is_some()).then_some(true),
    }
}

/// What takes the place of the clone where elements of one's own are wanted.
fn elements(ty: &TypeName, source: &str) -> Option<String> {
    Some(if has_pairs(ty)? {
        format!("{source}.iter().map(|(key, value)| (key.clone(), value.clone()))")
    } else {
        match ty.element().and_then(TypeName::is_copy) {
            Some(true) => format!("{source}.iter().copied()"),
            _ => format!("{source}.iter().cloned()"),
        }
    })
}

/// `for x in list.clone()`, `for x in &list.clone()`.
fn walked<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall) -> Option<Claim> {
    let tree = site.tree;
    let copy = copied(site, site.expr()?)?;
    has_pairs(&copy.ty)?;
    let parent = tree.parent(site.node)?;
    let (at, borrowed) = match tree.expr(parent)? {
        Expr::Reference(reference) if reference.mutability.is_none() => (parent, true),
        _ => (site.node, false),
    };
    let Expr::ForLoop(turn) = tree.expr(tree.parent(at)?)? else { return None };
    if tree.id(&turn.expr) != Some(at) || !place::is_place(&call.receiver) {
        return None;
    }
    let body = tree.block_id(&turn.body)?;
    if place::may_wait(site, body) || !stays(site, copy.of, body, tree.behind(body)) {
        return None;
    }
    let source = site.source(copy.of);
    let claim = claim(site, &format!("`{source}`"), copy.by);
    let suggestion = if borrowed {
        let text = if copy.refs == 0 { format!("&{source}") } else { source.to_owned() };
        Suggestion::safe("walk it as it is", vec![site.replace(tree.range(at), text)])
    } else {
        let text = elements(&copy.ty, source)?;
        Suggestion::safe("walk it as it is", vec![site.replace(tree.range(at), text)])
    };
    Some(claim.suggest(Some(suggestion)))
}

/// `let copy = list.clone();` that a single loop walks.
fn held<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall) -> Option<Claim> {
    let tree = site.tree;
    let copy = copied(site, site.expr()?)?;
    has_pairs(&copy.ty)?;
    let stmt = tree.parent(site.node)?;
    let binding = bindings::of_let(tree, stmt)?;
    let (init, _) = initial(&binding)?;
    let is_init = tree.id(init) == Some(site.node) && place::is_place(&call.receiver);
    let uses = site.uses(&binding);
    let [used] = uses.as_slice() else { return None };
    let walk = tree.parent(used.id)?;
    let turn = match (used.role, tree.expr(walk)) {
        (UseRole::Iterated, Some(Expr::ForLoop(turn))) => turn,
        _ => return None,
    };
    let body = tree.block_id(&turn.body)?;
    let turns = |id| loops::innermost(tree, id).map(|turn| turn.id);
    if !is_init
        || binding.name.mutability.is_some()
        || turns(stmt) != turns(walk)
        || place::may_wait(site, body)
        || !stays(site, copy.of, tree.behind(stmt), tree.behind(body))
    {
        return None;
    }
    let source = site.source(copy.of);
    let claim = claim(site, &format!("`{source}`"), copy.by).about(stmt);
    Some(
        claim
            .related(site.related(used.id, "walked here"))
            .suggest(Some(Suggestion::shown("walk it as it is", format!("for … in &{source}")))),
    )
}

/// `list.clone().into_iter()…`.
fn chained<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall) -> Option<Claim> {
    let tree = site.tree;
    let copy = copied(site, site.expr()?)?;
    let (outer, next) = place::called_on(site, site.node)?;
    if next.method != "into_iter" || !place::is_place(&call.receiver) {
        return None;
    }
    let statement = site.statement(site.node)?;
    if !stays(site, copy.of, site.node, tree.behind(statement)) {
        return None;
    }
    let text = elements(&copy.ty, site.source(copy.of))?;
    let suggestion = Suggestion::with_caveat(
        "clone each element when it is its turn",
        vec![site.replace(tree.range(outer), text)],
        "an iterator that is kept then borrows the collection",
    );
    let what = format!("`{}`", site.source(copy.of));
    Some(claim(site, &what, copy.by).suggest(Some(suggestion)))
}

/// `let list = map.get(key).cloned().unwrap_or_default();` of which nothing is changed or kept.
fn looked_up<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall) -> Option<Claim> {
    let tree = site.tree;
    let Expr::MethodCall(clone) = &*call.receiver else { return None };
    if !call.args.is_empty() || clone.method != "cloned" {
        return None;
    }
    let found = site.type_of(&clone.receiver);
    let of = found.ty.is_std("Option").then(|| found.ty.args().first())??;
    if !of.is_reference() {
        return None;
    }
    let view = match of.peeled() {
        ty if ty.is_vec() => "Vec::as_slice",
        ty if ty.is_string() => "String::as_str",
        _ => return None,
    };
    let stmt = tree.parent(site.node)?;
    let clone_from = tree.bytes(&*clone.receiver).end;
    let edits =
        vec![site.replace(clone_from..tree.bytes(&*call.receiver).end, format!(".map({view})"))];
    let suggestion = Suggestion::with_caveat(
        "look at what is there",
        edits,
        "what was looked up stays borrowed, and its elements are references then",
    );
    if let Some(Expr::ForLoop(turn)) = tree.expr(stmt) {
        let body = tree.block_id(&turn.body)?;
        let is_walked = tree.id(&turn.expr) == Some(site.node) && of.peeled().is_vec();
        let stays = stays(site, &clone.receiver, body, tree.behind(body));
        return (is_walked && stays && !place::may_wait(site, body))
            .then(|| claim(site, "what was looked up", found.by).suggest(Some(suggestion)));
    }
    let binding = bindings::of_let(tree, stmt)?;
    let (init, _) = initial(&binding)?;
    if tree.id(init) != Some(site.node) || binding.name.mutability.is_some() {
        return None;
    }
    let only_read = site.uses(&binding).iter().all(|used| match used.role {
        UseRole::Iterated | UseRole::Indexed | UseRole::Compared | UseRole::Formatted => true,
        UseRole::Receiver(_) => looked_at(site, used.id).is_some(),
        _ => false,
    });
    if !only_read {
        return None;
    }
    Some(claim(site, "what was looked up", found.by).about(stmt).suggest(Some(suggestion)))
}
