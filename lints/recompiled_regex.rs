//! # What it finds
//!
//! A regular expression, glob, multi-pattern matcher or selector that is compiled again on each
//! turn of a loop, or on each call of a function that the profile shows to be hot.
//!
//! # What it costs
//!
//! Compiling parses the pattern, builds an automaton and allocates dozens of times; matching a
//! short text costs a small fraction of that. The cost is paid wherever the constructor runs,
//! however far up the loop is.
//!
//! # The rewrite
//!
//! A `static` within the function that compiles the pattern on first use: `LazyLock` from Rust
//! 1.80 on, `OnceLock` from 1.70 on, `once_cell` or `lazy_static` where the package already
//! depends on them. The pattern is compiled by this tool first: one that does not compile is
//! reported instead, and a `?` on one that does becomes an `expect`. A pattern that is not
//! constant is hoisted by hand, or kept in a map by its text.
//!
//! # When to keep the code
//!
//! The pattern comes from the user and is used once; or the function runs once per process.
//!
//! # How it was proved
//!
//! The profile shows the constructor's frames below this call. `ui-tests/recompiled_regex` holds
//! the code before and after.

use crate::lint::prelude::*;
use crate::source::loops::{innermost, once_ever};

/// See the text above.
pub static LINT: Lint = Lint {
    name: "recompiled_regex",
    summary: "a pattern is compiled again on each turn or call",
    on: &[Kind::Call],
    check,
};

/// A constructor that compiles patterns.
struct Constructor {
    /// Its full path.
    path: &'static str,
    /// What it makes, for people.
    makes: &'static str,
    /// Whether `regex` itself can tell that a pattern is valid.
    is_regex: bool,
}

const fn makes(path: &'static str, makes: &'static str) -> Constructor {
    Constructor { path, makes, is_regex: false }
}

const fn regex(path: &'static str) -> Constructor {
    Constructor { path, makes: "regular expression", is_regex: true }
}

const CONSTRUCTORS: &[Constructor] = &[
    regex("regex::Regex::new"),
    regex("regex::bytes::Regex::new"),
    makes("regex::RegexSet::new", "set of regular expressions"),
    makes("regex::bytes::RegexSet::new", "set of regular expressions"),
    makes("regex::RegexBuilder::new", "regular expression"),
    makes("regex::bytes::RegexBuilder::new", "regular expression"),
    makes("regex::RegexSetBuilder::new", "set of regular expressions"),
    makes("regex_lite::Regex::new", "regular expression"),
    makes("fancy_regex::Regex::new", "regular expression"),
    makes("pcre2::bytes::Regex::new", "regular expression"),
    makes("onig::Regex::new", "regular expression"),
    makes("globset::Glob::new", "glob"),
    makes("glob::Pattern::new", "glob"),
    makes("aho_corasick::AhoCorasick::new", "multi-pattern matcher"),
    makes("scraper::Selector::parse", "selector"),
];

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let Some(Expr::Call(call)) = site.expr() else { return None };
    let Expr::Path(function) = &*call.func else { return None };
    let (constructor, types) = constructor(site, &function.path)?;
    if once_ever(site.tree, site.node) {
        return None;
    }
    let pattern = call.args.first()?;
    let built = built(site, site.node);
    let constant = is_constant(pattern);
    let turn = innermost(site.tree, built);
    let is_certain = constant && turn.is_some();
    if !is_certain
        && site.function(site.node).is_none_or(|function| makes_value(function.signature))
    {
        return needs_proof(site, constructor, types, built);
    }
    let message = if turn.is_some() {
        format!("this {} is compiled on each turn of the loop", constructor.makes)
    } else {
        format!("this {} is compiled on each call", constructor.makes)
    };
    let claim = Claim::new(built, message)
        .label(format!("compiling the {} costs far more than matching", constructor.makes))
        .shape(if is_certain { Shape::Certain } else { Shape::Suspect })
        .types(types)
        .witness(Witness::cpu_in(compiles));
    if let Some(error) = invalid(constructor, pattern) {
        return Some(claim.note(format!("this pattern never compiles: {error}")));
    }
    let rewrite = if constant { hoist(site, call, function, built) } else { None };
    let by_hand = if constant { KEEP_STATIC } else { KEEP_BY_TEXT };
    Some(claim.suggest(Some(rewrite.unwrap_or_else(|| by_hand_rewrite(by_hand)))))
}

