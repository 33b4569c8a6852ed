//! Benches: the closures that a harness times.

use syn::{Expr, ExprClosure};

use super::place;
use super::site::Site;
use crate::source::tree::{Node, NodeId};

/// A closure that a harness calls again and again.
pub struct Timed<'a> {
    /// The call that is given the closure.
    pub call: NodeId,
    /// The closure's node.
    pub id: NodeId,
    /// The closure.
    pub closure: &'a ExprClosure,
    /// `iter`, `bench`, `iter_custom`, ….
    pub method: String,
    /// Whose harness.
    pub harness: Harness,
}

/// A bench harness.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Harness {
    /// `criterion`.
    Criterion,
    /// `divan`.
    Divan,
    /// The standard library's, or its port `bencher`.
    Libtest,
}

/// The timed closure at a node, in a file that uses a harness.
pub fn timed<'a>(site: &Site<'_, 'a>) -> Option<Timed<'a>> {
    let Some(Expr::Closure(closure)) = site.tree.expr(site.node) else { return None };
    let call = site.tree.parent(site.node)?;
    let Node::Expr(Expr::MethodCall(outer)) = site.tree.node(call) else { return None };
    let method = outer.method.to_string();
    // Nearly all closures end here, before the whole text is searched.
    if !["iter", "iter_custom", "iter_with_large_drop", "bench", "bench_local"]
        .contains(&method.as_str())
    {
        return None;
    }
    let harness = harness(site)?;
    let times = match (harness, method.as_str()) {
        (Harness::Criterion, "iter" | "iter_custom" | "iter_with_large_drop") => {
            closure.inputs.len() <= 1
        }
        (Harness::Divan, "bench" | "bench_local") => closure.inputs.is_empty(),
        (Harness::Libtest, "iter") => closure.inputs.is_empty(),
        _ => false,
    };
    // `b.iter(|| …)`, not an iterator that is walked.
    let is_bencher = place::is_place(&outer.receiver) || harness == Harness::Divan;
    (times && is_bencher && outer.args.len() == 1).then_some(Timed {
        call,
        id: site.node,
        closure,
        method,
        harness,
    })
}

fn harness(site: &Site<'_, '_>) -> Option<Harness> {
    let text = &site.file.text;
    let names = [
        ("criterion", Harness::Criterion),
        ("divan", Harness::Divan),
        ("test::Bencher", Harness::Libtest),
        ("bencher::", Harness::Libtest),
    ];
    names.into_iter().find(|(name, _)| text.contains(name)).map(|(_, harness)| harness)
}

impl<'a> Timed<'a> {
    /// The statements of the closure, where its body is a block.
    pub fn block(&self) -> Option<&'a syn::Block> {
        match &*self.closure.body {
            Expr::Block(body) if body.label.is_none() => Some(&body.block),
            _ => None,
        }
    }
}

/// Whether a call hides a value from the compiler.
pub fn is_black_box(expr: &Expr) -> bool {
    matches!(expr, Expr::Call(call) if matches!(&*call.func, Expr::Path(path)
        if path.path.segments.last().is_some_and(|last| last.ident == "black_box")))
}
