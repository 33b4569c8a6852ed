//! What a turn of a loop reaches, and how it ends.

use syn::{Expr, ExprMethodCall, Stmt};

use super::site::Site;
use crate::source::loops::{self, Loop, LoopKind};
use crate::source::tree::{Node, NodeId, Tree};

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

/// The innermost loop that may reach a node more than once: what leaves a loop whatever comes of it
/// is done once, as `break` after it in its block or `return` around it tell.
pub fn repeating<'a>(site: &Site<'_, 'a>, id: NodeId) -> Option<Loop<'a>> {
    let tree = site.tree;
    let mut turns = loops::around(tree, id);
    // A `return` in the closure of an iterator ends a turn, not the loop.
    let ends = |turn: &Loop<'_>, jump: &Expr| match (jump, &turn.kind) {
        (_, LoopKind::Adapter(_)) => false,
        (Expr::Break(jump), _) => jump.label.is_none(),
        (Expr::Return(_), _) => true,
        _ => false,
    };
    let is_within = |turn: &Loop<'_>, outer: NodeId| {
        !matches!(tree.node(outer), Node::Expr(Expr::Closure(_) | Expr::Async(_)))
            && outer > turn.id
    };
    let turn = turns.next()?;
    let jump = tree.ancestors(id).take_while(|&outer| is_within(&turn, outer)).find_map(|outer| {
        let jump = match tree.node(outer) {
            Node::Expr(expr) => expr,
            Node::Block(block) => match block.stmts.last()? {
                Stmt::Expr(last, _) if !continues(tree, outer) => last,
                _ => return None,
            },
            _ => return None,
        };
        ends(&turn, jump).then_some(jump)
    });
    match jump {
        None => Some(turn),
        Some(Expr::Return(_)) => None,
        Some(_) => turns.next(),
    }
}

/// Whether a turn may go on to the next from within a node.
fn continues(tree: &Tree<'_>, id: NodeId) -> bool {
    tree.below(id).any(|id| matches!(tree.expr(id), Some(Expr::Continue(_))))
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
            Node::Stmt(Stmt::Local(local)) => local.init.as_ref().is_some_and(|init| {
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
