//! What a file declares: types with their fields, functions and methods with their signatures,
//! constants, imports.

use proc_macro2::{TokenStream, TokenTree};
use serde::{Deserialize, Serialize};
use syn::{Fields, ImplItem, Item, ReceiverKind, Signature, TraitItem, UseTree};

use super::lower::{lower, lower_output, type_params};
use super::paths::is_prelude;
use crate::model::type_name::TypeName;

/// What one file declares. Types are as they are written there.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Declared {
    /// The file's own module first, then those written out within it.
    pub(super) modules: Vec<Module>,
}

/// What a module declares.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Module {
    /// The crate and the modules down to this one: `app::parse`.
    pub(super) path: String,
    pub(super) types: Vec<TypeDef>,
    pub(super) functions: Vec<FunctionDef>,
    pub(super) values: Vec<(String, TypeName)>,
    pub(super) impls: Vec<ImplDef>,
    /// Modules declared, with or without a body.
    pub(super) children: Vec<String>,
    /// Imported names, with what they stand for.
    pub(super) imports: Vec<(String, String)>,
    pub(super) globs: Vec<String>,
    pub(super) macros: Vec<String>,
    /// Names of the prelude that stand in the arguments of macro items, which may define them anew.
    pub(super) mentioned: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
pub(super) struct TypeDef {
    pub(super) name: String,
    pub(super) params: Vec<String>,
    pub(super) shape: Shape,
    /// `derive(Clone)`.
    pub(super) clone: bool,
    /// `derive(Copy)`.
    pub(super) copy: bool,
}

#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
pub(super) enum Shape {
    Struct(Vec<(String, TypeName)>),
    Enum(Vec<(String, Vec<(String, TypeName)>)>),
    Alias(TypeName),
    /// A trait, with the methods it declares.
    Trait(Vec<FunctionDef>),
    Union,
}

#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
pub(super) struct FunctionDef {
    pub(super) name: String,
    pub(super) params: Vec<String>,
    pub(super) receiver: Receiver,
    pub(super) output: TypeName,
}

/// How a function takes `self`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) enum Receiver {
    None,
    Value,
    Reference,
    /// `self: Box<Self>` and the like.
    Other,
}

#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
pub(super) struct ImplDef {
    pub(super) params: Vec<String>,
    pub(super) ty: TypeName,
    /// The trait, as it is written.
    pub(super) of_trait: Option<String>,
    pub(super) functions: Vec<FunctionDef>,
    pub(super) values: Vec<(String, TypeName)>,
    /// `type Target = …`.
    pub(super) target: Option<TypeName>,
}

impl Declared {
    /// Reads a parsed file, whose own module is `path`.
    pub(super) fn read(file: &syn::File, path: &str) -> Declared {
        let mut declared = Declared::default();
        declared.module(&file.items, path.to_owned());
        declared
    }

    fn module(&mut self, items: &[Item], path: String) {
        let at = self.modules.len();
        self.modules.push(Module { path: path.clone(), ..Module::default() });
        for item in items {
            if let Item::Mod(item) = item {
                // What only tests see is not what the lints look at.
                if is_test(&item.attrs) {
                    continue;
                }
                let name = item.ident.to_string();
                if let Some((_, items)) = &item.content {
                    self.module(items, format!("{path}::{name}"));
                }
                self.modules[at].children.push(name);
            } else {
                self.modules[at].item(item);
            }
        }
    }
}

impl Module {
    fn item(&mut self, item: &Item) {
        match item {
            Item::Struct(item) => {
                let params = type_params(&item.generics);
                let shape = Shape::Struct(fields(&item.fields, &params));
                self.ty(item.ident.to_string(), params, shape, &item.attrs);
            }
            Item::Enum(item) => {
                let params = type_params(&item.generics);
                let variants = item.variants.iter();
                let variants = variants
                    .map(|variant| (variant.ident.to_string(), fields(&variant.fields, &params)))
                    .collect();
                self.ty(item.ident.to_string(), params, Shape::Enum(variants), &item.attrs);
            }
            Item::Union(item) => {
                let params = type_params(&item.generics);
                self.ty(item.ident.to_string(), params, Shape::Union, &item.attrs);
            }
            Item::Type(item) => {
                let params = type_params(&item.generics);
                let shape = Shape::Alias(lower(&item.ty, &|name| is_in(&params, name)));
                self.ty(item.ident.to_string(), params, shape, &item.attrs);
            }
            Item::Trait(item) => {
                let params = type_params(&item.generics);
                let functions = item.items.iter().filter_map(|item| match item {
                    TraitItem::Fn(item) => Some(function(&item.sig, &params)),
                    _ => None,
                });
                let shape = Shape::Trait(functions.collect());
                self.ty(item.ident.to_string(), params, shape, &item.attrs);
            }
            Item::Fn(item) => self.functions.push(function(&item.sig, &[])),
            Item::Const(item) => {
                self.values.push((item.ident.to_string(), lower(&item.ty, &|_| false)));
            }
            Item::Static(item) => {
                self.values.push((item.ident.to_string(), lower(&item.ty, &|_| false)));
            }
            Item::Impl(item) => self.impls.push(implementation(item)),
            Item::Use(item) => {
                let absolute = if item.leading_colon.is_some() { "::" } else { "" };
                self.import(&item.tree, absolute.to_owned());
            }
            Item::ExternCrate(item) => {
                let name = item.rename.as_ref().map_or(&item.ident, |(_, rename)| rename);
                self.imports.push((name.to_string(), format!("::{}", item.ident)));
            }
            Item::Macro(item) => match &item.ident {
                Some(name) => self.macros.push(name.to_string()),
                None => mentioned(item.mac.tokens.clone(), &mut self.mentioned),
            },
            _ => {}
        }
    }

