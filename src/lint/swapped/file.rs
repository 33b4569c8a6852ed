//! Another type under the name that a file imports: the `use`, and how its values are made.

use std::ops::Range;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::{Expr, Fields, ImplItem, Item, ItemUse, TraitItem, UseTree, Visibility};

use super::Swap;
use super::ground::Ground;
use super::made::{Mentions, constructor, count};
use crate::lint::site::Site;
use crate::model::finding::Edit;
use crate::source::{Node, NodeId, Tree};

impl Swap<'_> {
    /// The edits, if no other file need know: nothing that others see may name the type, and each
    /// value must be made in a way that the other type has as well.
    pub fn in_file(&self, site: &Site<'_, '_>) -> Option<Vec<Edit>> {
        Ground::with_tests(site, self.name, |ground| self.edits_of(ground))
    }

    fn edits_of(&self, ground: &Ground<'_, '_>) -> Option<Vec<Edit>> {
        let tree = ground.tree;
        let mut uses = tree.children(tree.root()).filter_map(|id| match tree.node(id) {
            Node::Item(Item::Use(item)) => Some((item, self.taken_out(ground, item)?)),
            _ => None,
        });
        let (item, removed) = uses.next()?;
        let is_plain = item.attrs.is_empty() && matches!(item.vis, Visibility::Inherited);
        if !is_plain || uses.next().is_some() {
            return None;
        }
        let import = if ground.file.package.edition >= 2018 {
            format!("use {} as {};", self.to, self.name)
        } else {
            // A module may name a crate by itself, too.
            let krate = self.to.split("::").next()?;
            format!("extern crate {krate};\nuse self::{} as {};", self.to, self.name)
        };
        let whole = tree.token(item.span());
        let mut edits = match removed {
            Removed::Whole => vec![ground.replace(whole, import)],
            Removed::Part(edit) => {
                vec![edit, ground.replace(whole.end..whole.end, format!("\n{import}"))]
            }
        };
        for id in tree.ids().filter(|&id| self.means_import(ground, id)) {
            match tree.node(id) {
                Node::Expr(Expr::Path(path)) => {
                    edits.extend(constructor(ground, id, path, self.name)?);
                }
                Node::Item(item) if self.is_seen(item) || self.has_hasher(item) => return None,
                Node::ImplItem(item) if self.is_seen_of(tree, id, item) => return None,
                Node::TraitItem(item) if self.is_named(&signature(item)) => return None,
                _ => {}
            }
        }
        Some(edits)
    }

    /// Whether the name stands at a node for what is imported at the top of the file.
    fn means_import(&self, ground: &Ground<'_, '_>, id: NodeId) -> bool {
        let scope = ground.names.import_scope(ground.tree, id, self.name);
        scope == Some(ground.tree.root())
    }

    /// The `use` without the name, if it brings it.
    fn taken_out(&self, ground: &Ground<'_, '_>, item: &ItemUse) -> Option<Removed> {
        taken_out(ground, &item.tree, &["std", "collections", self.name])
    }

    /// Whether an item shows the type to other files.
    fn is_seen(&self, item: &Item) -> bool {
        let is_shown = |vis: &Visibility| !matches!(vis, Visibility::Inherited);
        let in_fields = |fields: &Fields, all: bool| {
            fields.iter().any(|field| (all || is_shown(&field.vis)) && self.is_named(&field.ty))
        };
        match item {
            Item::Fn(item) => is_shown(&item.vis) && self.is_named(&item.sig),
            Item::Struct(item) => in_fields(&item.fields, false),
            Item::Enum(item) => {
                is_shown(&item.vis)
                    && item.variants.iter().any(|variant| in_fields(&variant.fields, true))
            }
            Item::Type(item) => is_shown(&item.vis) && self.is_named(&item.ty),
            Item::Const(item) => is_shown(&item.vis) && self.is_named(&item.ty),
            Item::Static(item) => is_shown(&item.vis) && self.is_named(&item.ty),
            Item::Impl(item) => {
                let of_trait = item.trait_.as_ref().map(|(path, _)| path);
                self.is_named(&item.self_ty) || of_trait.is_some_and(|path| self.is_named(path))
            }
            _ => false,
        }
    }

    /// Whether a member of an `impl` shows the type to other files.
    fn is_seen_of(&self, tree: &Tree<'_>, id: NodeId, item: &ImplItem) -> bool {
        let of_trait = tree.parent(id).is_some_and(|parent| {
            matches!(tree.node(parent), Node::Item(Item::Impl(around)) if around.trait_.is_some())
        });
        match item {
            ImplItem::Fn(item) => {
                (of_trait || !matches!(item.vis, Visibility::Inherited)) && self.is_named(&item.sig)
            }
            ImplItem::Type(item) => self.is_named(&item.ty),
            ImplItem::Const(item) => self.is_named(&item.ty),
            _ => false,
        }
    }

    fn is_named(&self, syntax: &impl ToTokens) -> bool {
        count(syntax.to_token_stream(), self.name) > 0
    }

    /// Whether the type is written with a hasher somewhere in an item.
    fn has_hasher(&self, item: &Item) -> bool {
        let mut written = Mentions::of(self.name);
        written.visit_item(item);
        written.any_hasher()
    }
}

