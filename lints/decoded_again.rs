//! # What it finds
//!
//! Bytes, a path or an environment string that is made a text more than once: `to_string_lossy` or
//! `from_utf8` of the same thing twice in a function, or on each turn of a loop in which it stays
//! the same; a lossy text that is copied once more (`to_string_lossy().to_string()`), as any other
//! that may be borrowed or owned, also where only the profile tells that it is a `Cow`; and one that is
//! made owned only to be read.
//!
//! # What it costs
//!
//! Each byte is checked again, and where one is not UTF-8, or the text is copied, an allocation.
//!
//! # The rewrite
//!
//! Decode once and keep the text; `into_owned` copies only what is borrowed.
//!
//! # When to keep the code
//!
//! The two places are never both reached, or the text is short and hardly ever asked for.
//!
//! # How it was proved
//!
//! The profile shows time or allocation below the call. `ui-tests/decoded_again` holds the code
//! before and after.

use crate::lint::copies::only_reads;
use crate::lint::prelude::*;
use crate::lint::untouched::stays;
use crate::source::bindings;
use crate::source::loops::around;

/// See the text above.
pub static LINT: Lint = Lint {
    name: "decoded_again",
    summary: "bytes or a path are made a text once more",
    on: &[Kind::MethodCall, Kind::Call],
    methods: &["to_string", "to_owned", "into_owned", "to_string_lossy"],
    check,
};

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let expr = site.expr()?;
    if let Expr::MethodCall(call) = expr
        && call.args.is_empty()
    {
        match call.method.to_string().as_str() {
            "to_string" | "to_owned" => return copied(site, call),
            "into_owned" => return only_read(site, call),
            _ => {}
        }
    }
    let of = decoded(site, expr)?;
    twice(site, expr, of).or_else(|| each_turn(site, of))
}

/// What is decoded, if an expression decodes.
fn decoded<'a>(site: &Site<'_, '_>, expr: &'a Expr) -> Option<&'a Expr> {
    match expr {
        Expr::MethodCall(call) => {
            (call.method == "to_string_lossy" && call.args.is_empty()).then_some(&*call.receiver)
        }
        Expr::Call(call) if call.args.len() == 1 => {
            let Expr::Path(path) = &*call.func else { return None };
            let last = &path.path.segments.last()?.ident;
            if last != "from_utf8_lossy" && last != "from_utf8" {
                return None;
            }
            let name = site.source(&call.func);
            let decodes = name.ends_with("from_utf8_lossy") || name.ends_with("str::from_utf8");
            decodes.then(|| place::bare(&call.args[0]))
        }
        _ => None,
    }
}

const OWNED_ALREADY: &str = "a text that may be owned already is copied once more";
const COPIED_ALWAYS: &str = "copied whether it is owned or not";

/// `path.to_string_lossy().to_string()`.
fn copied<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall) -> Option<Claim> {
    let inner = place::bare(&call.receiver);
    if decoded(site, inner).is_none() && !is_cow(site, inner) {
        return copied_as_measured(site, call, inner);
    }
    if matches!(inner, Expr::Call(inner) if site.source(&inner.func).ends_with("::from_utf8")) {
        return None;
    }
    // Of a `Cow` that is made within the statement nobody sees which of the two it was.
    let edit = site.replace(site.tree.token(call.method.span()), "into_owned");
    let is_known = match inner {
        Expr::MethodCall(inner) => matches!(
            site.type_of(&inner.receiver).ty.peeled().std_name(),
            Some("Path" | "PathBuf" | "OsStr" | "OsString" | "CStr" | "CString")
        ),
        _ => true,
    };
    let suggestion = if call.method == "to_string" && is_known {
        Suggestion::safe("take what it owns", vec![edit])
    } else {
        // `to_owned` of a `Cow` is a `Cow`.
        Suggestion::shown("take what it owns", ".into_owned()")
    };
    Some(claim(site, OWNED_ALREADY).label(COPIED_ALWAYS).suggest(Some(suggestion)))
}

