//! # What it finds
//!
//! A walk through a text or a collection for less than the walk finds: `chars().nth(i)`,
//! `chars().last()`, `split('/').last()`, and a `count()` that is only compared with a small
//! number (`chars().count() > 1`, `filter(…).count() == 0`).
//!
//! # What it costs
//!
//! Every character up to the place is decoded; a count goes to the end although the first elements
//! answer the question.
//!
//! # The rewrite
//!
//! `next_back` for the last one; `nth(n).is_some()`, `any` or `next().is_none()` in place of a count
//! that is compared; bytes where the text is ASCII; an iterator that is kept where one character
//! after the other is asked for.
//!
//! # When to keep the code
//!
//! The texts are short, or the count is needed as well.
//!
//! # How it was proved
//!
//! The profile shows time in the walk below this line. `ui-tests/walked_too_far` holds the code
//! before and after.

use crate::lint::prelude::*;

/// See the text above.
pub static LINT: Lint = Lint {
    name: "walked_too_far",
    summary: "a walk goes further than its answer is",
    on: &[Kind::MethodCall],
    methods: &["nth", "last", "count"],
    check,
};

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let Some(Expr::MethodCall(call)) = site.expr() else { return None };
    let Expr::MethodCall(walk) = &*call.receiver else { return None };
    let of_chars = matches!(&*walk.method.to_string(), "chars" | "char_indices");
    match (call.method.to_string().as_str(), call.args.len()) {
        ("nth", 1) => nth(site, call, walk),
        ("last", 0) if is_split(walk) => {
            Some(
                claim(site, "a text is split from its start for its last piece")
                    .suggest(Some(back(site, call, "next_back"))),
            )
        }
        ("last", 0) if of_chars => {
            Some(
                claim(site, "a text is walked to its end for its last character")
                    .suggest(Some(back(site, call, "next_back"))),
            )
        }
        ("count", 0) => counted(site, call, walk),
        _ => None,
    }
}

/// `split('/')`: at a character, which can be looked for from behind too.
fn is_split(walk: &ExprMethodCall) -> bool {
    let at_character =
        |arg: &Expr| matches!(arg, Expr::Lit(lit) if matches!(lit.lit, syn::Lit::Char(_)));
    matches!(&*walk.method.to_string(), "split" | "split_terminator")
        && walk.args.len() == 1
        && walk.args.first().is_some_and(at_character)
}

/// `chars().nth(i)`, `chars().rev().nth(i)`.
fn nth(site: &Site<'_, '_>, call: &ExprMethodCall, walk: &ExprMethodCall) -> Option<Claim> {
    let chars = match (&*walk.method.to_string(), &*walk.receiver) {
        ("chars" | "char_indices", _) => walk,
        ("rev", Expr::MethodCall(chars)) if chars.method == "chars" => chars,
        _ => return None,
    };
    // One of the first is where the walk begins.
    if matches!(&call.args[0], Expr::Lit(_)) {
        return None;
    }
    let text = site.source(&chars.receiver);
    let text = if text.contains('\n') { "a text" } else { text };
    let sketch = "let mut chars = text.chars(); // kept, and asked for the next one\n\
                  text.as_bytes()[i]            // where all of it is ASCII";
    Some(
        claim(site, format!("`{text}` is walked up to one of its characters"))
            .suggest(Some(Suggestion::shown("do not begin anew", sketch))),
    )
}

fn back(site: &Site<'_, '_>, call: &ExprMethodCall, to: &str) -> Suggestion {
    let edit = site.replace(site.tree.token(call.method.span()), to);
    Suggestion::safe("begin at the end", vec![edit])
}

/// `….count() > 0`, compared with a small number and thrown away.
fn counted(site: &Site<'_, '_>, call: &ExprMethodCall, walk: &ExprMethodCall) -> Option<Claim> {
    let tree = site.tree;
    let walks = matches!(
        &*walk.method.to_string(),
        "chars"
            | "filter"
            | "lines"
            | "split"
            | "split_whitespace"
            | "matches"
            | "filter_map"
            | "char_indices"
            | "take_while"
            | "match_indices"
            | "flat_map"
    );
    let Expr::Binary(both) = tree.expr(tree.parent(site.node)?)? else { return None };
    if !walks || !crate::source::bindings::is_comparison(&both.op) {
        return None;
    }
    let is_left = tree.id(&both.left) == Some(site.node);
    let bound: u64 = match if is_left { &*both.right } else { &*both.left } {
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(int), .. }) => int.base10_parse().ok()?,
        _ => return None,
    };
    if bound > 8 {
        return None;
    }
    let source = place::on_one_line(site.source(&call.receiver));
    let sketch = match bound {
        0 => format!("{source}.next().is_some()"),
        bound => format!("{source}.nth({bound}).is_some() // more than {bound}"),
    };
    Some(
        claim(site, format!("all are counted only to be compared with {bound}"))
            .suggest(Some(Suggestion::shown("stop where the answer is known", sketch))),
    )
}

fn claim(site: &Site<'_, '_>, message: impl Into<String>) -> Claim {
    Claim::new(site.node, message)
        .label("walks all of it")
        .types(Types::NotNeeded)
        .yields_to(&["linear_scan_in_loop", "invariant_call_in_loop"])
        .witness(Witness::cpu_in(walks))
}

/// Frames of walking.
fn walks(function: &str) -> bool {
    ["nth", "count", "Chars", "last", "fold", "next_code_point"]
        .iter()
        .any(|part| function.contains(part))
}
