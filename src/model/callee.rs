//! Symbols to the paths that people write: `alloc::vec::Vec::push`, `core::clone::Clone::clone`.
//!
//! A method of a trait is named after the trait, and its type stands beside it as the receiver.
//! A method of a primitive is named after the primitive, wherever its `impl` lives: `slice::iter`.

use std::borrow::Cow;

/// A function's path and the type it is a method of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// Without generic arguments.
    pub path: String,
    /// Empty where there is none or it is not told.
    pub receiver: String,
}

/// From a mangled symbol, of either scheme.
pub fn of_symbol(symbol: &str) -> Name {
    // The alternate form leaves out the hash.
    of_path(&format!("{:#}", rustc_demangle::demangle(symbol)))
}

/// From a demangled path.
pub fn of_path(path: &str) -> Name {
    let Some(head) = angle_group(path) else {
        return of_plain_path(path);
    };
    // `<T as Trait>::method` or `<T>::method`.
    let rest = without_arguments(path.get(head.len() + 2..).unwrap_or(""));
    match split_top(head, " as ") {
        Some((ty, of_trait)) => Name {
            path: format!("{}{rest}", without_arguments(of_trait)),
            receiver: known_type(ty),
        },
        None => {
            Name { path: format!("{}{rest}", primitive_or_path(head)), receiver: known_type(head) }
        }
    }
}

fn of_plain_path(path: &str) -> Name {
    // `core::slice::<impl [T]>::iter`, `alloc::string::<impl Add for String>::add`.
    if let Some(at) = path.find("<impl ") {
        let group = path.get(at..).and_then(angle_group);
        if let Some(group) = group {
            let inside = group.strip_prefix("impl ").unwrap_or(group);
            let rest = path.get(at + group.len() + 2..).unwrap_or("");
            let rest = without_arguments(rest);
            return match split_top(inside, " for ") {
                Some((of_trait, ty)) => Name {
                    path: format!("{}{rest}", without_arguments(of_trait)),
                    receiver: known_type(ty),
                },
                None => Name {
                    path: format!("{}{rest}", primitive_or_path(inside)),
                    receiver: known_type(inside),
                },
            };
        }
    }
    Name { path: without_arguments(path), receiver: String::new() }
}

/// A demangled name as the old mangling writes it: the new one adds what the generic arguments of
/// functions are, and puts the type of a method into brackets.
pub fn in_old_style(name: &str) -> Cow<'_, str> {
    let Some(head) = angle_group(name) else { return without_turbofish(name) };
    let starts_path = head.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    if !starts_path || split_top(head, " as ").is_some() {
        return without_turbofish(name);
    }
    let rest = name.get(head.len() + 2..).unwrap_or_default();
    Cow::Owned(format!("{head}{}", without_turbofish(rest)))
}

/// `a::b::<C>` to `a::b`; the `<impl A for B>` of a path stays.
fn without_turbofish(name: &str) -> Cow<'_, str> {
    let is_arguments = |at: &usize| !name.get(at + 2..).unwrap_or("").starts_with("<impl ");
    let Some(at) = name.match_indices("::<").map(|(at, _)| at).find(is_arguments) else {
        return Cow::Borrowed(name);
    };
    let (before, group) = name.split_at(at);
    let Some(arguments) = group.get(2..).and_then(angle_group) else { return Cow::Borrowed(name) };
    let rest = group.get(arguments.len() + 4..).unwrap_or_default();
    Cow::Owned(format!("{before}{}", without_turbofish(rest)))
}

/// `<…>` at the start: what stands inside.
fn angle_group(text: &str) -> Option<&str> {
    if !text.starts_with('<') {
        return None;
    }
    let mut depth = 0usize;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        match c {
            '<' => depth += 1,
            // The arrow of a function type closes nothing.
            '>' if before != '-' => {
                depth -= 1;
                if depth == 0 {
                    return text.get(1..at);
                }
            }
            _ => {}
        }
        before = c;
    }
    None
}

/// Splits at a word outside of all brackets.
fn split_top<'a>(text: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    let mut depth = 0usize;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        match c {
            '<' | '(' | '[' => depth += 1,
            '>' if before == '-' => {}
            '>' | ')' | ']' => depth = depth.saturating_sub(1),
            ' ' if depth == 0 && text.get(at..).is_some_and(|rest| rest.starts_with(word)) => {
                return Some((text.get(..at)?, text.get(at + word.len()..)?));
            }
            _ => {}
        }
        before = c;
    }
    None
}

