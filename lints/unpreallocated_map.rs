//! # What it finds
//!
//! A `HashMap`, `HashSet`, `IndexMap` or `IndexSet` that is made empty and then filled in a loop
//! whose number of turns is known before it starts.
//!
//! Where only the iterator knows the number, or where the type is only called like a hash map
//! (`LinkedHashMap`, `FnvHashMap`), it is a suspect: listed with `--all`, and otherwise only where
//! the profile proves the cost.
//!
//! # What it costs
//!
//! A hash table that is full is allocated anew at twice the size, and every entry is hashed again
//! and moved. For *n* entries that is about log₂(*n*) times, and *n* hashes more than needed.
//!
//! # The rewrite
//!
//! `with_capacity` where the map is made (`with_capacity_and_hasher` where it has a hasher of its
//! own), or `reserve` before the loop. With the standard hasher it is safe: the order of the
//! entries is random anyway. With a fixed hasher the order may depend on the capacity. Where no
//! expression gives the number, or keys may be equal, the room is written that the map reached in
//! the first bench of the evidence: the sizes of its tables are in the profile.
//!
//! # When to keep the code
//!
//! Most keys are equal, so that the map stays far smaller than the loop is long; or the number
//! comes from outside and may be far larger than what is really read.
//!
//! # How it was proved
//!
//! The profile shows the rehashing below these very calls. `ui-tests/unpreallocated_map` holds the
//! code before and after.

use crate::lint::claim::{Growth, Room};
use crate::lint::filled::{Filled, filled};
use crate::lint::prelude::*;
use crate::model::type_name::TypeName;

/// See the text above.
pub static LINT: Lint = Lint {
    name: "unpreallocated_map",
    summary: "a map rehashes step by step on its way to a size that is known before",
    on: &[Kind::Let],
    methods: &[],
    check,
};

const ADDS: [&str; 2] = ["insert", "entry"];
const EXTENDS: [&str; 1] = ["extend"];
const RESERVES: [&str; 2] = ["reserve", "try_reserve"];

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let found = filled(site, &ADDS, &EXTENDS, &RESERVES)?;
    let made = made_empty(site, &found)?;
    if found.is_small() {
        return None;
    }
    let name = &found.binding.name.ident;
    let by_entry = found.adds.iter().any(|(_, call)| call.method == "entry");
    let reserved = found.reserve(site, |capacity| Some(made.with_capacity(capacity)));
    let shape = match &reserved {
        Some(_) if made.is_known => Shape::Suspect,
        _ if found.may_grow_long(site) && !has_few_keys(&found) => Shape::Possible,
        _ => Shape::NeedsProof,
    };
    let message = match &reserved {
        Some(reserved) => {
            let most = if reserved.exact && !by_entry { "" } else { "at most " };
            let size = &reserved.capacity;
            format!("`{name}` rehashes step by step up to a size known before: {most}`{size}`")
        }
        None => format!("`{name}` rehashes step by step"),
    };
    let mut claim = Claim::new(found.adds[0].0, message)
        .regions(found.adds.iter().map(|&(id, _)| id))
        .label("each time the table is full, every entry is hashed again and moved")
        .shape(shape)
        .types(if made.is_known { Types::Inferred } else { Types::Unknown })
        .about(found.stmt)
        .witness(Witness::cpu_in(rehashes).through(adds));
    claim.related.push(site.related(found.stmt, "made empty here"));
    // How many keys are different, only a measurement tells.
    if made.is_known && (by_entry || reserved.is_none()) {
        claim = claim.room(Some(made.room(site, &found)));
    }
    let Some(reserved) = reserved.filter(|_| made.is_known) else {
        return Some(claim.suggest(Some(made.by_hand(&name.to_string()))));
    };
    let (grade, caveat) = if by_entry {
        (
            Grade::Unsafe,
            Some("equal keys share an entry: it may reserve more than is used".to_owned()),
        )
    } else if made.is_fixed_order && reserved.grade == Grade::Safe {
        (Grade::Unsafe, Some(ORDER_MAY_CHANGE.to_owned()))
    } else {
        (reserved.grade, reserved.caveat)
    };
    Some(claim.suggest(Some(Suggestion {
        message: format!("reserve `{}` entries", reserved.capacity),
        grade,
        edits: reserved.edits,
        sketch: None,
        caveat,
        dependency: None,
    })))
}

const ORDER_MAY_CHANGE: &str =
    "with this hasher the order of the entries may depend on the capacity";

/// Letters and bytes come again and again: the map stays far smaller than the walk is long.
fn has_few_keys(found: &Filled<'_>) -> bool {
    let LoopKind::For(turn) = found.outer.kind else { return false };
    matches!(&*turn.expr, Expr::MethodCall(call)
        if matches!(call.method.to_string().as_str(), "chars" | "char_indices" | "bytes"))
}

