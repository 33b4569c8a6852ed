//! Paths that lead out of the workspace: what is known of other crates by name alone.

use crate::model::type_name::TypeName;

/// Types that every module sees without an import.
const PRELUDE: [(&str, &str); 5] = [
    ("Vec", "std::vec::Vec"),
    ("String", "std::string::String"),
    ("Option", "std::option::Option"),
    ("Result", "std::result::Result"),
    ("Box", "std::boxed::Box"),
];

/// Primitive types.
const PRIMITIVES: [&str; 17] = [
    "bool", "char", "str", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64",
    "i128", "isize", "f32", "f64",
];

/// Crates whose paths name what they define, and not a type of std under another path.
const DEFINING: [&str; 32] = [
    "aho_corasick",
    "anyhow",
    "arc_swap",
    "arrayvec",
    "async_lock",
    "bstr",
    "bytes",
    "chrono",
    "crossbeam_channel",
    "dashmap",
    "fancy_regex",
    "flume",
    "futures",
    "globset",
    "hashbrown",
    "indexmap",
    "lock_api",
    "once_cell",
    "parking_lot",
    "regex",
    "reqwest",
    "rustc_hash",
    "semver",
    "serde_json",
    "smallvec",
    "smol_str",
    "spin",
    "time",
    "tokio",
    "triomphe",
    "url",
    "uuid",
];

/// Crates whose globs bring in no name of the prelude.
const HARMLESS_GLOBS: [&str; 32] = [
    "anyhow",
    "bevy",
    "bytes",
    "chrono",
    "clap",
    "criterion",
    "crossbeam",
    "divan",
    "egui",
    "futures",
    "futures_util",
    "indicatif",
    "insta",
    "itertools",
    "libc",
    "log",
    "nom",
    "ndarray",
    "num_traits",
    "owo_colors",
    "pest",
    "polars",
    "proptest",
    "pyo3",
    "quickcheck",
    "rand",
    "ratatui",
    "rayon",
    "serde",
    "tokio",
    "tracing",
    "windows_sys",
];

/// A name that every module sees without an import.
pub(super) fn is_prelude(name: &str) -> bool {
    PRELUDE.iter().any(|(known, _)| *known == name)
}

/// The path of a name of the prelude.
pub(super) fn prelude(name: &str) -> Option<&'static str> {
    PRELUDE.iter().find(|(known, _)| *known == name).map(|(_, path)| *path)
}

/// A primitive type.
pub(super) fn is_primitive(name: &str) -> bool {
    PRIMITIVES.contains(&name)
}

/// Whether a glob import from this crate leaves the names of the prelude alone.
pub(super) fn is_harmless_glob(path: &str) -> bool {
    let krate = path.trim_start_matches("::").split("::").next().unwrap_or_default();
    is_std(krate) || HARMLESS_GLOBS.contains(&krate)
}

/// A crate of the standard library.
pub(super) fn is_std(krate: &str) -> bool {
    matches!(krate, "std" | "core" | "alloc")
}

/// The type that a path of another crate names; unknown where the path alone does not tell.
pub(super) fn external(segments: &[&str], args: Vec<TypeName>) -> TypeName {
    let Some((krate, rest)) = segments.split_first() else { return TypeName::Unknown };
    let Some(name) = rest.last() else { return TypeName::Unknown };
    let module = rest.len().checked_sub(2).and_then(|at| rest.get(at)).copied();
    let path = || TypeName::generic(&segments.join("::"), args.clone());
    let result = |error: &str| {
        let ok = args.first().cloned().unwrap_or_else(TypeName::unit);
        let err = args.get(1).cloned().unwrap_or_else(|| TypeName::path(error));
        TypeName::generic("std::result::Result", vec![ok, err])
    };
    if is_std(krate) {
        return match (module, *name) {
            (Some("io"), "Result") => result("std::io::Error"),
            (Some("fmt"), "Result") => result("std::fmt::Error"),
            (Some("thread"), "Result") => result("std::boxed::Box"),
            (Some("raw" | "ffi"), name) if name.starts_with("c_") => TypeName::Unknown,
            (Some("primitive"), name) if is_primitive(name) => TypeName::path(name),
            (Some("num"), name) if name.starts_with("NonZero") && name.len() > 7 => {
                let of = name.trim_start_matches("NonZero").to_lowercase();
                TypeName::generic("std::num::NonZero", vec![TypeName::path(&of)])
            }
            // A module, a function, a constant: no type.
            (_, name) if name.starts_with(char::is_lowercase) => TypeName::Unknown,
            _ => path(),
        };
    }
    let with_hasher = |map: &str, arity: usize, hasher: &str| {
        let mut all = args.clone();
        all.resize(arity, TypeName::Unknown);
        all.push(TypeName::path(hasher));
        TypeName::generic(map, all)
    };
    match (*krate, *name) {
        ("anyhow", "Result") => result("anyhow::Error"),
        ("serde_json", "Result") => result("serde_json::Error"),
        ("rustc_hash" | "fxhash", "FxHashMap") => {
            with_hasher("std::collections::HashMap", 2, "rustc_hash::FxBuildHasher")
        }
        ("rustc_hash" | "fxhash", "FxHashSet") => {
            with_hasher("std::collections::HashSet", 1, "rustc_hash::FxBuildHasher")
        }
        (_, "Result") => TypeName::Unknown,
        (krate, name) if DEFINING.contains(&krate) && name.starts_with(char::is_uppercase) => {
            path()
        }
        _ => TypeName::Unknown,
    }
}
