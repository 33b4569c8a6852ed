//! The name of a type, taken apart: path, generic arguments, and what a lint asks of them.
//!
//! Two witnesses write these names. Debug info gives the paths of definitions
//! (`alloc::vec::Vec<u8, alloc::alloc::Global>`), inference gives the paths people import
//! (`std::vec::Vec<u8>`). The questions below answer both alike.

mod ask;
mod parse;

pub use ask::{Guard, Lock, Map};

use std::fmt;

use serde::{Deserialize, Serialize};

/// The name of a type. A part nobody knows is [`TypeName::Unknown`], at any depth.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TypeName {
    /// `_`: not known.
    Unknown,
    /// A primitive or a path: `u32`, `alloc::vec::Vec<u8>`, `app::run::{closure_env#0}`.
    Path {
        /// The segments, the crate first.
        segments: Vec<String>,
        /// Generic arguments of the last segment; lifetimes left out.
        args: Vec<TypeName>,
    },
    /// `&T` or `&mut T`.
    Ref {
        /// `&mut`.
        mutable: bool,
        /// What it refers to.
        to: Box<TypeName>,
    },
    /// `*const T` or `*mut T`.
    Pointer(Box<TypeName>),
    /// `[T]`.
    Slice(Box<TypeName>),
    /// `[T; N]`, with the length where it is a number.
    Array(Box<TypeName>, Option<u64>),
    /// `(A, B)`; empty for the unit type.
    Tuple(Vec<TypeName>),
    /// `dyn A + B`.
    Dyn(Vec<TypeName>),
    /// A function pointer.
    Fn,
    /// `!`.
    Never,
}

impl TypeName {
    /// Takes a name apart; text that is no type is [`TypeName::Unknown`].
    pub fn parse(text: &str) -> TypeName {
        parse::parse(text)
    }

    /// A path without generic arguments, written with `::`.
    pub fn path(path: &str) -> TypeName {
        TypeName::generic(path, Vec::new())
    }

    /// A path with generic arguments.
    pub fn generic(path: &str, args: Vec<TypeName>) -> TypeName {
        TypeName::Path { segments: path.split("::").map(str::to_owned).collect(), args }
    }

    /// `&T`.
    pub fn reference(to: TypeName) -> TypeName {
        TypeName::Ref { mutable: false, to: Box::new(to) }
    }

    /// `&mut T`.
    pub fn reference_mut(to: TypeName) -> TypeName {
        TypeName::Ref { mutable: true, to: Box::new(to) }
    }

    /// The unit type.
    pub fn unit() -> TypeName {
        TypeName::Tuple(Vec::new())
    }

    /// The outermost type is not known.
    pub fn is_unknown(&self) -> bool {
        matches!(self, TypeName::Unknown)
    }

    /// Every part is known.
    pub fn is_complete(&self) -> bool {
        match self {
            TypeName::Unknown => false,
            TypeName::Path { args, .. } | TypeName::Tuple(args) | TypeName::Dyn(args) => {
                args.iter().all(TypeName::is_complete)
            }
            TypeName::Ref { to, .. } | TypeName::Pointer(to) | TypeName::Slice(to) => {
                to.is_complete()
            }
            TypeName::Array(to, _) => to.is_complete(),
            TypeName::Fn | TypeName::Never => true,
        }
    }

    /// What holds for both: parts that differ become [`TypeName::Unknown`].
    ///
    /// A generic function has one set of locals per instantiation; this is what can be said of
    /// all of them.
    #[must_use]
    pub fn common(&self, other: &TypeName) -> TypeName {
        use TypeName::{Array, Dyn, Path, Pointer, Ref, Slice, Tuple, Unknown};
        let each = |a: &[TypeName], b: &[TypeName]| {
            a.iter().zip(b).map(|(a, b)| a.common(b)).collect::<Vec<_>>()
        };
        match (self, other) {
            (a, b) if a == b => a.clone(),
            (Path { segments: a, args: x }, Path { segments: b, args: y })
                if a == b && x.len() == y.len() =>
            {
                Path { segments: a.clone(), args: each(x, y) }
            }
            (Ref { mutable: m, to: a }, Ref { mutable: n, to: b }) if m == n => {
                Ref { mutable: *m, to: Box::new(a.common(b)) }
            }
            (Pointer(a), Pointer(b)) => Pointer(Box::new(a.common(b))),
            (Slice(a), Slice(b)) => Slice(Box::new(a.common(b))),
            (Array(a, n), Array(b, m)) => {
                Array(Box::new(a.common(b)), if n == m { *n } else { None })
            }
            (Tuple(a), Tuple(b)) if a.len() == b.len() => Tuple(each(a, b)),
            (Dyn(a), Dyn(b)) if a.len() == b.len() => Dyn(each(a, b)),
            _ => Unknown,
        }
    }

