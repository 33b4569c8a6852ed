//! Generic parameters and `Self`, as seen from a node.

use syn::{FnArg, GenericParam, Generics, ImplItem, Item, Signature, TraitItem, Type};

use super::Infer;
use super::lower::{lower, lower_path};
use crate::model::type_name::TypeName;
use crate::source::imports::item_name;
use crate::source::span::{function_start, signature_start};
use crate::source::tree::{Node, NodeId};

impl Infer<'_, '_> {
    /// A type written in the file, with its names resolved as seen from a node.
    pub(super) fn written(&self, ty: &Type, at: NodeId) -> TypeName {
        self.resolved(lower(ty, &|name| self.is_param(at, name)), at)
    }

    /// A path in type position.
    pub(super) fn written_path(&self, path: &syn::Path, at: NodeId) -> TypeName {
        self.resolved(lower_path(path, &|name| self.is_param(at, name)), at)
    }

    /// Names within functions may hide those of the module: a name that does is given up.
    fn resolved(&self, written: TypeName, at: NodeId) -> TypeName {
        let written = self.without_local_items(written, at);
        let self_type = self.self_type(at);
        self.index.link(&written, &self.module_at(at), self_type.as_ref(), &Vec::new())
    }

    fn without_local_items(&self, written: TypeName, at: NodeId) -> TypeName {
        let each = |types: Vec<TypeName>| {
            types.into_iter().map(|ty| self.without_local_items(ty, at)).collect::<Vec<_>>()
        };
        let boxed = |ty: TypeName| Box::new(self.without_local_items(ty, at));
        match written {
            TypeName::Path { segments, args } => {
                let args = each(args);
                let first = segments.first().map(String::as_str).unwrap_or_default();
                match self.named_in_function(at, first) {
                    InFunction::Not => TypeName::Path { segments, args },
                    InFunction::Import(path) => {
                        let path = path.split("::").map(str::to_owned);
                        let segments = path.chain(segments.into_iter().skip(1)).collect();
                        TypeName::Path { segments, args }
                    }
                    InFunction::Item => TypeName::Unknown,
                }
            }
            TypeName::Ref { mutable, to } => TypeName::Ref { mutable, to: boxed(*to) },
            TypeName::Pointer(to) => TypeName::Pointer(boxed(*to)),
            TypeName::Slice(to) => TypeName::Slice(boxed(*to)),
            TypeName::Array(to, length) => TypeName::Array(boxed(*to), length),
            TypeName::Tuple(items) => TypeName::Tuple(each(items)),
            TypeName::Dyn(bounds) => TypeName::Dyn(each(bounds)),
            other => other,
        }
    }

    /// Whether a function around a node declares or imports a name for itself.
    pub(super) fn named_in_function(&self, at: NodeId, name: &str) -> InFunction {
        for outer in self.tree.ancestors(at) {
            let Node::Block(block) = self.tree.node(outer) else { continue };
            let mut imported = None;
            for stmt in &block.stmts {
                match stmt {
                    syn::Stmt::Item(Item::Use(item)) => {
                        if let Some(path) = imported_as(&item.tree, name, String::new()) {
                            imported = Some(path);
                        }
                    }
                    syn::Stmt::Item(item) if item_name(item).is_some_and(|known| known == name) => {
                        return InFunction::Item;
                    }
                    _ => {}
                }
            }
            match imported {
                Some(Imported::Name(path)) => return InFunction::Import(path),
                Some(Imported::Glob) => return InFunction::Item,
                None => {}
            }
        }
        InFunction::Not
    }

    /// The module a node stands in.
    pub(super) fn module_at(&self, at: NodeId) -> String {
        let mut inner: Vec<String> = self
            .tree
            .ancestors(at)
            .filter_map(|outer| match self.tree.node(outer) {
                Node::Item(Item::Mod(item)) => Some(item.ident.to_string()),
                _ => None,
            })
            .collect();
        inner.push(self.module.clone());
        inner.reverse();
        inner.join("::")
    }

    /// `Self` as seen from a node.
    pub(super) fn self_type(&self, at: NodeId) -> Option<TypeName> {
        for outer in std::iter::once(at).chain(self.tree.ancestors(at)) {
            match self.tree.node(outer) {
                Node::Item(Item::Impl(item)) => {
                    if let Some(known) = self.selves.borrow().get(&outer) {
                        return Some(known.clone());
                    }
                    let is_param = |name: &str| declares(&item.generics, name);
                    let written = lower(&item.self_ty, &is_param);
                    let module = self.module_at(outer);
                    let own = self.index.link(&written, &module, None, &Vec::new());
                    self.selves.borrow_mut().insert(outer, own.clone());
                    return Some(own);
                }
                Node::Item(Item::Trait(_)) => return None,
                _ => {}
            }
        }
        None
    }

