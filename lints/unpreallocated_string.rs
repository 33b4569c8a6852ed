//! # What it finds
//!
//! A `String`, `OsString` or `Vec<u8>` that is made empty and then built in a loop, piece by
//! piece: `push`, `push_str`, `+=`, `write!`, `extend_from_slice`, or lent to what writes to it;
//! or put together from many pieces without a loop.
//!
//! # What it costs
//!
//! The buffer doubles as it fills: each time the allocator is asked again and everything that was
//! written so far may be copied.
//!
//! # The rewrite
//!
//! `with_capacity` where it is made. Where the number of turns is known and each writes at least
//! some constant text, that much is reserved: never too much, and some steps fewer. Where
//! characters are copied one by one, the length of what they are copied from is the measure. Where
//! nothing is known, the usual length is shown, and with a profile the room that it reached in the
//! first bench of the evidence; the text is a suspect: listed with `--all`, and otherwise only
//! where the profile proves the cost.
//!
//! # When to keep the code
//!
//! The text stays short, or nobody knows how long it gets: reserving by guess was measured to be
//! slower as often as faster.
//!
//! # How it was proved
//!
//! The profile shows the growth below these very calls. `ui-tests/unpreallocated_string` holds the
//! code before and after.

use crate::lint::claim::Growth;
use crate::lint::filled::{Filled, PerTurn, ends_search, is_conditional, leaves, lent, room};
use crate::lint::prelude::*;
use crate::lint::turns::{self, Turns};
use crate::source::bindings::{self, Origin, Use, UseRole};

/// See the text above.
pub static LINT: Lint = Lint {
    name: "unpreallocated_string",
    summary: "a text grows step by step",
    on: &[Kind::Let],
    methods: &[],
    check,
};

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let tree = site.tree;
    let binding = bindings::of_let(tree, site.node)?;
    binding.name.mutability?;
    let Origin::Let(local, stmt) = binding.origin else { return None };
    let made = &*local.init.as_ref()?.expr;
    let path = made_empty(site, made)?;
    if path == "String"
        && let Some(calls) = lent(site, &binding, stmt)
    {
        let claim = lent_out(site, &binding.name.ident.to_string(), stmt, calls);
        return Some(claim.room(Some(room(site, made, &path, Growth::Bytes))));
    }
    let in_loop = |id: NodeId| loops::around(tree, id).any(|turn| turn.id > stmt);
    if !site.uses(&binding).iter().any(|used| in_loop(used.id)) {
        let claim = in_sequence(site, &binding, stmt, &path)?;
        return Some(claim.room(Some(room(site, made, &path, Growth::Bytes))));
    }
    let mut outer: Option<loops::Loop<'_>> = None;
    let (mut adds, mut single) = (Vec::new(), Vec::new());
    for used in site.uses(&binding) {
        let Some(add) = adds_to(site, &used) else {
            match used.role {
                UseRole::Receiver(call) if is_sized(&call.method.to_string()) => return None,
                UseRole::Assigned => return None,
                UseRole::BorrowedMut | UseRole::Moved | UseRole::Opaque if outer.is_none() => {
                    return None;
                }
                _ => continue,
            }
        };
        let around = loops::around(tree, add).take_while(|turn| turn.id > stmt).last();
        match (around, &outer) {
            (Some(around), None) => outer = Some(around),
            (Some(around), Some(known)) if around.id == known.id => {}
            (None, _) => {
                single.push(add);
                continue;
            }
            _ => continue,
        }
        adds.push(add);
    }
    let outer = outer?;
    let is_short = adds_few(site, &outer, &adds);
    let function = |id| site.function(id).map(|function| function.id);
    if function(stmt) != function(outer.id) || (path.starts_with("Vec") && !is_bytes(site, &adds)) {
        return None;
    }
    let (turns, per_turn) = size(site, outer, &adds).unzip();
    let name = &binding.name.ident;
    // What is added before the loop makes the first room.
    let regions: Vec<NodeId> = adds.iter().chain(&single).copied().collect();
    let filled = Filled {
        binding,
        stmt,
        made,
        outer,
        adds: Vec::new(),
        single,
        per_turn,
        turns: turns.clone(),
        is_emptied: false,
    };
    let reserved =
        filled.reserve(site, |capacity| Some(format!("{path}::with_capacity({capacity})")));
    let is_small =
        is_short || turns.and_then(|turns| turns.constant).is_some_and(|turns| turns < FEW);
    let suggestion = match reserved {
        Some(reserved) => Suggestion {
            message: format!("reserve `{}` bytes", reserved.capacity),
            grade: reserved.grade,
            edits: reserved.edits,
            sketch: None,
            caveat: reserved.caveat,
            dependency: None,
        },
        None => Suggestion::shown(
            "give the capacity that it usually reaches",
            format!("let mut {name} = {path}::with_capacity(usual_length);"),
        ),
    };
    let is_unknown = suggestion.grade == Grade::Display;
    let shape = match suggestion.grade {
        _ if is_small => Shape::NeedsProof,
        Grade::Display if filled.may_grow_long(site) => Shape::Possible,
        Grade::Display => Shape::NeedsProof,
        _ => Shape::Suspect,
    };
    Some(
        Claim::new(stmt, format!("`{name}` grows step by step"))
            .regions(regions)
            .label("made empty here")
            .shape(shape)
            .types(Types::Inferred)
            .about(stmt)
            .witness(Witness::growth_in(grows).through(writes))
            .related(site.related(adds[0], "each time the buffer is full it is copied"))
            .room(is_unknown.then(|| room(site, made, &path, Growth::Bytes)))
            .suggest(Some(suggestion)),
    )
}

