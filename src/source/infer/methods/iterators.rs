//! Methods of iterators.

use super::{bool_type, option, usize_type, vec};
use crate::model::type_name::TypeName;
use crate::source::infer::calls::Call;
use crate::source::infer::iterate::{ITERATOR, into_item};
use crate::source::infer::locals::filled;

pub(super) fn method(
    current: &TypeName,
    item: &TypeName,
    call: &Call<'_, '_, '_>,
) -> Option<TypeName> {
    let adapter =
        |name: &str| Some(TypeName::generic(&format!("std::iter::{name}"), vec![current.clone()]));
    let of = |item: TypeName| Some(TypeName::generic(ITERATOR, vec![item]));
    match call.name {
        "into_iter" => Some(current.clone()),
        "by_ref" => Some(TypeName::reference_mut(current.clone())),
        "enumerate" => adapter("Enumerate"),
        "rev" => adapter("Rev"),
        "skip" => adapter("Skip"),
        "take" => adapter("Take"),
        "step_by" => adapter("StepBy"),
        "peekable" => adapter("Peekable"),
        "fuse" => adapter("Fuse"),
        "cycle" => adapter("Cycle"),
        "filter" => adapter("Filter"),
        "skip_while" => adapter("SkipWhile"),
        "take_while" => adapter("TakeWhile"),
        "inspect" => adapter("Inspect"),
        "cloned" => adapter("Cloned"),
        "copied" => adapter("Copied"),
        "chain" => adapter("Chain"),
        "zip" => {
            let other = into_item(&call.arg(0)).unwrap_or(TypeName::Unknown);
            of(TypeName::Tuple(vec![item.clone(), other]))
        }
        "map" => of(call.output(0)),
        "filter_map" | "flat_map" | "map_while" => {
            of(into_item(&call.output(0)).unwrap_or(TypeName::Unknown))
        }
        "flatten" => of(into_item(item).unwrap_or(TypeName::Unknown)),
        "next" | "last" | "nth" | "max" | "min" | "max_by" | "min_by" | "max_by_key"
        | "min_by_key" | "find" | "reduce" | "next_back" | "nth_back" => Some(option(item.clone())),
        "peek" if current.is_std("Peekable") => Some(option(TypeName::reference(item.clone()))),
        "find_map" => Some(call.output(0)).filter(|name| !name.is_unknown()),
        "position" | "rposition" => Some(option(TypeName::path("usize"))),
        "count" => usize_type(),
        "len" if is_exact(current) => usize_type(),
        "any" | "all" | "eq" | "ne" | "lt" | "le" | "gt" | "ge" | "is_sorted" => bool_type(),
        "for_each" => Some(TypeName::unit()),
        "fold" => {
            let first = call.arg(0);
            first.is_complete().then_some(first)
        }
        "sum" | "product" => call.turbofish(),
        "collect" => Some(collected(call.turbofish()?, item)),
        _ => None,
    }
}

fn is_exact(current: &TypeName) -> bool {
    matches!(current.std_name(), Some("Iter" | "IterMut" | "IntoIter" | "Enumerate" | "Rev"))
}

/// `collect::<Vec<_>>()`: the open part is the item.
fn collected(target: TypeName, item: &TypeName) -> TypeName {
    let whole = match (target.std_name(), item) {
        (Some("Vec"), _) => vec(item.clone()),
        (Some("HashSet" | "BTreeSet" | "VecDeque" | "BinaryHeap" | "LinkedList"), _) => {
            TypeName::generic(&path_of(&target), vec![item.clone()])
        }
        (Some("HashMap" | "BTreeMap"), TypeName::Tuple(pair)) => {
            TypeName::generic(&path_of(&target), pair.clone())
        }
        _ => return target,
    };
    filled(target, whole)
}

fn path_of(name: &TypeName) -> String {
    match name {
        TypeName::Path { segments, .. } => segments.join("::"),
        _ => String::new(),
    }
}

/// What closures of iterator methods are given.
pub(super) fn closure_input(
    item: &TypeName,
    call: &Call<'_, '_, '_>,
    position: usize,
    number: usize,
) -> Option<TypeName> {
    match (call.name, position, number) {
        (
            "map" | "for_each" | "filter_map" | "flat_map" | "any" | "all" | "position"
            | "map_while" | "find_map" | "try_for_each" | "rposition",
            0,
            0,
        ) => Some(item.clone()),
        (
            "filter" | "find" | "take_while" | "skip_while" | "inspect" | "max_by_key"
            | "min_by_key" | "partition",
            0,
            0,
        ) => Some(TypeName::reference(item.clone())),
        ("max_by" | "min_by", 0, 0 | 1) => Some(TypeName::reference(item.clone())),
        ("fold", 1, 1) => Some(item.clone()),
        ("fold", 1, 0) => {
            let first = call.arg(0);
            first.is_complete().then_some(first)
        }
        ("reduce", 0, 0 | 1) => Some(item.clone()),
        _ => None,
    }
}
