//! Methods of `str`, `String`, numbers, characters, paths.

use super::{bool_type, named, option, reference, result, str_ref, string, usize_type, vec};
use crate::model::type_name::TypeName;
use crate::source::infer::calls::Call;

pub(super) fn method(current: &TypeName, call: &Call<'_, '_, '_>) -> Option<TypeName> {
    if current.is_string() {
        return string_method(call.name);
    }
    if current.is_str() {
        return str_method(call);
    }
    if current.is_number() {
        return number(current, call.name);
    }
    if current.is_char() {
        return character(call.name);
    }
    if current.is_bool() {
        return match call.name {
            "then" => Some(option(call.output(0))),
            "then_some" => Some(option(call.arg(0))),
            _ => None,
        };
    }
    match current.std_name()? {
        "PathBuf" | "Path" => path(current, call.name),
        "OsStr" | "OsString" => match call.name {
            "to_string_lossy" => Some(cow_str()),
            "to_str" => Some(option(str_ref())),
            "to_os_string" => named("std::ffi::OsString"),
            "len" => usize_type(),
            _ => None,
        },
        _ => None,
    }
}

fn cow_str() -> TypeName {
    TypeName::generic("std::borrow::Cow", vec![TypeName::path("str")])
}

fn string_method(name: &str) -> Option<TypeName> {
    match name {
        "as_str" => Some(str_ref()),
        "as_mut_str" => Some(reference(true, &TypeName::path("str"))),
        "into_bytes" => Some(vec(TypeName::path("u8"))),
        "capacity" => usize_type(),
        "pop" => Some(option(TypeName::path("char"))),
        "remove" => named("char"),
        "push" | "push_str" | "insert" | "insert_str" | "clear" | "reserve" | "truncate"
        | "shrink_to_fit" | "retain" => Some(TypeName::unit()),
        "split_off" => Some(string()),
        "into_boxed_str" => Some(TypeName::generic("std::boxed::Box", vec![TypeName::path("str")])),
        _ => None,
    }
}

fn str_method(call: &Call<'_, '_, '_>) -> Option<TypeName> {
    let adapter = |name: &str| Some(TypeName::path(name));
    match call.name {
        "len" => usize_type(),
        "is_empty"
        | "contains"
        | "starts_with"
        | "ends_with"
        | "is_ascii"
        | "eq_ignore_ascii_case"
        | "is_char_boundary" => bool_type(),
        "to_string" | "to_lowercase" | "to_uppercase" | "to_ascii_lowercase"
        | "to_ascii_uppercase" | "replace" | "replacen" | "repeat" | "into_string" => {
            Some(string())
        }
        "trim" | "trim_start" | "trim_end" | "trim_matches" | "trim_start_matches"
        | "trim_end_matches" | "trim_left" | "trim_right" => Some(str_ref()),
        "as_bytes" => Some(TypeName::reference(TypeName::Slice(Box::new(TypeName::path("u8"))))),
        "find" | "rfind" => Some(option(TypeName::path("usize"))),
        "strip_prefix" | "strip_suffix" | "get" => Some(option(str_ref())),
        "split_once" | "rsplit_once" => Some(option(TypeName::Tuple(vec![str_ref(), str_ref()]))),
        "split_at" => Some(TypeName::Tuple(vec![str_ref(), str_ref()])),
        "chars" => adapter("std::str::Chars"),
        "char_indices" => adapter("std::str::CharIndices"),
        "bytes" => adapter("std::str::Bytes"),
        "lines" => adapter("std::str::Lines"),
        "split" => adapter("std::str::Split"),
        "rsplit" => adapter("std::str::RSplit"),
        "splitn" => adapter("std::str::SplitN"),
        "rsplitn" => adapter("std::str::RSplitN"),
        "split_terminator" => adapter("std::str::SplitTerminator"),
        "split_inclusive" => adapter("std::str::SplitInclusive"),
        "split_whitespace" => adapter("std::str::SplitWhitespace"),
        "split_ascii_whitespace" => adapter("std::str::SplitAsciiWhitespace"),
        "matches" => adapter("std::str::Matches"),
        "parse" => Some(result(call.turbofish()?, TypeName::Unknown)),
        _ => None,
    }
}

fn number(current: &TypeName, name: &str) -> Option<TypeName> {
    match name {
        "to_string" => Some(string()),
        "abs" | "pow" | "wrapping_add" | "wrapping_sub" | "wrapping_mul" | "saturating_add"
        | "saturating_sub" | "saturating_mul" | "rem_euclid" | "div_euclid" | "swap_bytes"
        | "rotate_left" | "rotate_right" | "sqrt" | "powi" | "powf" | "floor" | "ceil"
        | "round" | "trunc" | "next_power_of_two" | "isqrt" | "signum" => Some(current.clone()),
        "checked_add" | "checked_sub" | "checked_mul" | "checked_div" | "checked_rem"
        | "checked_pow" => Some(option(current.clone())),
        "leading_zeros" | "trailing_zeros" | "count_ones" | "count_zeros" => named("u32"),
        "is_ascii_digit"
        | "is_ascii"
        | "is_ascii_alphabetic"
        | "is_ascii_alphanumeric"
        | "is_ascii_whitespace"
        | "is_power_of_two"
        | "is_nan"
        | "is_finite" => bool_type(),
        _ => None,
    }
}

fn character(name: &str) -> Option<TypeName> {
    match name {
        "to_string" => Some(string()),
        "len_utf8" => usize_type(),
        "to_ascii_lowercase" | "to_ascii_uppercase" => named("char"),
        "to_digit" => Some(option(TypeName::path("u32"))),
        name if name.starts_with("is_") => bool_type(),
        _ => None,
    }
}

fn path(current: &TypeName, name: &str) -> Option<TypeName> {
    let path_ref = || TypeName::reference(TypeName::path("std::path::Path"));
    let os_str_ref = || TypeName::reference(TypeName::path("std::ffi::OsStr"));
    match name {
        "to_path_buf" | "join" | "with_extension" | "with_file_name" => named("std::path::PathBuf"),
        "as_path" if current.is_std("PathBuf") => Some(path_ref()),
        "parent" => Some(option(path_ref())),
        "file_name" | "file_stem" | "extension" => Some(option(os_str_ref())),
        "as_os_str" => Some(os_str_ref()),
        "to_str" => Some(option(str_ref())),
        "to_string_lossy" => Some(cow_str()),
        "exists" | "is_file" | "is_dir" | "is_absolute" | "is_relative" | "starts_with"
        | "ends_with" => bool_type(),
        _ => None,
    }
}
