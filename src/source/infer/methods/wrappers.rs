//! Methods of `Option`, `Result`, map entries and the like.

use super::{bool_type, option, reference, result, vec};
use crate::model::type_name::TypeName;
use crate::source::infer::calls::Call;

pub(super) fn method(current: &TypeName, call: &Call<'_, '_, '_>) -> Option<TypeName> {
    let arg = |n: usize| current.args().get(n).cloned();
    match current.std_name()? {
        "Option" => optional(&arg(0)?, call),
        "Result" => fallible(&arg(0)?, &arg(1).unwrap_or(TypeName::Unknown), call),
        "Entry" if current.passes("hash_map") || current.passes("btree_map") => match call.name {
            "or_insert" | "or_insert_with" | "or_default" | "or_insert_with_key" => {
                Some(reference(true, &arg(1)?))
            }
            "and_modify" => Some(current.clone()),
            _ => None,
        },
        "Cow" => match call.name {
            "into_owned" => owned(&arg(0)?),
            "to_mut" => Some(reference(true, &owned(&arg(0)?)?)),
            _ => None,
        },
        _ => None,
    }
}

/// What a borrowed type's owned form is.
fn owned(name: &TypeName) -> Option<TypeName> {
    match name {
        TypeName::Slice(element) => Some(vec((**element).clone())),
        name if name.is_str() => Some(super::string()),
        name if name.is_std("Path") => super::named("std::path::PathBuf"),
        _ => None,
    }
}

fn optional(value: &TypeName, call: &Call<'_, '_, '_>) -> Option<TypeName> {
    match call.name {
        "unwrap" | "expect" | "unwrap_or" | "unwrap_or_default" | "unwrap_or_else"
        | "unwrap_unchecked" => Some(value.clone()),
        "is_some" | "is_none" | "is_some_and" | "is_none_or" => bool_type(),
        "as_ref" => Some(option(reference(false, value))),
        "as_mut" => Some(option(reference(true, value))),
        "as_deref" => {
            let inner = call.infer.dereferenced(value)?;
            Some(option(TypeName::reference(inner)))
        }
        "cloned" | "copied" => match value {
            TypeName::Ref { to, .. } => Some(option((**to).clone())),
            _ => None,
        },
        "take" | "filter" | "or" | "or_else" | "inspect" | "xor" | "replace" => {
            Some(option(value.clone()))
        }
        "insert" | "get_or_insert" | "get_or_insert_with" => Some(reference(true, value)),
        "map" => Some(option(call.output(0))),
        "and_then" => known(call.output(0)),
        "ok_or" => Some(result(value.clone(), call.arg(0))),
        "ok_or_else" => Some(result(value.clone(), call.output(0))),
        "map_or" | "map_or_else" => known(call.output(1)),
        "iter" => Some(TypeName::generic("std::option::Iter", vec![value.clone()])),
        "into_iter" => Some(TypeName::generic("std::option::IntoIter", vec![value.clone()])),
        "zip" => {
            let other = call.arg(0);
            let inner = other.is_std("Option").then(|| other.args().first().cloned()).flatten()?;
            Some(option(TypeName::Tuple(vec![value.clone(), inner])))
        }
        _ => None,
    }
}

fn fallible(value: &TypeName, error: &TypeName, call: &Call<'_, '_, '_>) -> Option<TypeName> {
    match call.name {
        "unwrap" | "expect" | "unwrap_or" | "unwrap_or_default" | "unwrap_or_else" => {
            Some(value.clone())
        }
        "unwrap_err" | "expect_err" => Some(error.clone()),
        "is_ok" | "is_err" | "is_ok_and" | "is_err_and" => bool_type(),
        "ok" => Some(option(value.clone())),
        "err" => Some(option(error.clone())),
        "as_ref" => Some(result(reference(false, value), reference(false, error))),
        "as_mut" => Some(result(reference(true, value), reference(true, error))),
        "map" => Some(result(call.output(0), error.clone())),
        "map_err" => Some(result(value.clone(), call.output(0))),
        "and_then" => known(call.output(0)),
        "or_else" => Some(result(value.clone(), TypeName::Unknown)),
        "inspect_err" | "inspect" => Some(result(value.clone(), error.clone())),
        // The context traits of the error crates keep the value.
        "context" | "with_context" | "wrap_err" | "wrap_err_with" => {
            Some(result(value.clone(), TypeName::Unknown))
        }
        "map_or" | "map_or_else" => known(call.output(1)),
        _ => None,
    }
}

fn known(name: TypeName) -> Option<TypeName> {
    (!name.is_unknown()).then_some(name)
}

/// What closures of these types' methods are given.
pub(super) fn closure_input(
    current: &TypeName,
    name: &str,
    position: usize,
    number: usize,
) -> Option<TypeName> {
    if number > 0 {
        return None;
    }
    let arg = |n: usize| current.args().get(n).cloned();
    match (current.std_name()?, name, position) {
        ("Option", "map" | "and_then" | "is_some_and" | "is_none_or", 0)
        | ("Option" | "Result", "map_or" | "map_or_else", 1)
        | ("Result", "map" | "and_then" | "is_ok_and", 0) => arg(0),
        ("Option" | "Result", "filter" | "inspect", 0) => Some(reference(false, &arg(0)?)),
        ("Result", "map_err" | "or_else" | "unwrap_or_else" | "is_err_and" | "map_or_else", 0) => {
            arg(1)
        }
        ("Result", "inspect_err", 0) => Some(reference(false, &arg(1)?)),
        _ => None,
    }
}
