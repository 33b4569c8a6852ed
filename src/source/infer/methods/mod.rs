//! What functions and methods of the standard library give.
//!
//! Only those whose answer follows from the types at hand are listed; the rest is unknown.

mod collections;
mod iterators;
mod locks;
mod make;
mod text;
mod wrappers;

pub(super) use make::{constructor, function};

use super::calls::Call;
use super::iterate::iterator_item;
use crate::model::type_name::TypeName;

/// What a method gives, when it is looked for on this type exactly.
pub(super) fn method(current: &TypeName, call: &Call<'_, '_, '_>) -> Option<TypeName> {
    if let Some(item) = iterator_item(current) {
        return iterators::method(current, &item, call);
    }
    match current {
        TypeName::Slice(element) => collections::slice(element, call),
        TypeName::Array(element, _) => collections::slice(element, call),
        TypeName::Path { .. } => text::method(current, call)
            .or_else(|| collections::method(current, call))
            .or_else(|| wrappers::method(current, call))
            .or_else(|| locks::method(current, call)),
        _ => None,
    }
}

/// What a closure is given, as argument `position` of a method, for its parameter `number`.
pub(super) fn closure_input(
    current: &TypeName,
    call: &Call<'_, '_, '_>,
    position: usize,
    number: usize,
) -> Option<TypeName> {
    if let Some(item) = iterator_item(current) {
        return iterators::closure_input(&item, call, position, number);
    }
    match current {
        TypeName::Slice(element) => collections::closure_input(element, call.name, number),
        TypeName::Path { .. } if current.is_vec() => {
            collections::closure_input(current.element()?, call.name, number)
        }
        TypeName::Path { .. } => wrappers::closure_input(current, call.name, position, number),
        _ => None,
    }
}

fn named(name: &str) -> Option<TypeName> {
    Some(TypeName::path(name))
}

fn usize_type() -> Option<TypeName> {
    named("usize")
}

fn bool_type() -> Option<TypeName> {
    named("bool")
}

fn string() -> TypeName {
    TypeName::path("std::string::String")
}

fn str_ref() -> TypeName {
    TypeName::reference(TypeName::path("str"))
}

fn option(of: TypeName) -> TypeName {
    TypeName::generic("std::option::Option", vec![of])
}

fn result(ok: TypeName, err: TypeName) -> TypeName {
    TypeName::generic("std::result::Result", vec![ok, err])
}

fn io_result(ok: TypeName) -> TypeName {
    result(ok, TypeName::path("std::io::Error"))
}

fn vec(of: TypeName) -> TypeName {
    TypeName::generic("std::vec::Vec", vec![of])
}

fn reference(mutable: bool, to: &TypeName) -> TypeName {
    TypeName::Ref { mutable, to: Box::new(to.clone()) }
}
