//! Methods of slices, `Vec`, maps and sets.

use super::{bool_type, option, reference, string, usize_type, vec};
use crate::model::type_name::TypeName;
use crate::source::infer::calls::Call;

pub(super) fn method(current: &TypeName, call: &Call<'_, '_, '_>) -> Option<TypeName> {
    let arg = |n: usize| current.args().get(n).cloned().unwrap_or(TypeName::Unknown);
    if let Some(hashed) = current.hash_map() {
        return map(current, hashed.key, hashed.value, "hash", call);
    }
    if let Some(sorted) = current.btree_map() {
        return map(current, sorted.key, sorted.value, "btree", call);
    }
    match current.std_name()? {
        "Vec" => vector(&arg(0), call.name),
        "VecDeque" => deque(&arg(0), call.name),
        "BinaryHeap" => match call.name {
            "pop" => Some(option(arg(0))),
            "peek" => Some(option(reference(false, &arg(0)))),
            "len" => usize_type(),
            "is_empty" => bool_type(),
            "push" | "clear" => Some(TypeName::unit()),
            "into_sorted_vec" | "into_vec" => Some(vec(arg(0))),
            _ => None,
        },
        _ => None,
    }
}

fn vector(element: &TypeName, name: &str) -> Option<TypeName> {
    match name {
        "push" | "clear" | "truncate" | "reserve" | "insert" | "extend_from_slice" | "append"
        | "shrink_to_fit" | "retain" | "resize" | "dedup" => Some(TypeName::unit()),
        "pop" => Some(option(element.clone())),
        "remove" | "swap_remove" => Some(element.clone()),
        "capacity" => usize_type(),
        "into_iter" => Some(TypeName::generic("std::vec::IntoIter", vec![element.clone()])),
        "drain" => Some(TypeName::generic("std::vec::Drain", vec![element.clone()])),
        "split_off" => Some(vec(element.clone())),
        "as_slice" => Some(TypeName::reference(TypeName::Slice(Box::new(element.clone())))),
        _ => None,
    }
}

fn deque(element: &TypeName, name: &str) -> Option<TypeName> {
    match name {
        "len" | "capacity" => usize_type(),
        "is_empty" | "contains" => bool_type(),
        "push_back" | "push_front" | "clear" | "reserve" => Some(TypeName::unit()),
        "pop_back" | "pop_front" | "remove" => Some(option(element.clone())),
        "front" | "back" | "get" => Some(option(reference(false, element))),
        "front_mut" | "back_mut" | "get_mut" => Some(option(reference(true, element))),
        "iter" => iterator("std::collections::vec_deque::Iter", element),
        "iter_mut" => iterator("std::collections::vec_deque::IterMut", element),
        "into_iter" => iterator("std::collections::vec_deque::IntoIter", element),
        "drain" => iterator("std::collections::vec_deque::Drain", element),
        _ => None,
    }
}

fn iterator(name: &str, element: &TypeName) -> Option<TypeName> {
    Some(TypeName::generic(name, vec![element.clone()]))
}

pub(super) fn slice(element: &TypeName, call: &Call<'_, '_, '_>) -> Option<TypeName> {
    let shared = || option(reference(false, element));
    let is_range = |n: usize| call.arg(n).std_name().is_some_and(|name| name.starts_with("Range"));
    match call.name {
        "len" => usize_type(),
        "is_empty" | "contains" | "starts_with" | "ends_with" | "is_sorted" => bool_type(),
        "iter" => iterator("std::slice::Iter", element),
        "iter_mut" => iterator("std::slice::IterMut", element),
        "windows" => iterator("std::slice::Windows", element),
        "chunks" => iterator("std::slice::Chunks", element),
        "chunks_exact" => iterator("std::slice::ChunksExact", element),
        "chunks_mut" => iterator("std::slice::ChunksMut", element),
        "first" | "last" => Some(shared()),
        "first_mut" | "last_mut" => Some(option(reference(true, element))),
        "get" if is_range(0) => {
            Some(option(TypeName::reference(TypeName::Slice(Box::new(element.clone())))))
        }
        "get" if call.arg(0).is_integer() => Some(shared()),
        "get_mut" if call.arg(0).is_integer() => Some(option(reference(true, element))),
        "to_vec" | "into_vec" => Some(vec(element.clone())),
        "as_slice" => Some(TypeName::reference(TypeName::Slice(Box::new(element.clone())))),
        "sort"
        | "sort_unstable"
        | "sort_by"
        | "sort_by_key"
        | "sort_unstable_by"
        | "sort_unstable_by_key"
        | "sort_by_cached_key"
        | "reverse"
        | "swap"
        | "fill"
        | "copy_from_slice"
        | "clone_from_slice" => Some(TypeName::unit()),
        "join" | "concat" if element.is_text() => Some(string()),
        _ => None,
    }
}

fn map(
    current: &TypeName,
    key: &TypeName,
    value: Option<&TypeName>,
    family: &str,
    call: &Call<'_, '_, '_>,
) -> Option<TypeName> {
    match call.name {
        "len" | "capacity" => return usize_type(),
        "is_empty" | "contains" | "contains_key" => return bool_type(),
        "clear" | "reserve" | "retain" | "extend" | "shrink_to_fit" => {
            return Some(TypeName::unit());
        }
        _ => {}
    }
    // Others than std's know further kinds of results.
    current.std_name()?;
    let Some(value) = value else { return set(key, family, call.name) };
    let both = |name: &str| {
        let path = format!("std::collections::{family}_map::{name}");
        Some(TypeName::generic(&path, vec![key.clone(), value.clone()]))
    };
    match call.name {
        "get" => Some(option(reference(false, value))),
        "get_mut" => Some(option(reference(true, value))),
        "insert" | "remove" => Some(option(value.clone())),
        "get_key_value" => {
            let pair = vec![reference(false, key), reference(false, value)];
            Some(option(TypeName::Tuple(pair)))
        }
        "iter" => both("Iter"),
        "iter_mut" => both("IterMut"),
        "into_iter" => both("IntoIter"),
        "drain" => both("Drain"),
        "keys" => both("Keys"),
        "values" => both("Values"),
        "values_mut" => both("ValuesMut"),
        "into_keys" => both("IntoKeys"),
        "into_values" => both("IntoValues"),
        "entry" => both("Entry"),
        _ => None,
    }
}

fn set(key: &TypeName, family: &str, name: &str) -> Option<TypeName> {
    let one = |name: &str| {
        let path = format!("std::collections::{family}_set::{name}");
        Some(TypeName::generic(&path, vec![key.clone()]))
    };
    match name {
        "insert" | "remove" => bool_type(),
        "get" => Some(option(reference(false, key))),
        "take" => Some(option(key.clone())),
        "iter" => one("Iter"),
        "into_iter" => one("IntoIter"),
        "drain" => one("Drain"),
        _ => None,
    }
}

/// What closures of a vector's or slice's own methods are given.
pub(super) fn closure_input(element: &TypeName, name: &str, number: usize) -> Option<TypeName> {
    let last = match name {
        "sort_by" | "sort_unstable_by" => 1,
        "retain"
        | "sort_by_key"
        | "sort_unstable_by_key"
        | "sort_by_cached_key"
        | "binary_search_by"
        | "binary_search_by_key"
        | "partition_point"
        | "retain_mut" => 0,
        _ => return None,
    };
    (number <= last).then(|| reference(name == "retain_mut", element))
}
