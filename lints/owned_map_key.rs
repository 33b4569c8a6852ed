//! # What it finds
//!
//! A key that is put together as a string for each lookup: `map.get(&format!("{a}/{b}"))`,
//! `map.entry(name.to_string())`, or the same by way of a local that is used for nothing else.
//! Outside of loops, and with `entry`, it is listed with `--all`, and otherwise shown only where
//! the profile proves the cost.
//!
//! # What it costs
//!
//! An allocation, formatting and a free for each lookup, and then the whole text is hashed and
//! compared, where two numbers or two borrowed texts would do.
//!
//! # The rewrite
//!
//! Where most keys are there already, `get_mut` with a borrowed key comes before `entry` with an
//! owned one; new keys are looked up twice then. Else shown only, because the type of the map
//! changes: a tuple of what the key is made of, an id, an interned symbol. Where the map must keep
//! its texts, one buffer serves all lookups.
//!
//! # When to keep the code
//!
//! Lookups are rare, or the text is the key that others have to give.
//!
//! # How it was proved
//!
//! The profile shows allocation and formatting below the expression that makes the key.
//! `ui-tests/owned_map_key` holds an example.

use crate::lint::copies::references;
use crate::lint::prelude::*;
use crate::source::bindings::{self, Origin, UseRole};

/// See the text above.
pub static LINT: Lint = Lint {
    name: "owned_map_key",
    summary: "a key is made as a string for each lookup",
    on: &[Kind::MethodCall],
    methods: &["get", "get_mut", "contains_key", "contains", "remove", "entry"],
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
    match ty.hash_map().or_else(|| ty.btree_map()) {
        // A key that is made here tells what the map's keys are.
        Some(map) if map.key.is_string() || map.key.is_unknown() => {}
        None if ty.is_unknown() && matches!(name.as_str(), "entry" | "contains_key" | "get") => {}
        _ => return None,
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
        only_if_missing(site, call, &parts)
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
        .shape(match turn {
            _ if ty.is_unknown() && entry => Shape::NeedsProof,
            _ if entry && is_given_back(site) => Shape::NeedsProof,
            Some(_) if !entry && !ty.is_unknown() => Shape::Suspect,
            _ => Shape::Possible,
        })
        .types(typed.by)
        .witness(Witness::cpu_in(makes))
        .suggest(Some(suggestion)),
    )
}

/// Whether the entry is what the function gives back: in both arms of a `match` it would hold the
/// map.
fn is_given_back(site: &Site<'_, '_>) -> bool {
    let mut at = site.node;
    while let Some((outer, _)) = place::called_on(site, at) {
        at = outer;
    }
    site.tree.parent(at).is_none_or(|parent| {
        matches!(
            site.tree.node(parent),
            Node::Expr(Expr::Return(_) | Expr::Closure(_)) | Node::Stmt(Stmt::Expr(_, None))
        )
    })
}

/// `entry` with an owned key only where `get_mut` with a borrowed one finds nothing.
fn only_if_missing(site: &Site<'_, '_>, call: &ExprMethodCall, key: &str) -> Suggestion {
    const MESSAGE: &str = "make the owned key only where it is missing";
    let receiver = site.source(&call.receiver);
    let shown = || {
        let sketch = format!(
            "match {receiver}.get_mut({key}) {{\n    Some(value) => …,\n    None => drop({receiver}.insert({key}.to_owned(), …)),\n}}"
        );
        Suggestion::shown(MESSAGE, sketch)
    };
    let Some((outer, filled)) = place::called_on(site, site.node) else { return shown() };
    let (name, _) = place::signature(filled);
    let is_filled = match name.as_str() {
        "or_default" | "or_insert_with" => true,
        // What is inserted is made only where it is needed then.
        "or_insert" => filled.args.iter().all(place::is_simple),
        _ => false,
    };
    // A reference that is given back would hold the map in both arms.
    let is_given_back = site.tree.parent(outer).is_none_or(|parent| {
        matches!(
            site.tree.node(parent),
            Node::Expr(Expr::Return(_) | Expr::Closure(_)) | Node::Stmt(Stmt::Expr(_, None))
        )
    });
    let made = call.args.first().map(place::bare);
    let Some(Expr::MethodCall(made)) = made else { return shown() };
    if !is_filled
        || is_given_back
        || !place::is_place(&call.receiver)
        || !place::is_simple(&made.receiver)
    {
        return shown();
    }
    let text = format!(
        "match {receiver}.get_mut({key}) {{ Some(value) => value, None => {} }}",
        site.text(outer)
    );
    // At the start of a statement a `match` would end it.
    let text = if starts_statement(site, outer) { format!("({text})") } else { text };
    let edits = vec![site.replace(site.tree.range(outer), text)];
    Suggestion::with_caveat(MESSAGE, edits, "a key that is new is looked up twice")
}

fn starts_statement(site: &Site<'_, '_>, id: NodeId) -> bool {
    let start = site.tree.range(id).start;
    site.statement(id).is_some_and(|statement| site.tree.range(statement).start == start)
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
            if matches!(
                (call.method.to_string().as_str(), call.args.len()),
                ("join", 1) | ("concat" | "to_lowercase" | "to_ascii_lowercase", 0)
            ) =>
        {
            Some((site.source(&call.receiver).to_owned(), false))
        }
        Expr::MethodCall(call)
            if call.args.is_empty()
                && matches!(
                    call.method.to_string().as_str(),
                    "to_string" | "to_owned" | "clone"
                ) =>
        {
            let ty = site.type_of(&call.receiver).ty;
            let source = site.source(&call.receiver);
            // Of a `&&str`, a clone is no string.
            let is_owned = call.method != "clone" || ty.peeled().is_string();
            if ty.peeled().is_text() && is_owned {
                // The map is asked with one reference.
                let borrowed = match references(&ty) {
                    0 => format!("&{source}"),
                    refs => format!("{}{source}", "*".repeat(refs - 1)),
                };
                return Some((borrowed, true));
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
