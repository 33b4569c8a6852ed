//! Where a local name is bound, and where it is used.

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    Expr, ExprClosure, ExprForLoop, ExprLet, ExprMatch, ExprMethodCall, FnArg, ImplItem, Item,
    Local, Macro, Pat, PatIdent, PatType, Signature, Stmt, TraitItem,
};

use super::tree::{Node, NodeId, Tree};

/// A name that a pattern binds.
#[derive(Clone, Copy, Debug)]
pub struct Binding<'a> {
    /// Its place in the pattern.
    pub name: &'a PatIdent,
    /// Where its value comes from.
    pub origin: Origin<'a>,
    /// Nodes that may use it lie below this one…
    pub scope: NodeId,
    /// …and from this one on.
    pub from: NodeId,
}

/// Where the value of a binding comes from.
#[derive(Clone, Copy, Debug)]
pub enum Origin<'a> {
    /// A `let`, whose pattern may hold more than the name.
    Let(&'a Local, NodeId),
    /// A parameter of a function.
    Param(&'a PatType),
    /// The elements of a `for`.
    For(&'a ExprForLoop),
    /// A parameter of a closure.
    Closure(&'a ExprClosure, usize),
    /// An arm of a `match`.
    Arm(&'a ExprMatch),
    /// `if let`, `while let`.
    IfLet(&'a ExprLet),
}

/// A use of a binding.
#[derive(Clone, Copy, Debug)]
pub struct Use<'a> {
    /// The path expression; for captured and opaque uses the macro's node.
    pub id: NodeId,
    /// How it is used.
    pub role: UseRole<'a>,
}

/// How a binding is used.
#[derive(Clone, Copy, Debug)]
pub enum UseRole<'a> {
    /// A method is called on it.
    Receiver(&'a ExprMethodCall),
    /// `&x`.
    Borrowed,
    /// `&mut x`.
    BorrowedMut,
    /// `x = …`.
    Assigned,
    /// `x += …` and its like.
    Updated,
    /// `x[i]`.
    Indexed,
    /// `x.field`.
    Field,
    /// `*x`.
    Dereferenced,
    /// An operand of a comparison, which borrows.
    Compared,
    /// Named in a format string, or an argument of a format macro, which borrows.
    Formatted,
    /// What a `for` walks over.
    Iterated,
    /// In a macro that nobody looks into.
    Opaque,
    /// Anything else: it may be moved.
    Moved,
}

/// The binding that a name at a node means.
pub fn find<'a>(tree: &Tree<'a>, at: NodeId, name: &str) -> Option<Binding<'a>> {
    let mut inner = at;
    for outer in tree.ancestors(at) {
        let child = std::mem::replace(&mut inner, outer);
        let found = match tree.node(outer) {
            Node::Block(block) => in_block(tree, outer, block, child, name),
            Node::Expr(expr) => in_expr(tree, outer, expr, child, name),
            Node::Arm(arm) => {
                let Some(Expr::Match(parent)) = tree.parent(outer).and_then(|id| tree.expr(id))
                else {
                    continue;
                };
                in_pattern(&arm.pat, name).map(|name| Binding {
                    name,
                    origin: Origin::Arm(parent),
                    scope: outer,
                    from: outer,
                })
            }
            Node::Item(Item::Fn(item)) => return in_signature(&item.sig, outer, name),
            Node::ImplItem(ImplItem::Fn(item)) => return in_signature(&item.sig, outer, name),
            Node::TraitItem(TraitItem::Fn(item)) => return in_signature(&item.sig, outer, name),
            Node::Item(_) | Node::ImplItem(_) | Node::TraitItem(_) => return None,
            _ => None,
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// The binding of a `let` statement whose pattern is one name.
pub fn of_let<'a>(tree: &Tree<'a>, stmt: NodeId) -> Option<Binding<'a>> {
    let Node::Stmt(Stmt::Local(local)) = tree.node(stmt) else { return None };
    let name = simple_name(&local.pat)?;
    let (scope, from) = (tree.parent(stmt)?, tree.behind(stmt));
    Some(Binding { name, origin: Origin::Let(local, stmt), scope, from })
}

/// The name of a pattern that is nothing but a name, perhaps with a type.
pub fn simple_name(pat: &Pat) -> Option<&PatIdent> {
    match pat {
        Pat::Ident(name) if name.subpat.is_none() => Some(name),
        Pat::Type(typed) => simple_name(&typed.pat),
        Pat::Paren(inner) => simple_name(&inner.pat),
        _ => None,
    }
}

/// All uses of a binding, in source order.
pub fn uses<'a>(tree: &Tree<'a>, binding: &Binding<'a>) -> Vec<Use<'a>> {
    let wanted = binding.name.ident.to_string();
    let mut found = Vec::new();
    for id in tree.below(binding.scope).filter(|&id| id >= binding.from) {
        let role = match tree.node(id) {
            Node::Expr(Expr::Path(path)) if path.path.is_ident(&wanted) => role(tree, id),
            Node::Expr(Expr::Macro(call)) => match mention(tree, &call.mac, &wanted) {
                Some(role) => role,
                None => continue,
            },
            Node::Stmt(Stmt::Macro(call)) => match mention(tree, &call.mac, &wanted) {
                Some(role) => role,
                None => continue,
            },
            _ => continue,
        };
        let same = |other: Binding<'a>| std::ptr::eq(other.name, binding.name);
        if find(tree, id, &wanted).is_some_and(same) {
            found.push(Use { id, role });
        }
    }
    found
}

fn in_block<'a>(
    tree: &Tree<'a>,
    id: NodeId,
    block: &'a syn::Block,
    child: NodeId,
    name: &str,
) -> Option<Binding<'a>> {
    let before = block.stmts.iter().zip(tree.children(id)).filter(|(_, stmt)| *stmt < child);
    let lets = before.filter_map(|(stmt, at)| match stmt {
        Stmt::Local(local) => Some((local, at)),
        _ => None,
    });
    let (local, at, name) =
        lets.filter_map(|(local, at)| Some((local, at, in_pattern(&local.pat, name)?))).last()?;
    Some(Binding { name, origin: Origin::Let(local, at), scope: id, from: tree.behind(at) })
}

fn in_expr<'a>(
    tree: &Tree<'a>,
    id: NodeId,
    expr: &'a Expr,
    child: NodeId,
    name: &str,
) -> Option<Binding<'a>> {
    match expr {
        Expr::ForLoop(turn) if tree.block_id(&turn.body) == Some(child) => {
            let name = in_pattern(&turn.pat, name)?;
            Some(Binding { name, origin: Origin::For(turn), scope: child, from: child })
        }
        Expr::Closure(closure) => {
            let mut inputs = closure.inputs.iter().enumerate();
            let (at, name) = inputs.find_map(|(at, pat)| Some((at, in_pattern(pat, name)?)))?;
            Some(Binding { name, origin: Origin::Closure(closure, at), scope: id, from: child })
        }
        Expr::If(branch) if tree.block_id(&branch.then_branch) == Some(child) => {
            in_condition(&branch.cond, child, name)
        }
        Expr::While(turn) if tree.block_id(&turn.body) == Some(child) => {
            in_condition(&turn.cond, child, name)
        }
        Expr::Binary(both) if tree.id(&both.right) == Some(child) => {
            in_condition(&both.left, child, name)
        }
        _ => None,
    }
}

