//! What types of the workspace have: methods, associated functions, fields, variants.

use super::super::declared::{FunctionDef, ImplDef, Module, Receiver, Shape, TypeDef};
use super::super::lower::PARAM;
use super::link::substitution;
use super::{Index, Substitution};
use crate::model::type_name::TypeName;

impl Index {
    /// What the methods of this name of a type give, where they all agree.
    pub(in crate::source::infer) fn method(
        &self,
        receiver: &TypeName,
        name: &str,
    ) -> Option<TypeName> {
        let (module, ty) = self.definition(receiver)?;
        let mut outputs = self
            .impls(module, ty)
            .flat_map(|(module, found)| {
                let functions = found.functions.iter();
                functions
                    .filter(|function| function.name == name && function.receiver != Receiver::None)
                    .map(move |function| (module, found, function))
            })
            .map(|(module, found, function)| self.output(receiver, module, found, function));
        let first = outputs.next()?;
        outputs.all(|other| other == first).then_some(first)
    }

    /// What an associated function gives.
    pub(in crate::source::infer) fn associated(
        &self,
        owner: &TypeName,
        name: &str,
    ) -> Option<TypeName> {
        let (module, ty) = self.definition(owner)?;
        let mut outputs = self
            .impls(module, ty)
            .flat_map(|(module, found)| {
                let functions = found.functions.iter();
                functions
                    .filter(|function| function.name == name)
                    .map(move |function| (module, found, function))
            })
            .map(|(module, found, function)| self.output(owner, module, found, function));
        let first = outputs.next()?;
        outputs.all(|other| other == first).then_some(first)
    }

    fn output(
        &self,
        receiver: &TypeName,
        module: &Module,
        found: &ImplDef,
        function: &FunctionDef,
    ) -> TypeName {
        let mut subst: Substitution = Vec::new();
        for (written, actual) in found.ty.args().iter().zip(receiver.args()) {
            if let TypeName::Path { segments, .. } = written
                && let [mark, name] = segments.as_slice()
                && mark == PARAM
            {
                subst.push((name.clone(), actual.clone()));
            }
        }
        // What the call itself decides is not known here.
        let own = function.params.iter().chain(&found.params);
        subst.extend(own.map(|param| (param.clone(), TypeName::Unknown)));
        self.link(&function.output, &module.path, Some(receiver), &subst)
    }

    /// The type of a field.
    pub(in crate::source::infer) fn field(
        &self,
        owner: &TypeName,
        field: &str,
    ) -> Option<TypeName> {
        let (module, ty) = self.definition(owner)?;
        let Shape::Struct(fields) = &ty.shape else { return None };
        let mut named = fields.iter().filter(|(name, _)| name == field);
        let ((_, written), None) = (named.next()?, named.next()) else {
            // Declared twice, under different conditions.
            return None;
        };
        let subst = substitution(&ty.params, owner.args());
        Some(self.link(written, &module.path, Some(owner), &subst))
    }

    /// Whether a variant of an enum has no fields.
    pub(in crate::source::infer) fn is_unit_variant(&self, ty: &TypeDef, variant: &str) -> bool {
        match &ty.shape {
            Shape::Enum(variants) => {
                variants.iter().any(|(name, fields)| name == variant && fields.is_empty())
            }
            _ => false,
        }
    }

    /// What a smart pointer of the workspace gives when it is dereferenced.
    pub(in crate::source::infer) fn deref_target(&self, owner: &TypeName) -> Option<TypeName> {
        let (module, ty) = self.definition(owner)?;
        let (module, found) = self.impls(module, ty).find(|(_, found)| found.target.is_some())?;
        let subst = substitution(&found.params, &[]);
        Some(self.link(found.target.as_ref()?, &module.path, Some(owner), &subst))
    }
}
