//! Types as they are written in a module, with their names resolved.

use super::super::declared::{Module, Shape, TypeDef};
use super::super::lower::{FUTURE, IMPL, PARAM};
use super::super::paths;
use super::resolve::MAX_STEPS;
use super::{Index, Substitution, Target};
use crate::model::type_name::TypeName;

impl Index {
    /// A type written in a module, with its names resolved.
    pub(in crate::source::infer) fn link(
        &self,
        written: &TypeName,
        module: &str,
        self_type: Option<&TypeName>,
        subst: &Substitution,
    ) -> TypeName {
        Linking { index: self, module, self_type, subst, steps: MAX_STEPS }.link(written)
    }
}

/// The name of a type of the workspace.
pub(in crate::source::infer) fn own_type(
    module: &Module,
    ty: &TypeDef,
    args: Vec<TypeName>,
) -> TypeName {
    TypeName::generic(&format!("{}::{}", module.path, ty.name), args)
}

/// Parameters of a type with the arguments of one of its names.
pub(in crate::source::infer) fn substitution(params: &[String], args: &[TypeName]) -> Substitution {
    let args = args.iter().cloned().chain(std::iter::repeat(TypeName::Unknown));
    params.iter().cloned().zip(args).collect()
}

struct Linking<'i> {
    index: &'i Index,
    module: &'i str,
    self_type: Option<&'i TypeName>,
    subst: &'i Substitution,
    steps: u32,
}

impl Linking<'_> {
    fn link(&self, written: &TypeName) -> TypeName {
        let boxed = |ty: &TypeName| Box::new(self.link(ty));
        let all = |types: &[TypeName]| types.iter().map(|ty| self.link(ty)).collect::<Vec<_>>();
        match written {
            TypeName::Unknown => TypeName::Unknown,
            TypeName::Never => TypeName::Never,
            TypeName::Fn => TypeName::Fn,
            TypeName::Ref { mutable, to } => TypeName::Ref { mutable: *mutable, to: boxed(to) },
            TypeName::Pointer(to) => TypeName::Pointer(boxed(to)),
            TypeName::Slice(to) => TypeName::Slice(boxed(to)),
            TypeName::Array(to, length) => TypeName::Array(boxed(to), *length),
            TypeName::Tuple(items) => TypeName::Tuple(all(items)),
            TypeName::Dyn(bounds) => TypeName::Dyn(all(bounds)),
            TypeName::Path { segments, args } => self.path(segments, all(args)),
        }
    }

    fn path(&self, segments: &[String], args: Vec<TypeName>) -> TypeName {
        match segments {
            [mark, name] if mark == PARAM => {
                let known = self.subst.iter().find(|(param, _)| param == name);
                return known.map_or_else(
                    || TypeName::Path { segments: segments.to_vec(), args },
                    |(_, ty)| ty.clone(),
                );
            }
            [mark] if mark == IMPL || mark == FUTURE => {
                return TypeName::Path { segments: segments.to_vec(), args };
            }
            [name] if name == "Self" => {
                return self.self_type.cloned().unwrap_or(TypeName::Unknown);
            }
            [name] if paths::is_primitive(name) => return TypeName::path(name),
            _ => {}
        }
        let Some(steps) = self.steps.checked_sub(1) else { return TypeName::Unknown };
        match self.index.resolve(self.module, &segments.join("::")) {
            Some(Target::Type(module, ty)) => match &ty.shape {
                Shape::Alias(written) => {
                    let subst = substitution(&ty.params, &args);
                    let module = &module.path;
                    let linking = Linking {
                        index: self.index,
                        module,
                        self_type: None,
                        subst: &subst,
                        steps,
                    };
                    linking.link(written)
                }
                _ => own_type(module, ty, args),
            },
            Some(Target::External(path)) => {
                paths::external(&path.split("::").collect::<Vec<_>>(), args)
            }
            _ => TypeName::Unknown,
        }
    }
}
