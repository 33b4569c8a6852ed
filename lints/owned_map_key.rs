//! # What it finds
//!
//! A key that is put together as a string for each lookup: `map.get(&format!("{a}/{b}"))`,
//! `map.entry(name.to_string())`, or the same by way of a local that is used for nothing else.
//!
//! # What it costs
//!
//! An allocation, formatting and a free for each lookup, and then the whole text is hashed and
//! compared, where two numbers or two borrowed texts would do.
//!
//! # The rewrite
//!
//! Shown only, because the type of the map changes: a tuple of what the key is made of, an id, an
//! interned symbol. Where the map must keep its texts, one buffer serves all lookups; where most
//! keys are there already, `get_mut` with a borrowed key comes before `entry` with an owned one.
//!
//! # When to keep the code
//!
//! Lookups are rare, or the text is the key that others have to give.
//!
//! # How it was proved
//!
//! The profile shows allocation and formatting below the expression that makes the key.
//! `ui-tests/owned_map_key` holds an example.

use crate::lint::prelude::*;
use crate::source::bindings::{self, Origin, UseRole};

/// See the text above.
pub static LINT: Lint = Lint {
    name: "owned_map_key",
    summary: "a key is made as a string for each lookup",
    on: &[Kind::MethodCall],
    check,
};

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let Some(Expr::MethodCall(call)) = site.expr() else { return None };
    let (name, args) = place::signature(call);
    let looks = matches!(name.as_str(), "get" | "get_mut" | "contains_key" | "contains" | "remove");
    if args != 1 || !looks && name != "entry" {
        return None;
    }
    let typed = site.type_of(&call.receiver);
    let ty = typed.ty.peeled();
    let map = ty.hash_map().or_else(|| ty.btree_map())?;
    if !map.key.is_string() {
        return None;
    }
    let key = place::bare(&call.args[0]);
    let made = made_here(site, key)?;
    let entry = name == "entry";
    // A copied text is what `copied_out_buffer` speaks of, except where `entry` wants it owned.
    let (parts, is_copy) = parts(site, made)?;
    if is_copy && !entry {
        return None;
    }
    let turn = loops::innermost(site.tree, site.node);
    let receiver = site.source(&call.receiver);
    let suggestion = if is_copy {
        Suggestion::shown(
            "make the owned key only where it is missing",
            format!(
                "match {receiver}.get_mut({parts}) {{\n    Some(value) => …,\n    None => drop({receiver}.insert({parts}.to_owned(), …)),\n}}"
            ),
        )
    } else {
        Suggestion::shown(
            "look up by what the key is made of",
            format!(
                "{receiver}.{name}(&({parts})) // with a tuple, an id or a symbol as the key\n\
                 // Or one buffer for all lookups: key.clear(); write!(key, …)"
            ),
        )
    };
    Some(
        Claim::new(
            site.tree.id(made)?,
            format!("a key for `{receiver}` is allocated for each lookup"),
        )
        .label("made only to be looked up")
        // Owned keys that are new each time must be made: only the profile can tell.
        .shape(if turn.is_some() && !entry { Shape::Suspect } else { Shape::NeedsProof })
        .types(typed.by)
        .witness(Witness::cpu_in(makes))
        .suggest(Some(suggestion)),
    )
}

/// The expression that makes the key: the argument itself, or what a local is made of that is used
/// for nothing but lookups.
fn made_here<'a>(site: &Site<'_, 'a>, key: &'a Expr) -> Option<&'a Expr> {
    if matches!(key, Expr::Macro(_) | Expr::MethodCall(_)) {
        return Some(key);
    }
    let binding = site.binding(key)?;
    let Origin::Let(local, stmt) = binding.origin else { return None };
    let same_loop = loops::innermost(site.tree, stmt).map(|turn| turn.id)
        == loops::innermost(site.tree, site.node).map(|turn| turn.id);
    let only_lookups = site
        .uses(&binding)
        .iter()
        .all(|used| matches!(used.role, UseRole::Borrowed) && is_lookup(site, used.id));
    let is_let = bindings::of_let(site.tree, stmt).is_some();
    let init = &*local.init.as_ref()?.expr;
    (same_loop && only_lookups && is_let).then_some(init)
}

fn is_lookup(site: &Site<'_, '_>, id: NodeId) -> bool {
    let outer = site.tree.ancestors(id).nth(1).and_then(|outer| site.tree.expr(outer));
    matches!(outer, Some(Expr::MethodCall(call)) if matches!(
        call.method.to_string().as_str(),
        "get" | "get_mut" | "contains_key" | "contains" | "remove"
    ))
}

/// What the key is made of, as a list; and whether it is the copy of one text.
fn parts(site: &Site<'_, '_>, made: &Expr) -> Option<(String, bool)> {
    match made {
        Expr::Macro(call) if call.mac.path.is_ident("format") => {
            let arguments = site.tree.arguments(&call.mac)?;
            let mut parts = arguments.captures.clone();
            parts.extend(arguments.exprs.iter().skip(1).map(|expr| site.source(expr).to_owned()));
            (!parts.is_empty()).then(|| (parts.join(", "), false))
        }
        Expr::MethodCall(call)
            if call.args.is_empty()
                && matches!(call.method.to_string().as_str(), "to_string" | "to_owned") =>
        {
            let ty = site.type_of(&call.receiver).ty;
            let source = site.source(&call.receiver).to_owned();
            if ty.is_text() {
                return Some((source, true));
            }
            // A number's text is `format_for_one_value`'s case.
            None
        }
        _ => None,
    }
}

/// Frames of making a string.
fn makes(function: &str) -> bool {
    ["fmt::format", "finish_grow", "RawVec", "exchange_malloc", "alloc::alloc::", "format_inner"]
        .iter()
        .any(|part| function.contains(part))
        || ["malloc", "realloc", "_int_malloc"].contains(&function)
        || function.ends_with("::to_string")
}
