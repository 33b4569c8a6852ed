//! # What it finds
//!
//! A `Vec`, `VecDeque` or `BinaryHeap` that is made empty and then filled in a loop whose number
//! of turns is known before it starts.
//!
//! Where only the iterator knows the number, where each turn adds any number of elements, or where
//! an empty vector is lent to what fills it in a loop, it is a suspect: listed with `--all`, and
//! otherwise only where the profile proves the cost.
//!
//! # What it costs
//!
//! The buffer doubles as it fills: each time the allocator is asked again and everything that was
//! added so far may be copied. For *n* elements that is about log₂(*n*) reallocations and up to
//! *n* copied elements, where one allocation would do.
//!
//! # The rewrite
//!
//! `with_capacity` where the collection is made, or `reserve` before the loop where the number is
//! known only there. Safe where each turn adds a fixed number of elements; otherwise it may
//! reserve more than is used. Where no expression gives the number, the iterator's `size_hint` or
//! the usual length is shown; with a profile, the room that it reached in the first
//! bench of the evidence.
//!
//! # When to keep the code
//!
//! The collection stays small: the first element added already allocates room for four or eight,
//! and reserving by hand was measured to be slower there. Or the number comes from outside and may
//! be far larger than what is really read.
//!
//! # How it was proved
//!
//! The profile shows the growth below these very calls, not below what computes the elements.
//! `ui-tests/unpreallocated_vec` holds the code before and after.

use crate::lint::claim::Growth;
use crate::lint::filled::{Filled, filled, lent, room};
use crate::lint::prelude::*;
use crate::source::bindings::{self, Origin};

/// See the text above.
pub static LINT: Lint = Lint {
    name: "unpreallocated_vec",
    summary: "a vector grows step by step to a length that is known before",
    on: &[Kind::Let],
    methods: &[],
    check,
};

/// What hardly any turn adds to: room for all would be room for nothing.
const RARE: [&str; 8] =
    ["err", "fail", "warn", "problem", "invalid", "missing", "diagnos", "conflict"];

/// What a vector makes room for at first, of elements that are neither bytes nor very large.
const LEAST: u64 = 4;

const ADDS: [&str; 3] = ["push", "push_back", "push_front"];
const EXTENDS: [&str; 3] = ["extend", "extend_from_slice", "append"];
const RESERVES: [&str; 4] = ["reserve", "reserve_exact", "try_reserve", "resize"];

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    pushed(site).or_else(|| lent_out(site))
}

/// `let mut buffer = Vec::new();` and calls that read into it, or write to it, in a loop.
fn lent_out(site: &Site<'_, '_>) -> Option<Claim> {
    let binding = bindings::of_let(site.tree, site.node)?;
    let Origin::Let(local, stmt) = binding.origin else { return None };
    let made = &*local.init.as_ref()?.expr;
    let (path, types) = made_by(site, made)?;
    let calls = lent(site, &binding, stmt)?;
    let name = binding.name.ident.to_string();
    let related = site.related(calls[0], "filled here");
    let claim = Claim::new(stmt, format!("`{name}` grows step by step"))
        .regions(calls)
        .label("made empty, and filled by others in a loop")
        .shape(Shape::Possible)
        .types(types)
        .about(stmt)
        .witness(Witness::growth_in(grows).through(adds))
        .related(related);
    let room = (!has_one(made)).then(|| room(site, made, &path, Growth::Buffer(LEAST)));
    Some(claim.room(room).suggest(Some(by_hand(&path, &name, None))))
}

fn pushed(site: &Site<'_, '_>) -> Option<Claim> {
    let found = filled(site, &ADDS, &EXTENDS, &RESERVES)?;
    let (path, types) = made_empty(site, &found)?;
    if found.is_small() {
        return None;
    }
    let name = &found.binding.name.ident;
    let reserved = if has_one(found.made) {
        None
    } else {
        found.reserve(site, |capacity| Some(format!("{path}::with_capacity({capacity})")))
    };
    let is_rare = reserved.as_ref().is_some_and(|reserved| !reserved.exact)
        && RARE.iter().any(|rare| name.to_string().starts_with(rare));
    let is_listed = RARE.iter().any(|rare| name.to_string().starts_with(rare));
    let shape = match &reserved {
        Some(_) if !is_rare => Shape::Suspect,
        None if !is_listed && found.may_grow_long(site) => Shape::Possible,
        _ => Shape::NeedsProof,
    };
    let message = match &reserved {
        Some(reserved) => {
            let most = if reserved.exact { "" } else { "at most " };
            let length = &reserved.capacity;
            format!("`{name}` grows step by step to a length known before: {most}`{length}`")
        }
        None => format!("`{name}` grows step by step"),
    };
    let unknown = reserved.is_none() && !has_one(found.made);
    let room = unknown.then(|| room(site, found.made, &path, Growth::Buffer(LEAST)));
    let is_exact = reserved.as_ref().is_some_and(|reserved| reserved.exact);
    // What is added before the loop makes the first room.
    let adds = found.adds.iter().map(|&(id, _)| id).chain(found.single.iter().copied());
    let mut claim = Claim::new(found.adds[0].0, message)
        .room(room)
        .regions(adds)
        .label("each time the buffer is full it is allocated anew and copied")
        .shape(shape)
        .types(types)
        .about(found.stmt)
        .witness(Witness::growth_in(grows).through(self::adds))
        .suggest(Some(match reserved {
            Some(reserved) => Suggestion {
                message: format!("reserve `{}` elements", reserved.capacity),
                grade: reserved.grade,
                edits: reserved.edits,
                sketch: None,
                caveat: reserved.caveat,
                dependency: None,
            },
            None => by_hand(&path, &name.to_string(), found.walked(site)),
        }));
    claim.related.push(site.related(found.stmt, "made empty here"));
    if is_exact {
        // What is saved is known to the piece, however little of the time it is.
        claim = claim.witness(Witness::growths_in(grows).through(self::adds));
    }
    Some(claim)
}

