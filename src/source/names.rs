//! What a name stands for, by the `use` declarations of its file.

use std::cell::RefCell;

use rustc_hash::FxHashMap;
use syn::{ImplItem, Item, UseTree};

use super::tree::{Node, NodeId, Tree};

/// The imports of a file.
#[derive(Debug, Default)]
pub struct Names {
    /// For each name, where it is imported (the node whose body holds the `use`) and what it is.
    imports: FxHashMap<String, Vec<(NodeId, String)>>,
    /// Where something is imported by a glob, and from where.
    globs: Vec<(NodeId, String)>,
    /// The functions of each name, free ones and those of an `impl`.
    functions: FxHashMap<String, Vec<NodeId>>,
    /// The last path that was resolved, by its address: one lint after another asks for it.
    last: RefCell<(usize, NodeId, String)>,
}

impl Names {
    /// Reads the imports of a file.
    pub fn new(tree: &Tree<'_>) -> Self {
        let mut names = Names::default();
        for id in tree.ids() {
            let function = match tree.node(id) {
                Node::Item(Item::Fn(item)) => Some(&item.sig.ident),
                Node::ImplItem(ImplItem::Fn(item)) => Some(&item.sig.ident),
                _ => None,
            };
            if let Some(name) = function {
                names.functions.entry(name.to_string()).or_default().push(id);
            }
            let Node::Item(item) = tree.node(id) else { continue };
            let scope = scope_of(tree, id);
            match item {
                Item::Use(item) => names.read(scope, &item.tree, String::new()),
                item => {
                    // What is defined here hides what a glob or the prelude may bring.
                    if let Some(name) = item_name(item) {
                        names.add(name.to_string(), scope, format!("self::{name}"));
                    }
                }
            }
        }
        names
    }

    /// The full path of a path at a node: `Regex::new` becomes `regex::Regex::new` where
    /// `regex::Regex` is imported. A name that nothing imports stays as it is.
    pub fn resolve(&self, tree: &Tree<'_>, at: NodeId, path: &syn::Path) -> String {
        let address = std::ptr::from_ref(path).addr();
        let mut last = self.last.borrow_mut();
        if (last.0, last.1) != (address, at) {
            *last = (address, at, self.resolved(tree, at, path));
        }
        last.2.clone()
    }

    /// The functions of a name in the file, free ones and those of an `impl`.
    pub fn functions(&self, name: &str) -> &[NodeId] {
        self.functions.get(name).map_or(&[], Vec::as_slice)
    }

    fn resolved(&self, tree: &Tree<'_>, at: NodeId, path: &syn::Path) -> String {
        let mut parts = path.segments.iter().map(|part| part.ident.to_string());
        let first = parts.next().unwrap_or_default();
        let mut full = match self.imported(tree, at, &first) {
            Some(known) if path.leading_colon.is_none() => known.to_owned(),
            _ => first,
        };
        for part in parts {
            full.push_str("::");
            full.push_str(&part);
        }
        full
    }

    /// What a name was imported from, seen from a node.
    pub fn imported(&self, tree: &Tree<'_>, at: NodeId, name: &str) -> Option<&str> {
        self.import(tree, at, name).map(|(_, path)| path.as_str())
    }

    /// Where a name was imported, seen from a node: the node whose body holds the `use`.
    pub fn import_scope(&self, tree: &Tree<'_>, at: NodeId, name: &str) -> Option<NodeId> {
        self.import(tree, at, name).map(|(scope, _)| *scope)
    }

    fn import(&self, tree: &Tree<'_>, at: NodeId, name: &str) -> Option<&(NodeId, String)> {
        let found = self.imports.get(name)?;
        let mut at = Some(at);
        while let Some(scope) = at {
            if let Some(import) = found.iter().find(|(place, _)| *place == scope) {
                return Some(import);
            }
            at = match tree.node(scope) {
                // A module does not see the imports of the one around it, unless it says so.
                Node::Item(Item::Mod(_)) if !self.has_glob(scope, "super") => None,
                _ => tree.parent(scope),
            };
        }
        None
    }

