//! # What it finds
//!
//! A bench that builds its input inside the timed closure, although the input is the same each
//! time.
//!
//! # What it costs
//!
//! The bench measures the building too: a change of what is to be measured shows weaker than it
//! is, or drowns.
//!
//! # The rewrite
//!
//! `iter_batched` of criterion, `with_inputs` of divan: they make the input outside the timed
//! part. Never safe: the figures are others afterwards, and not comparable with earlier ones.
//!
//! # When to keep the code
//!
//! Building is what is to be measured, as it is where the rest works on what is built from (nothing
//! is said then), or it is so small a part that it does not matter: the lint
//! speaks only where the profile shows that it is a tenth of the time or more.
//!
//! # How it was proved
//!
//! The profile shows which share of the bench is spent in the line that builds the input.
//! `ui-tests/bench_setup_timed` holds an example.

use crate::lint::benched::{Harness, is_black_box, timed};
use crate::lint::copies::only_looks;
use crate::lint::prelude::*;
use crate::source::bindings::{self, UseRole};

/// See the text above.
pub static LINT: Lint = Lint {
    name: "bench_setup_timed",
    summary: "a bench builds its input while it is timed",
    on: &[Kind::Closure],
    methods: &[],
    check,
};

/// Less of the time is not worth another form.
const LEAST: f64 = 0.1;

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let timed = timed(site)?;
    let block = timed.block()?;
    if timed.method == "iter_custom" || block.stmts.len() < 2 {
        return None;
    }
    let stmt = site.tree.children(site.tree.block_id(block)?).next()?;
    let binding = bindings::of_let(site.tree, stmt)?;
    let Node::Stmt(Stmt::Local(local)) = site.tree.node(stmt) else { return None };
    let init = &local.init.as_ref()?.expr;
    if !builds(site, init) || is_work(site, timed.id, init) || !is_input(site, &binding) {
        return None;
    }
    let name = binding.name.ident.to_string();
    let pattern = site.source_of_pat(&local.pat);
    let suggestion = match timed.harness {
        Harness::Criterion => batched(site, &timed, init, pattern, stmt),
        Harness::Divan => Some(Suggestion::shown(
            "make the input outside the timed part",
            format!(
                "bencher.with_inputs(|| {}).bench_values(|{name}| …)",
                place::on_one_line(site.source(init))
            ),
        )),
        Harness::Libtest => Some(Suggestion::shown(
            "make the input once, before",
            format!("let {pattern} = {};\nb.iter(|| …)", place::on_one_line(site.source(init))),
        )),
    };
    Some(
        Claim::new(stmt, format!("`{name}`, the input of this bench, is built while it is timed"))
            .regions([site.tree.id(init)?])
            .label("the same on each iteration")
            .shape(Shape::NeedsProof)
            .types(Types::NotNeeded)
            .of_bench()
            .witness(Witness::of(Quantity::Cpu, LEAST))
            .suggest(suggestion),
    )
}

/// An expression that builds a collection of nothing that changes: ranges, literals, `repeat`.
fn builds(site: &Site<'_, '_>, init: &Expr) -> bool {
    match init {
        Expr::Macro(call) => call.mac.path.is_ident("vec") || call.mac.path.is_ident("format"),
        Expr::MethodCall(call) => {
            let name = call.method.to_string();
            matches!(
                name.as_str(),
                "collect" | "repeat" | "to_vec" | "clone" | "to_owned" | "to_string"
            ) && !place::has_word(site.source(init), "black_box")
        }
        Expr::Call(call) => {
            let name = site.source(&call.func);
            ["read", "read_to_string", "from"].iter().any(|end| name.ends_with(&format!("::{end}")))
        }
        _ => false,
    }
}

/// Whether building works on what the rest of the closure works on, too, such as the container that
/// is filled and then emptied: that is measured.
fn is_work(site: &Site<'_, '_>, closure: NodeId, init: &Expr) -> bool {
    let tree = site.tree;
    let Some(top) = tree.id(init) else { return false };
    let works = |role| match role {
        UseRole::Receiver(call) => !only_looks(&call.method.to_string()),
        role => matches!(role, UseRole::BorrowedMut),
    };
    tree.below(top).any(|id| {
        let Some(Expr::Path(path)) = tree.expr(id) else { return false };
        let Some(name) = path.path.get_ident() else { return false };
        let Some(binding) = bindings::find(tree, id, &name.to_string()) else { return false };
        let uses = site.uses(&binding);
        let is_rest = |id| tree.contains(closure, id) && !tree.contains(top, id);
        uses.iter().any(|used| used.id == id && works(used.role))
            && uses.iter().any(|used| is_rest(used.id))
    })
}

/// Whether the value is what something else works on, rather than what is measured itself.
fn is_input<'a>(site: &Site<'_, 'a>, binding: &bindings::Binding<'a>) -> bool {
    let uses = site.uses(binding);
    let works = uses.iter().any(|used| match used.role {
        UseRole::Receiver(call) => {
            !matches!(call.method.to_string().as_str(), "len" | "is_empty" | "capacity")
        }
        UseRole::Borrowed | UseRole::BorrowedMut | UseRole::Moved => {
            let around = site.tree.ancestors(used.id).take(2);
            let mut calls = around.filter_map(|id| site.tree.expr(id));
            calls.any(|expr| {
                matches!(expr, Expr::Call(_) | Expr::MethodCall(_)) && !is_black_box(expr)
            })
        }
        UseRole::Iterated => true,
        _ => false,
    });
    works && !uses.is_empty()
}

/// `b.iter(|| { let input = …; rest })` to `b.iter_batched(|| …, |input| { rest }, …)`.
fn batched(
    site: &Site<'_, '_>,
    timed: &crate::lint::benched::Timed<'_>,
    init: &Expr,
    pattern: &str,
    stmt: NodeId,
) -> Option<Suggestion> {
    let tree = site.tree;
    let Some(Expr::MethodCall(call)) = tree.expr(timed.call) else { return None };
    let next = tree.statement_after(stmt)?;
    let keyword = if timed.closure.capture.is_some() { "move " } else { "" };
    let method = tree.token(call.method.span());
    let body = tree.bytes(&*timed.closure.body);
    let rest = site.file.text.get(tree.range(next).start..body.end)?;
    let indent = site.indentation(tree.range(stmt).start);
    let input = site.source(init);
    let text = format!("|| {input}, {keyword}|{pattern}| {{\n{indent}{rest}");
    let closure = tree.range(timed.id);
    let edits = vec![
        site.replace(method, "iter_batched"),
        site.replace(closure, format!("{text}, criterion::BatchSize::SmallInput")),
    ];
    Some(Suggestion::with_caveat(
        "make the input outside the timed part",
        edits,
        "the figures are others afterwards",
    ))
}
