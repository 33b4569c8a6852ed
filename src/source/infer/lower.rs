//! `syn`'s types to type names, with the paths as they are written.
//!
//! Two kinds of names are marked, because their meaning depends on where they stand: a generic
//! parameter `T` becomes `{param}::T`, an `impl Trait` becomes `{impl}<Trait>`.

use syn::{
    GenericArgument, GenericParam, Generics, PathArguments, ReturnType, Type, TypeParamBound,
};

use crate::model::type_name::TypeName;

/// First segment of a generic parameter.
pub(super) const PARAM: &str = "{param}";

/// Name of an `impl Trait` type; its arguments are the bounds.
pub(super) const IMPL: &str = "{impl}";

/// Name of what an `async` function or block gives; its argument is what `.await` gives.
pub(super) const FUTURE: &str = "{future}";

/// Deeper nesting is given up.
const MAX_DEPTH: u32 = 32;

/// A type as it is written; `is_param` tells the generic parameters in scope.
pub(super) fn lower(ty: &Type, is_param: &dyn Fn(&str) -> bool) -> TypeName {
    Lowering { is_param }.ty(ty, 0)
}

/// A path as it is written.
pub(super) fn lower_path(path: &syn::Path, is_param: &dyn Fn(&str) -> bool) -> TypeName {
    Lowering { is_param }.path(path, 0)
}

/// What a signature says a call gives.
pub(super) fn lower_output(
    signature: &syn::Signature,
    is_param: &dyn Fn(&str) -> bool,
) -> TypeName {
    let output = match &signature.output {
        ReturnType::Default => TypeName::unit(),
        ReturnType::Type(_, ty) => lower(ty, is_param),
    };
    if signature.asyncness.is_some() { TypeName::generic(FUTURE, vec![output]) } else { output }
}

/// Names of the type parameters.
pub(super) fn type_params(generics: &Generics) -> Vec<String> {
    let params = generics.params.iter();
    params
        .filter_map(|param| match param {
            GenericParam::Type(param) => Some(param.ident.to_string()),
            _ => None,
        })
        .collect()
}

struct Lowering<'p> {
    is_param: &'p dyn Fn(&str) -> bool,
}

impl Lowering<'_> {
    fn ty(&self, ty: &Type, depth: u32) -> TypeName {
        if depth > MAX_DEPTH {
            return TypeName::Unknown;
        }
        let inner = |ty: &Type| Box::new(self.ty(ty, depth + 1));
        match ty {
            Type::Paren(ty) => self.ty(&ty.elem, depth + 1),
            Type::Group(ty) => self.ty(&ty.elem, depth + 1),
            Type::Reference(ty) => {
                TypeName::Ref { mutable: ty.mutability.is_some(), to: inner(&ty.elem) }
            }
            Type::Ptr(ty) => TypeName::Pointer(inner(&ty.elem)),
            Type::Slice(ty) => TypeName::Slice(inner(&ty.elem)),
            Type::Array(ty) => TypeName::Array(inner(&ty.elem), literal(&ty.len)),
            Type::Tuple(ty) => {
                TypeName::Tuple(ty.elems.iter().map(|ty| self.ty(ty, depth + 1)).collect())
            }
            Type::Never(_) => TypeName::Never,
            Type::FnPtr(_) => TypeName::Fn,
            Type::TraitObject(ty) => TypeName::Dyn(self.bounds(ty.bounds.iter(), depth)),
            Type::ImplTrait(ty) => TypeName::generic(IMPL, self.bounds(ty.bounds.iter(), depth)),
            Type::Path(ty) if ty.qself.is_none() => self.path(&ty.path, depth),
            _ => TypeName::Unknown,
        }
    }

    fn bounds<'b>(
        &self,
        bounds: impl Iterator<Item = &'b TypeParamBound>,
        depth: u32,
    ) -> Vec<TypeName> {
        bounds
            .filter_map(|bound| match bound {
                TypeParamBound::Trait(bound) => Some(self.path(&bound.path, depth + 1)),
                _ => None,
            })
            .collect()
    }

    fn path(&self, path: &syn::Path, depth: u32) -> TypeName {
        let mut segments: Vec<String> = Vec::with_capacity(path.segments.len());
        let mut args = Vec::new();
        for segment in &path.segments {
            if !args.is_empty() {
                // Arguments before the last segment: an associated type.
                return TypeName::Unknown;
            }
            segments.push(segment.ident.to_string());
            match &segment.arguments {
                PathArguments::None => {}
                PathArguments::AngleBracketed(list) => {
                    args = list.args.iter().filter_map(|arg| self.argument(arg, depth)).collect();
                }
                // `Fn(A) -> B`: the name of the trait is enough.
                PathArguments::Parenthesized(_) => {}
            }
        }
        let parameter = segments.first().is_some_and(|first| (self.is_param)(first));
        if parameter && path.leading_colon.is_none() {
            return match segments.as_slice() {
                [name] => TypeName::Path {
                    segments: vec![PARAM.to_owned(), name.clone()],
                    args: Vec::new(),
                },
                _ => TypeName::Unknown,
            };
        }
        if segments.len() > 1 && segments.first().is_some_and(|first| first == "Self") {
            return TypeName::Unknown;
        }
        if path.leading_colon.is_some() {
            segments.insert(0, String::new());
        }
        TypeName::Path { segments, args }
    }

    fn argument(&self, argument: &GenericArgument, depth: u32) -> Option<TypeName> {
        match argument {
            GenericArgument::Type(ty) => Some(self.ty(ty, depth + 1)),
            // `Iterator<Item = T>`.
            GenericArgument::AssocType(ty) => Some(self.ty(&ty.ty, depth + 1)),
            GenericArgument::Const(_) => Some(TypeName::Unknown),
            _ => None,
        }
    }
}

fn literal(expr: &syn::Expr) -> Option<u64> {
    match expr {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(lit), .. }) => lit.base10_parse().ok(),
        _ => None,
    }
}