/// Below so many pieces a text is not worth a word.
const FEW: u64 = 16;

/// Whether a loop of so many turns pushes single characters: what leaves it early makes it shorter.
fn adds_few(site: &Site<'_, '_>, outer: &loops::Loop<'_>, adds: &[NodeId]) -> bool {
    let LoopKind::For(turn) = outer.kind else { return false };
    let pushes = |&id: &NodeId| {
        matches!(site.tree.expr(id), Some(Expr::MethodCall(call)) if call.method == "push")
            && loops::innermost(site.tree, id).is_some_and(|inner| inner.id == outer.id)
    };
    let turns = turns::of(site, &turn.expr).and_then(|turns| turns.constant);
    let is_few = |turns: u64| turns.saturating_mul(adds.len() as u64) < FEW;
    turns.is_some_and(is_few) && adds.iter().all(pushes)
}

/// From so many pieces on a text that is put together without a loop is worth a word.
const PIECES: usize = 4;

/// Pieces that are added one after the other, in no loop.
fn in_sequence<'a>(
    site: &Site<'_, 'a>,
    binding: &bindings::Binding<'a>,
    stmt: NodeId,
    path: &str,
) -> Option<Claim> {
    let uses = site.uses(binding);
    let adds: Vec<NodeId> = uses.iter().filter_map(|used| adds_to(site, used)).collect();
    let block = site.tree.parent(stmt)?;
    let is_sized = |used: &Use<'_>| matches!(used.role, UseRole::Receiver(call) if is_sized(&call.method.to_string()));
    if uses.iter().any(is_sized) {
        return None;
    }
    let direct = adds.iter().filter(|&&id| !is_conditional(site, id, block)).count();
    if path != "String" || direct < PIECES {
        return None;
    }
    let name = &binding.name.ident;
    let last = *adds.last()?;
    let related = site.related(last, "the last of its pieces");
    Some(
        Claim::new(stmt, format!("`{name}` grows with each of its {} pieces", adds.len()))
            .regions(adds)
            .label("made empty here")
            .shape(Shape::Possible)
            .types(Types::Inferred)
            .about(stmt)
            .witness(Witness::growth_in(grows).through(writes))
            .related(related)
            .suggest(Some(Suggestion::shown(
                "reserve what the pieces need",
                format!("let mut {name} = String::with_capacity(a.len() + b.len() + …);"),
            ))),
    )
}