    /// Whether a name is imported at the top of the file as exactly this path.
    pub fn imports(&self, tree: &Tree<'_>, at: NodeId, name: &str, path: &str) -> bool {
        self.imported(tree, at, name) == Some(path)
    }

    /// The globs that a node sees.
    pub fn globs<'s>(&'s self, tree: &'s Tree<'_>, at: NodeId) -> impl Iterator<Item = &'s str> {
        self.globs
            .iter()
            .filter(move |(scope, _)| tree.contains(*scope, at))
            .map(|(_, path)| path.as_str())
    }

    /// Whether a crate whose collections are called as those of the standard library is imported
    /// by a glob.
    pub fn has_globs_of_collections(&self) -> bool {
        let kin = ["bumpalo", "heapless", "im", "rpds", "arrayvec"];
        self.globs.iter().any(|(_, path)| kin.iter().any(|name| path.starts_with(name)))
    }

    fn has_glob(&self, scope: NodeId, path: &str) -> bool {
        self.globs.iter().any(|(place, glob)| *place == scope && glob == path)
    }

    fn read(&mut self, scope: NodeId, tree: &UseTree, prefix: String) {
        let join = |name: &str| {
            if prefix.is_empty() { name.to_owned() } else { format!("{prefix}::{name}") }
        };
        match tree {
            UseTree::Path(path) => self.read(scope, &path.tree, join(&path.ident.to_string())),
            UseTree::Name(name) if name.ident == "self" => {
                let last = prefix.rsplit("::").next().unwrap_or_default().to_owned();
                self.add(last, scope, prefix);
            }
            UseTree::Name(name) => {
                self.add(name.ident.to_string(), scope, join(&name.ident.to_string()))
            }
            UseTree::Rename(rename) => {
                let path =
                    if rename.ident == "self" { prefix } else { join(&rename.ident.to_string()) };
                self.add(rename.rename.to_string(), scope, path);
            }
            UseTree::Glob(_) => self.globs.push((scope, prefix)),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.read(scope, tree, prefix.clone());
                }
            }
        }
    }

    fn add(&mut self, name: String, scope: NodeId, path: String) {
        self.imports.entry(name).or_default().push((scope, path));
    }
}

/// The name that an item defines in its scope, types and modules only.
fn item_name(item: &Item) -> Option<&syn::Ident> {
    Some(match item {
        Item::Enum(item) => &item.ident,
        Item::Mod(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    })
}

/// The module or block whose names an item belongs to.
fn scope_of(tree: &Tree<'_>, id: NodeId) -> NodeId {
    tree.ancestors(id)
        .find(|&outer| {
            matches!(tree.node(outer), Node::Block(_) | Node::File(_) | Node::Item(Item::Mod(_)))
        })
        .unwrap_or_else(|| tree.root())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Syntax;

    fn resolved(text: &str) -> Vec<String> {
        let syntax = Syntax::parse(text).unwrap();
        let tree = Tree::new(&syntax);
        let names = Names::new(&tree);
        tree.ids()
            .filter_map(|id| match tree.expr(id) {
                Some(syn::Expr::Path(path)) => Some(names.resolve(&tree, id, &path.path)),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn imports_complete_paths() {
        let text = "use std::{fmt::{self, Write as W}, io}; use regex::Regex;
            fn f() { Regex::new; fmt::Display; W; io; other::x; }";
        let expected =
            ["regex::Regex::new", "std::fmt::Display", "std::fmt::Write", "std::io", "other::x"];
        assert_eq!(resolved(text), expected);
    }

    #[test]
    fn what_a_module_defines_is_its_own() {
        let text = "mod m { struct Regex; fn f() { Regex::new; } } fn g() { Regex::new; }";
        assert_eq!(resolved(text), ["self::Regex::new", "Regex::new"]);
    }

    #[test]
    fn modules_and_blocks_have_their_own_names() {
        let text = "use a::X; mod m { fn f() { X; } } mod n { use super::*; fn f() { X; } }
            fn g() { use b::X; X; } fn h() { X; }";
        assert_eq!(resolved(text), ["X", "a::X", "b::X", "a::X"]);
    }
}
