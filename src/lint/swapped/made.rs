//! Where a type is named, and how its values are made.

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Expr, ExprPath, Path, PathArguments};

use super::ground::Ground;
use crate::model::finding::Edit;
use crate::source::NodeId;

/// What a path that makes a value has to be; `None` where there is no such way.
pub(super) fn constructor(
    ground: &Ground<'_, '_>,
    id: NodeId,
    path: &ExprPath,
    name: &str,
) -> Option<Option<Edit>> {
    let segments = &path.path.segments;
    let (Some(first), Some(last)) = (segments.first(), segments.last()) else {
        return Some(None);
    };
    if first.ident != name || segments.len() != 2 {
        return Some(None);
    }
    let arguments = ground.tree.parent(id).and_then(|parent| match ground.tree.expr(parent) {
        Some(Expr::Call(call)) if std::ptr::eq(&*call.func, ground.tree.expr(id)?) => {
            Some(&call.args)
        }
        _ => None,
    });
    let function = ground.tree.token(last.ident.span());
    Some(Some(match (last.ident.to_string().as_str(), arguments) {
        ("new", _) => ground.replace(function, "default"),
        ("with_capacity", Some(arguments)) if arguments.len() == 1 => {
            let capacity = ground.text(ground.tree.bytes(&arguments[0]));
            let whole = function.start..ground.tree.bytes(&arguments[0]).end;
            ground
                .replace(whole, format!("with_capacity_and_hasher({capacity}, Default::default()"))
        }
        ("from", Some(arguments))
            if matches!(arguments.first(), Some(Expr::Array(_)))
                && ground.file.package.edition >= 2021 =>
        {
            ground.replace(function, "from_iter")
        }
        ("with_capacity" | "from" | "with_hasher" | "with_capacity_and_hasher", _) => {
            return None;
        }
        _ => return Some(None),
    }))
}

/// Where a type is named.
pub(super) struct Mentions<'n, 'ast> {
    name: &'n str,
    pub paths: Vec<&'ast Path>,
}

impl<'n, 'ast> Mentions<'n, 'ast> {
    pub fn of(name: &'n str) -> Self {
        Mentions { name, paths: Vec::new() }
    }

    /// Whether it is written with a hasher somewhere.
    pub fn any_hasher(&self) -> bool {
        let most = if self.name == "HashMap" { 2 } else { 1 };
        self.paths.iter().flat_map(|path| &path.segments).any(|segment| {
            matches!(&segment.arguments, PathArguments::AngleBracketed(arguments)
                if segment.ident == self.name && arguments.args.len() > most)
        })
    }
}

impl<'ast> Visit<'ast> for Mentions<'_, 'ast> {
    fn visit_path(&mut self, path: &'ast Path) {
        if path.segments.iter().any(|segment| segment.ident == self.name) {
            self.paths.push(path);
        }
        visit::visit_path(self, path);
    }
}

/// How often a name stands in some syntax, macros and all.
pub(super) fn count(tokens: TokenStream, name: &str) -> usize {
    let count = |token| match token {
        TokenTree::Ident(ident) => usize::from(ident == name),
        TokenTree::Group(group) => count(group.stream(), name),
        _ => 0,
    };
    tokens.into_iter().map(count).sum()
}