/// Calls in a loop that read into a text, or write to it.
fn lent_out(site: &Site<'_, '_>, name: &str, stmt: NodeId, calls: Vec<NodeId>) -> Claim {
    let related = site.related(calls[0], "filled here");
    Claim::new(stmt, format!("`{name}` grows step by step"))
        .regions(calls)
        .label("made empty, and filled by others in a loop")
        .shape(Shape::Possible)
        .types(Types::Inferred)
        .about(stmt)
        .witness(Witness::growth_in(grows).through(writes))
        .related(related)
        .suggest(Some(Suggestion::shown(
            "give the capacity that it usually reaches",
            format!("let mut {name} = String::with_capacity(usual_length);"),
        )))
}

/// The type of an empty text, as it is written.
fn made_empty(site: &Site<'_, '_>, made: &Expr) -> Option<String> {
    // `"".to_string()`
    if let Expr::MethodCall(call) = made
        && literal_text(&call.receiver).is_some_and(|text| text.is_empty())
        && matches!(call.method.to_string().as_str(), "to_string" | "to_owned")
    {
        return Some("String".to_owned());
    }
    let Expr::Call(call) = made else { return None };
    let Expr::Path(function) = &*call.func else { return None };
    let full = site.resolve(&function.path);
    let (ty, constructor) = full.rsplit_once("::")?;
    let empty = match (constructor, call.args.first()) {
        ("new" | "default", None) => true,
        ("with_capacity", Some(arg)) => site.source(arg) == "0",
        ("from", Some(arg)) => literal_text(arg).is_some_and(|text| text.is_empty()),
        _ => false,
    };
    let owner = site.source(&call.func).rsplit_once("::")?.0;
    let is_text = matches!(
        ty,
        "String" | "std::string::String" | "Vec" | "std::vec::Vec" | "std::ffi::OsString"
    );
    (empty && is_text).then(|| owner.to_owned())
}

/// Calls after which nobody knows the capacity.
fn is_sized(name: &str) -> bool {
    ["reserve", "reserve_exact", "try_reserve", "resize", "clear"].contains(&name)
}

/// The node that appends to the text, if a use does.
fn adds_to(site: &Site<'_, '_>, used: &Use<'_>) -> Option<NodeId> {
    const METHODS: [&str; 8] = [
        "push",
        "push_str",
        "extend",
        "extend_from_slice",
        "write_all",
        "write_str",
        "write_char",
        "write_fmt",
    ];
    let parent = site.tree.parent(used.id)?;
    match used.role {
        UseRole::Receiver(call) => METHODS.iter().any(|name| call.method == name).then_some(parent),
        UseRole::Updated => Some(parent),
        UseRole::Formatted => {
            let mac = macro_at(site, parent)?;
            let first = site.tree.arguments(mac)?.exprs.first()?;
            let writes = mac.path.is_ident("write") || mac.path.is_ident("writeln");
            (writes && site.tree.id(first) == Some(used.id)).then_some(parent)
        }
        _ => None,
    }
}

fn macro_at<'a>(site: &Site<'_, 'a>, id: NodeId) -> Option<&'a syn::Macro> {
    match site.tree.node(id) {
        Node::Expr(Expr::Macro(call)) => Some(&call.mac),
        Node::Stmt(Stmt::Macro(call)) => Some(&call.mac),
        _ => None,
    }
}

/// Whether a vector is one of bytes: it is extended by slices or written to.
fn is_bytes(site: &Site<'_, '_>, adds: &[NodeId]) -> bool {
    adds.iter().any(|&id| match site.tree.expr(id) {
        Some(Expr::MethodCall(call)) => {
            matches!(call.method.to_string().as_str(), "write_all" | "extend_from_slice")
        }
        _ => macro_at(site, id).is_some(),
    })
}

