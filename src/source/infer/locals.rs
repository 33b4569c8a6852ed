//! Which binding a name means, and of which type it is.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::{
    Block, Expr, FnArg, ImplItem, Item, Macro, Pat, ReceiverKind, Signature, Stmt, TraitItem, Type,
};

use super::expr::is_conditional;
use super::lower::PARAM;
use super::{Infer, Witness};
use crate::model::type_name::TypeName;
use crate::source::imports::item_name;
use crate::source::tree::{Node, NodeId};

/// Where a name gets its value.
#[derive(Clone, Copy)]
enum Binding<'a> {
    /// `let pattern: ty = init`, `if let`, a match arm: the whole of an expression.
    Value { pat: &'a Pat, ty: Option<&'a Type>, init: Option<&'a Expr>, at: NodeId },
    /// An item of what a `for` loop walks.
    Item { pat: &'a Pat, iterated: &'a Expr, at: NodeId },
    /// A parameter of a function.
    Parameter { pat: &'a Pat, ty: &'a Type, at: NodeId },
    /// A parameter of a closure, by its number.
    Closure { pat: &'a Pat, number: usize, at: NodeId },
    /// `self`.
    Receiver { receiver: &'a syn::Receiver, at: NodeId },
}

/// What a look for a name found.
enum Found<'a> {
    Binding(Binding<'a>),
    /// Something else may stand behind the name.
    Hidden,
    /// No local has the name.
    No,
}

impl<'a> Infer<'_, 'a> {
    /// The type of a local; `None` where no local of the function has the name.
    pub(super) fn local(&self, at: NodeId, name: &str) -> Option<TypeName> {
        match self.find(at, name) {
            Found::Binding(binding) => Some(self.bound(binding, name)),
            Found::Hidden => Some(TypeName::Unknown),
            Found::No => None,
        }
    }

    fn bound(&self, binding: Binding<'a>, name: &str) -> TypeName {
        let (pat, at) = match binding {
            Binding::Receiver { receiver, at } => return self.receiver(receiver, at),
            Binding::Value { pat, at, .. }
            | Binding::Item { pat, at, .. }
            | Binding::Parameter { pat, at, .. }
            | Binding::Closure { pat, at, .. } => (pat, at),
        };
        // A declared generic type is generic, whatever one instance of it was.
        let inferred = self.inferred(binding, name);
        if !mentions_param(&inferred)
            && let Some(span) = ident_in(pat, name)
        {
            let ask = |witness: &dyn Witness, place| witness.local(place, name);
            if let Some(name) = self.heard(span, at, ask) {
                return name;
            }
        }
        inferred
    }

    fn inferred(&self, binding: Binding<'a>, name: &str) -> TypeName {
        match binding {
            Binding::Value { pat, ty, init, at } => {
                let whole = match (ty, init) {
                    (Some(ty), init) => {
                        let written = self.written(ty, at);
                        // `Vec<_>` leaves a part to the value.
                        match init {
                            Some(init) if !written.is_complete() => {
                                filled(written, self.infer(init))
                            }
                            _ => written,
                        }
                    }
                    (None, Some(init)) => self.infer(init),
                    (None, None) => TypeName::Unknown,
                };
                self.destructured(pat, whole, name, at)
            }
            Binding::Item { pat, iterated, at } => {
                let item = self.loop_item(&self.infer(iterated));
                self.destructured(pat, item, name, at)
            }
            Binding::Parameter { pat, ty, at } => {
                self.destructured(pat, self.written(ty, at), name, at)
            }
            Binding::Closure { pat, number, at } => {
                let given = self.closure_parameter(at, number);
                self.destructured(pat, given, name, at)
            }
            Binding::Receiver { receiver, at } => self.receiver(receiver, at),
        }
    }

    fn receiver(&self, receiver: &syn::Receiver, at: NodeId) -> TypeName {
        let own = || self.self_type(at).unwrap_or(TypeName::Unknown);
        match &receiver.kind {
            ReceiverKind::Value => own(),
            ReceiverKind::Reference(_, _, mutable) => {
                TypeName::Ref { mutable: mutable.is_some(), to: Box::new(own()) }
            }
            ReceiverKind::Typed(_, ty) => self.written(ty, at),
            _ => TypeName::Unknown,
        }
    }

    fn find(&self, at: NodeId, name: &str) -> Found<'a> {
        let mut child = at;
        while let Some(outer) = self.tree.parent(child) {
            let found = match self.tree.node(outer) {
                Node::Block(block) => self.in_block(block, child, name),
                Node::Arm(arm) if binds(&arm.pat, name) => self.in_arm(&arm.pat, outer),
                Node::Expr(expr) => self.in_expr(expr, outer, child, name),
                Node::Stmt(Stmt::Macro(stmt)) => self.in_macro(&stmt.mac, child),
                Node::Item(Item::Fn(item)) => return in_signature(&item.sig, outer, name),
                Node::ImplItem(ImplItem::Fn(item)) => {
                    return in_signature(&item.sig, outer, name);
                }
                Node::TraitItem(TraitItem::Fn(item)) => {
                    return in_signature(&item.sig, outer, name);
                }
                Node::Item(_) | Node::ImplItem(_) | Node::TraitItem(_) | Node::File(_) => {
                    return Found::No;
                }
                _ => Found::No,
            };
            match found {
                Found::No => child = outer,
                found => return found,
            }
        }
        Found::No
    }

    fn in_block(&self, block: &'a Block, child: NodeId, name: &str) -> Found<'a> {
        let Node::Stmt(inside) = self.tree.node(child) else { return Found::No };
        let before = block.stmts.iter().position(|stmt| std::ptr::eq(stmt, inside)).unwrap_or(0);
        for stmt in block.stmts.iter().take(before).rev() {
            match stmt {
                Stmt::Local(local) => {
                    let (pat, ty) = match &local.pat {
                        Pat::Type(typed) => (&*typed.pat, Some(&*typed.ty)),
                        pat => (pat, None),
                    };
                    if binds(pat, name) {
                        if is_conditional(stmt) {
                            return Found::Hidden;
                        }
                        let init = local.init.as_ref().map(|init| &*init.expr);
                        return Found::Binding(Binding::Value { pat, ty, init, at: child });
                    }
                }
                // A macro may bind the names it is given.
                Stmt::Macro(stmt) if may_bind(&stmt.mac, name) => return Found::Hidden,
                _ => {}
            }
        }
        let is_item = |stmt: &Stmt| match stmt {
            Stmt::Item(Item::Use(item)) => mentions(&item.tree, name),
            Stmt::Item(item) => item_name(item).is_some_and(|known| known == name),
            _ => false,
        };
        if block.stmts.iter().any(is_item) { Found::Hidden } else { Found::No }
    }

    fn in_arm(&self, pat: &'a Pat, arm: NodeId) -> Found<'a> {
        match self.tree.parent(arm).map(|outer| self.tree.node(outer)) {
            Some(Node::Expr(Expr::Match(whole))) => {
                Found::Binding(Binding::Value { pat, ty: None, init: Some(&whole.expr), at: arm })
            }
            _ => Found::Hidden,
        }
    }

    fn in_expr(&self, expr: &'a Expr, outer: NodeId, child: NodeId, name: &str) -> Found<'a> {
        let is_block = |block: &Block| match self.tree.node(child) {
            Node::Block(inside) => std::ptr::eq(inside, block),
            _ => false,
        };
        let is_expr = |expr: &Expr| match self.tree.node(child) {
            Node::Expr(inside) => std::ptr::eq(inside, expr),
            _ => false,
        };
        match expr {
            Expr::ForLoop(turn) if is_block(&turn.body) && binds(&turn.pat, name) => {
                let (pat, iterated) = (&*turn.pat, &*turn.expr);
                Found::Binding(Binding::Item { pat, iterated, at: outer })
            }
            Expr::While(turn) if is_block(&turn.body) => in_condition(&turn.cond, outer, name),
            Expr::If(choice) if is_block(&choice.then_branch) => {
                in_condition(&choice.cond, outer, name)
            }
            Expr::Binary(both) if is_expr(&both.right) => in_condition(&both.left, outer, name),
            Expr::Closure(closure) if is_expr(&closure.body) => {
                let mut inputs = closure.inputs.iter().enumerate();
                match inputs.find(|(_, pat)| binds(pat, name)) {
                    Some((_, Pat::Type(typed))) => Found::Binding(Binding::Parameter {
                        pat: &typed.pat,
                        ty: &typed.ty,
                        at: outer,
                    }),
                    Some((number, pat)) => {
                        Found::Binding(Binding::Closure { pat, number, at: outer })
                    }
                    None => Found::No,
                }
            }
            Expr::Macro(expr) => self.in_macro(&expr.mac, child),
            _ => Found::No,
        }
    }

    /// The patterns of `matches!` bind names for what follows them.
    fn in_macro(&self, mac: &'a Macro, child: NodeId) -> Found<'a> {
        let name = mac.path.segments.last().map(|last| last.ident.to_string());
        let matching = name.is_some_and(|name| name.contains("matches"));
        let first = self.tree.arguments(mac).and_then(|arguments| arguments.exprs.first());
        match (self.tree.node(child), first) {
            (Node::Expr(inside), Some(first)) if matching && !std::ptr::eq(inside, first) => {
                Found::Hidden
            }
            _ => Found::No,
        }
    }
}

/// `let` within a condition: the last one to bind a name counts.
fn in_condition<'a>(condition: &'a Expr, at: NodeId, name: &str) -> Found<'a> {
    match condition {
        Expr::Let(found) if binds(&found.pat, name) => {
            let (pat, init) = (&*found.pat, Some(&*found.expr));
            Found::Binding(Binding::Value { pat, ty: None, init, at })
        }
        Expr::Binary(both) if matches!(both.op, syn::BinOp::And(_)) => {
            match in_condition(&both.right, at, name) {
                Found::No => in_condition(&both.left, at, name),
                found => found,
            }
        }
        _ => Found::No,
    }
}

fn in_signature<'a>(signature: &'a Signature, at: NodeId, name: &str) -> Found<'a> {
    for input in &signature.inputs {
        match input {
            FnArg::Receiver(receiver) if name == "self" => {
                return Found::Binding(Binding::Receiver { receiver, at });
            }
            FnArg::Typed(input) if binds(&input.pat, name) => {
                let (pat, ty) = (&*input.pat, &*input.ty);
                return Found::Binding(Binding::Parameter { pat, ty, at });
            }
            _ => {}
        }
    }
    Found::No
}

