//! Names as pprof shows them: where a profile gives no more than the linker's name.

use crate::model::profile::Profile;

/// Gives every function that has no name for people one made from the linker's.
///
/// A function whose name differs from its linker name was demangled by whoever wrote the profile
/// and stays as it is.
pub(crate) fn simplify_names(profile: &mut Profile) {
    for function in &mut profile.functions {
        if function.name.is_empty() || function.name == function.system_name {
            function.name = simplified(&function.system_name);
        }
    }
}

fn simplified(system_name: &str) -> String {
    if let Ok(demangled) = rustc_demangle::try_demangle(system_name) {
        return format!("{demangled:#}");
    }
    if !looks_demangled(system_name) {
        return system_name.to_owned();
    }
    let without_arguments = without(system_name, '(', ')');
    without(&without_arguments, '<', '>')
}

/// A C++ or Rust name that somebody demangled; not Java's `Class.<init>`, not Go's generics.
fn looks_demangled(name: &str) -> bool {
    !name.contains(".<")
        && !name.contains("]).")
        && (name.contains(['<', '>', '[', ']']) || name.contains("::"))
}

/// Removes what stands between matching brackets; where they do not match, stops there.
fn without(name: &str, open: char, close: char) -> String {
    let mut kept = name.to_owned();
    let (mut nesting, mut first, mut at) = (0usize, 0, 0);
    while let Some(found) = kept[at..].find([open, close]) {
        at += found;
        if kept[at..].starts_with(open) {
            nesting += 1;
            if nesting == 1 {
                first = at;
            }
            at += 1;
        } else {
            match nesting {
                0 => return kept,
                1 => {
                    kept.replace_range(first..=at, "");
                    at = first;
                }
                _ => at += 1,
            }
            nesting -= 1;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_and_template_parameters_are_left_out() {
        assert_eq!(simplified("a::b<c<d>, e>(int (*)())"), "a::b");
        assert_eq!(simplified("std::vector<int>::push_back(int const&)"), "std::vector::push_back");
        assert_eq!(simplified("a::operator>(int)"), "a::operator>");
    }

    #[test]
    fn names_of_other_languages_are_left_alone() {
        assert_eq!(simplified("main.(*Tree[...]).Walk"), "main.(*Tree[...]).Walk");
        assert_eq!(simplified("java.util.List.<init>"), "java.util.List.<init>");
        assert_eq!(simplified("runtime.mallocgc"), "runtime.mallocgc");
    }

    #[test]
    fn rust_linker_names_lose_their_hash() {
        assert_eq!(simplified("_ZN4core3fmt5write17h0123456789abcdefE"), "core::fmt::write");
    }
}