/// The turns of the loop, and how many bytes each adds at the least.
fn size<'a>(
    site: &Site<'_, 'a>,
    outer: loops::Loop<'a>,
    adds: &[NodeId],
) -> Option<(Turns, PerTurn)> {
    let LoopKind::For(turn) = outer.kind else { return None };
    let ends = |expr: &Expr| matches!(expr, Expr::Break(_)) || ends_search(expr);
    let skips = |expr: &Expr| matches!(expr, Expr::Continue(_));
    if leaves(site, outer.id, ends) {
        return None;
    }
    let always = |id: &&NodeId| {
        loops::innermost(site.tree, **id).is_some_and(|inner| inner.id == outer.id)
            && !is_conditional(site, **id, outer.id)
    };
    if let Some(text) = characters_of(site, &turn.expr) {
        let turns = turns::measured(text, true).at_most();
        return adds.iter().any(|id| always(&id)).then_some((turns, PerTurn::AtMostOne));
    }
    let least: usize = adds.iter().filter(always).map(|&id| least_bytes(site, id)).sum();
    if least == 0 || leaves(site, outer.id, skips) {
        return None;
    }
    Some((turns::of(site, &turn.expr)?, PerTurn::Exactly(least)))
}

/// `text.chars()`, where `text.len()` is the number of bytes.
fn characters_of<'a>(site: &Site<'_, 'a>, walked: &'a Expr) -> Option<String> {
    let Expr::MethodCall(call) = walked else { return None };
    let walks = ["chars", "bytes", "char_indices"].iter().any(|name| call.method == name);
    let is_text =
        walks && place::is_place(&call.receiver) && site.type_of(&call.receiver).ty.is_text();
    is_text.then(|| format!("{}.len()", site.source(&call.receiver)))
}

/// How many bytes a call appends at the least.
fn least_bytes(site: &Site<'_, '_>, id: NodeId) -> usize {
    let of = |expr: &Expr| match place::bare(expr) {
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => text.value().len(),
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Char(one), .. }) => one.value().len_utf8(),
        _ => 0,
    };
    match site.tree.expr(id) {
        Some(Expr::MethodCall(call)) if call.method == "push" => {
            call.args.first().map_or(0, |arg| of(arg).max(1))
        }
        Some(Expr::MethodCall(call)) => call.args.first().map_or(0, of),
        Some(Expr::Binary(both)) => of(&both.right),
        _ => macro_at(site, id).and_then(|mac| constant_part(site, mac)).unwrap_or(0),
    }
}

/// The text around the placeholders of `write!`.
fn constant_part(site: &Site<'_, '_>, mac: &syn::Macro) -> Option<usize> {
    let format = literal_text(site.tree.arguments(mac)?.exprs.get(1)?)?;
    let format = format.replace("{{", "x").replace("}}", "x");
    let mut count = usize::from(mac.path.is_ident("writeln"));
    for (at, part) in format.split('{').enumerate() {
        let (asked, constant) = part.split_once('}').unwrap_or(("", part));
        count += constant.len() + if at > 0 { least_width(asked) } else { 0 };
    }
    Some(count)
}

/// The width that a number is padded to: 2 of `{:02x}`.
fn least_width(placeholder: &str) -> usize {
    let Some((_, spec)) = placeholder.split_once(':') else { return 0 };
    let is_number = spec.starts_with('0') && spec.trim_end_matches(['x', 'X', 'b', 'o']) != "0";
    let digits = spec.trim_end_matches(['x', 'X', 'b', 'o']);
    if is_number { digits.parse().unwrap_or(0) } else { 0 }
}

/// The calls that append.
fn writes(function: &str) -> bool {
    let ends = [
        "::push",
        "::push_str",
        "::add_assign",
        "::extend",
        "::write_fmt",
        "::write_str",
        "::write_char",
        "::extend_from_slice",
        "::write_all",
        "::grow_one",
        "fmt::write",
    ];
    ends.iter().any(|end| function.ends_with(end)) || function.contains("Write")
}

/// Frames that only a growing buffer has.
fn grows(function: &str) -> bool {
    ["grow_one", "grow_amortized", "finish_grow", "do_reserve_and_handle"]
        .iter()
        .any(|part| function.contains(part))
        || function.ends_with("realloc")
}
