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
//! Another hasher: that of a crate the package depends on already, else `rustc-hash`, which
//! `fix --prove` adds with `cargo add` while it tries. A local or a private field that is handed to
//! nobody is changed alone, else the import, and with it every map of the file: only where nothing
//! that other files see names the type. Never safe: the order of the entries changes, and the map
//! no longer resists chosen keys.
//!
//! # When to keep the code
//!
//! The keys come from outside (names in a request, words of an upload), and whoever sends them
//! gains if the map gets slow.
//!
//! # How it was proved
//!
//! The profile shows time in the hasher below the map's own calls, or where it is collected.
//! Without that the lint does not speak, but `--all` lists maps whose keys are numbers or ids. The
//! bound counts the hashes of this map alone: a rewrite of the whole file gains with its other maps
//! too, and a short hash is inlined where SipHash is not. `ui-tests/slow_hasher` holds the code
//! before and after.

use crate::lint::prelude::*;
use crate::lint::swapped::{Swap, element_of};
use crate::model::finding::Related;
use crate::model::type_name::{Map, TypeName};
use crate::source::bindings::{self, Origin, UseRole};
use crate::source::heat::NameTest;

/// See the text above.
pub static LINT: Lint = Lint {
    name: "slow_hasher",
    summary: "the default hasher of a map costs real time",
    on: &[Kind::MethodCall],
    methods: &NAMES,
    check,
};

/// The calls that hash a key, and what makes a whole map.
const NAMES: [&str; 10] = [
    "get",
    "get_mut",
    "insert",
    "contains_key",
    "contains",
    "remove",
    "entry",
    "extend",
    "get_key_value",
    "collect",
];

/// Less of the time is not worth another hasher.
const LEAST: f64 = 0.02;

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let Some(Expr::MethodCall(call)) = site.expr() else { return None };
    if call.method == "collect" {
        return collected(site).or_else(|| unnamed(site, call));
    }
    if !is_call(call) || !place::is_place(element_of(&call.receiver)) {
        return None;
    }
    let typed = site.type_of(&call.receiver);
    let map = of_default_hasher(typed.ty.peeled())?;
    let calls = calls(site, &call.receiver);
    // One hasher serves all calls, so one finding speaks for all.
    if calls.first() != Some(&site.node) {
        return None;
    }
    let name = site.source(&call.receiver);
    let declared = declared(site, &call.receiver);
    let label = match calls.len() {
        1 => LABEL.to_owned(),
        several => format!("the first of {several} calls: {LABEL}"),
    };
    let mut claim = Claim::new(site.node, message(name, &map));
    // Of a parameter, somebody else chose the hasher.
    let is_own = declared.is_some();
    claim.related.extend(declared);
    claim.suggestions = faster(site, &call.receiver, map.value.is_some());
    Some(
        claim
            .regions(calls)
            .label(label)
            .shape(if is_own && is_small(map.key) { Shape::Possible } else { Shape::NeedsProof })
            .types(typed.by)
            .witness(hashing(is_map)),
    )
}

/// `let set: HashSet<_> = ….collect();` that is only walked: no later call would speak of it.
fn collected(site: &Site<'_, '_>) -> Option<Claim> {
    let statement = site.tree.parent(site.node)?;
    let binding = bindings::of_let(site.tree, statement)?;
    let Origin::Let(local, _) = binding.origin else { return None };
    if site.tree.id(&local.init.as_ref()?.expr) != Some(site.node) {
        return None;
    }
    let name = binding.name.ident.to_string();
    let uses = site.uses(&binding);
    let first = uses.first()?.id;
    let typed = site.types.type_of_local(first, &name);
    let map = of_default_hasher(&typed.ty)?;
    let place = site.tree.expr(first)?;
    if !calls(site, place).is_empty() {
        return None;
    }
    let mut claim = Claim::new(site.node, message(&name, &map));
    claim.suggestions = faster(site, place, map.value.is_some());
    Some(
        claim.label(LABEL).shape(Shape::NeedsProof).types(typed.by).witness(hashing(is_collecting)),
    )
}

/// `….collect::<HashSet<_>>().into_iter()`: nobody else speaks of what has no name.
fn unnamed(site: &Site<'_, '_>, call: &ExprMethodCall) -> Option<Claim> {
    let Some(Expr::MethodCall(next)) = site.tree.expr(site.tree.parent(site.node)?) else {
        return None;
    };
    if site.tree.id(&next.receiver) != Some(site.node) {
        return None;
    }
    let typed = site.type_of(site.expr()?);
    let map = of_default_hasher(&typed.ty)?;
    let [syn::GenericArgument::Type(syn::Type::Path(written))] =
        &*call.turbofish.as_ref()?.args.iter().collect::<Vec<_>>()
    else {
        return None;
    };
    let segments = &written.path.segments;
    let (first, last) = (segments.first()?, segments.last()?);
    let name = if map.value.is_some() { "HashMap" } else { "HashSet" };
    if last.ident != name {
        return None;
    }
    let path = site.tree.token(first.ident.span()).start..site.tree.token(last.ident.span()).end;
    let faster = Faster::of(site, name);
    let edits = vec![site.replace(path, faster.ty.clone())];
    let suggestion = Suggestion::with_caveat(faster.message(""), edits, CAVEAT);
    let message = format!("a {} that is collected only to be walked", kind(&map));
    Some(
        Claim::new(site.node, format!("{message} hashes with SipHash, the default"))
            .label(LABEL)
            .shape(Shape::NeedsProof)
            .types(typed.by)
            .witness(hashing(is_collecting))
            .suggest(Some(suggestion.needing(faster.missing))),
    )
}

const LABEL: &str = "each key costs a hash that resists chosen keys";

