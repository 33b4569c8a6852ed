//! One map alone: a local, or a private field.

use quote::ToTokens;
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::{
    Expr, ExprMacro, Fields, GenericArgument, Item, Member, Pat, PathArguments, Stmt, StmtMacro,
    Type, Visibility,
};

use super::ground::Ground;
use super::made::{Mentions, constructor, count};
use super::{Swap, element_of};
use crate::lint::site::Site;
use crate::model::finding::Edit;
use crate::source::bindings::{Origin, UseRole};
use crate::source::{Node, NodeId};

impl Swap<'_> {
    /// The edits for one map that nobody else is handed.
    pub fn of_one(&self, site: &Site<'_, '_>, map: &Expr) -> Option<Vec<Edit>> {
        match element_of(map) {
            local @ Expr::Path(_) => self.of_local(site, local),
            Expr::Field(field) => {
                let Member::Named(name) = &field.member else { return None };
                let name = name.to_string();
                Ground::with_tests(site, &name, |ground| self.of_field(ground, &name))
            }
            _ => None,
        }
    }

    fn of_local(&self, site: &Site<'_, '_>, local: &Expr) -> Option<Vec<Edit>> {
        let binding = site.binding(local)?;
        let Origin::Let(local, _) = binding.origin else { return None };
        let init = &*local.init.as_ref()?.expr;
        let ground = Ground { file: site.file, tree: site.tree, names: site.names };
        let stays = site.uses(&binding).iter().all(|used| {
            matches!(
                used.role,
                UseRole::Receiver(_) | UseRole::Indexed | UseRole::Formatted | UseRole::Iterated
            )
        });
        if !stays {
            return None;
        }
        let mut edits = self.of_value(&ground, init)?;
        match &local.pat {
            Pat::Ident(_) if !edits.is_empty() => {}
            Pat::Type(typed) if matches!(*typed.pat, Pat::Ident(_)) => {
                edits.push(self.of_type(&ground, site.tree.id(init)?, &typed.ty)?);
            }
            _ => return None,
        }
        Some(edits)
    }

    /// The only field of its name in the file, if only the file sees it.
    fn of_field(&self, ground: &Ground<'_, '_>, name: &str) -> Option<Vec<Edit>> {
        let tree = ground.tree;
        let mut fields = tree.ids().filter_map(|id| match tree.node(id) {
            Node::Item(Item::Struct(item)) => match &item.fields {
                Fields::Named(fields) => {
                    let mut fields = fields.named.iter();
                    let field = fields
                        .find(|field| field.ident.as_ref().is_some_and(|ident| ident == name))?;
                    Some((id, item, field))
                }
                _ => None,
            },
            _ => None,
        });
        let (declared, holder, field) = fields.next()?;
        if fields.next().is_some() || !matches!(field.vis, Visibility::Inherited) {
            return None;
        }
        let mut edits = vec![self.of_type(ground, declared, &field.ty)?];
        let lists = lists_around(&field.ty);
        for id in tree.ids() {
            match tree.expr(id) {
                Some(Expr::Field(field)) if matches!(&field.member, Member::Named(ident) if ident == name) =>
                {
                    edits.extend(self.of_use(ground, id, lists)?);
                }
                Some(Expr::Struct(made)) => {
                    let is_holder = made
                        .path
                        .segments
                        .last()
                        .is_some_and(|last| last.ident == holder.ident || last.ident == "Self");
                    let value = made.fields.iter().find(
                        |field| matches!(&field.member, Member::Named(ident) if ident == name),
                    );
                    if let Some(value) = value.filter(|_| is_holder) {
                        value.colon_token?;
                        edits.extend(self.of_value(ground, &value.expr)?);
                    }
                }
                _ => {}
            }
        }
        Some(edits)
    }

    /// What a use of the field has to become; `None` where the map is handed on.
    fn of_use(&self, ground: &Ground<'_, '_>, field: NodeId, lists: usize) -> Option<Vec<Edit>> {
        let tree = ground.tree;
        let (mut at, mut outer) = (field, tree.parent(field)?);
        let mut indexed = 0;
        while let Some(around @ (Expr::Index(_) | Expr::Paren(_) | Expr::Reference(_))) =
            tree.expr(outer)
        {
            if let Expr::Index(index) = around {
                // As the index itself it is one value, or does not compile.
                indexed += usize::from(tree.id(&index.expr) == Some(at));
            }
            (at, outer) = (outer, tree.parent(outer)?);
        }
        if indexed > lists {
            // One value of the map, by its key.
            return Some(Vec::new());
        }
        if let Node::Stmt(Stmt::Macro(StmtMacro { mac, .. }))
        | Node::Expr(Expr::Macro(ExprMacro { mac, .. })) = tree.node(outer)
        {
            // What is shown is borrowed.
            return tree.arguments(mac)?.format.map(|_| Vec::new());
        }
        let is = |expr: &Expr| tree.id(expr) == Some(at);
        match tree.expr(outer)? {
            Expr::MethodCall(call) if is(&call.receiver) => Some(Vec::new()),
            Expr::ForLoop(turn) if is(&turn.expr) => Some(Vec::new()),
            Expr::Binary(_) => Some(Vec::new()),
            Expr::Assign(assign) if is(&assign.left) => self.of_value(ground, &assign.right),
            _ => None,
        }
    }

    /// A value that is made here; `None` where it comes from somewhere else.
    fn of_value(&self, ground: &Ground<'_, '_>, value: &Expr) -> Option<Vec<Edit>> {
        let named = count(value.to_token_stream(), self.name);
        let root = ground.tree.id(value)?;
        if named == 0 {
            let is_of_any_type = match value {
                Expr::MethodCall(call) => call.method == "collect" && call.turbofish.is_none(),
                Expr::Call(call) => {
                    call.args.is_empty()
                        && call.func.to_token_stream().to_string() == "Default :: default"
                }
                Expr::Macro(call) => call.mac.path.is_ident("vec") && call.mac.tokens.is_empty(),
                _ => false,
            };
            return is_of_any_type.then(Vec::new);
        }
        let (mut edits, mut seen) = (Vec::new(), 0);
        for id in std::iter::once(root).chain(ground.tree.below(root)) {
            match ground.tree.expr(id) {
                Some(Expr::Path(path)) => {
                    if let Some(edit) = constructor(ground, id, path, self.name)? {
                        let first = path.path.segments.first()?.ident.span();
                        edits.push(ground.replace(ground.tree.token(first), self.to));
                        edits.push(edit);
                        seen += 1;
                    }
                }
                // `collect::<HashMap<K, V>>()`
                Some(Expr::MethodCall(call)) if call.method == "collect" => {
                    let arguments = call.turbofish.iter().flat_map(|turbofish| &turbofish.args);
                    for argument in arguments {
                        if let GenericArgument::Type(ty) = argument
                            && count(ty.to_token_stream(), self.name) > 0
                        {
                            edits.push(self.of_type(ground, id, ty)?);
                            seen += 1;
                        }
                    }
                }
                _ => {}
            }
        }
        // Each time it is named has to be one of those.
        (seen == named && self.is_std(ground, root)).then_some(edits)
    }

    /// The only place in a type where the map is named.
    fn of_type(&self, ground: &Ground<'_, '_>, at: NodeId, ty: &Type) -> Option<Edit> {
        let mut mentions = Mentions::of(self.name);
        mentions.visit_type(ty);
        let [path] = mentions.paths[..] else { return None };
        let last = path.segments.last().filter(|last| last.ident == self.name)?;
        let is_std = match path.segments.len() {
            1 => self.is_std(ground, at),
            _ => ground.names.resolve(ground.tree, at, path) == self.of_std(),
        };
        if !is_std || mentions.any_hasher() {
            return None;
        }
        let start = ground.tree.token(path.span()).start;
        Some(ground.replace(start..ground.tree.token(last.ident.span()).end, self.to))
    }

    fn is_std(&self, ground: &Ground<'_, '_>, at: NodeId) -> bool {
        ground.names.imports(ground.tree, at, self.name, &self.of_std())
    }

    fn of_std(&self) -> String {
        format!("std::collections::{}", self.name)
    }
}

/// How many lists a map is inside of: one for `Vec<HashMap<K, V>>`.
fn lists_around(ty: &Type) -> usize {
    match ty {
        Type::Array(array) => 1 + lists_around(&array.elem),
        Type::Path(path) => match path.path.segments.last() {
            Some(last) if last.ident == "Vec" => match &last.arguments {
                PathArguments::AngleBracketed(arguments) => match arguments.args.first() {
                    Some(GenericArgument::Type(element)) => 1 + lists_around(element),
                    _ => 1,
                },
                _ => 1,
            },
            _ => 0,
        },
        _ => 0,
    }
}
