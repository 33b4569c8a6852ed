//! What a name within a pattern is bound to.

use syn::{Member, Pat};

use super::Infer;
use super::declared::Shape;
use super::index::{Target, own_type, substitution};
use super::locals::binds;
use crate::model::type_name::TypeName;
use crate::source::tree::NodeId;

/// How names are bound where a pattern looks through a reference.
#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Move,
    Reference { mutable: bool },
}

impl Infer<'_, '_> {
    /// The type of `name`, which `pat` binds when it is matched against a value of type `whole`.
    pub(super) fn destructured(
        &self,
        pat: &Pat,
        whole: TypeName,
        name: &str,
        at: NodeId,
    ) -> TypeName {
        self.step(pat, whole, name, at, Mode::Move).unwrap_or(TypeName::Unknown)
    }

    /// `None` where the answer is not known.
    fn step(
        &self,
        pat: &Pat,
        whole: TypeName,
        name: &str,
        at: NodeId,
        mode: Mode,
    ) -> Option<TypeName> {
        match pat {
            Pat::Ident(found) => {
                if found.ident != name {
                    let (_, below) = found.subpat.as_ref()?;
                    return self.step(below, whole, name, at, mode);
                }
                let mutable = found.mutability.is_some();
                match (found.by_ref, mode) {
                    (Some(_), _) => Some(TypeName::Ref { mutable, to: Box::new(whole) }),
                    (None, Mode::Move) => Some(whole),
                    // Editions differ in what `mut` means below a reference.
                    (None, Mode::Reference { .. }) if mutable => None,
                    (None, Mode::Reference { mutable }) => {
                        Some(TypeName::Ref { mutable, to: Box::new(whole) })
                    }
                }
            }
            Pat::Paren(found) => self.step(&found.pat, whole, name, at, mode),
            Pat::Guard(found) => self.step(&found.pat, whole, name, at, mode),
            Pat::Type(found) => self.step(&found.pat, self.written(&found.ty, at), name, at, mode),
            Pat::Or(found) => {
                let case = found.cases.iter().find(|case| binds(case, name))?;
                self.step(case, whole, name, at, mode)
            }
            Pat::Reference(found) => match (whole, mode) {
                (TypeName::Ref { to, .. }, Mode::Move) => {
                    self.step(&found.pat, *to, name, at, Mode::Move)
                }
                // Editions differ in what `&` means below another reference.
                _ => None,
            },
            _ => {
                // A constructor looks through references.
                let (mut whole, mut mode) = (whole, mode);
                while let TypeName::Ref { mutable, to } = whole {
                    let shared = !mutable || mode == Mode::Reference { mutable: false };
                    mode = Mode::Reference { mutable: !shared };
                    whole = *to;
                }
                self.constructor(pat, whole, name, at, mode)
            }
        }
    }

    fn constructor(
        &self,
        pat: &Pat,
        whole: TypeName,
        name: &str,
        at: NodeId,
        mode: Mode,
    ) -> Option<TypeName> {
        match pat {
            Pat::Tuple(found) => {
                let TypeName::Tuple(items) = whole else { return None };
                let (number, inner) = nth_binding(&found.elems, items.len(), name)?;
                self.step(inner, items.get(number)?.clone(), name, at, mode)
            }
            Pat::Slice(found) => {
                let inner = found.elems.iter().find(|pat| binds(pat, name))?;
                let element = match whole {
                    TypeName::Slice(element) | TypeName::Array(element, _) => *element,
                    _ => return None,
                };
                // `rest @ ..` binds a slice of what is left.
                let rest = matches!(inner, Pat::Ident(found)
                    if matches!(found.subpat.as_ref().map(|(_, pat)| &**pat), Some(Pat::Rest(_))));
                if rest { None } else { self.step(inner, element, name, at, mode) }
            }
            Pat::TupleStruct(found) => {
                let fields = self.variant_fields(&found.path, &whole, at)?;
                let (number, inner) = nth_binding(&found.elems, fields.len(), name)?;
                let (_, ty) = fields.get(number)?;
                self.step(inner, ty.clone(), name, at, mode)
            }
            Pat::Struct(found) => {
                let field = found.fields.iter().find(|field| binds(&field.pat, name))?;
                let fields = self.variant_fields(&found.path, &whole, at)?;
                let member = match &field.member {
                    Member::Named(ident) => ident.to_string(),
                    Member::Unnamed(index) => index.index.to_string(),
                };
                let (_, ty) = fields.into_iter().find(|(known, _)| *known == member)?;
                self.step(&field.pat, ty, name, at, mode)
            }
            _ => None,
        }
    }

    /// The fields of the variant or struct that a pattern's path names.
    fn variant_fields(
        &self,
        path: &syn::Path,
        whole: &TypeName,
        at: NodeId,
    ) -> Option<Vec<(String, TypeName)>> {
        if whole.is_unknown() {
            // It may be a reference, which the pattern looks through.
            return None;
        }
        let last = path.segments.last()?.ident.to_string();
        let written = self.value_path(path, at)?;
        match self.index.resolve(&self.module_at(at), &written) {
            Some(Target::Type(module, ty)) => {
                let Shape::Struct(fields) = &ty.shape else { return None };
                Some(self.linked(fields, &module.path, &ty.params, whole))
            }
            Some(Target::Variant(module, ty, variant)) => {
                let Shape::Enum(variants) = &ty.shape else { return None };
                let (_, fields) = variants.iter().find(|(known, _)| *known == variant)?;
                let own = own_type(module, ty, Vec::new());
                let same = whole.to_string().starts_with(&own.to_string());
                same.then(|| self.linked(fields, &module.path, &ty.params, whole))
            }
            // The prelude's variants; a type that is known tells that they are meant.
            _ => {
                let arg = |n: usize| whole.args().get(n).cloned();
                let ty = match (whole.std_name()?, last.as_str()) {
                    ("Option", "Some") | ("Result", "Ok") => arg(0)?,
                    ("Result", "Err") => arg(1)?,
                    ("Cow", "Borrowed") => TypeName::reference(arg(0)?),
                    ("Poll", "Ready") => arg(0)?,
                    _ => return None,
                };
                Some(vec![("0".to_owned(), ty)])
            }
        }
    }

    fn linked(
        &self,
        fields: &[(String, TypeName)],
        module: &str,
        params: &[String],
        whole: &TypeName,
    ) -> Vec<(String, TypeName)> {
        let subst = substitution(params, whole.args());
        let fields = fields.iter();
        fields
            .map(|(name, ty)| (name.clone(), self.index.link(ty, module, Some(whole), &subst)))
            .collect()
    }
}

/// The element that binds a name, and its number among `count`; `..` stands for those left out.
fn nth_binding<'p>(
    elems: &'p syn::punctuated::Punctuated<Pat, syn::Token![,]>,
    count: usize,
    name: &str,
) -> Option<(usize, &'p Pat)> {
    let at = elems.iter().position(|pat| binds(pat, name))?;
    let rest = elems.iter().position(|pat| matches!(pat, Pat::Rest(_)));
    let number = match rest {
        Some(rest) if rest < at => (count + at).checked_sub(elems.len())?,
        _ => at,
    };
    Some((number, elems.get(at)?))
}