    fn ty(&mut self, name: String, params: Vec<String>, shape: Shape, attrs: &[syn::Attribute]) {
        let (clone, copy) = (derives(attrs, "Clone"), derives(attrs, "Copy"));
        self.types.push(TypeDef { name, params, shape, clone, copy });
    }

    fn import(&mut self, tree: &UseTree, prefix: String) {
        let join = |name: &str| match prefix.as_str() {
            "" => name.to_owned(),
            "::" => format!("::{name}"),
            prefix => format!("{prefix}::{name}"),
        };
        match tree {
            UseTree::Path(path) => self.import(&path.tree, join(&path.ident.to_string())),
            UseTree::Name(name) if name.ident == "self" => {
                let last = prefix.rsplit("::").next().unwrap_or_default().to_owned();
                self.imports.push((last, prefix));
            }
            UseTree::Name(name) => {
                let name = name.ident.to_string();
                let path = join(&name);
                self.imports.push((name, path));
            }
            UseTree::Rename(rename) => {
                let name = rename.ident.to_string();
                let path = if name == "self" { prefix } else { join(&name) };
                self.imports.push((rename.rename.to_string(), path));
            }
            UseTree::Glob(_) => self.globs.push(prefix),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.import(tree, prefix.clone());
                }
            }
        }
    }
}

fn implementation(item: &syn::ItemImpl) -> ImplDef {
    let params = type_params(&item.generics);
    let is_param = |name: &str| is_in(&params, name);
    let mut found = ImplDef {
        ty: lower(&item.self_ty, &is_param),
        of_trait: item.trait_.as_ref().map(|(path, _)| {
            let names = path.segments.iter().map(|segment| segment.ident.to_string());
            names.collect::<Vec<_>>().join("::")
        }),
        functions: Vec::new(),
        values: Vec::new(),
        target: None,
        params: params.clone(),
    };
    for item in &item.items {
        match item {
            ImplItem::Fn(item) => found.functions.push(function(&item.sig, &params)),
            ImplItem::Const(item) => {
                found.values.push((item.ident.to_string(), lower(&item.ty, &is_param)));
            }
            ImplItem::Type(item) if item.ident == "Target" => {
                found.target = Some(lower(&item.ty, &is_param));
            }
            _ => {}
        }
    }
    found
}

fn function(signature: &Signature, outer: &[String]) -> FunctionDef {
    let params = type_params(&signature.generics);
    let receiver = match signature.receiver().map(|receiver| &receiver.kind) {
        None => Receiver::None,
        Some(ReceiverKind::Value) => Receiver::Value,
        Some(ReceiverKind::Reference(..)) => Receiver::Reference,
        Some(_) => Receiver::Other,
    };
    let is_param = |name: &str| is_in(&params, name) || is_in(outer, name);
    let output = lower_output(signature, &is_param);
    FunctionDef { name: signature.ident.to_string(), receiver, output, params }
}

fn fields(fields: &Fields, params: &[String]) -> Vec<(String, TypeName)> {
    fields
        .iter()
        .enumerate()
        .map(|(at, field)| {
            let name = field.ident.as_ref().map_or_else(|| at.to_string(), ToString::to_string);
            (name, lower(&field.ty, &|name| is_in(params, name)))
        })
        .collect()
}

/// Names of the prelude among the tokens, where these hold an import or an item.
fn mentioned(tokens: TokenStream, found: &mut Vec<String>) {
    let mut idents = Vec::new();
    collect(tokens, &mut idents);
    let defines = |name: &String| matches!(name.as_str(), "use" | "struct" | "enum" | "type");
    if idents.iter().any(defines) {
        found.extend(idents.into_iter().filter(|name| is_prelude(name)));
        found.sort_unstable();
        found.dedup();
    }
}

fn collect(tokens: TokenStream, idents: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => idents.push(ident.to_string()),
            TokenTree::Group(group) => collect(group.stream(), idents),
            _ => {}
        }
    }
}

fn is_in(names: &[String], name: &str) -> bool {
    names.iter().any(|known| known == name)
}

fn derives(attrs: &[syn::Attribute], name: &str) -> bool {
    attrs.iter().filter(|attr| attr.path().is_ident("derive")).any(|attr| {
        let mut found = false;
        // What cannot be parsed derives nothing that is known.
        let _ = attr.parse_nested_meta(|meta| {
            found |= meta.path.segments.last().is_some_and(|last| last.ident == name);
            Ok(())
        });
        found
    })
}

fn is_test(attrs: &[syn::Attribute]) -> bool {
    attrs.iter().any(|attr| {
        attr.path().is_ident("cfg")
            && attr.parse_args::<syn::Meta>().is_ok_and(|meta| meta.path().is_ident("test"))
    })
}
