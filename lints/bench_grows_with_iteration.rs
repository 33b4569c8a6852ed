//! # What it finds
//!
//! A bench whose work is another on each iteration: the number of the iteration is an argument of
//! what is measured, or a collection that lives outside the timed closure grows within it, by what
//! is pushed or written to it, and is never emptied.
//!
//! # What it costs
//!
//! The time per iteration depends on how many iterations the harness happens to choose: it never
//! settles, and two runs measure two different things.
//!
//! # The rewrite
//!
//! A fixed input, or a new one for each iteration that is made outside the timed part
//! (`iter_batched`, `with_inputs`).
//!
//! # When to keep the code
//!
//! The number only chooses among inputs that cost alike; or growing is what is measured, as in a
//! bench of `push` itself.
//!
//! # How it was proved
//!
//! By its shape alone. `ui-tests/bench_grows_with_iteration` holds an example.

use crate::lint::benched::{Timed, is_black_box, timed};
use crate::lint::prelude::*;
use crate::source::bindings::{self, Origin, UseRole};
use crate::source::tree::Tree;

/// See the text above.
pub static LINT: Lint = Lint {
    name: "bench_grows_with_iteration",
    summary: "a bench does other work on each iteration",
    on: &[Kind::Closure],
    methods: &[],
    check,
};

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let timed = timed(site)?;
    let (at, message) = match timed.method.as_str() {
        "iter_custom" => counted(site, &timed)?,
        _ => grown(site, &timed)?,
    };
    Some(
        Claim::new(at, message)
            .label("more or other work with each iteration")
            .shape(Shape::Certain)
            .types(Types::NotNeeded)
            .of_bench()
            .suggest(Some(Suggestion::shown(
                "measure the same work each time",
                "b.iter_batched(|| input.clone(), |input| work(input), BatchSize::SmallInput)",
            ))),
    )
}

/// `b.iter_custom(|iterations| for n in 0..iterations { work(n) })`.
fn counted(site: &Site<'_, '_>, timed: &Timed<'_>) -> Option<(NodeId, String)> {
    let tree = site.tree;
    let syn::Pat::Ident(iterations) = timed.closure.inputs.first()? else { return None };
    let counted = tree.below(timed.id).find_map(|id| {
        let Some(Expr::ForLoop(turn)) = tree.expr(id) else { return None };
        let Expr::Range(range) = &*turn.expr else { return None };
        let end = range.end.as_deref()?;
        let is_count = matches!(end, Expr::Path(path) if path.path.is_ident(&iterations.ident));
        let syn::Pat::Ident(number) = &*turn.pat else { return None };
        is_count.then_some((turn, number))
    })?;
    let body = tree.block_id(&counted.0.body)?;
    let number = counted.1.ident.to_string();
    let used = tree.below(body).find(|&id| {
        matches!(tree.expr(id), Some(Expr::Path(path)) if path.path.is_ident(&number))
            && chooses_work(site, id, body)
    })?;
    let call = tree.ancestors(used).find(|&id| matches!(tree.expr(id), Some(Expr::Call(_))))?;
    Some((
        call,
        format!("the work of this bench depends on `{number}`, the number of the iteration"),
    ))
}

/// Whether a number reaches a function as an argument, not only an index or a key.
fn chooses_work(site: &Site<'_, '_>, id: NodeId, body: NodeId) -> bool {
    for outer in site.tree.ancestors(id).take_while(|&outer| outer > body) {
        match site.tree.expr(outer) {
            Some(Expr::Binary(_) | Expr::Paren(_) | Expr::Cast(_) | Expr::Reference(_)) => {}
            Some(expr) if is_black_box(expr) => {}
            Some(Expr::Call(call)) => {
                return matches!(&*call.func, Expr::Path(path)
                    if path.path.segments.last().is_some_and(
                        |last| last.ident.to_string().starts_with(char::is_lowercase)));
            }
            _ => return false,
        }
    }
    false
}

/// A collection from outside that the closure adds to and never empties.
fn grown(site: &Site<'_, '_>, timed: &Timed<'_>) -> Option<(NodeId, String)> {
    let tree = site.tree;
    tree.below(timed.id).find_map(|id| {
        let (place, name) = pushed_to(tree, id).or_else(|| written_to(tree, id))?;
        let binding = bindings::find(tree, id, &name)?;
        let Origin::Let(local, _) = binding.origin else { return None };
        let is_outside = binding.from < timed.id && binding.name.mutability.is_some();
        let is_collection = local.init.as_ref().is_some_and(|init| {
            let ty = site.type_of(&init.expr).ty;
            ty.is_vec() || ty.is_string() || ty.is_vec_deque()
        });
        // What is moved into the closure is new each time it is called, if it may be called once.
        let only_adds = site
            .uses(&binding)
            .iter()
            .filter(|used| tree.contains(timed.id, used.id))
            .all(|used| match used.role {
                UseRole::Receiver(call) => {
                    ADDS.iter().any(|name| call.method == name)
                        || matches!(call.method.to_string().as_str(), "len" | "is_empty" | "last")
                }
                UseRole::BorrowedMut => {
                    tree.parent(used.id).is_some_and(|lent| written_to(tree, lent).is_some())
                }
                UseRole::Borrowed | UseRole::Formatted | UseRole::Indexed => true,
                _ => false,
            });
        (is_outside && is_collection && only_adds && !growing_is_measured(site, timed, id)).then(
            || {
                let message = "grows with each iteration of this bench and is never emptied";
                (place, format!("`{name}` {message}"))
            },
        )
    })
}

const ADDS: [&str; 5] = ["push", "push_str", "push_back", "extend", "extend_from_slice"];

/// `name.push(…)`: the call and the name.
fn pushed_to(tree: &Tree<'_>, id: NodeId) -> Option<(NodeId, String)> {
    let Some(Expr::MethodCall(call)) = tree.expr(id) else { return None };
    let Expr::Path(path) = &*call.receiver else { return None };
    let name = path.path.get_ident().filter(|_| ADDS.iter().any(|name| call.method == name))?;
    Some((id, name.to_string()))
}

/// `&mut name` in `value.to_writer(&mut name)`, `write_to(&mut name)`, `reader.read_to_end(&mut name)`:
/// the call and the name. A writer can be added to, and not be emptied.
fn written_to(tree: &Tree<'_>, id: NodeId) -> Option<(NodeId, String)> {
    let Some(Expr::Reference(lent)) = tree.expr(id) else { return None };
    let Expr::Path(path) = &*lent.expr else { return None };
    let name = path.path.get_ident().filter(|_| lent.mutability.is_some())?;
    let call = tree.parent(id)?;
    let function = match tree.expr(call)? {
        Expr::MethodCall(call) => call.method.to_string(),
        Expr::Call(call) => match &*call.func {
            Expr::Path(path) => path.path.segments.last()?.ident.to_string(),
            _ => return None,
        },
        _ => return None,
    };
    let adds = function.ends_with("to_writer")
        || matches!(function.as_str(), "write_to" | "read_to_end" | "read_to_string");
    adds.then(|| (call, name.to_string()))
}

/// Nothing but one `push`.
fn growing_is_measured(site: &Site<'_, '_>, timed: &Timed<'_>, id: NodeId) -> bool {
    pushed_to(site.tree, id).is_some() && site.text(timed.id).lines().count() == 1
}
