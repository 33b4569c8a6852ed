//! The nodes of a parsed file in one list, with parents.
//!
//! Nodes stand in source order, each before its children, so that the nodes below one are the
//! ones that follow it up to [`Tree::behind`].

use std::cell::OnceCell;
use std::ops::Range;

use syn::visit::{self, Visit};
use syn::{Arm, Block, Expr, ImplItem, Item, Macro, Stmt, TraitItem};

use super::macros::Arguments;
use super::span::Ends;
use super::syntax::Syntax;

/// A node of a [`Tree`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

/// What stands at a node.
#[derive(Clone, Copy, Debug)]
pub enum Node<'a> {
    /// The file itself.
    File(&'a syn::File),
    /// An item, also within a function.
    Item(&'a Item),
    /// A member of an `impl`.
    ImplItem(&'a ImplItem),
    /// A member of a trait.
    TraitItem(&'a TraitItem),
    /// Statements between braces.
    Block(&'a Block),
    /// A statement; what it holds is its child.
    Stmt(&'a Stmt),
    /// An arm of a `match`.
    Arm(&'a Arm),
    /// An expression.
    Expr(&'a Expr),
}

/// A piece of syntax stays where it is while its tree lives, so its address names it. A block may
/// be the first field of its expression, hence the kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Address {
    Expr(usize),
    Block(usize),
}

/// The nodes of a file.
pub struct Tree<'a> {
    syntax: &'a Syntax,
    nodes: Vec<Node<'a>>,
    parents: Vec<NodeId>,
    ends: Vec<u32>,
    by_address: OnceCell<Vec<(Address, NodeId)>>,
}

impl<'a> Tree<'a> {
    /// Lists the nodes of a parsed file.
    pub fn new(syntax: &'a Syntax) -> Self {
        let mut builder = Builder {
            syntax,
            nodes: Vec::new(),
            parents: Vec::new(),
            ends: Vec::new(),
            open: NodeId(0),
        };
        builder.within(Node::File(syntax.file()), |builder| {
            visit::visit_file(builder, syntax.file());
        });
        let Builder { nodes, parents, ends, .. } = builder;
        Tree { syntax, nodes, parents, ends, by_address: OnceCell::new() }
    }

    /// The file.
    pub fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// All nodes, in source order.
    pub fn ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.ends.len() as u32).map(NodeId)
    }

    /// What stands at a node.
    pub fn node(&self, id: NodeId) -> Node<'a> {
        self.nodes[id.0 as usize]
    }

    /// The expression at a node.
    pub fn expr(&self, id: NodeId) -> Option<&'a Expr> {
        match self.node(id) {
            Node::Expr(expr) => Some(expr),
            _ => None,
        }
    }

    /// The node of an expression of this tree.
    pub fn id(&self, expr: &Expr) -> Option<NodeId> {
        self.by_address(Address::Expr(std::ptr::from_ref(expr).addr()))
    }

    /// The node of a block of this tree.
    pub fn block_id(&self, block: &Block) -> Option<NodeId> {
        self.by_address(Address::Block(std::ptr::from_ref(block).addr()))
    }

    /// The node around a node.
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.parents.get(id.0 as usize).copied().filter(|_| id.0 > 0)
    }

    /// The nodes around a node, innermost first.
    pub fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.parent(id), |&id| self.parent(id))
    }

    /// The nodes below a node, in source order.
    pub fn below(&self, id: NodeId) -> impl Iterator<Item = NodeId> + use<> {
        (id.0 + 1..self.ends[id.0 as usize]).map(NodeId)
    }

    /// The nodes right below a node.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let first = NodeId(id.0 + 1);
        let end = self.behind(id);
        // What ends the file has nothing behind it.
        let within = move |child: &NodeId| *child < end;
        std::iter::successors(Some(first).filter(within), move |&child| {
            Some(self.behind(child)).filter(within)
        })
    }

    /// The statement behind a statement of the same block.
    pub fn statement_after(&self, stmt: NodeId) -> Option<NodeId> {
        let next = self.behind(stmt);
        let is_sibling = next.0 < self.nodes.len() as u32 && self.parent(next) == self.parent(stmt);
        is_sibling.then_some(next)
    }

    /// The first node behind a node and all below it. Behind the last one of a file there is none,
    /// and nothing is around it.
    pub fn behind(&self, id: NodeId) -> NodeId {
        NodeId(self.ends[id.0 as usize])
    }

    /// Whether a node is another one or lies below it.
    pub fn contains(&self, outer: NodeId, inner: NodeId) -> bool {
        outer <= inner && inner.0 < self.ends[outer.0 as usize]
    }

    /// The arguments of a macro call, where they are known to be expressions.
    pub fn arguments(&self, mac: &Macro) -> Option<&'a Arguments> {
        self.syntax.arguments(mac)
    }

    /// The bytes of a node in the file.
    pub fn range(&self, id: NodeId) -> Range<usize> {
        match self.node(id) {
            Node::File(_) => 0..usize::MAX,
            Node::Item(node) => self.bytes(node),
            Node::ImplItem(node) => self.bytes(node),
            Node::TraitItem(node) => self.bytes(node),
            Node::Block(node) => self.bytes(node),
            Node::Stmt(node) => self.bytes(node),
            Node::Arm(node) => self.bytes(node),
            Node::Expr(node) => self.bytes(node),
        }
    }

    /// The bytes of a piece of syntax in the file.
    pub fn bytes(&self, ends: &impl Ends) -> Range<usize> {
        let bytes = ends.bytes();
        bytes.start + self.syntax.skipped()..bytes.end + self.syntax.skipped()
    }

    /// The bytes of a token in the file.
    pub fn token(&self, span: proc_macro2::Span) -> Range<usize> {
        let bytes = span.byte_range();
        bytes.start + self.syntax.skipped()..bytes.end + self.syntax.skipped()
    }

    /// The parsed file.
    pub fn syntax(&self) -> &'a Syntax {
        self.syntax
    }

    fn by_address(&self, address: Address) -> Option<NodeId> {
        let table = self.by_address.get_or_init(|| {
            let mut table: Vec<_> = self
                .ids()
                .filter_map(|id| match self.node(id) {
                    Node::Expr(expr) => Some((Address::Expr(std::ptr::from_ref(expr).addr()), id)),
                    Node::Block(block) => {
                        Some((Address::Block(std::ptr::from_ref(block).addr()), id))
                    }
                    _ => None,
                })
                .collect();
            table.sort_unstable();
            table
        });
        let at = table.binary_search_by_key(&address, |&(address, _)| address).ok()?;
        Some(table[at].1)
    }
}