    /// Whether a name is a generic parameter at a node.
    fn is_param(&self, at: NodeId, name: &str) -> bool {
        std::iter::once(at).chain(self.tree.ancestors(at)).any(|outer| {
            let generics = match self.tree.node(outer) {
                Node::Item(Item::Fn(item)) => &item.sig.generics,
                Node::Item(Item::Impl(item)) => &item.generics,
                Node::Item(Item::Trait(item)) => &item.generics,
                Node::ImplItem(ImplItem::Fn(item)) => &item.sig.generics,
                Node::TraitItem(TraitItem::Fn(item)) => &item.sig.generics,
                _ => return false,
            };
            declares(generics, name)
        })
    }

    /// First line of the function around a node, where it is generic.
    pub(super) fn generic_function(&self, at: NodeId) -> Option<usize> {
        let mut line = None;
        let mut generic = false;
        for outer in self.tree.ancestors(at) {
            let (signature, first) = match self.tree.node(outer) {
                Node::Item(Item::Fn(item)) => (&item.sig, function_start(&item.vis, &item.sig)),
                Node::ImplItem(ImplItem::Fn(item)) => {
                    (&item.sig, function_start(&item.vis, &item.sig))
                }
                Node::TraitItem(TraitItem::Fn(item)) => {
                    generic = true;
                    (&item.sig, signature_start(&item.sig))
                }
                Node::Item(Item::Impl(item)) => {
                    generic |= has_types(&item.generics);
                    break;
                }
                _ => continue,
            };
            if line.is_none() {
                generic |= has_types(&signature.generics) || takes_impl(signature);
                line = Some(self.lines.line(self.tree.token(first).start));
            }
        }
        line.filter(|_| generic)
    }
}

/// What a function says of a name.
pub(super) enum InFunction {
    Not,
    Import(String),
    /// An item of its own, or something that cannot be traced.
    Item,
}

enum Imported {
    Name(String),
    Glob,
}

fn imported_as(tree: &syn::UseTree, name: &str, prefix: String) -> Option<Imported> {
    let join = |part: &syn::Ident| {
        if prefix.is_empty() { part.to_string() } else { format!("{prefix}::{part}") }
    };
    match tree {
        syn::UseTree::Path(path) => imported_as(&path.tree, name, join(&path.ident)),
        syn::UseTree::Name(found) if found.ident == "self" => {
            let last = prefix.rsplit("::").next().is_some_and(|last| last == name);
            last.then(|| Imported::Name(prefix.clone()))
        }
        syn::UseTree::Name(found) => {
            (found.ident == name).then(|| Imported::Name(join(&found.ident)))
        }
        syn::UseTree::Rename(found) => {
            (found.rename == name).then(|| Imported::Name(join(&found.ident)))
        }
        syn::UseTree::Glob(_) => {
            let enum_or_unknown = !super::paths::is_harmless_glob(&prefix);
            enum_or_unknown.then_some(Imported::Glob)
        }
        syn::UseTree::Group(group) => {
            group.items.iter().find_map(|tree| imported_as(tree, name, prefix.clone()))
        }
    }
}

fn declares(generics: &Generics, name: &str) -> bool {
    generics.params.iter().any(|param| match param {
        GenericParam::Type(param) => param.ident == name,
        _ => false,
    })
}

fn has_types(generics: &Generics) -> bool {
    generics.params.iter().any(|param| matches!(param, GenericParam::Type(_)))
}

fn takes_impl(signature: &Signature) -> bool {
    signature.inputs.iter().any(|input| match input {
        FnArg::Typed(input) => mentions_impl(&input.ty),
        _ => false,
    })
}

fn mentions_impl(ty: &Type) -> bool {
    match ty {
        Type::ImplTrait(_) => true,
        Type::Reference(ty) => mentions_impl(&ty.elem),
        Type::Paren(ty) => mentions_impl(&ty.elem),
        Type::Group(ty) => mentions_impl(&ty.elem),
        Type::Slice(ty) => mentions_impl(&ty.elem),
        Type::Array(ty) => mentions_impl(&ty.elem),
        Type::Tuple(ty) => ty.elems.iter().any(mentions_impl),
        Type::Path(ty) => ty.path.segments.iter().any(|segment| match &segment.arguments {
            syn::PathArguments::AngleBracketed(list) => list.args.iter().any(|arg| match arg {
                syn::GenericArgument::Type(ty) => mentions_impl(ty),
                _ => false,
            }),
            _ => false,
        }),
        _ => false,
    }
}
