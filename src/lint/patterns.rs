//! What compiles patterns: constructors of regular expressions, globs, selectors and their like.

use super::site::Site;
use crate::model::finding::Types;

/// A constructor that compiles patterns.
pub struct Constructor {
    /// Its full path.
    pub path: &'static str,
    /// What it makes, for people.
    pub makes: &'static str,
    /// What can tell that a pattern is valid.
    pub checked_by: Option<Compiler>,
}

/// What compiles a pattern here, to see whether it does.
#[derive(Clone, Copy)]
pub enum Compiler {
    /// `regex::Regex`.
    Text,
    /// `regex::bytes::Regex`.
    Bytes,
}

impl Compiler {
    /// Why it does not compile a pattern, if it does not.
    pub fn error(self, pattern: &str) -> Option<String> {
        let error = match self {
            Compiler::Text => regex::Regex::new(pattern).err(),
            Compiler::Bytes => regex::bytes::Regex::new(pattern).err(),
        };
        let error = error?.to_string();
        Some(error.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned())
    }
}

const fn makes(path: &'static str, makes: &'static str) -> Constructor {
    Constructor { path, makes, checked_by: None }
}

const fn regex(path: &'static str, compiler: Compiler) -> Constructor {
    Constructor { path, makes: REGEX, checked_by: Some(compiler) }
}

const REGEX: &str = "regular expression";
const SET: &str = "set of regular expressions";
const GLOB: &str = "glob";
const MATCHER: &str = "multi-pattern matcher";
const SELECTOR: &str = "selector";
const JSON_PATH: &str = "JSON path";

const CONSTRUCTORS: &[Constructor] = &[
    regex("regex::Regex::new", Compiler::Text),
    regex("regex::bytes::Regex::new", Compiler::Bytes),
    makes("regex::RegexSet::new", SET),
    makes("regex::bytes::RegexSet::new", SET),
    makes("regex::RegexBuilder::new", REGEX),
    makes("regex::bytes::RegexBuilder::new", REGEX),
    makes("regex::RegexSetBuilder::new", SET),
    makes("regex::bytes::RegexSetBuilder::new", SET),
    makes("regex_lite::Regex::new", REGEX),
    makes("regex_lite::RegexBuilder::new", REGEX),
    makes("fancy_regex::Regex::new", REGEX),
    makes("fancy_regex::RegexBuilder::new", REGEX),
    makes("regress::Regex::new", REGEX),
    makes("pcre2::bytes::Regex::new", REGEX),
    makes("pcre2::bytes::RegexBuilder::new", REGEX),
    makes("onig::Regex::new", REGEX),
    makes("globset::Glob::new", GLOB),
    makes("globset::GlobBuilder::new", GLOB),
    makes("globset::GlobSetBuilder::new", "set of globs"),
    makes("globset::GlobSet::builder", "set of globs"),
    makes("glob::Pattern::new", GLOB),
    makes("wax::Glob::new", GLOB),
    makes("ignore::gitignore::GitignoreBuilder::new", "set of globs"),
    makes("ignore::overrides::OverrideBuilder::new", "set of globs"),
    makes("aho_corasick::AhoCorasick::new", MATCHER),
    makes("aho_corasick::AhoCorasick::builder", MATCHER),
    makes("aho_corasick::AhoCorasickBuilder::new", MATCHER),
    makes("daachorse::DoubleArrayAhoCorasick::new", MATCHER),
    makes("scraper::Selector::parse", SELECTOR),
    makes("kuchiki::Selectors::compile", SELECTOR),
    makes("kuchikiki::Selectors::compile", SELECTOR),
    makes("jsonpath_lib::Compiled::compile", JSON_PATH),
    makes("jsonpath_lib::compile", JSON_PATH),
    makes("serde_json_path::JsonPath::parse", JSON_PATH),
    makes("jsonpath_rust::JsonPath::from_str", JSON_PATH),
    makes("jsonpath_rust::JsonPath::try_from", JSON_PATH),
    makes("time::format_description::parse", "format of dates"),
    makes("time::format_description::parse_borrowed", "format of dates"),
];

/// Builders that take their patterns later on.
pub fn is_empty_builder(path: &str) -> bool {
    path.ends_with("::builder")
        || path.ends_with("SetBuilder::new")
        || path.ends_with("AhoCorasickBuilder::new")
}

/// The constructor a path means. Where nothing imports the name, a dependency of that name speaks
/// for it, but nobody knows.
pub fn constructor(site: &Site<'_, '_>, path: &syn::Path) -> Option<(&'static Constructor, Types)> {
    let full = site.resolve(path);
    if let Some(found) = CONSTRUCTORS.iter().find(|known| known.path == full) {
        return Some((found, Types::Inferred));
    }
    let is_unresolved = full.split("::").count() == 2;
    let found = CONSTRUCTORS.iter().find(|known| {
        let (package, rest) = known.path.split_once("::").unwrap_or_default();
        rest == full && site.file.package.depends_on(package)
    });
    found.filter(|_| is_unresolved).map(|found| (found, Types::Unknown))
}

/// Frames that only compiling a pattern has.
pub fn compiles(function: &str) -> bool {
    const WHOLE: &[&str] = &[
        "Regex::new",
        "RegexSet::new",
        "RegexBuilder::build",
        "RegexSetBuilder::build",
        "Glob::new",
        "GlobBuilder::build",
        "GlobSetBuilder::build",
        "AhoCorasick::new",
        "Selector::parse",
        "Pattern::new",
        "Selectors::compile",
        "JsonPath::parse",
        "JsonPath::from_str",
        "Compiled::compile",
        "GitignoreBuilder::build",
        "format_description::parse",
        "DoubleArrayAhoCorasick::new",
    ];
    const WITHIN: &[&str] = &[
        "regex_syntax::",
        "regex::builders::",
        "regex_automata::meta::regex::Builder",
        "regex_automata::nfa::thompson::compiler",
        "aho_corasick::ahocorasick::AhoCorasickBuilder",
        "pcre2_compile",
        "onig_new",
    ];
    let name =
        function.split_once('<').map_or(function, |(before, _)| before).trim_end_matches("::");
    WHOLE.iter().any(|end| name.ends_with(end) || function.ends_with(end))
        || WITHIN.iter().any(|part| function.contains(part))
}