/// `stemmer.stem(word).to_string()`, of whose type nobody knows until the profile names it.
fn copied_as_measured<'a>(
    site: &Site<'_, 'a>,
    call: &'a ExprMethodCall,
    inner: &'a Expr,
) -> Option<Claim> {
    let is_call = matches!(inner, Expr::MethodCall(_) | Expr::Call(_));
    // Of two copies in one expression nobody sees which one the profile means.
    let is_alone = || !site.source(inner).contains("to_string(");
    if call.method != "to_string" || !is_call || !is_alone() || !site.type_of(inner).ty.is_unknown()
    {
        return None;
    }
    let edit = site.replace(site.tree.token(call.method.span()), "into_owned");
    let caveat = "the call must give the `Cow` itself, which the profile shows to be copied";
    Some(
        unproved(site, OWNED_ALREADY)
            .label(COPIED_ALWAYS)
            .shape(Shape::NeedsProof)
            .witness(Witness::cpu_in(copies_cow).through(is_to_string))
            .suggest(Some(Suggestion::with_caveat("take what it owns", vec![edit], caveat))),
    )
}

fn is_to_string(function: &str) -> bool {
    function.ends_with("ToString>::to_string") || copies_cow(function)
}

fn copies_cow(function: &str) -> bool {
    function.contains("Cow<") && function.ends_with("to_string")
}

/// Whether a call gives what may be borrowed or owned: by its type, or by the name of one that
/// usually has nothing to change.
fn is_cow<'a>(site: &Site<'_, 'a>, expr: &'a Expr) -> bool {
    let by_name = match expr {
        Expr::MethodCall(call) => matches!(
            (&*call.method.to_string(), call.args.len()),
            ("replace_all", 2) | ("decode_utf8_lossy" | "to_str_lossy", 0)
        ),
        Expr::Call(_) => false,
        // A place may be needed as it is later.
        _ => return false,
    };
    by_name || site.type_of(expr).ty.is_std("Cow")
}

/// `let text = path.to_string_lossy().into_owned();` which is only looked at.
fn only_read<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall) -> Option<Claim> {
    let inner = place::bare(&call.receiver);
    let of = decoded(site, inner)?;
    let stmt = site.tree.parent(site.node)?;
    let binding = bindings::of_let(site.tree, stmt)?;
    let uses = site.uses(&binding);
    let is_read = binding.name.mutability.is_none()
        && !uses.is_empty()
        && uses.iter().all(|used| only_reads(site, used));
    let end = site.tree.behind(uses.last()?.id);
    if !is_read || !stays(site, of, site.tree.behind(stmt), end) {
        return None;
    }
    let name = &binding.name.ident;
    let sketch = format!("let {name} = {};", place::on_one_line(site.source(inner)));
    Some(
        claim(site, format!("`{name}` is owned only to be read"))
            .about(stmt)
            .suggest(Some(Suggestion::shown("keep what may be borrowed", sketch))),
    )
}

/// The same thing decoded before, with nothing in between that changes it.
fn twice<'a>(site: &Site<'_, 'a>, expr: &'a Expr, of: &'a Expr) -> Option<Claim> {
    let tree = site.tree;
    if !is_steady(of) || is_told_as_error(site) {
        return None;
    }
    let function = site.function(site.node)?;
    let words = |expr: &Expr| site.source(expr).split_whitespace().collect::<String>();
    let wanted = words(expr);
    let arm = |id: NodeId| {
        tree.ancestors(id).find(|&id| {
            matches!(tree.node(id), Node::Arm(_) | Node::Expr(Expr::Closure(_)) | Node::Item(_))
                || matches!(tree.node(id), Node::Block(_))
        })
    };
    let first = tree.below(function.id).take_while(|&id| id < site.node).find(|&id| {
        let is_call = matches!(tree.expr(id), Some(Expr::MethodCall(_) | Expr::Call(_)));
        // In the same block, or in one around this.
        let is_reached = || arm(id).is_some_and(|block| tree.contains(block, site.node));
        is_call && tree.expr(id).is_some_and(|other| words(other) == wanted) && is_reached()
    })?;
    if !stays(site, of, tree.behind(first), site.node) || renamed(site, of, first) {
        return None;
    }
    Some(
        claim(site, format!("`{}` is decoded a second time", short(site, of)))
            .related(site.related(first, "decoded here"))
            .suggest(Some(Suggestion::shown("keep the text", sketch(site)))),
    )
}