/// In a constructor, and with a pattern that only the profile can call repeated.
fn needs_proof(
    _site: &Site<'_, '_>,
    constructor: &Constructor,
    types: Types,
    built: NodeId,
) -> Option<Claim> {
    let claim =
        Claim::new(built, format!("this {} is compiled again and again", constructor.makes))
            .label("the benches spend their time compiling it")
            .shape(Shape::NeedsProof)
            .types(types)
            .witness(Witness::cpu_in(compiles))
            .suggest(Some(by_hand_rewrite(KEEP_BY_TEXT)));
    Some(claim)
}

/// The constructor a path means. Where nothing imports the name, a dependency of that name speaks
/// for it, but nobody knows.
fn constructor(site: &Site<'_, '_>, path: &syn::Path) -> Option<(&'static Constructor, Types)> {
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

/// The whole construction: from the constructor over a builder's options to its `build`.
fn built(site: &Site<'_, '_>, call: NodeId) -> NodeId {
    let mut built = call;
    for outer in site.tree.ancestors(call) {
        match site.tree.expr(outer) {
            Some(Expr::MethodCall(method)) if site.tree.id(&method.receiver) == Some(built) => {
                let name = method.method.to_string();
                if matches!(name.as_str(), "unwrap" | "expect" | "is_match") {
                    return built;
                }
                if name == "build" {
                    return outer;
                }
            }
            _ => return call,
        }
        built = outer;
    }
    call
}

/// A literal, a constant, or a reference or list of them.
fn is_constant(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_) => true,
        Expr::Path(path) => {
            path.path.segments.last().is_some_and(|name| is_constant_name(&name.ident))
        }
        Expr::Reference(inner) => is_constant(&inner.expr),
        Expr::Paren(inner) => is_constant(&inner.expr),
        Expr::Array(list) => list.elems.iter().all(is_constant),
        Expr::Macro(call) => call.mac.path.is_ident("concat"),
        _ => false,
    }
}

fn is_constant_name(ident: &syn::Ident) -> bool {
    let name = ident.to_string();
    name.chars().any(char::is_alphabetic) && !name.chars().any(char::is_lowercase)
}

/// Functions that make a value compile its patterns by design.
fn makes_value(signature: &syn::Signature) -> bool {
    let name = signature.ident.to_string();
    let makes = [
        "new", "from", "with", "build", "create", "make", "init", "default", "try_new", "compile",
        "parse", "load", "main", "setup", "open",
    ];
    makes.iter().any(|prefix| {
        name.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    }) || name.ends_with("_regex")
        || name.ends_with("_re")
}

