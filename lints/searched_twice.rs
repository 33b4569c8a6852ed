//! # What it finds
//!
//! The same search done twice: `contains` and then `find`, `split` or `split_once` for the same
//! text; `find(x).is_some()` and then `find(x)` again; `any` and then `find` or `position` with the
//! same test; `starts_with` and then a slice behind the prefix.
//!
//! # What it costs
//!
//! Everything up to the place that is looked for is walked twice.
//!
//! # The rewrite
//!
//! Keep what the first search found: `if let Some(at) = text.find(…)`, `split_once`,
//! `strip_prefix`, `strip_suffix`.
//!
//! # When to keep the code
//!
//! The text is short, or the second search is hardly ever done.
//!
//! # How it was proved
//!
//! The profile shows time in the second search. `ui-tests/searched_twice` holds the code before and
//! after.

use crate::lint::prelude::*;
use crate::lint::untouched::stays;

/// See the text above.
pub static LINT: Lint = Lint {
    name: "searched_twice",
    summary: "the same is searched for twice",
    on: &[Kind::MethodCall],
    methods: &[
        "starts_with",
        "ends_with",
        "find",
        "rfind",
        "split_once",
        "rsplit_once",
        "split",
        "splitn",
        "match_indices",
        "position",
        "find_map",
        "binary_search",
        "trim_start_matches",
        "strip_prefix",
        "trim_end_matches",
        "strip_suffix",
    ],
    check,
};

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let Some(Expr::MethodCall(call)) = site.expr() else { return None };
    match call.method.to_string().as_str() {
        name @ ("starts_with" | "ends_with") => sliced(site, call, name),
        name => again(site, call, name),
    }
}

/// Searches that answer the question of a later one, by the name of the later one.
fn answered_by(later: &str) -> &'static [&'static str] {
    match later {
        "find" => &["find", "contains", "any"],
        "rfind" => &["rfind", "contains"],
        "split_once" => &["split_once", "contains", "find"],
        "rsplit_once" => &["rsplit_once", "contains", "rfind"],
        "split" | "splitn" | "match_indices" => &["contains"],
        "position" => &["position", "any"],
        "find_map" => &["find_map"],
        "binary_search" => &["binary_search"],
        "trim_start_matches" | "strip_prefix" => &["starts_with", "strip_prefix"],
        "trim_end_matches" | "strip_suffix" => &["ends_with", "strip_suffix"],
        _ => &[],
    }
}

/// A search whose answer an earlier one knew.
fn again<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall, name: &str) -> Option<Claim> {
    let earlier = answered_by(name);
    if earlier.is_empty() || call.args.len() > 2 || !is_steady(site, call) {
        return None;
    }
    let wanted = call.args.last()?;
    let first = before(site).find(|&id| match site.tree.expr(id) {
        Some(Expr::MethodCall(other)) => {
            earlier.contains(&&*other.method.to_string())
                && other.args.len() == 1
                && same(site, &other.args[0], wanted)
                && same(site, &other.receiver, &call.receiver)
        }
        _ => false,
    })?;
    let Some(Expr::MethodCall(other)) = site.tree.expr(first) else { return None };
    let is_same = stays(site, &call.receiver, site.tree.behind(first), site.node)
        && stays(site, wanted, site.tree.behind(first), site.node)
        && !is_assigned(site, &call.receiver, first)
        && !is_assigned(site, wanted, first);
    if !is_same {
        return None;
    }
    let (was, is) = (&other.method, &call.method);
    let sketch = match name {
        "split" | "splitn" | "split_once" => "if let Some((before, after)) = text.split_once(…)",
        "rsplit_once" => "if let Some((before, after)) = text.rsplit_once(…)",
        "strip_prefix" | "trim_start_matches" => "if let Some(rest) = text.strip_prefix(…)",
        "strip_suffix" | "trim_end_matches" => "if let Some(rest) = text.strip_suffix(…)",
        _ => "if let Some(found) = …",
    };
    let message = if was == is {
        format!("`{is}` searches again for what it found before")
    } else {
        format!("`{is}` searches again for what `{was}` found")
    };
    Some(claim(site, message, first, sketch))
}

/// Whether the receiver gives the same each time it is evaluated: no iterator that moves on, no
/// parser that takes the next token.
fn is_steady<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall) -> bool {
    const MOVES: [&str; 10] =
        ["next", "bump", "pop", "read", "take", "advance", "consume", "eat", "parse", "recv"];
    let receiver = place::bare(&call.receiver);
    if place::is_place(receiver) {
        let is_test = call.args.iter().any(|arg| matches!(arg, Expr::Closure(_)));
        return site.type_of(receiver).ty.is_text()
            || !is_test && call.args.iter().all(|arg| !matches!(arg, Expr::Path(_)));
    }
    let mut chain = receiver;
    while let Expr::MethodCall(step) = chain {
        let name = step.method.to_string();
        if MOVES.iter().any(|start| name.starts_with(start)) || name == "by_ref" {
            return false;
        }
        chain = place::bare(&step.receiver);
    }
    place::is_place(chain)
}