/// Names bound by the `let`s of a condition, for the block that it guards.
fn in_condition<'a>(cond: &'a Expr, guarded: NodeId, name: &str) -> Option<Binding<'a>> {
    match cond {
        Expr::Let(found) => {
            let name = in_pattern(&found.pat, name)?;
            Some(Binding { name, origin: Origin::IfLet(found), scope: guarded, from: guarded })
        }
        Expr::Binary(both) => in_condition(&both.right, guarded, name)
            .or_else(|| in_condition(&both.left, guarded, name)),
        Expr::Paren(inner) => in_condition(&inner.expr, guarded, name),
        _ => None,
    }
}

fn in_signature<'a>(signature: &'a Signature, id: NodeId, name: &str) -> Option<Binding<'a>> {
    signature.inputs.iter().find_map(|input| {
        let FnArg::Typed(typed) = input else { return None };
        let name = in_pattern(&typed.pat, name)?;
        Some(Binding { name, origin: Origin::Param(typed), scope: id, from: id })
    })
}

/// The place in a pattern that binds a name.
pub fn in_pattern<'a>(pat: &'a Pat, name: &str) -> Option<&'a PatIdent> {
    match pat {
        Pat::Ident(found) if found.ident == name => Some(found),
        Pat::Ident(found) => found.subpat.as_ref().and_then(|(_, pat)| in_pattern(pat, name)),
        Pat::Guard(guard) => in_pattern(&guard.pat, name),
        Pat::Or(cases) => cases.cases.iter().find_map(|pat| in_pattern(pat, name)),
        Pat::Paren(inner) => in_pattern(&inner.pat, name),
        Pat::Reference(inner) => in_pattern(&inner.pat, name),
        Pat::Slice(list) => list.elems.iter().find_map(|pat| in_pattern(pat, name)),
        Pat::Struct(fields) => fields.fields.iter().find_map(|field| in_pattern(&field.pat, name)),
        Pat::Tuple(list) => list.elems.iter().find_map(|pat| in_pattern(pat, name)),
        Pat::TupleStruct(list) => list.elems.iter().find_map(|pat| in_pattern(pat, name)),
        Pat::Type(typed) => in_pattern(&typed.pat, name),
        _ => None,
    }
}