/// Whether a pattern binds a name.
pub(super) fn binds(pat: &Pat, name: &str) -> bool {
    ident_in(pat, name).is_some()
}

/// Where a pattern binds a name.
pub(super) fn ident_in(pat: &Pat, name: &str) -> Option<Span> {
    let within = |mut pats: &mut dyn Iterator<Item = &Pat>| {
        Iterator::find_map(&mut pats, |pat| ident_in(pat, name))
    };
    match pat {
        Pat::Ident(found) => {
            let below = || found.subpat.as_ref().and_then(|(_, pat)| ident_in(pat, name));
            (found.ident == name && is_binding(found)).then(|| found.ident.span()).or_else(below)
        }
        Pat::Or(found) => within(&mut found.cases.iter()),
        Pat::Paren(found) => ident_in(&found.pat, name),
        Pat::Reference(found) => ident_in(&found.pat, name),
        Pat::Slice(found) => within(&mut found.elems.iter()),
        Pat::Struct(found) => within(&mut found.fields.iter().map(|field| &*field.pat)),
        Pat::Tuple(found) => within(&mut found.elems.iter()),
        Pat::TupleStruct(found) => within(&mut found.elems.iter()),
        Pat::Type(found) => ident_in(&found.pat, name),
        Pat::Guard(found) => ident_in(&found.pat, name),
        // A macro may expand to any pattern; names in it are not ours.
        _ => None,
    }
}