/// Frames that only compiling a pattern has.
fn compiles(function: &str) -> bool {
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

/// Why a constant pattern does not compile.
fn invalid(constructor: &Constructor, pattern: &Expr) -> Option<String> {
    if !constructor.is_regex {
        return None;
    }
    let text = literal_text(pattern)?;
    let error = regex::Regex::new(&text).err()?.to_string();
    Some(error.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned())
}

const KEEP_STATIC: &str = "use std::sync::LazyLock;

static PATTERN: LazyLock<Regex> = LazyLock::new(|| Regex::new(\"…\").expect(\"a valid pattern\"));";

const KEEP_BY_TEXT: &str = "// Compile before the loop, or keep what was compiled by its text:
let pattern = match cache.get(text) {
    Some(pattern) => pattern,
    None => cache.entry(text.to_owned()).or_insert(Regex::new(text)?),
};";

fn by_hand_rewrite(sketch: &str) -> Suggestion {
    Suggestion {
        message: "compile the pattern once and keep it".to_owned(),
        grade: Grade::Display,
        edits: Vec::new(),
        sketch: Some(sketch.to_owned()),
        caveat: None,
    }
}

/// What follows the construction, and what is left of it when the pattern is known to be valid.
enum Ending {
    /// `.unwrap()` or `.expect("…")`: kept as it is.
    Kept,
    /// `?`: becomes `expect`.
    Question,
}

/// Moves the construction into a `static` above its statement.
fn hoist(
    site: &Site<'_, '_>,
    call: &ExprCall,
    function: &syn::ExprPath,
    built: NodeId,
) -> Option<Suggestion> {
    let tree = site.tree;
    let around = site.function(built)?;
    if around.signature.constness.is_some() || call.args.iter().any(|arg| !is_movable(arg)) {
        return None;
    }
    let whole = tree.parent(built)?;
    let (ending, tail) = match tree.expr(whole)? {
        Expr::MethodCall(end) if end.method == "unwrap" || end.method == "expect" => {
            let after = tree.range(built).end..tree.range(whole).end;
            (Ending::Kept, site.file.text.get(after)?.trim().to_owned())
        }
        Expr::Try(_) if is_valid_literal(call.args.first()?) => {
            (Ending::Question, ".expect(\"the pattern is valid\")".to_owned())
        }
        _ => return None,
    };
    let statement = site.statement(whole)?;
    let name = static_name(site, statement, around.id);
    let ty = type_text(site, function)?;
    let cell = Keeper::of(site)?;
    let construction = format!("{}{tail}", site.text(built));
    let start = tree.range(statement).start;
    let indent = site.indentation(start);
    let (declared, used) = cell.write(&name, &ty, &construction);
    let used = place(site, statement, whole, &used)?;
    let message = match ending {
        Ending::Kept => format!("compile it once, in a `static` {name}"),
        Ending::Question => {
            format!("compile it once, in a `static` {name}; the pattern was checked to be valid")
        }
    };
    Some(Suggestion {
        message,
        grade: Grade::Safe,
        edits: vec![
            site.insert(
                start,
                format!("{}\n{indent}", declared.replace('\n', &format!("\n{indent}"))),
            ),
            site.replace(tree.range(whole), used),
        ],
        sketch: None,
        caveat: None,
    })
}

/// How the compiled pattern is written where it stood: methods are called on the `static` itself,
/// a local becomes a reference to it. `None` where the value is moved on.
fn place(site: &Site<'_, '_>, statement: NodeId, whole: NodeId, used: &str) -> Option<String> {
    let tree = site.tree;
    let parent = tree.parent(whole)?;
    match tree.node(parent) {
        Node::Expr(Expr::MethodCall(method)) if tree.id(&method.receiver) == Some(whole) => {
            (method.method != "clone").then(|| used.to_owned())
        }
        Node::Expr(Expr::Reference(_)) => Some(used.to_owned()),
        Node::Stmt(Stmt::Local(local)) if parent == statement => {
            let syn::Pat::Ident(name) = &local.pat else { return None };
            let is_plain = name.mutability.is_none() && name.by_ref.is_none();
            (is_plain && is_only_borrowed(site, statement, &name.ident))
                .then(|| format!("&*{used}"))
        }
        _ => None,
    }
}

/// Whether a local is only used as a receiver or behind `&`.
fn is_only_borrowed(site: &Site<'_, '_>, statement: NodeId, name: &syn::Ident) -> bool {
    let tree = site.tree;
    let Some(block) = tree.parent(statement) else { return false };
    tree.below(block).filter(|&id| id >= tree.behind(statement)).all(|id| {
        let Some(Expr::Path(path)) = tree.expr(id) else { return true };
        if !path.path.is_ident(name) {
            return true;
        }
        match tree.parent(id).and_then(|parent| tree.expr(parent)) {
            Some(Expr::MethodCall(method)) => tree.id(&method.receiver) == Some(id),
            Some(Expr::Reference(reference)) => reference.mutability.is_none(),
            _ => false,
        }
    })
}

/// Whether an argument means the same in a `static`: literals, and constants not reached by `Self`.
fn is_movable(expr: &Expr) -> bool {
    match expr {
        Expr::Path(path) => path.path.segments.first().is_some_and(|first| first.ident != "Self"),
        Expr::Reference(inner) => is_movable(&inner.expr),
        Expr::Paren(inner) => is_movable(&inner.expr),
        Expr::Array(list) => list.elems.iter().all(is_movable),
        _ => true,
    }
}

fn is_valid_literal(pattern: &Expr) -> bool {
    literal_text(pattern).is_some_and(|text| regex::Regex::new(&text).is_ok())
}

/// `Regex::new` makes a `Regex`, `RegexBuilder::new` as well.
fn type_text(site: &Site<'_, '_>, function: &syn::ExprPath) -> Option<String> {
    let full = site.resolve(&function.path);
    let name = full.rsplit("::").nth(1)?;
    match name.strip_suffix("Builder") {
        Some(short) => {
            let module = full.strip_suffix(&format!("{name}::new"))?;
            (module.starts_with("regex::")).then(|| format!("{module}{short}"))
        }
        None => {
            let text = site.source(&Expr::Path(function.clone()));
            text.strip_suffix("::new").map(str::to_owned)
        }
    }
}

/// A name that the function does not use yet: that of the local, or `PATTERN`.
fn static_name(site: &Site<'_, '_>, statement: NodeId, function: NodeId) -> String {
    let local = match site.tree.node(statement) {
        Node::Stmt(Stmt::Local(local)) => match &local.pat {
            syn::Pat::Ident(name) => Some(name.ident.to_string().to_uppercase()),
            _ => None,
        },
        _ => None,
    };
    let base = local.unwrap_or_else(|| "PATTERN".to_owned());
    let text = site.text(function);
    let mut name = base.clone();
    let mut number = 2;
    while text.contains(&name) {
        name = format!("{base}_{number}");
        number += 1;
    }
    name
}

/// What keeps a value that is made on first use.
enum Keeper {
    LazyLock,
    OnceLock,
    Lazy,
    LazyStatic,
}

impl Keeper {
    fn of(site: &Site<'_, '_>) -> Option<Keeper> {
        let package = &site.file.package;
        if package.has_std(80) {
            Some(Keeper::LazyLock)
        } else if package.has_std(70) {
            Some(Keeper::OnceLock)
        } else if package.depends_on("once_cell") {
            Some(Keeper::Lazy)
        } else {
            package.depends_on("lazy_static").then_some(Keeper::LazyStatic)
        }
    }

    /// The declaration, and the expression that stands for the value.
    fn write(&self, name: &str, ty: &str, made: &str) -> (String, String) {
        let lazy = |cell: &str| {
            (format!("static {name}: {cell}<{ty}> =\n    {cell}::new(|| {made});"), name.to_owned())
        };
        match self {
            Keeper::LazyLock => lazy("std::sync::LazyLock"),
            Keeper::Lazy => lazy("once_cell::sync::Lazy"),
            Keeper::OnceLock => {
                let cell = "std::sync::OnceLock";
                let declared = format!("static {name}: {cell}<{ty}> = {cell}::new();");
                (declared, format!("{name}.get_or_init(|| {made})"))
            }
            Keeper::LazyStatic => {
                let declared = format!(
                    "lazy_static::lazy_static! {{\n    static ref {name}: {ty} = {made};\n}}"
                );
                (declared, name.to_owned())
            }
        }
    }
}
