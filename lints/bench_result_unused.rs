//! # What it finds
//!
//! A bench that throws away what it computes: the timed closure ends with a semicolon behind a
//! call whose value nobody looks at. And one whose inputs are all constants, written where the
//! compiler can compute with them.
//!
//! # What it costs
//!
//! Nothing, and that is the trouble: the compiler may leave out work that has no effect, or do it
//! once while compiling, and the bench then measures an empty loop.
//!
//! # The rewrite
//!
//! `std::hint::black_box` around the result and around constant inputs. It changes nothing but
//! what the compiler may assume.
//!
//! # When to keep the code
//!
//! The call works by what it changes, not by what it returns; or the harness is handed the value
//! and looks at it itself. Of constant inputs nothing is said where the profile shows that the call
//! allocates: then it was not computed while compiling.
//!
//! # How it was proved
//!
//! By its shape alone. `ui-tests/bench_result_unused` holds the code before and after.

use crate::lint::benched::{Timed, is_black_box, timed};
use crate::lint::prelude::*;
use crate::model::type_name::TypeName;

/// See the text above.
pub static LINT: Lint = Lint {
    name: "bench_result_unused",
    summary: "a bench throws away what it computes",
    on: &[Kind::Closure],
    methods: &[],
    check,
};

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let timed = timed(site)?;
    if timed.method == "iter_custom" {
        return None;
    }
    thrown_away(site, &timed).or_else(|| constant(site, &timed))
}

/// `b.iter(|| { f(x); })`, `b.iter(|| { let _ = f(x); })`.
fn thrown_away(site: &Site<'_, '_>, timed: &Timed<'_>) -> Option<Claim> {
    let (last, is_let) = match timed.block()?.stmts.last()? {
        Stmt::Expr(last, Some(_)) => (last, false),
        // `let _ = f(x);`
        Stmt::Local(syn::Local { pat: syn::Pat::Wild(_), init: Some(init), .. }) => {
            (&*init.expr, true)
        }
        _ => return None,
    };
    let (Expr::Call(_) | Expr::MethodCall(_)) = last else { return None };
    if is_black_box(last) || has_effects(site, last) {
        return None;
    }
    let typed = site.type_of(last);
    // Whether anything is thrown away, only the type can tell.
    let is_empty = matches!(&typed.ty, TypeName::Tuple(items) if items.is_empty());
    if is_empty || typed.ty.is_unknown() || typed.ty == TypeName::Never {
        return None;
    }
    // So are errors passed over of what is done for its effect.
    if is_let && typed.ty.is_std("Result") {
        return None;
    }
    let edits = vec![site.replace(site.tree.bytes(last), hidden(site, last))];
    let message = "the result of this bench is thrown away: the compiler may leave the work out";
    Some(
        Claim::new(site.tree.id(last)?, message)
            .label("nobody looks at this value")
            .shape(Shape::Certain)
            .types(typed.by)
            .of_bench()
            .suggest(Some(Suggestion::safe("hide it from the compiler", edits))),
    )
}

/// The call with its constant arguments and its result hidden.
fn hidden(site: &Site<'_, '_>, call: &Expr) -> String {
    let black_box = if site.names.imported(site.tree, site.node, "black_box").is_some() {
        "black_box"
    } else {
        "std::hint::black_box"
    };
    let mut text = site.source(call).to_owned();
    let start = site.tree.bytes(call).start;
    if let Expr::Call(call) = call {
        let is_constant = |arg: &&Expr| matches!(arg, Expr::Lit(_)) || is_number(arg);
        for arg in call.args.iter().rev().filter(is_constant) {
            let range = site.tree.bytes(arg);
            let wrapped = format!("{black_box}({})", site.source(arg));
            text.replace_range(range.start - start..range.end - start, &wrapped);
        }
    }
    format!("{black_box}({text})")
}

/// Whether a call changes something that is seen elsewhere, as far as its look tells.
fn has_effects(site: &Site<'_, '_>, expr: &Expr) -> bool {
    let Some(id) = site.tree.id(expr) else { return true };
    let is_method = matches!(expr, Expr::MethodCall(_));
    let lends = site.tree.below(id).any(|id| match site.tree.expr(id) {
        Some(Expr::Reference(reference)) => reference.mutability.is_some(),
        Some(Expr::Macro(_) | Expr::Await(_)) => true,
        Some(inner) => is_black_box(inner),
        None => false,
    });
    // A method may change what it is called on.
    lends || is_method
}

/// A number, or a list of numbers.
fn is_number(arg: &Expr) -> bool {
    match place::bare(arg) {
        Expr::Lit(lit) => !matches!(lit.lit, syn::Lit::Str(_)),
        Expr::Array(list) => list.elems.iter().all(is_number),
        _ => false,
    }
}

/// `b.iter(|| f(3, 4))`: the value is looked at, what it is made of is known while compiling.
fn constant(site: &Site<'_, '_>, timed: &Timed<'_>) -> Option<Claim> {
    let body = match timed.block() {
        None => &*timed.closure.body,
        Some(block) => match block.stmts.as_slice() {
            [Stmt::Expr(only, None)] => only,
            _ => return None,
        },
    };
    let Expr::Call(call) = body else { return None };
    if is_black_box(body) || call.args.is_empty() || !call.args.iter().all(is_number) {
        return None;
    }
    let edits = vec![site.replace(site.tree.bytes(body), hidden(site, body))];
    Some(
        Claim::new(
            site.tree.id(body)?,
            "all inputs of this bench are constants that the compiler knows",
        )
        .label("may be computed while compiling")
        .types(Types::NotNeeded)
        // What asks the allocator while it is measured was not computed before.
        .refuted_by(site.node, Quantity::Allocations)
        .of_bench()
        .suggest(Some(Suggestion::safe("hide them from the compiler", edits))),
    )
}
