//! What a turn of a loop reaches, and how it ends.

use syn::{Expr, ExprMethodCall};

use super::site::Site;
use crate::source::loops::{self, Loop, LoopKind};
use crate::source::tree::{Node, NodeId};

/// Whether no two of the calls are reached in one turn: they stand in different arms or branches.
pub(super) fn exclude_each_other(site: &Site<'_, '_>, adds: &[(NodeId, &ExprMethodCall)]) -> bool {
    let tree = site.tree;
    let apart = |a: NodeId, b: NodeId| {
        let mut below = a;
        for outer in tree.ancestors(a) {
            if tree.contains(outer, b) {
                let other = tree.children(outer).find(|&child| tree.contains(child, b));
                return match tree.node(outer) {
                    Node::Expr(Expr::Match(choice)) => {
                        let head = tree.id(&choice.expr);
                        head != Some(below) && head != other
                    }
                    Node::Expr(Expr::If(choice)) => {
                        let head = tree.id(&choice.cond);
                        head != Some(below) && head != other
                    }
                    _ => false,
                };
            }
            below = outer;
        }
        false
    };
    adds.iter()
        .enumerate()
        .all(|(at, &(a, _))| adds[at + 1..].iter().all(|&(b, _)| a != b && apart(a, b)))
}

/// Whether a loop walks over something, so that somebody may know how long it is: a `for`, the
/// closure of an iterator, `while let Some(x) = it.next()`.
pub fn walks_over(turn: &Loop<'_>) -> bool {
    match turn.kind {
        LoopKind::For(_) | LoopKind::Adapter(_) => true,
        LoopKind::Loop(_) => false,
        LoopKind::While(turn) => {
            let Expr::Let(found) = &*turn.cond else { return false };
            let mut asked = &*found.expr;
            loop {
                asked = match asked {
                    Expr::Try(inner) => &inner.expr,
                    Expr::Await(inner) => &inner.base,
                    _ => break,
                };
            }
            matches!(asked, Expr::MethodCall(call) if call.args.is_empty() && {
                let name = call.method.to_string();
                name.starts_with("next") || name == "peek"
            })
        }
    }
}

/// A `return` that is no error: the loop looks for something, and ends when it is found.
pub fn ends_search(expr: &Expr) -> bool {
    let Expr::Return(returned) = expr else { return false };
    let is_error = matches!(returned.expr.as_deref(), Some(Expr::Call(call))
        if matches!(&*call.func, Expr::Path(path) if path.path.is_ident("Err")));
    !is_error
}

/// Whether a turn may be left by such an expression of its own, not of a loop or closure within.
pub fn leaves(site: &Site<'_, '_>, turn: NodeId, is_exit: fn(&Expr) -> bool) -> bool {
    site.tree.below(turn).any(|id| {
        site.tree.expr(id).is_some_and(is_exit)
            && loops::innermost(site.tree, id).is_none_or(|inner| inner.id == turn)
    })
}

/// Whether something between a node and its loop decides that it is not reached.
pub fn is_conditional(site: &Site<'_, '_>, id: NodeId, turn: NodeId) -> bool {
    let tree = site.tree;
    let mut inner = id;
    for outer in tree.ancestors(id).take_while(|&outer| outer != turn) {
        let child = std::mem::replace(&mut inner, outer);
        let decides = match tree.node(outer) {
            Node::Arm(_) => true,
            Node::Expr(Expr::If(branch)) => tree.id(&branch.cond) != Some(child),
            Node::Expr(Expr::Binary(both)) => {
                matches!(both.op, syn::BinOp::And(_) | syn::BinOp::Or(_))
                    && tree.id(&both.right) == Some(child)
            }
            Node::Expr(Expr::Closure(_) | Expr::Async(_)) => true,
            Node::Stmt(syn::Stmt::Local(local)) => local.init.as_ref().is_some_and(|init| {
                init.diverge.as_ref().is_some_and(|(_, other)| tree.id(other) == Some(child))
            }),
            _ => false,
        };
        if decides {
            return true;
        }
    }
    false
}