fn message(name: &str, map: &Map<'_>) -> String {
    let keys = match map.key {
        key if key.is_integer() || key.is_char() => " of small keys",
        TypeName::Ref { .. } => "",
        key if key.is_text() => " of texts",
        _ => "",
    };
    format!("`{name}`, a {}{keys}, hashes with SipHash, the default", kind(map))
}

fn kind(map: &Map<'_>) -> &'static str {
    if map.value.is_some() { "map" } else { "set" }
}

/// A map of the standard library that nobody gave a hasher.
fn of_default_hasher(ty: &TypeName) -> Option<Map<'_>> {
    let map = ty.hash_map()?;
    let is_default = map.hasher.is_none_or(|hasher| hasher.name() == Some("RandomState"));
    (is_default && ty.std_name().is_some()).then_some(map)
}

fn hashing(through: NameTest) -> Witness {
    Witness { below: Some(hashes), through: Some(through), ..Witness::of(Quantity::Cpu, LEAST) }
}

/// Keys whose hash is the work of a few instructions: numbers, and what programs call their ids.
fn is_small(key: &TypeName) -> bool {
    let is_id = |name: &str| {
        ["Id", "ID", "Idx", "Index", "Symbol", "Atom", "Handle"]
            .iter()
            .any(|end| name.ends_with(end))
    };
    match key {
        TypeName::Tuple(parts) => !parts.is_empty() && parts.iter().all(is_small),
        key => key.is_integer() || key.is_char() || key.name().is_some_and(is_id),
    }
}

/// Where the map's type is written: the field of a struct of this file, or the `let`.
fn declared(site: &Site<'_, '_>, map: &Expr) -> Option<Related> {
    let label = "its hasher is the default one";
    if let Some(binding) = site.binding(map) {
        return match binding.origin {
            Origin::Let(_, stmt) => Some(site.related(stmt, label)),
            _ => None,
        };
    }
    let Expr::Field(syn::ExprField { member: syn::Member::Named(wanted), .. }) = map else {
        return None;
    };
    let fields = site.tree.ids().filter_map(|id| match site.tree.node(id) {
        Node::Item(syn::Item::Struct(item)) => Some(&item.fields),
        _ => None,
    });
    let mut found = fields.flatten().filter(|field| {
        let is_map = matches!(&field.ty, syn::Type::Path(path)
        if path.path.segments.last().is_some_and(|last| {
            last.ident == "HashMap" || last.ident == "HashSet"
        }));
        is_map && field.ident.as_ref() == Some(wanted)
    });
    let field = found.next()?;
    let bytes = site.tree.token(syn::spanned::Spanned::span(&field.ty));
    found.next().is_none().then(|| Related { span: site.span(bytes), label: label.to_owned() })
}

fn is_call(call: &ExprMethodCall) -> bool {
    call.method != "collect" && NAMES.iter().any(|name| call.method == name)
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

/// A map or set of the same interface with a faster hasher.
struct Faster {
    ty: String,
    /// The package that has yet to be depended on.
    missing: Option<&'static str>,
}

const CAVEAT: &str =
    "the order of the entries changes, and whoever chooses the keys can make it slow";

impl Faster {
    fn of(site: &Site<'_, '_>, name: &str) -> Faster {
        let depends = |name: &str| site.file.package.depends_on(name);
        let (krate, prefix, missing) = if !depends("rustc_hash") && depends("ahash") {
            ("ahash", "A", None)
        } else {
            ("rustc_hash", "Fx", (!depends("rustc_hash")).then_some("rustc-hash"))
        };
        Faster { ty: format!("{krate}::{prefix}{name}"), missing }
    }

    fn message(&self, of_what: &str) -> String {
        let first = self.missing.map_or(String::new(), |name| format!(" (`cargo add {name}`)"));
        format!("take `{}`{of_what}{first}", self.ty)
    }
}

/// The rewrites, the smallest first, or else the idea.
fn faster(site: &Site<'_, '_>, map: &Expr, is_map: bool) -> Vec<Suggestion> {
    let name = if is_map { "HashMap" } else { "HashSet" };
    let faster = Faster::of(site, name);
    // Before the edition of 2018, an expression names no crate by itself.
    let swap = Swap { name, to: &faster.ty };
    let here = swap.of_one(site, map).filter(|_| site.file.package.edition >= 2018);
    let here = here.map(|edits| (faster.message(""), edits));
    let in_file = swap
        .in_file(site)
        .map(|edits| (faster.message(&format!(" for every `{name}` of this file")), edits));
    let rewrites: Vec<Suggestion> = here
        .into_iter()
        .chain(in_file)
        .map(|(message, edits)| {
            Suggestion::with_caveat(message, edits, CAVEAT).needing(faster.missing)
        })
        .collect();
    if !rewrites.is_empty() {
        return rewrites;
    }
    let sketch = format!("let map = {}::default();", faster.ty);
    let idea = Suggestion::shown(faster.message(""), sketch);
    vec![Suggestion { caveat: Some(CAVEAT.to_owned()), ..idea }]
}

/// The map's own calls.
fn is_map(function: &str) -> bool {
    ["HashMap<", "HashSet<", "hash::map::HashMap", "hash::set::HashSet", "hashbrown::"]
        .iter()
        .any(|part| function.contains(part))
}

/// What fills a map from an iterator, not what the iterator asks of other maps.
fn is_collecting(function: &str) -> bool {
    function.ends_with("::collect") || function.contains("collect<")
}

/// Frames of SipHash, and of what makes a key's hash with it: parts of it are inlined there without
/// a frame of their own.
fn hashes(function: &str) -> bool {
    ["SipHasher", "DefaultHasher", "hash::sip", "siphash", "::hash_one", "::make_hash"]
        .iter()
        .any(|part| function.contains(part))
}
