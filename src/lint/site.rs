//! What a lint sees: a node, its surroundings, and ways to ask about them.

use std::ops::Range;

use syn::spanned::Spanned;
use syn::{Expr, ImplItem, Item, Signature, TraitItem};

use crate::model::finding::{Edit, Related, Span};
use crate::source::bindings::{self, Binding, Use};
use crate::source::infer::{Infer, Typed};
use crate::source::names::Names;
use crate::source::{Node, NodeId, SourceFile, Tree};

/// A node and its surroundings.
#[derive(Clone, Copy)]
pub struct Site<'s, 'a> {
    /// The file.
    pub file: &'s SourceFile,
    /// Its nodes.
    pub tree: &'s Tree<'a>,
    /// Its imports.
    pub names: &'s Names,
    /// Types within it.
    pub types: &'s Infer<'s, 'a>,
    /// The node the lint is called for.
    pub node: NodeId,
}

/// A function around a node.
#[derive(Clone, Copy, Debug)]
pub struct Function<'a> {
    /// Its node.
    pub id: NodeId,
    /// Its signature.
    pub signature: &'a Signature,
    /// Its body.
    pub body: &'a syn::Block,
}

impl<'s, 'a> Site<'s, 'a> {
    /// The expression the lint is called for.
    pub fn expr(&self) -> Option<&'a Expr> {
        self.tree.expr(self.node)
    }

    /// The text of a node.
    pub fn text(&self, id: NodeId) -> &'s str {
        self.file.text.get(self.tree.range(id)).unwrap_or_default()
    }

    /// The text of an expression.
    pub fn source(&self, expr: &Expr) -> &'s str {
        self.file.text.get(self.tree.bytes(expr)).unwrap_or_default()
    }

    /// The text of a pattern.
    pub fn source_of_pat(&self, pat: &syn::Pat) -> &'s str {
        self.file.text.get(self.tree.token(pat.span())).unwrap_or_default()
    }

    /// The full path of a path at this node.
    pub fn resolve(&self, path: &syn::Path) -> String {
        self.names.resolve(self.tree, self.node, path)
    }

    /// The type of an expression.
    pub fn type_of(&self, expr: &'a Expr) -> Typed {
        self.types.type_of(expr)
    }

    /// Whether the type of an expression is known, and of each receiver it is called on.
    pub fn type_of_is_known(&self, expr: &Expr) -> bool {
        let receiver = match expr {
            Expr::MethodCall(call) => self.type_of_is_known(&call.receiver),
            _ => true,
        };
        receiver && !self.types.type_of(expr).ty.is_unknown()
    }

    /// The binding that a bare name means; `None` for everything else.
    pub fn binding(&self, expr: &Expr) -> Option<Binding<'a>> {
        let Expr::Path(path) = expr else { return None };
        let name = path.path.get_ident()?.to_string();
        bindings::find(self.tree, self.tree.id(expr)?, &name)
    }

    /// All uses of a binding.
    pub fn uses(&self, binding: &Binding<'a>) -> Vec<Use<'a>> {
        bindings::uses(self.tree, binding)
    }

    /// The function around a node.
    pub fn function(&self, id: NodeId) -> Option<Function<'a>> {
        self.tree.ancestors(id).find_map(|id| {
            let (signature, body) = match self.tree.node(id) {
                Node::Item(Item::Fn(item)) => (&item.sig, &*item.block),
                Node::ImplItem(ImplItem::Fn(item)) => (&item.sig, &item.block),
                Node::TraitItem(TraitItem::Fn(item)) => (&item.sig, item.default.as_ref()?),
                _ => return None,
            };
            Some(Function { id, signature, body })
        })
    }

    /// The innermost statement around a node.
    pub fn statement(&self, id: NodeId) -> Option<NodeId> {
        std::iter::once(id)
            .chain(self.tree.ancestors(id))
            .find(|&id| matches!(self.tree.node(id), Node::Stmt(_)))
    }

    /// The blanks that the line of a byte starts with.
    pub fn indentation(&self, byte: usize) -> &'s str {
        let line = self.file.lines().line(byte);
        let text = self.file.lines().range(line).and_then(|range| self.file.text.get(range));
        let text = text.unwrap_or_default();
        &text[..text.len() - text.trim_start().len()]
    }

    /// A span of this file.
    pub fn span(&self, bytes: Range<usize>) -> Span {
        Span { file: self.file.path.clone(), bytes }
    }

    /// Replaces bytes of this file.
    pub fn replace(&self, bytes: Range<usize>, text: impl Into<String>) -> Edit {
        Edit { span: self.span(bytes), text: text.into() }
    }

    /// Inserts before a byte of this file.
    pub fn insert(&self, at: usize, text: impl Into<String>) -> Edit {
        self.replace(at..at, text)
    }

    /// A second place of a finding.
    pub fn related(&self, id: NodeId, label: impl Into<String>) -> Related {
        Related { span: self.span(self.tree.range(id)), label: label.into() }
    }
}
