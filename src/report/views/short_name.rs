//! Function names short enough for a box: without package paths and outer namespaces.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

struct Patterns {
    /// A module's major version in a Go package path.
    go_version: Option<Regex>,
    /// Each keeps what its first group matches: Go, Java, C++ and Rust.
    kept: Vec<Regex>,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    let word = r"[0-9A-Za-z_]";
    let regex = |text: &str| Regex::new(&text.replace("WORD", word)).ok();
    Patterns {
        go_version: regex(r"^(.*?)/v(?:[2-9]|[1-9][0-9]+)([./].*)$"),
        kept: [
            r"^(?:[0-9A-Za-z_\-.]+/)+(.+)",
            r"^(?:[a-z]WORD*\.)*([A-Z][0-9A-Za-z_$]*\.(?:<init>|[a-z][0-9A-Za-z_$]*(?:\$\d+)?))(?:\(|$)",
            r"^(?:[_a-zA-Z]WORD*::)+(_*[A-Z]WORD*::~?[_a-zA-Z]WORD*(?:<.*>)?)",
        ]
        .into_iter()
        .filter_map(regex)
        .collect(),
    }
});

/// The short form of a function's name.
pub(super) fn shorten(name: &str) -> String {
    let name = name.strip_prefix("(anonymous namespace)::").unwrap_or(name);
    let name = match &PATTERNS.go_version {
        Some(version) => version.replace(name, "${1}${2}"),
        None => Cow::Borrowed(name),
    };
    let kept = |regex: &Regex| Some(regex.captures(&name)?.get(1)?.as_str().to_owned());
    PATTERNS.kept.iter().find_map(kept).unwrap_or_else(|| name.clone().into_owned())
}

/// For titles: a name of a megabyte tells nothing more.
pub(super) fn cut_long(name: &str) -> &str {
    match name.char_indices().nth(1000) {
        Some((end, _)) => &name[..end],
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_each_language_lose_what_stands_before_them() {
        for (name, short) in [
            ("github.com/a/b.(*T).M", "b.(*T).M"),
            ("github.com/a/b/v3.F", "b.F"),
            ("regexp/syntax.parse", "syntax.parse"),
            ("java.util.ArrayList.add(int)", "ArrayList.add"),
            ("(anonymous namespace)::foo", "foo"),
            ("a::b::Type::method", "Type::method"),
            ("core::fmt::write", "core::fmt::write"),
            ("main", "main"),
        ] {
            assert_eq!(shorten(name), short);
        }
    }
}