/// An empty constructor.
struct Made {
    /// The type, as it is written.
    path: String,
    /// It has a hasher of its own, or may have one.
    has_hasher: bool,
    /// What makes the hasher.
    hasher_made: String,
    /// Its order does not change from run to run.
    is_fixed_order: bool,
    /// A map of the standard library or of a crate that is known here, not one that is called so.
    is_known: bool,
}

impl Made {
    fn with_capacity(&self, capacity: &str) -> String {
        let path = &self.path;
        if self.has_hasher {
            format!("{path}::with_capacity_and_hasher({capacity}, {})", self.hasher_made)
        } else {
            format!("{path}::with_capacity({capacity})")
        }
    }

    /// How to ask for the room that it usually needs.
    fn room(&self, site: &Site<'_, '_>, found: &Filled<'_>) -> Room {
        let made = self.with_capacity(Room::LENGTH);
        let mut room = Room::new(Growth::Table, site.replace(site.tree.bytes(found.made), made));
        if self.is_fixed_order {
            room.caveat = format!("{}; {ORDER_MAY_CHANGE}", room.caveat);
        }
        room
    }

    fn by_hand(&self, name: &str) -> Suggestion {
        Suggestion {
            message: "give the capacity that it usually reaches".to_owned(),
            grade: Grade::Display,
            edits: Vec::new(),
            sketch: Some(format!("let mut {name} = {};", self.with_capacity("usual_size"))),
            caveat: None,
            dependency: None,
        }
    }
}

fn made_empty(site: &Site<'_, '_>, found: &Filled<'_>) -> Option<Made> {
    let Expr::Call(call) = found.made else { return None };
    let Expr::Path(function) = &*call.func else { return None };
    let (mut path, constructor) = site.source(&call.func).rsplit_once("::")?;
    let mut hasher_made = None;
    match (constructor, call.args.len()) {
        ("new" | "default", 0) => {}
        ("with_capacity", 1) if is_zero(&call.args[0]) => {}
        ("with_hasher", 1) => hasher_made = Some(site.source(&call.args[0]).to_owned()),
        _ => return None,
    }
    let mut full = site.resolve(&function.path);
    let declared_as;
    if full == "Default::default" {
        const MAPS: [&str; 8] = [
            "HashMap",
            "HashSet",
            "IndexMap",
            "IndexSet",
            "FxHashMap",
            "FxHashSet",
            "AHashMap",
            "AHashSet",
        ];
        declared_as = found.declared(site, &MAPS)?;
        path = &declared_as;
        full = format!("{}::default", site.resolve(&syn::parse_str(path).ok()?));
    }
    let (ty, _) = full.rsplit_once("::")?;
    let name = ty.rsplit("::").next()?;
    let is_std = ty.starts_with("std::collections") || ty.starts_with("hashbrown");
    let is_indexed = ty.starts_with("indexmap");
    let is_known = match name {
        "HashMap" | "HashSet" if is_std => true,
        "IndexMap" | "IndexSet" if is_indexed => true,
        "FxHashMap" | "FxHashSet" | "AHashMap" | "AHashSet" => true,
        _ if ["HashMap", "HashSet", "IndexMap", "IndexSet"]
            .iter()
            .any(|end| name.ends_with(end)) =>
        {
            false
        }
        _ => return None,
    };
    // `default()` makes a map with whatever hasher the type asks for.
    let name_of_local = found.binding.name.ident.to_string();
    let declared = site.types.type_of_local(found.adds[0].0, &name_of_local).ty;
    let hasher = declared.hash_map().and_then(|map| map.hasher).cloned();
    let is_standard = hasher.as_ref().is_none_or(is_random);
    let has_hasher = hasher_made.is_some()
        || constructor == "default"
        || name.starts_with("Fx")
        || name.starts_with('A');
    let is_fixed_order =
        !is_indexed && (!is_standard || name.starts_with("Fx") || has_hasher && hasher.is_none());
    let hasher_made = hasher_made.unwrap_or_else(|| "Default::default()".to_owned());
    Some(Made { path: path.to_owned(), has_hasher, hasher_made, is_fixed_order, is_known })
}

fn is_zero(expr: &Expr) -> bool {
    matches!(expr, Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(int), .. })
        if int.base10_digits() == "0")
}

fn is_random(hasher: &TypeName) -> bool {
    hasher.name() == Some("RandomState")
}

/// The calls that add an entry.
fn adds(function: &str) -> bool {
    let is_map = ["HashMap<", "HashSet<", "IndexMap<", "IndexSet<", "hashbrown::"]
        .iter()
        .any(|part| function.contains(part));
    let adds = ["::insert", "::entry", "::rustc_entry", "::insert_full", "::reserve"];
    is_map && adds.iter().any(|end| function.ends_with(end))
}

/// Frames that only a growing table has.
fn rehashes(function: &str) -> bool {
    let resizes = function.contains("RawTable<") && function.ends_with("::resize");
    let parts =
        ["reserve_rehash", "resize_inner", "::reserve_entries", "RawTableInner::prepare_resize"];
    resizes || parts.iter().any(|part| function.contains(part))
}
