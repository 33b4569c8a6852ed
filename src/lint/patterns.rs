//! What compiles patterns: constructors of regular expressions, globs, selectors and their like.

use syn::{Expr, Stmt};

use super::claim::Shape;
use super::place;
use super::site::Site;
use crate::model::finding::Types;
use crate::source::bindings::{self, UseRole};
use crate::source::tree::{Node, NodeId};

/// A constructor that compiles patterns.
pub struct Constructor {
    /// Its full path.
    pub path: &'static str,
    /// What it makes, for people.
    pub makes: &'static str,
    /// What can tell that a pattern is valid.
    pub checked_by: Option<Compiler>,
    /// Which of the arguments is the pattern.
    pub pattern: usize,
    /// Where only a constant is worth a word, since the rest is what it is for: how sure it is.
    pub only_constant: Option<Shape>,
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
    Constructor { path, makes, checked_by: None, pattern: 0, only_constant: None }
}

const fn regex(path: &'static str, compiler: Compiler) -> Constructor {
    Constructor { checked_by: Some(compiler), ..makes(path, REGEX) }
}

const fn constant(path: &'static str, makes: &'static str) -> Constructor {
    Constructor { only_constant: Some(Shape::Possible), ..self::makes(path, makes) }
}

/// A function that reads a text by the format behind it. Formats are short: only heat can tell.
const fn by_format(path: &'static str) -> Constructor {
    Constructor { pattern: 1, only_constant: Some(Shape::NeedsProof), ..makes(path, DATE_FORMAT) }
}

const REGEX: &str = "regular expression";
const SET: &str = "set of regular expressions";
const GLOB: &str = "glob";
const MATCHER: &str = "multi-pattern matcher";
const SELECTOR: &str = "selector";
const JSON_PATH: &str = "JSON path";
const DATE_FORMAT: &str = "format of dates";

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
    constant("url::Url::parse", "URL"),
    constant("semver::VersionReq::parse", "version requirement"),
    makes("time::format_description::parse", DATE_FORMAT),
    makes("time::format_description::parse_borrowed", DATE_FORMAT),
    by_format("chrono::DateTime::parse_from_str"),
    by_format("chrono::NaiveDate::parse_from_str"),
    by_format("chrono::NaiveDateTime::parse_from_str"),
    by_format("chrono::NaiveTime::parse_from_str"),
];

/// The last names of the constructors.
const FUNCTIONS: [&str; 8] = [
    "new",
    "builder",
    "parse",
    "compile",
    "from_str",
    "try_from",
    "parse_borrowed",
    "parse_from_str",
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
    // Functions of types keep their names, whatever the types are imported as.
    let last = path.segments.last()?;
    if path.segments.len() > 1 && !FUNCTIONS.iter().any(|name| last.ident == name) {
        return None;
    }
    let full = site.resolve(path);
    if let Some(found) = CONSTRUCTORS.iter().find(|known| known.path == full) {
        return Some((found, Types::Inferred));
    }
    if full.matches("::").count() != 1 {
        return None;
    }
    let found = CONSTRUCTORS.iter().find(|known| {
        let (package, rest) = known.path.split_once("::").unwrap_or_default();
        rest == full && site.file.package.depends_on(package)
    });
    found.map(|found| (found, Types::Unknown))
}

/// Functions that give back what they compile.
pub fn gives_back(
    site: &Site<'_, '_>,
    constructor: &Constructor,
    signature: &syn::Signature,
) -> bool {
    let syn::ReturnType::Type(_, ty) = &signature.output else { return false };
    let range = site.tree.token(syn::spanned::Spanned::span(&**ty));
    let written = site.file.text.get(range).unwrap_or_default();
    let made = constructor.path.rsplit("::").nth(1).unwrap_or_default();
    let made = made.strip_suffix("Builder").unwrap_or(made);
    place::has_word(written, made) || place::has_word(written, "Self")
}