/// What is left of a `use`.
enum Removed {
    Whole,
    Part(Edit),
}

fn taken_out(ground: &Ground<'_, '_>, tree: &UseTree, path: &[&str]) -> Option<Removed> {
    let (first, rest) = path.split_first()?;
    match tree {
        UseTree::Path(tree) if tree.ident == first => taken_out(ground, &tree.tree, rest),
        UseTree::Name(name) if name.ident == first && rest.is_empty() => Some(Removed::Whole),
        UseTree::Group(group) => {
            let mut found = group.items.iter().enumerate();
            let (at, removed) =
                found.find_map(|(at, tree)| Some((at, taken_out(ground, tree, path)?)))?;
            let Removed::Whole = removed else { return Some(removed) };
            let bytes = |tree: &UseTree| ground.tree.token(tree.span());
            let items = &group.items;
            Some(match (items.len(), items.get(at + 1)) {
                (1, _) => Removed::Whole,
                (2, _) if !matches!(&items[1 - at], UseTree::Name(name) if name.ident == "self") => {
                    let other = ground.text(bytes(&items[1 - at]));
                    Removed::Part(ground.replace(bytes(tree), other))
                }
                (_, Some(next)) => {
                    let gone: Range<usize> = bytes(&items[at]).start..bytes(next).start;
                    Removed::Part(ground.replace(gone, ""))
                }
                (_, None) => {
                    let gone = bytes(&items[at - 1]).end..bytes(&items[at]).end;
                    Removed::Part(ground.replace(gone, ""))
                }
            })
        }
        _ => None,
    }
}

fn signature(item: &TraitItem) -> TokenStream {
    match item {
        TraitItem::Fn(item) => item.sig.to_token_stream(),
        item => item.to_token_stream(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::source::names::Names;
    use crate::source::{Package, Role, SourceFile, Syntax};

    fn swapped(text: &str, edition: u16) -> Option<String> {
        let package = Arc::new(Package { edition, ..Package::default() });
        let file = SourceFile::new("lib.rs".into(), text.to_owned(), Role::Product, package);
        let syntax = Syntax::parse(text).unwrap();
        let tree = Tree::new(&syntax);
        let names = Names::new(&tree);
        let ground = Ground { file: &file, tree: &tree, names: &names };
        let mut edits = Swap { name: "HashMap", to: "fast::FastMap" }.edits_of(&ground)?;
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.bytes.start));
        let mut text = text.to_owned();
        for edit in edits {
            text.replace_range(edit.span.bytes, &edit.text);
        }
        Some(text)
    }

    #[test]
    fn before_2018_the_module_names_the_crate_itself() {
        assert_eq!(
            swapped("use std::collections::HashMap;\n", 2015).unwrap(),
            "extern crate fast;\nuse self::fast::FastMap as HashMap;\n"
        );
        // Arrays could not be iterated by value then.
        let text = "use std::collections::HashMap;\nfn f() { HashMap::from([(1, 2)]); }\n";
        assert_eq!(swapped(text, 2018), None);
    }

    #[test]
    fn the_name_is_taken_out_of_any_group() {
        let with = |before: &str, after: &str| {
            let found = swapped(before, 2021).unwrap();
            assert_eq!(found, format!("{after}\nuse fast::FastMap as HashMap;"), "{before}");
        };
        with(
            "use std::collections::{BTreeMap, HashMap, VecDeque};",
            "use std::collections::{BTreeMap, VecDeque};",
        );
        with(
            "use std::collections::{BTreeMap, BTreeSet, HashMap};",
            "use std::collections::{BTreeMap, BTreeSet};",
        );
        with("use std::{collections::{HashMap}, fmt};", "use std::fmt;");
        with("use std::collections::{self, HashMap};", "use std::collections::{self};");
    }

    #[test]
    fn what_others_may_see_is_left_alone() {
        for shown in [
            "pub fn f() -> HashMap<u8, u8> { todo!() }",
            "pub struct S { pub map: HashMap<u8, u8> }",
            "pub enum E { Map(HashMap<u8, u8>) }",
            "impl From<HashMap<u8, u8>> for S { fn from(_: HashMap<u8, u8>) -> S { S } }",
            "impl T for S { type Map = HashMap<u8, u8>; }",
            "trait T { fn map(&self) -> HashMap<u8, u8>; }",
            "pub(crate) static MAP: Option<HashMap<u8, u8>> = None;",
            "struct S { map: HashMap<u8, u8, Own> }",
            "pub use std::fmt; fn f() { HashMap::<u8, u8>::with_hasher(own()); }",
        ] {
            let text = format!("use std::collections::HashMap;\n{shown}\n");
            assert_eq!(swapped(&text, 2021), None, "{shown}");
        }
        let own = "pub struct S { map: HashMap<u8, u8> }\nimpl S { fn map(&self) -> &HashMap<u8, u8> { &self.map } }\nmod a { use std::collections::HashMap; pub fn f() -> HashMap<u8, u8> { HashMap::new() } }\n";
        let found = swapped(&format!("use std::collections::HashMap;\n{own}"), 2021).unwrap();
        assert_eq!(found, format!("use fast::FastMap as HashMap;\n{own}"));
    }
}
