//! What a lint is to the engine.

use syn::{Expr, Stmt};

use super::claim::Claim;
use super::site::Site;
use crate::source::tree::Node;

/// A lint.
#[derive(Debug)]
pub struct Lint {
    /// Its name, which is that of its file.
    pub name: &'static str,
    /// What it finds, in one line without a full stop.
    pub summary: &'static str,
    /// The nodes it is called for.
    pub on: &'static [Kind],
    /// Of method calls, the names of those it is called for; all of them where none is named.
    pub methods: &'static [&'static str],
    /// Looks at a node.
    pub check: fn(&Site<'_, '_>) -> Option<Claim>,
}

/// A lint with its source, whose leading comment is its text.
#[derive(Debug)]
pub struct Entry {
    /// The lint.
    pub lint: &'static Lint,
    /// The text of its file.
    pub source: &'static str,
}

impl Entry {
    /// A lint with its source.
    pub const fn new(lint: &'static Lint, source: &'static str) -> Self {
        Entry { lint, source }
    }

    /// The lint's own text: the comment its file starts with.
    pub fn text(&self) -> String {
        let lines = self.source.lines().map_while(|line| line.strip_prefix("//!"));
        let mut text = String::with_capacity(2048);
        for line in lines {
            text.push_str(line.strip_prefix(' ').unwrap_or(line));
            text.push('\n');
        }
        text
    }
}

/// The names of lints.
pub fn names(entries: &[Entry]) -> Vec<&'static str> {
    entries.iter().map(|entry| entry.lint.name).collect()
}

/// The kinds of nodes that lints are called for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Kind {
    /// A function with a body: free, of an `impl` or of a trait.
    Function,
    /// `let`.
    Let,
    /// `f(x)`.
    Call,
    /// `x.f(y)`.
    MethodCall,
    /// `f!(x)`.
    Macro,
    /// `for`.
    For,
    /// `while`.
    While,
    /// `loop`.
    Loop,
    /// `x = y`.
    Assign,
    /// `x + y`, `x += y`.
    Binary,
    /// `if`.
    If,
    /// `match`.
    Match,
    /// `|x| y`.
    Closure,
}

/// How many kinds there are.
pub const KINDS: usize = Kind::Closure as usize + 1;

impl Kind {
    /// The kind of a node, if lints are called for it.
    pub fn of(node: Node<'_>) -> Option<Kind> {
        Some(match node {
            Node::Item(syn::Item::Fn(_)) | Node::ImplItem(syn::ImplItem::Fn(_)) => Kind::Function,
            Node::TraitItem(syn::TraitItem::Fn(item)) if item.default.is_some() => Kind::Function,
            Node::Stmt(Stmt::Local(_)) => Kind::Let,
            Node::Stmt(Stmt::Macro(_)) | Node::Expr(Expr::Macro(_)) => Kind::Macro,
            Node::Expr(Expr::Call(_)) => Kind::Call,
            Node::Expr(Expr::MethodCall(_)) => Kind::MethodCall,
            Node::Expr(Expr::ForLoop(_)) => Kind::For,
            Node::Expr(Expr::While(_)) => Kind::While,
            Node::Expr(Expr::Loop(_)) => Kind::Loop,
            Node::Expr(Expr::Assign(_)) => Kind::Assign,
            Node::Expr(Expr::Binary(_)) => Kind::Binary,
            Node::Expr(Expr::If(_)) => Kind::If,
            Node::Expr(Expr::Match(_)) => Kind::Match,
            Node::Expr(Expr::Closure(_)) => Kind::Closure,
            _ => return None,
        })
    }
}
