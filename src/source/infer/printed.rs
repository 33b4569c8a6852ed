//! What `{}` makes of a value.

use super::Infer;
use crate::model::type_name::TypeName;

impl Infer<'_, '_> {
    /// Whether `to_string` of a value gives what `{}` prints of it: not where a type has a
    /// `to_string` of its own, and nobody knows for types of other crates.
    pub fn prints_as_to_string(&self, ty: &TypeName) -> Option<bool> {
        let ty = ty.peeled();
        if ty.is_number() || ty.is_bool() || ty.is_char() || ty.is_text() {
            return Some(true);
        }
        let (module, declared) = self.index.definition(ty)?;
        let mut displayed = None;
        for (_, found) in self.index.impls(module, declared) {
            let of_trait = found.of_trait.as_deref().and_then(|path| path.rsplit("::").next());
            let own = found.functions.iter().any(|function| function.name == "to_string");
            match of_trait {
                Some("Display") => displayed = Some(true),
                _ if own => return Some(false),
                _ => {}
            }
        }
        displayed
    }
}