/// Whether what is compiled of each element is pushed, collected or put into a struct: a list of
/// patterns is compiled once.
pub fn is_handed_on(site: &Site<'_, '_>, built: NodeId) -> bool {
    let mut at = built;
    for outer in site.tree.ancestors(built) {
        match site.tree.node(outer) {
            Node::Expr(Expr::Try(_) | Expr::Paren(_) | Expr::Block(_)) | Node::Block(_) => {}
            Node::Expr(Expr::MethodCall(call)) if site.tree.id(&call.receiver) == Some(at) => {
                let name = call.method.to_string();
                let passes = matches!(
                    name.as_str(),
                    "unwrap"
                        | "expect"
                        | "ok"
                        | "map_err"
                        | "unwrap_or_else"
                        | "with_context"
                        | "context"
                        | "build"
                );
                if !passes {
                    return false;
                }
            }
            Node::Expr(Expr::MethodCall(call)) => {
                return matches!(call.method.to_string().as_str(), "push" | "insert" | "push_back");
            }
            Node::Expr(Expr::Closure(_)) => return !is_matched_at_once(site, outer),
            Node::Expr(Expr::Struct(_) | Expr::Tuple(_) | Expr::Call(_)) => return true,
            Node::Stmt(Stmt::Expr(_, None)) => {}
            // A local that is only ever given away: `set.add(glob)`.
            Node::Stmt(Stmt::Local(_)) => {
                let Some(binding) = bindings::of_let(site.tree, outer) else {
                    return false;
                };
                let uses = site.uses(&binding);
                return !uses.is_empty()
                    && uses.iter().all(|used| matches!(used.role, UseRole::Moved));
            }
            _ => return false,
        }
        at = outer;
    }
    false
}

/// Whether what a closure makes of each element is asked at once and thrown away:
/// `.filter_map(|text| Regex::new(text).ok()).any(…)`, or a collection that is only walked.
fn is_matched_at_once(site: &Site<'_, '_>, closure: NodeId) -> bool {
    let Some(mut at) = site.tree.parent(closure) else { return false };
    while let Some((outer, call)) = place::called_on(site, at) {
        let name = call.method.to_string();
        if matches!(name.as_str(), "any" | "all" | "find" | "find_map" | "position" | "for_each") {
            return true;
        }
        at = outer;
    }
    let Some(statement) = site
        .tree
        .ancestors(at)
        .take(2)
        .find(|&id| matches!(site.tree.node(id), Node::Stmt(Stmt::Local(_))))
    else {
        return false;
    };
    let Some(binding) = bindings::of_let(site.tree, statement) else { return false };
    let is_asked = |used: &bindings::Use<'_>| match used.role {
        UseRole::Receiver(call) => {
            matches!(call.method.to_string().as_str(), "iter" | "is_empty" | "len" | "is_match")
        }
        role => matches!(role, UseRole::Iterated | UseRole::Indexed),
    };
    let uses = site.uses(&binding);
    !uses.is_empty() && uses.iter().all(is_asked)
}

/// Functions that make a value compile its patterns by design.
pub fn makes_value(signature: &syn::Signature) -> bool {
    let name = signature.ident.to_string();
    let makes = ["new", "default", "try_new", "main", "setup", "init", "compile", "open"];
    starts_with(&name, &makes) || name.ends_with("_regex") || name.ends_with("_re")
}

/// Functions that may make a value, by their names.
pub fn may_make_value(signature: &syn::Signature) -> bool {
    let name = signature.ident.to_string();
    starts_with(&name, &["from", "with", "build", "create", "make"])
}

fn starts_with(name: &str, prefixes: &[&str]) -> bool {
    prefixes.iter().any(|prefix| {
        name.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    })
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
        "Url::parse",
        "VersionReq::parse",
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
        "StrftimeItems",
    ];
    let name =
        function.split_once('<').map_or(function, |(before, _)| before).trim_end_matches("::");
    WHOLE.iter().any(|end| name.ends_with(end) || function.ends_with(end))
        || WITHIN.iter().any(|part| function.contains(part))
}

#[cfg(test)]
mod tests {
    use super::{CONSTRUCTORS, FUNCTIONS};

    #[test]
    fn the_last_name_of_each_constructor_is_known() {
        for known in CONSTRUCTORS {
            assert!(FUNCTIONS.contains(&known.path.rsplit("::").next().unwrap()), "{}", known.path);
        }
    }
}
