//! What a loop over a value walks, and what an iterator gives.

use super::Infer;
use super::lower::IMPL;
use crate::model::type_name::TypeName;

/// An iterator of which only the item is known.
pub(super) const ITERATOR: &str = "{iterator}";

impl Infer<'_, '_> {
    /// What each turn of `for … in value` is given.
    pub(super) fn loop_item(&self, value: &TypeName) -> TypeName {
        into_item(value).unwrap_or(TypeName::Unknown)
    }
}

/// What `into_iter` walks.
pub(super) fn into_item(value: &TypeName) -> Option<TypeName> {
    if let TypeName::Ref { mutable, to } = value {
        let refer = |ty: TypeName| TypeName::Ref { mutable: *mutable, to: Box::new(ty) };
        let shared = |ty: TypeName| TypeName::reference(ty);
        return match &**to {
            TypeName::Slice(element) | TypeName::Array(element, _) => {
                Some(refer((**element).clone()))
            }
            inner => {
                if let Some(map) = inner.hash_map().or_else(|| inner.btree_map()) {
                    let key = shared(map.key.clone());
                    return Some(match map.value {
                        Some(value) => TypeName::Tuple(vec![key, refer(value.clone())]),
                        None => key,
                    });
                }
                match inner.std_name() {
                    Some("Vec" | "VecDeque" | "BinaryHeap" | "LinkedList" | "Option") => {
                        Some(refer(inner.args().first()?.clone()))
                    }
                    // `&mut iterator` is an iterator.
                    _ if *mutable => iterator_item(inner),
                    _ => None,
                }
            }
        };
    }
    if let TypeName::Array(element, _) = value {
        return Some((**element).clone());
    }
    if let Some(map) = value.hash_map().or_else(|| value.btree_map()) {
        let key = map.key.clone();
        return Some(match map.value {
            Some(value) => TypeName::Tuple(vec![key, value.clone()]),
            None => key,
        });
    }
    match value.std_name() {
        Some("Vec" | "VecDeque" | "BinaryHeap" | "LinkedList" | "Option") => {
            value.args().first().cloned()
        }
        _ => iterator_item(value),
    }
}

/// What an iterator gives; `None` where the type is none, or not a known one.
pub(super) fn iterator_item(name: &TypeName) -> Option<TypeName> {
    let arg = |n: usize| name.args().get(n).cloned();
    match name {
        TypeName::Ref { mutable: true, to } => return iterator_item(to),
        TypeName::Dyn(bounds) => return bounds.first().and_then(trait_item),
        TypeName::Path { segments, args } if segments.len() == 1 => {
            return match segments.first().map(String::as_str) {
                Some(ITERATOR) => args.first().cloned(),
                Some(IMPL) => args.first().and_then(trait_item),
                _ => None,
            };
        }
        TypeName::Path { .. } => {}
        _ => return None,
    }
    let shared = |ty: TypeName| TypeName::reference(ty);
    let unique = |ty: TypeName| TypeName::reference_mut(ty);
    let inner = |n: usize| arg(n).as_ref().and_then(iterator_item);
    let is_map = ["map", "hash_map", "btree_map"].iter().any(|part| name.passes(part));
    let is_text = name.passes("str");
    Some(match name.std_name()? {
        "Range" | "RangeInclusive" | "RangeFrom" if name.passes("ops") => arg(0)?,
        "Iter" if is_map => TypeName::Tuple(vec![shared(arg(0)?), shared(arg(1)?)]),
        "IterMut" if is_map => TypeName::Tuple(vec![shared(arg(0)?), unique(arg(1)?)]),
        "IntoIter" | "Drain" if is_map => TypeName::Tuple(vec![arg(0)?, arg(1)?]),
        "Iter" => shared(arg(0)?),
        "IterMut" => unique(arg(0)?),
        "IntoIter" | "Drain" => arg(0)?,
        "Keys" => shared(arg(0)?),
        "Values" => shared(arg(1)?),
        "ValuesMut" => unique(arg(1)?),
        "IntoKeys" => arg(0)?,
        "IntoValues" => arg(1)?,
        "Enumerate" => TypeName::Tuple(vec![TypeName::path("usize"), inner(0)?]),
        "Rev" | "Skip" | "Take" | "StepBy" | "Peekable" | "Fuse" | "Cycle" | "Chain" | "Filter"
        | "SkipWhile" | "TakeWhile" | "Inspect" | "Box" => inner(0)?,
        "Zip" => TypeName::Tuple(vec![inner(0)?, inner(1)?]),
        "Cloned" | "Copied" => match inner(0)? {
            TypeName::Ref { to, .. } => *to,
            _ => return None,
        },
        "Chars" => TypeName::path("char"),
        "CharIndices" => TypeName::Tuple(vec![TypeName::path("usize"), TypeName::path("char")]),
        "Bytes" if is_text => TypeName::path("u8"),
        "Lines" if name.passes("io") => TypeName::generic(
            "std::result::Result",
            vec![TypeName::path("std::string::String"), TypeName::path("std::io::Error")],
        ),
        "Lines"
        | "Split"
        | "RSplit"
        | "SplitN"
        | "RSplitN"
        | "SplitTerminator"
        | "SplitInclusive"
        | "SplitWhitespace"
        | "SplitAsciiWhitespace"
        | "Matches"
            if is_text =>
        {
            shared(TypeName::path("str"))
        }
        "Windows" | "Chunks" | "ChunksExact" | "RChunks" => {
            shared(TypeName::Slice(Box::new(arg(0)?)))
        }
        "ChunksMut" | "ChunksExactMut" => unique(TypeName::Slice(Box::new(arg(0)?))),
        "Args" => TypeName::path("std::string::String"),
        _ => return None,
    })
}

/// The item of a bound such as `Iterator<Item = T>`, whose argument the lowering kept.
fn trait_item(bound: &TypeName) -> Option<TypeName> {
    let iterates = matches!(
        bound.name()?,
        "Iterator" | "DoubleEndedIterator" | "ExactSizeIterator" | "FusedIterator"
    );
    if iterates { bound.args().first().cloned() } else { None }
}