/// `if text.starts_with(p) { … &text[p.len()..] … }`.
fn sliced<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall, asked: &str) -> Option<Claim> {
    let tree = site.tree;
    let wanted = call.args.first().filter(|_| call.args.len() == 1)?;
    // `a.starts_with(p) && …`, and not the opposite of it.
    let mut inner = site.node;
    let branch = tree.ancestors(site.node).find_map(|outer| {
        let child = std::mem::replace(&mut inner, outer);
        match tree.expr(outer) {
            Some(Expr::If(branch)) => {
                Some((tree.id(&branch.cond) == Some(child)).then_some(branch))
            }
            Some(Expr::Binary(both)) if matches!(both.op, syn::BinOp::And(_)) => None,
            Some(Expr::Paren(_)) => None,
            _ => Some(None),
        }
    })??;
    let slice = tree.below(tree.block_id(&branch.then_branch)?).find(|&id| {
        let Some(Expr::Index(index)) = tree.expr(id) else { return false };
        let Expr::Range(range) = &*index.index else { return false };
        let end = match (asked, &range.start, &range.end) {
            ("starts_with", Some(start), None) => start,
            ("ends_with", None, Some(end)) => end,
            _ => return false,
        };
        same(site, &index.expr, &call.receiver) && fits(site, wanted, end)
    })?;
    let strip = if asked == "starts_with" { "strip_prefix" } else { "strip_suffix" };
    let message = format!("`{asked}` and a slice do what `{strip}` does at once");
    Some(claim(site, message, slice, &format!("if let Some(rest) = text.{strip}(…)")))
}

/// Whether an end of a slice is as long as what was looked for.
fn fits(site: &Site<'_, '_>, wanted: &Expr, end: &Expr) -> bool {
    let length = match wanted {
        Expr::Lit(literal) => match &literal.lit {
            syn::Lit::Str(text) => text.value().len(),
            syn::Lit::Char(c) => c.value().len_utf8(),
            _ => return false,
        },
        other => {
            let text = site.source(end);
            return place::has_word(text, site.source(place::bare(other)))
                && text.contains("len()");
        }
    };
    match end {
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(int), .. }) => {
            int.base10_parse::<usize>().is_ok_and(|at| at == length)
        }
        other => {
            let text = site.source(other);
            let by_literal = text.contains("\".len()");
            by_literal || text.ends_with(&format!("- {length}")) && text.contains("len()")
        }
    }
}

/// Expressions that were evaluated before this one whatever happened: conditions around it, and
/// what stands before it in the blocks around it, outside of branches and closures of their own.
fn before<'s>(site: &'s Site<'_, '_>) -> impl Iterator<Item = NodeId> + 's {
    let function = site.function(site.node).map(|function| function.id);
    let from = function.unwrap_or(site.node);
    let around: Vec<NodeId> = site.tree.ancestors(site.node).collect();
    site.tree.below(from).take_while(|&id| id < site.node).filter(move |&id| {
        if !matches!(site.tree.expr(id), Some(Expr::MethodCall(_))) {
            return false;
        }
        let apart = site.tree.ancestors(id).take_while(|outer| !around.contains(outer));
        let mut inner = id;
        let mut is_apart = false;
        for outer in apart {
            is_apart |= match site.tree.node(outer) {
                Node::Arm(_) => true,
                Node::Expr(Expr::If(branch)) => site.tree.id(&branch.cond) != Some(inner),
                Node::Expr(Expr::Match(branch)) => site.tree.id(&branch.expr) != Some(inner),
                Node::Expr(Expr::Binary(both)) => {
                    matches!(both.op, syn::BinOp::Or(_))
                        || matches!(both.op, syn::BinOp::And(_))
                            && site.tree.id(&both.right) == Some(inner)
                }
                Node::Expr(
                    Expr::Closure(_) | Expr::While(_) | Expr::ForLoop(_) | Expr::Loop(_),
                ) => true,
                Node::Item(_) => true,
                _ => false,
            };
            inner = outer;
        }
        // Other arms and the other branch of the same `if` are never evaluated together.
        let joint = site.tree.ancestors(id).find(|outer| around.contains(outer));
        let exclusive = joint.is_some_and(|joint| match site.tree.node(joint) {
            Node::Expr(Expr::If(branch)) => site.tree.id(&branch.cond) != Some(inner),
            Node::Expr(Expr::Match(branch)) => site.tree.id(&branch.expr) != Some(inner),
            Node::Expr(Expr::Binary(both)) => matches!(both.op, syn::BinOp::Or(_)),
            _ => false,
        });
        !is_apart && !exclusive
    })
}

/// Written alike, but for a reference around either.
fn same(site: &Site<'_, '_>, a: &Expr, b: &Expr) -> bool {
    place::same(site, a, b)
}

/// Whether a local that an expression starts with is given another value since a node.
fn is_assigned(site: &Site<'_, '_>, expr: &Expr, since: NodeId) -> bool {
    let Some(name) = place::root(place::bare(expr)) else { return false };
    site.tree.ids().filter(|&id| id > since && id < site.node).any(|id| match site.tree.expr(id) {
        Some(Expr::Assign(assign)) => place::root(&assign.left).as_deref() == Some(&*name),
        _ => false,
    })
}

fn claim(site: &Site<'_, '_>, message: String, other: NodeId, sketch: &str) -> Claim {
    Claim::new(site.node, message)
        .label("walks the same once more")
        .types(Types::NotNeeded)
        .related(site.related(other, "and here"))
        .witness(Witness::cpu_in(searches))
        .suggest(Some(Suggestion::shown("keep what the first one found", sketch)))
}

/// Frames of searching.
fn searches(function: &str) -> bool {
    ["find", "search", "position", "memchr", "contains", "split", "starts_with", "Searcher"]
        .iter()
        .any(|part| function.contains(part))
}