/// A plain upper-case name in a pattern is a constant or a variant.
fn is_binding(found: &syn::PatIdent) -> bool {
    let upper = found.ident.to_string().starts_with(char::is_uppercase);
    !upper || found.by_ref.is_some() || found.mutability.is_some() || found.subpat.is_some()
}

/// Whether a macro call, as a statement, may declare a local: one that is not known, and is given
/// the name.
fn may_bind(mac: &Macro, name: &str) -> bool {
    const HARMLESS: [&str; 36] = [
        "print",
        "println",
        "eprint",
        "eprintln",
        "write",
        "writeln",
        "format",
        "vec",
        "assert",
        "assert_eq",
        "assert_ne",
        "debug_assert",
        "debug_assert_eq",
        "debug_assert_ne",
        "panic",
        "todo",
        "unimplemented",
        "unreachable",
        "dbg",
        "matches",
        "log",
        "trace",
        "debug",
        "info",
        "warn",
        "error",
        "span",
        "event",
        "bail",
        "ensure",
        "anyhow",
        "assert_matches",
        "debug_span",
        "info_span",
        "trace_span",
        "compile_error",
    ];
    let called = mac.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
    !HARMLESS.contains(&called.as_str()) && holds(mac.tokens.clone(), name)
}

fn holds(tokens: TokenStream, name: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == name,
        TokenTree::Group(group) => holds(group.stream(), name),
        _ => false,
    })
}