/// Whether it is made with an element, as `vec![0]` is.
fn has_one(made: &Expr) -> bool {
    matches!(made, Expr::Macro(call) if !call.mac.tokens.is_empty())
}

/// The type of an empty vector, as it is written.
fn made_empty(site: &Site<'_, '_>, found: &Filled<'_>) -> Option<(String, Types)> {
    // `let mut all: Vec<_> = Default::default();`
    if let Expr::Call(call) = found.made
        && let Expr::Path(function) = &*call.func
        && site.resolve(&function.path) == "Default::default"
        && call.args.is_empty()
    {
        let path = found.declared(site, &["Vec", "VecDeque", "BinaryHeap"])?;
        return Some((path, Types::Inferred));
    }
    made_by(site, found.made)
}

/// The type that an empty constructor names, as it is written.
fn made_by(site: &Site<'_, '_>, made: &Expr) -> Option<(String, Types)> {
    match made {
        Expr::Call(call) => {
            let Expr::Path(function) = &*call.func else { return None };
            let text = site.source(&call.func);
            let (owner, constructor) = text.rsplit_once("::")?;
            let zero =
                |arg: Option<&Expr>| matches!(arg, Some(Expr::Lit(lit)) if is_zero(&lit.lit));
            let empty = match constructor {
                "new" | "default" => call.args.is_empty(),
                "with_capacity" => zero(call.args.first()),
                _ => false,
            };
            let full = site.resolve(&function.path);
            let ty = full.rsplit_once("::").map_or("", |(ty, _)| ty);
            let is_std = match ty {
                "Vec" => !site.names.has_globs_of_collections(),
                "std::vec::Vec" | "alloc::vec::Vec" => true,
                _ => {
                    let name = ty.rsplit("::").next().unwrap_or_default();
                    matches!(name, "VecDeque" | "BinaryHeap")
                        && (ty.starts_with("std::collections")
                            || ty.starts_with("alloc::collections"))
                }
            };
            (empty && is_std).then(|| (owner.to_owned(), Types::Inferred))
        }
        Expr::Macro(call) if call.mac.path.is_ident("vec") && call.mac.tokens.is_empty() => {
            Some(("Vec".to_owned(), Types::Inferred))
        }
        // `let mut starts = vec![0];`
        Expr::Macro(call) if call.mac.path.is_ident("vec") => {
            let list = site.tree.arguments(&call.mac)?;
            let is_one = list.exprs.len() == 1 && !site.source(made).contains(';');
            is_one.then(|| ("Vec".to_owned(), Types::Inferred))
        }
        _ => None,
    }
}

fn is_zero(literal: &syn::Lit) -> bool {
    matches!(literal, syn::Lit::Int(int) if int.base10_digits() == "0")
}

/// The calls that add an element.
fn adds(function: &str) -> bool {
    const NAMES: [&str; 5] = ["::push", "::push_mut", "::push_back", "::push_front", "::grow_one"];
    let name = function.trim_end_matches('>').split("::<").next().unwrap_or(function);
    NAMES.iter().any(|end| name.ends_with(end) || function.ends_with(end))
        || function.contains("::grow")
}

/// Frames that only a growing buffer has.
fn grows(function: &str) -> bool {
    ["grow_one", "grow_amortized", "finish_grow", "do_reserve_and_handle"]
        .iter()
        .any(|part| function.contains(part))
        || function.ends_with("realloc")
        || function.ends_with("::grow")
}

fn by_hand(path: &str, name: &str, walked: Option<String>) -> Suggestion {
    match walked {
        Some(walked) => Suggestion::shown(
            "reserve what the iterator says it has",
            format!(
                "let walked = ({walked}).into_iter();\n\
                 let mut {name} = {path}::with_capacity(walked.size_hint().0);"
            ),
        ),
        None => Suggestion::shown(
            "give the capacity that it usually reaches",
            format!("let mut {name} = {path}::with_capacity(usual_length);"),
        ),
    }
}
