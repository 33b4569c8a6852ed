//! # What it finds
//!
//! A `HashMap` or `HashSet` of the standard library in which a noticeable part of the time goes
//! into computing SipHash, its default.
//!
//! # What it costs
//!
//! SipHash resists keys that somebody chose to collide, and takes several times as long as a hash
//! that does not, most of all for small keys such as numbers.
//!
//! # The rewrite
//!
//! Another hasher: that of a crate the package depends on already, else `rustc-hash` or
//! `foldhash`. Never safe: the order of the entries changes, and the map no longer resists chosen
//! keys.
//!
//! # When to keep the code
//!
//! The keys come from outside (names in a request, words of an upload), and whoever sends them
//! gains if the map gets slow.
//!
//! # How it was proved
//!
//! The profile shows time in the hasher below the map's own calls. Without that the lint does not
//! speak. `ui-tests/slow_hasher` holds the code before and after.

use crate::lint::prelude::*;
use crate::model::type_name::TypeName;
use crate::source::bindings::{Origin, UseRole};

/// See the text above.
pub static LINT: Lint = Lint {
    name: "slow_hasher",
    summary: "the default hasher of a map costs real time",
    on: &[Kind::MethodCall],
    check,
};

const CALLS: [&str; 9] = [
    "get",
    "get_mut",
    "insert",
    "contains_key",
    "contains",
    "remove",
    "entry",
    "extend",
    "get_key_value",
];

/// Less of the time is not worth another hasher.
const LEAST: f64 = 0.02;

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let Some(Expr::MethodCall(call)) = site.expr() else { return None };
    if !is_call(call) || !place::is_place(&call.receiver) {
        return None;
    }
    let typed = site.type_of(&call.receiver);
    let ty = typed.ty.peeled();
    let map = ty.hash_map()?;
    let is_default = map.hasher.is_none_or(|hasher| hasher.name() == Some("RandomState"));
    if !is_default || ty.std_name().is_none() {
        return None;
    }
    let calls = calls(site, &call.receiver);
    // One hasher serves all calls, so one finding speaks for all.
    if calls.first() != Some(&site.node) {
        return None;
    }
    let name = site.source(&call.receiver);
    let keys = match map.key {
        key if key.is_integer() || key.is_char() => " of small keys",
        TypeName::Ref { .. } => "",
        key if key.is_text() => " of texts",
        _ => "",
    };
    Some(
        Claim::new(site.node, format!("hashing for `{name}`, a map{keys}, costs real time"))
            .regions(calls)
            .label("hashed with SipHash, the default")
            .shape(Shape::NeedsProof)
            .types(typed.by)
            .witness(Witness {
                below: Some(hashes),
                through: Some(is_map),
                ..Witness::of(Quantity::Cpu, LEAST)
            })
            .suggest(Some(faster(site, &call.receiver, map.value.is_some()))),
    )
}

fn is_call(call: &ExprMethodCall) -> bool {
    CALLS.iter().any(|name| call.method == name)
}

/// All calls on the same map: of a local, or of a field within the same `impl`.
fn calls<'a>(site: &Site<'_, 'a>, map: &'a Expr) -> Vec<NodeId> {
    let tree = site.tree;
    if let Some(binding) = site.binding(map) {
        let receivers = site
            .uses(&binding)
            .into_iter()
            .filter(|used| matches!(used.role, UseRole::Receiver(call) if is_call(call)));
        return receivers.filter_map(|used| tree.parent(used.id)).collect();
    }
    let is_around = |id: &NodeId| matches!(tree.node(*id), Node::Item(syn::Item::Impl(_)));
    let Some(around) = tree.ancestors(site.node).find(is_around) else { return vec![site.node] };
    tree.below(around)
        .filter(|&id| match tree.expr(id) {
            Some(Expr::MethodCall(call)) => is_call(call) && place::same(site, &call.receiver, map),
            _ => false,
        })
        .collect()
}

fn faster(site: &Site<'_, '_>, map: &Expr, is_map: bool) -> Suggestion {
    let depends = |name: &str| site.file.package.depends_on(name);
    let (krate, ty, known) = if depends("rustc_hash") || depends("rustc-hash") {
        ("rustc_hash", "Fx", true)
    } else if depends("ahash") {
        ("ahash", "A", true)
    } else {
        ("rustc_hash", "Fx", false)
    };
    let ty = format!("{krate}::{ty}Hash{}", if is_map { "Map" } else { "Set" });
    let caveat = "the order of the entries changes, and whoever chooses the keys can make it slow";
    let message = format!("take `{ty}`");
    let edits = if known { made_with(site, map, &ty) } else { None };
    match edits {
        Some(edits) => Suggestion::with_caveat(message, edits, caveat),
        None => {
            let note = if known { "" } else { " // `cargo add rustc-hash`" };
            let sketch = format!("let map = {ty}::default();{note}");
            Suggestion { caveat: Some(caveat.to_owned()), ..Suggestion::shown(message, sketch) }
        }
    }
}

/// Where a local map is made, if its type is named nowhere else.
fn made_with(site: &Site<'_, '_>, map: &Expr, ty: &str) -> Option<Vec<Edit>> {
    let binding = site.binding(map)?;
    let Origin::Let(local, _) = binding.origin else { return None };
    let init = &*local.init.as_ref()?.expr;
    let Expr::Call(call) = init else { return None };
    let is_plain = matches!(local.pat, syn::Pat::Ident(_))
        && call.args.is_empty()
        && matches!(site.source(&call.func), "HashMap::new" | "HashSet::new");
    let stays = site.uses(&binding).iter().all(|used| {
        matches!(
            used.role,
            UseRole::Receiver(_) | UseRole::Indexed | UseRole::Formatted | UseRole::Iterated
        )
    });
    (is_plain && stays)
        .then(|| vec![site.replace(site.tree.bytes(init), format!("{ty}::default()"))])
}

/// The map's own calls.
fn is_map(function: &str) -> bool {
    ["HashMap<", "HashSet<", "hash::map::HashMap", "hash::set::HashSet", "hashbrown::"]
        .iter()
        .any(|part| function.contains(part))
}

/// Frames of SipHash.
fn hashes(function: &str) -> bool {
    ["SipHasher", "DefaultHasher", "hash::sip", "siphash"]
        .iter()
        .any(|part| function.contains(part))
}