struct Builder<'a> {
    syntax: &'a Syntax,
    nodes: Vec<Node<'a>>,
    parents: Vec<NodeId>,
    ends: Vec<u32>,
    open: NodeId,
}

impl<'a> Builder<'a> {
    fn within(&mut self, node: Node<'a>, children: impl FnOnce(&mut Self)) {
        let id = NodeId(self.nodes.len() as u32);
        self.nodes.push(node);
        self.parents.push(self.open);
        self.ends.push(0);
        let outer = std::mem::replace(&mut self.open, id);
        children(self);
        self.open = outer;
        self.ends[id.0 as usize] = self.nodes.len() as u32;
    }
}

impl<'a> Visit<'a> for Builder<'a> {
    fn visit_item(&mut self, item: &'a Item) {
        self.within(Node::Item(item), |builder| visit::visit_item(builder, item));
    }

    fn visit_impl_item(&mut self, item: &'a ImplItem) {
        self.within(Node::ImplItem(item), |builder| visit::visit_impl_item(builder, item));
    }

    fn visit_trait_item(&mut self, item: &'a TraitItem) {
        self.within(Node::TraitItem(item), |builder| visit::visit_trait_item(builder, item));
    }

    fn visit_block(&mut self, block: &'a Block) {
        self.within(Node::Block(block), |builder| visit::visit_block(builder, block));
    }

    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        self.within(Node::Stmt(stmt), |builder| visit::visit_stmt(builder, stmt));
    }

    fn visit_arm(&mut self, arm: &'a Arm) {
        self.within(Node::Arm(arm), |builder| visit::visit_arm(builder, arm));
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        self.within(Node::Expr(expr), |builder| visit::visit_expr(builder, expr));
    }

    fn visit_macro(&mut self, mac: &'a Macro) {
        if let Some(arguments) = self.syntax.arguments(mac) {
            for expr in &arguments.exprs {
                self.visit_expr(expr);
            }
        }
    }

    /// Doc comments are attributes with an expression; nothing in them is code.
    fn visit_attribute(&mut self, _: &'a syn::Attribute) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_below_a_node_follow_it() {
        let text = "fn f() { for x in y { g(x); } h(); }";
        let syntax = Syntax::parse(text).unwrap();
        let tree = Tree::new(&syntax);
        let turn = tree.ids().find(|&id| matches!(tree.expr(id), Some(Expr::ForLoop(_)))).unwrap();
        assert_eq!(&text[tree.range(turn)], "for x in y { g(x); }");
        let calls: Vec<_> = tree
            .below(turn)
            .filter(|&id| matches!(tree.expr(id), Some(Expr::Call(_))))
            .map(|id| &text[tree.range(id)])
            .collect();
        assert_eq!(calls, ["g(x)"]);
        assert!(
            tree.ids().all(|id| tree.parent(id).is_none_or(|parent| tree.contains(parent, id)))
        );
    }

    #[test]
    fn nothing_is_around_what_stands_behind_the_last_node() {
        let syntax = Syntax::parse("fn f() { let x = y; }").unwrap();
        let tree = Tree::new(&syntax);
        let last = tree.ids().last().unwrap();
        assert_eq!(tree.parent(tree.behind(last)), None);
        assert!(tree.parent(last).is_some());
    }

    #[test]
    fn an_expression_knows_its_node() {
        let syntax = Syntax::parse("fn f() { a(b, vec![c(1)]); }").unwrap();
        let tree = Tree::new(&syntax);
        for id in tree.ids() {
            if let Some(expr) = tree.expr(id) {
                assert_eq!(tree.id(expr), Some(id));
            }
        }
    }

    #[test]
    fn spans_count_in_bytes_of_the_whole_file() {
        let text = "\u{feff}#!/bin/x\nfn f() { let ä = \"é\"; g(ä) }";
        let syntax = Syntax::parse(text).unwrap();
        let tree = Tree::new(&syntax);
        let call = tree.ids().find(|&id| matches!(tree.expr(id), Some(Expr::Call(_)))).unwrap();
        assert_eq!(&text[tree.range(call)], "g(ä)");
    }
}
