//! Debug info as the witness that inference asks first.

use std::cell::Cell;

use super::{Facts, FileFacts};
use crate::model::type_name::TypeName;
use crate::source::SourceFile;
use crate::source::infer::{Place, Witness};

/// Debug info of one file, as inference asks it.
pub struct FileWitness<'f> {
    facts: &'f Facts,
    file: FileFacts<'f>,
    fields: Cell<bool>,
}

impl<'f> FileWitness<'f> {
    /// What debug info says of a file as it is now.
    pub fn new(facts: &'f Facts, file: &SourceFile) -> Self {
        let known = facts.of_file(&file.path, &file.text);
        FileWitness { facts, file: known, fields: Cell::new(false) }
    }

    /// Whether the type of a field was asked, which the builds of other files may tell.
    pub fn asked_fields(&self) -> bool {
        self.fields.get()
    }

    /// The file's facts, for questions that are not about one expression.
    pub fn file(&self) -> &FileFacts<'f> {
        &self.file
    }

    /// The same types, without what one instance of a generic function has of its own.
    fn in_every_instance(&self, name: TypeName, place: Place) -> Option<TypeName> {
        let Some(line) = place.generic else { return Some(name) };
        let arguments = self.file.generic_arguments(line)?;
        Some(without(name, &arguments)).filter(|name| !name.is_unknown())
    }
}

impl Witness for FileWitness<'_> {
    fn is_silent(&self) -> bool {
        self.file.is_empty()
    }

    fn local(&self, place: Place, name: &str) -> Option<TypeName> {
        self.in_every_instance(self.file.local_type(place.line, name)?, place)
    }

    fn call(&self, place: Place, name: &str) -> Option<TypeName> {
        let callees = self.file.callees_at(place.line, place.column);
        let mut returns = callees
            .into_iter()
            .filter(|callee| callee.path.rsplit("::").next() == Some(name))
            .map(|callee| callee.returns);
        let first = returns.next()?;
        let name = returns.fold(first, |a, b| a.common(&b));
        self.in_every_instance(name, place)
    }

    fn field(&self, owner: &TypeName, field: &str) -> Option<TypeName> {
        self.fields.set(true);
        self.facts.field_type(owner, field)
    }
}

/// A type with every part that equals one of `arguments` left open.
fn without(name: TypeName, arguments: &[TypeName]) -> TypeName {
    if arguments.contains(&name) {
        return TypeName::Unknown;
    }
    let each = |types: Vec<TypeName>| {
        types.into_iter().map(|ty| without(ty, arguments)).collect::<Vec<_>>()
    };
    let boxed = |ty: TypeName| Box::new(without(ty, arguments));
    match name {
        TypeName::Path { segments, args } => TypeName::Path { segments, args: each(args) },
        TypeName::Ref { mutable, to } => TypeName::Ref { mutable, to: boxed(*to) },
        TypeName::Pointer(to) => TypeName::Pointer(boxed(*to)),
        TypeName::Slice(to) => TypeName::Slice(boxed(*to)),
        TypeName::Array(to, length) => TypeName::Array(boxed(*to), length),
        TypeName::Tuple(items) => TypeName::Tuple(each(items)),
        TypeName::Dyn(bounds) => TypeName::Dyn(each(bounds)),
        other => other,
    }
}