    /// The name for people: last segments only, without allocators and default hashers.
    pub fn short(&self) -> String {
        let mut text = String::new();
        self.write(&mut text, true);
        text
    }

    fn write(&self, out: &mut String, short: bool) {
        match self {
            TypeName::Unknown => out.push('_'),
            TypeName::Fn => out.push_str("fn()"),
            TypeName::Never => out.push('!'),
            TypeName::Path { segments, args } => {
                match segments.last() {
                    Some(last) if short => out.push_str(last),
                    _ => out.push_str(&segments.join("::")),
                }
                let shown: Vec<&TypeName> =
                    args.iter().filter(|arg| !short || !arg.is_default_parameter()).collect();
                if !shown.is_empty() {
                    write_list(out, "<", &shown, ">", short);
                }
            }
            TypeName::Ref { mutable, to } => {
                out.push_str(if *mutable { "&mut " } else { "&" });
                to.write(out, short);
            }
            TypeName::Pointer(to) => {
                out.push_str("*const ");
                to.write(out, short);
            }
            TypeName::Slice(to) => {
                out.push('[');
                to.write(out, short);
                out.push(']');
            }
            TypeName::Array(to, len) => {
                out.push('[');
                to.write(out, short);
                out.push_str("; ");
                out.push_str(&len.map_or_else(|| "_".to_owned(), |len| len.to_string()));
                out.push(']');
            }
            TypeName::Tuple(items) => {
                let end = if items.len() == 1 { ",)" } else { ")" };
                write_list(out, "(", &items.iter().collect::<Vec<_>>(), end, short);
            }
            TypeName::Dyn(bounds) => {
                out.push_str("dyn ");
                for (n, bound) in bounds.iter().enumerate() {
                    out.push_str(if n == 0 { "" } else { " + " });
                    bound.write(out, short);
                }
            }
        }
    }
}

fn write_list(out: &mut String, open: &str, items: &[&TypeName], close: &str, short: bool) {
    out.push_str(open);
    for (n, item) in items.iter().enumerate() {
        out.push_str(if n == 0 { "" } else { ", " });
        item.write(out, short);
    }
    out.push_str(close);
}

impl fmt::Display for TypeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.write(&mut text, false);
        f.write_str(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::TypeName;

    #[test]
    fn names_of_debug_info_print_as_they_were_read() {
        for name in [
            "u32",
            "&str",
            "&mut alloc::vec::Vec<alloc::string::String, alloc::alloc::Global>",
            "[u8; 16]",
            "(u32, &[u8])",
            "(u32,)",
            "()",
            "alloc::boxed::Box<dyn core::fmt::Write + core::marker::Send, alloc::alloc::Global>",
            "app::run::{closure_env#0}<u8>",
            "!",
        ] {
            assert_eq!(TypeName::parse(name).to_string(), name);
        }
    }

    #[test]
    fn text_that_is_no_type_is_unknown() {
        for text in ["", "<", "Vec<", "Vec<u8", "&", "[u8; ", "(", "a b", "Vec<u8>>", "\u{0}"] {
            assert_eq!(TypeName::parse(text), TypeName::Unknown, "{text:?}");
        }
        assert_eq!(TypeName::parse(&"Vec<".repeat(100_000)), TypeName::Unknown);
        assert_eq!(TypeName::parse(&"&".repeat(100_000)), TypeName::Unknown);
    }

    #[test]
    fn instantiations_agree_on_what_they_share() {
        let a = TypeName::parse("alloc::vec::Vec<u8>");
        let b = TypeName::parse("alloc::vec::Vec<u16>");
        assert_eq!(a.common(&b).to_string(), "alloc::vec::Vec<_>");
        assert_eq!(a.common(&TypeName::parse("u8")), TypeName::Unknown);
    }

    #[test]
    fn the_short_name_leaves_out_allocators_and_default_hashers() {
        let map = TypeName::parse(
            "std::collections::hash::map::HashMap<alloc::string::String, \
             alloc::vec::Vec<u8, alloc::alloc::Global>, std::hash::random::RandomState>",
        );
        assert_eq!(map.short(), "HashMap<String, Vec<u8>>");
    }
}