/// The path without its generic arguments: `a::B<C>::d::<E>` to `a::B::d`.
fn without_arguments(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut depth = 0usize;
    let mut before = ' ';
    for c in path.chars() {
        match c {
            '<' => depth += 1,
            '>' if before != '-' => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(c),
            _ => {}
        }
        before = c;
    }
    while out.contains("::::") {
        out = out.replace("::::", "::");
    }
    out.trim_end_matches(':').to_owned()
}

/// `[T]` is `slice`, `str` is `str`, and a path stays a path.
fn primitive_or_path(ty: &str) -> String {
    match ty.as_bytes().first() {
        Some(b'[') if ty.contains(';') => "array".to_owned(),
        Some(b'[') => "slice".to_owned(),
        Some(b'*') => "pointer".to_owned(),
        Some(b'&') => "reference".to_owned(),
        _ => without_arguments(ty),
    }
}

/// A type that names no generic parameter; the old mangling leaves those in (`Vec<T,A>`).
fn known_type(ty: &str) -> String {
    let parameter = |word: &str| {
        let mut letters = word.chars();
        letters.next().is_some_and(char::is_uppercase) && letters.all(char::is_numeric)
    };
    let generic = ty.split(|c: char| !c.is_alphanumeric() && c != '_').any(parameter);
    if generic { String::new() } else { ty.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{Name, in_old_style, of_path, of_symbol};

    fn name(path: &str, receiver: &str) -> Name {
        Name { path: path.to_owned(), receiver: receiver.to_owned() }
    }

    #[test]
    fn symbols_of_both_schemes_name_the_same_path() {
        assert_eq!(
            of_symbol("_ZN5alloc3vec16Vec$LT$T$C$A$GT$4push17h0123456789abcdefE").path,
            "alloc::vec::Vec::push"
        );
        assert_eq!(
            of_symbol("_RNvMNtNtCsjrHSEGnQ3l9_3std4hash6randomNtB2_11RandomState3new"),
            name("std::hash::random::RandomState::new", "std::hash::random::RandomState")
        );
    }

    #[test]
    fn a_method_of_a_trait_is_named_after_the_trait() {
        assert_eq!(
            of_path("<alloc::string::String as core::clone::Clone>::clone"),
            name("core::clone::Clone::clone", "alloc::string::String")
        );
        assert_eq!(
            of_path("core::str::traits::<impl core::ops::index::Index<I> for str>::index"),
            name("core::ops::index::Index::index", "str")
        );
    }

    #[test]
    fn a_generic_parameter_is_no_receiver() {
        assert_eq!(
            of_path("<alloc::sync::Arc<T,A> as core::clone::Clone>::clone"),
            name("core::clone::Clone::clone", "")
        );
    }

    #[test]
    fn methods_of_primitives_are_named_after_the_primitive() {
        assert_eq!(of_path("core::slice::<impl [T]>::iter"), name("slice::iter", ""));
        assert_eq!(of_path("<[u8]>::to_vec"), name("slice::to_vec", "[u8]"));
        assert_eq!(
            of_path("alloc::str::<impl str>::to_lowercase"),
            name("str::to_lowercase", "str")
        );
    }

    #[test]
    fn the_new_mangling_reads_like_the_old_one() {
        for (new, old) in [
            ("<globset::glob::Glob>::new", "globset::glob::Glob::new"),
            ("<alloc::vec::Vec<(u8, u16)>>::push", "alloc::vec::Vec<(u8, u16)>::push"),
            (
                "<std::thread::Builder>::spawn_unchecked::<F, T>",
                "std::thread::Builder::spawn_unchecked",
            ),
            ("alloc::vec::from_elem::<u8>", "alloc::vec::from_elem"),
            ("a::f::<fn() -> b::C>::{closure#0}::<D>", "a::f::{closure#0}"),
            (
                "<alloc::vec::Vec<u8> as core::iter::traits::collect::Extend<u8>>::extend::<I>",
                "<alloc::vec::Vec<u8> as core::iter::traits::collect::Extend<u8>>::extend",
            ),
        ] {
            assert_eq!(in_old_style(new), old);
        }
        for old in ["alloc::vec::Vec<T,A>::push", "core::str::<impl str>::find", "<[u8]>::to_vec"] {
            assert_eq!(in_old_style(old), old);
        }
    }

    #[test]
    fn text_that_is_no_path_is_kept_without_a_panic() {
        for text in ["", "<", "<<", ">>", "<impl ", "a<b", "<T as >", "é<ü as ß>::ö", "->"] {
            of_path(text);
            of_symbol(text);
            in_old_style(text);
        }
    }
}