/// How a path expression is used, by what stands around it.
fn role<'a>(tree: &Tree<'a>, id: NodeId) -> UseRole<'a> {
    let Some(parent) = tree.parent(id) else { return UseRole::Moved };
    let is = |expr: &Expr| tree.id(expr) == Some(id);
    match tree.node(parent) {
        Node::Expr(expr) => match expr {
            Expr::Paren(_) | Expr::Group(_) => role(tree, parent),
            Expr::MethodCall(call) if is(&call.receiver) => UseRole::Receiver(call),
            Expr::Reference(reference) if reference.mutability.is_some() => UseRole::BorrowedMut,
            Expr::Reference(_) => UseRole::Borrowed,
            Expr::Assign(assign) if is(&assign.left) => UseRole::Assigned,
            Expr::Binary(both) if is_update(&both.op) && is(&both.left) => UseRole::Updated,
            Expr::Binary(both) if is_comparison(&both.op) => UseRole::Compared,
            Expr::Index(index) if is(&index.expr) => UseRole::Indexed,
            Expr::Field(_) => UseRole::Field,
            Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Deref(_)) => UseRole::Dereferenced,
            Expr::ForLoop(turn) if is(&turn.expr) => UseRole::Iterated,
            Expr::Macro(call) if borrows(tree, &call.mac) => UseRole::Formatted,
            _ => UseRole::Moved,
        },
        Node::Stmt(Stmt::Macro(call)) if borrows(tree, &call.mac) => UseRole::Formatted,
        _ => UseRole::Moved,
    }
}

/// Format macros borrow what they print.
fn borrows(tree: &Tree<'_>, mac: &Macro) -> bool {
    tree.arguments(mac).is_some_and(|arguments| arguments.format.is_some())
}

/// Whether a macro uses a name without an expression for it.
fn mention<'a>(tree: &Tree<'a>, mac: &Macro, name: &str) -> Option<UseRole<'a>> {
    match tree.arguments(mac) {
        Some(arguments) => {
            let captured = arguments.captures.iter().any(|captured| captured == name);
            captured.then_some(UseRole::Formatted)
        }
        None => mentions(&mac.tokens, name).then_some(UseRole::Opaque),
    }
}

fn mentions(tokens: &TokenStream, name: &str) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == name,
        TokenTree::Group(group) => mentions(&group.stream(), name),
        // A format string may capture the name.
        TokenTree::Literal(literal) => literal.to_string().contains(name),
        TokenTree::Punct(_) => false,
    })
}

/// `+=` and its like.
pub fn is_update(op: &syn::BinOp) -> bool {
    use syn::BinOp::{
        AddAssign, BitAndAssign, BitOrAssign, BitXorAssign, DivAssign, MulAssign, RemAssign,
        ShlAssign, ShrAssign, SubAssign,
    };
    matches!(
        op,
        AddAssign(_)
            | SubAssign(_)
            | MulAssign(_)
            | DivAssign(_)
            | RemAssign(_)
            | BitXorAssign(_)
            | BitAndAssign(_)
            | BitOrAssign(_)
            | ShlAssign(_)
            | ShrAssign(_)
    )
}

/// `==` and its like.
pub fn is_comparison(op: &syn::BinOp) -> bool {
    use syn::BinOp::{Eq, Ge, Gt, Le, Lt, Ne};
    matches!(op, Eq(_) | Ne(_) | Lt(_) | Le(_) | Gt(_) | Ge(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Syntax;

    /// The uses of the first binding called `x`, as text and role.
    fn roles(body: &str) -> Vec<String> {
        let text = format!("fn f() {{ {body} }}");
        let syntax = Syntax::parse(&text).unwrap();
        let tree = Tree::new(&syntax);
        let stmt = tree.ids().find(|&id| of_let(&tree, id).is_some()).unwrap();
        let binding = of_let(&tree, stmt).unwrap();
        uses(&tree, &binding)
            .iter()
            .map(|found| {
                let name = format!("{:?}", found.role);
                name.split(['(', ' ']).next().unwrap().to_owned()
            })
            .collect()
    }

    #[test]
    fn uses_are_told_by_what_stands_around_them() {
        let body = "let mut x = g(); x.push(1); h(&x); i(&mut x); x += 1; x = 2; x[0]; *x; x == y;
            for a in x {} println!(\"{}\", x); println!(\"{x}\"); odd!(x); (x).len(); x";
        let expected = [
            "Receiver",
            "Borrowed",
            "BorrowedMut",
            "Updated",
            "Assigned",
            "Indexed",
            "Dereferenced",
            "Compared",
            "Iterated",
            "Formatted",
            "Formatted",
            "Opaque",
            "Receiver",
            "Moved",
        ];
        assert_eq!(roles(body), expected);
    }

    #[test]
    fn a_shadowing_name_is_another_binding() {
        assert_eq!(
            roles("let x = a(); { let x = x.b(); c(x); } |x| d(x); x.e(); let x = 1; f(x);"),
            ["Receiver", "Receiver"]
        );
        assert_eq!(
            roles(
                "let x = a(); if let Some(x) = b { c(x); } for x in d { e(x); } match g { x => x }"
            ),
            [""; 0]
        );
        assert_eq!(roles("let x = a(); S { x }; fn g() { x; }"), ["Moved"]);
    }
}