/// Whether the text is a part of an error, which is the end of the work.
fn is_told_as_error(site: &Site<'_, '_>) -> bool {
    site.tree.ancestors(site.node).any(|id| match site.tree.expr(id) {
        Some(Expr::Return(_)) => true,
        Some(Expr::Call(call)) => site.source(&call.func).contains("Err"),
        _ => false,
    })
}

/// Whether a name in an expression is bound anew between a node and the site.
fn renamed(site: &Site<'_, '_>, of: &Expr, first: NodeId) -> bool {
    let Some(name) = place::root(of) else { return true };
    let at = |id| crate::source::bindings::find(site.tree, id, &name).map(|found| found.from);
    let is_assigned = site.tree.ids().filter(|&id| id > first && id < site.node).any(|id| {
        matches!(site.tree.expr(id), Some(Expr::Assign(assign))
            if place::root(&assign.left).as_deref() == Some(&*name))
    });
    at(first) != at(site.node) || is_assigned
}

/// Decoded on each turn of a loop in which it stays the same.
fn each_turn<'a>(site: &Site<'_, 'a>, of: &'a Expr) -> Option<Claim> {
    if !is_steady(of) {
        return None;
    }
    let mut base = of;
    while let Expr::MethodCall(call) = base {
        base = place::bare(&call.receiver);
    }
    let behind = site.tree.behind(site.node);
    let turn = around(site.tree, site.node).collect::<Vec<_>>().into_iter().rfind(|turn| {
        place::is_invariant(site, base, turn.id)
            && stays(site, of, turn.id, site.node)
            && stays(site, of, behind, site.tree.behind(turn.id))
    })?;
    Some(
        claim(site, format!("`{}` is decoded anew on each turn", short(site, of)))
            .related(site.related(turn.id, "in this loop"))
            .suggest(Some(Suggestion::shown("decode it once, before the loop", sketch(site)))),
    )
}

fn sketch(site: &Site<'_, '_>) -> String {
    format!("let text = {};", place::on_one_line(site.text(site.node)))
}

/// Places and getters without arguments: asked twice they give the same.
fn is_steady(of: &Expr) -> bool {
    match place::bare(of) {
        Expr::MethodCall(call) => {
            let name = call.method.to_string();
            let moves = ["next", "take", "pop", "read", "recv"];
            call.args.is_empty()
                && !moves.iter().any(|start| name.starts_with(start))
                && is_steady(&call.receiver)
        }
        Expr::Index(index) => is_steady(&index.expr) && place::is_simple(&index.index),
        Expr::Try(tried) => is_steady(&tried.expr),
        other => place::is_place(other),
    }
}

fn short<'s>(site: &Site<'s, '_>, expr: &Expr) -> &'s str {
    let text = site.source(expr);
    if text.contains('\n') { "it" } else { text }
}

fn claim(site: &Site<'_, '_>, message: impl Into<String>) -> Claim {
    unproved(site, message).witness(Witness::cpu_in(decodes))
}

fn unproved(site: &Site<'_, '_>, message: impl Into<String>) -> Claim {
    Claim::new(site.node, message)
        .label("checks every byte, and may copy them")
        .types(Types::NotNeeded)
        .yields_to(&["copied_out_buffer", "invariant_call_in_loop", "recased_to_compare"])
}

/// Frames of checking and copying text.
fn decodes(function: &str) -> bool {
    ["utf8", "lossy", "alloc", "to_string", "to_owned", "String"]
        .iter()
        .any(|part| function.contains(part))
}