fn mentions(tree: &syn::UseTree, name: &str) -> bool {
    match tree {
        syn::UseTree::Path(path) => mentions(&path.tree, name),
        syn::UseTree::Name(found) => found.ident == name,
        syn::UseTree::Rename(found) => found.rename == name,
        // A glob within a function: consts in it are upper-case, and hide no local.
        syn::UseTree::Glob(_) => false,
        syn::UseTree::Group(group) => group.items.iter().any(|tree| mentions(tree, name)),
    }
}

/// A written type with the parts it leaves open taken from its value.
pub(super) fn filled(written: TypeName, value: TypeName) -> TypeName {
    let each = |written: Vec<TypeName>, value: &[TypeName]| -> Vec<TypeName> {
        let values = value.iter().cloned().chain(std::iter::repeat(TypeName::Unknown));
        written.into_iter().zip(values).map(|(a, b)| filled(a, b)).collect()
    };
    match (written, value) {
        (TypeName::Unknown, value) => value,
        (TypeName::Path { segments, args }, value)
            if value.name() == segments.last().map(String::as_str) =>
        {
            TypeName::Path { args: each(args, value.args()), segments }
        }
        (TypeName::Ref { mutable, to }, TypeName::Ref { to: value, .. }) => {
            TypeName::Ref { mutable, to: Box::new(filled(*to, *value)) }
        }
        (TypeName::Tuple(items), TypeName::Tuple(values)) => TypeName::Tuple(each(items, &values)),
        (written, _) => written,
    }
}

/// Whether a generic parameter is part of a type.
pub(super) fn mentions_param(name: &TypeName) -> bool {
    match name {
        TypeName::Path { segments, args } => {
            segments.first().is_some_and(|first| first == PARAM) || args.iter().any(mentions_param)
        }
        TypeName::Ref { to, .. } | TypeName::Pointer(to) | TypeName::Slice(to) => {
            mentions_param(to)
        }
        TypeName::Array(to, _) => mentions_param(to),
        TypeName::Tuple(items) | TypeName::Dyn(items) => items.iter().any(mentions_param),
        TypeName::Unknown | TypeName::Fn | TypeName::Never => false,
    }
}
