//! # What it finds
//!
//! A call in a loop that allocates or parses, with a receiver and arguments that do not change in
//! the loop, and whose result is only looked at: `wanted.to_lowercase()` within
//! `filter(|name| name.contains(&wanted.to_lowercase()))`, `text.parse::<u32>()`,
//! `text.chars().collect::<Vec<_>>()`, `text.chars().count()`, `env::var("HOME")`,
//! `Url::parse(base)`, `format!("{prefix}/")`.
//!
//! # What it costs
//!
//! The same result, allocated, computed and freed on each turn.
//!
//! # The rewrite
//!
//! Make it once, before the loop, and look at it in the loop.
//!
//! # When to keep the code
//!
//! The branch that needs it is hardly ever taken, or the loop has one or two turns.
//!
//! # How it was proved
//!
//! The profile shows time or allocations below this call. `ui-tests/invariant_call_in_loop` holds
//! the code before and after.

use crate::lint::copies;
use crate::lint::prelude::*;
use crate::model::type_name::TypeName;
use crate::source::bindings::{self, Origin, UseRole};
use crate::source::loops::{Loop, around};

/// See the text above.
pub static LINT: Lint = Lint {
    name: "invariant_call_in_loop",
    summary: "a call with the same arguments on each turn allocates or parses",
    on: &[Kind::MethodCall, Kind::Call, Kind::Macro],
    methods: &METHODS,
    check,
};

/// Methods that allocate, parse or walk all of their receiver; the last three of any type.
const METHODS: [&str; 13] = [
    "to_lowercase",
    "to_ascii_lowercase",
    "to_uppercase",
    "to_ascii_uppercase",
    "replace",
    "repeat",
    "count",
    "collect",
    "parse",
    "canonicalize",
    "to_string",
    "to_owned",
    "join",
];

/// Allocations that are fewer of all do not matter.
const LEAST_ALLOCATIONS: f64 = 0.01;

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    known(site).or_else(|| unseen(site))
}

/// What is the same on each turn by all that can be seen of it, its type aside.
fn unseen(site: &Site<'_, '_>) -> Option<Claim> {
    let repeated = crate::lint::invariants::repeated(site)?;
    if leaves_at_once(site, repeated.turn) {
        return None;
    }
    let text = place::on_one_line(site.text(site.node));
    let sketch = format!("let same = {text}; // before the loop");
    let claim = claim(site, repeated.what, repeated.turn);
    Some(claim.suggest(Some(Suggestion::shown("make it once, before the loop", sketch))))
}

fn claim(site: &Site<'_, '_>, what: &str, turn: Loop<'_>) -> Claim {
    let text = site.text(site.node);
    let message = if text.contains('\n') || text.len() > 40 {
        "the same value is made on each turn of the loop".to_owned()
    } else {
        format!("`{text}` is the same on each turn of the loop")
    };
    let claim = Claim::new(site.node, message)
        .label(what)
        .types(Types::NotNeeded)
        .about(site.node)
        .yields_to(&[
            "recompiled_regex",
            "reread_file",
            "copied_out_buffer",
            "format_for_one_value",
        ])
        .witness(Witness::cpu_in(makes))
        .witness(Witness::of(Quantity::Allocations, LEAST_ALLOCATIONS));
    match turn.kind {
        LoopKind::Adapter(_) => claim,
        _ => claim.related(site.related(turn.id, "in this loop")),
    }
}

/// What is known to be the same on each turn.
fn known(site: &Site<'_, '_>) -> Option<Claim> {
    let expr = site.expr()?;
    let turns: Vec<_> = around(site.tree, site.node).collect();
    if turns.is_empty() {
        return None;
    }
    let work = work(site, expr)?;
    let turn = turns.into_iter().rfind(|turn| {
        let same = work.of.iter().all(|part| is_fixed(site, part, turn.id));
        same && work.names.iter().all(|name| is_fixed_name(site, name, turn.id))
    })?;
    // What is made once for the last turn, or handed on, is no waste.
    if work.of.is_empty() && work.names.is_empty() && !work.asks
        || leaves_at_once(site, turn)
        || !is_looked_at(site, site.node, work.is_copy)
    {
        return None;
    }
    let types = if work.types == Types::Unknown { Types::NotNeeded } else { work.types };
    let claim = claim(site, work.what, turn).types(types);
    Some(claim.suggest(Some(hoisted(site, &work, turn))))
}

/// A call that allocates or parses.
struct Work<'a> {
    what: &'static str,
    /// What its result depends on.
    of: Vec<&'a Expr>,
    /// Names that its format string takes.
    names: Vec<String>,
    /// It depends on the surroundings, not on its arguments.
    asks: bool,
    /// It cannot fail, and nobody sees whether it is done.
    is_pure: bool,
    /// Its result is a number, which may be used in any way.
    is_copy: bool,
    types: Types,
    /// What a local that holds it is called.
    name: &'static str,
}

fn work<'a>(site: &Site<'_, 'a>, expr: &'a Expr) -> Option<Work<'a>> {
    match expr {
        Expr::MethodCall(call) => method(site, call),
        Expr::Call(call) => function(site, call),
        Expr::Macro(call) if call.mac.path.is_ident("format") => {
            let arguments = site.tree.arguments(&call.mac)?;
            let of: Vec<&Expr> = arguments.exprs.iter().skip(1).collect();
            if of.is_empty() && arguments.captures.is_empty() {
                return None;
            }
            // What has a `Display` of its own may print what changes.
            let plain = |ty: TypeName| ty.is_text() || ty.peeled().is_number();
            let all_plain = of.iter().all(|part| plain(site.type_of(part).ty))
                && arguments
                    .captures
                    .iter()
                    .all(|name| plain(site.types.type_of_local(site.node, name).ty));
            all_plain.then(|| Work {
                what: "formatted anew",
                of,
                names: arguments.captures.clone(),
                asks: false,
                is_pure: true,
                is_copy: false,
                types: Types::Inferred,
                name: "formatted",
            })
        }
        _ => None,
    }
}

fn method<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall) -> Option<Work<'a>> {
    let name = call.method.to_string();
    if !METHODS.contains(&name.as_str()) {
        return None;
    }
    let (of, typed) = base(site, &call.receiver)?;
    let is_text = typed.ty.is_text();
    let mut all = vec![of];
    all.extend(&call.args);
    let work = |what, is_pure, is_copy, name| Work {
        what,
        of: all,
        names: Vec::new(),
        asks: false,
        is_pure,
        is_copy,
        types: typed.by,
        name,
    };
    let through_chars = !place::is_place(place::bare(&call.receiver));
    Some(match (name.as_str(), call.args.len()) {
        ("to_lowercase" | "to_ascii_lowercase", 0) if is_text => {
            work("another string", true, false, "lowercase")
        }
        ("to_uppercase" | "to_ascii_uppercase", 0) if is_text => {
            work("another string", true, false, "uppercase")
        }
        ("replace", 2) | ("repeat", 1) if is_text => {
            work("another string", true, false, "replaced")
        }
        ("count", 0) if is_text && through_chars => {
            work("walks the whole text", true, true, "count")
        }
        ("collect", 0) if is_text && through_chars => {
            work("collected anew", true, false, "collected")
        }
        ("parse", 0) if is_text => work("parsed anew", false, true, "parsed"),
        ("canonicalize", 0) if is_path(&typed.ty) => {
            work("asks the file system", false, false, "canonical")
        }
        _ => return None,
    })
}

/// What a chain of looks at a text starts from: `text.trim().chars()`.
fn base<'a>(
    site: &Site<'_, 'a>,
    receiver: &'a Expr,
) -> Option<(&'a Expr, crate::source::infer::Typed)> {
    let receiver = place::bare(receiver);
    if place::is_place(receiver) {
        return Some((receiver, site.type_of(receiver)));
    }
    let Expr::MethodCall(call) = receiver else { return None };
    let looks = matches!(
        call.method.to_string().as_str(),
        "trim"
            | "trim_start"
            | "trim_end"
            | "chars"
            | "bytes"
            | "char_indices"
            | "lines"
            | "split_whitespace"
            | "as_str"
            | "rev"
            | "split"
    );
    (looks && call.args.iter().all(|arg| matches!(arg, Expr::Lit(_))))
        .then(|| base(site, &call.receiver))?
}

fn function<'a>(site: &Site<'_, 'a>, call: &'a ExprCall) -> Option<Work<'a>> {
    let Expr::Path(path) = &*call.func else { return None };
    let full = site.resolve(&path.path);
    let (what, asks, name) = match full.as_str() {
        "std::env::var" | "std::env::var_os" => ("asks the environment", true, "variable"),
        "std::env::current_dir" | "std::env::current_exe" | "std::env::home_dir" => {
            ("asks the system", true, "folder")
        }
        "std::fs::canonicalize" => ("asks the file system", false, "canonical"),
        "url::Url::parse" => ("parsed anew", false, "url"),
        "serde_json::from_str"
        | "serde_json::from_slice"
        | "toml::from_str"
        | "serde_yaml::from_str" => ("parsed anew", false, "parsed"),
        "chrono::NaiveDate::parse_from_str" | "chrono::DateTime::parse_from_rfc3339" => {
            ("parsed anew", false, "date")
        }
        "semver::Version::parse" | "semver::VersionReq::parse" => ("parsed anew", false, "version"),
        "std::thread::available_parallelism" | "num_cpus::get" => {
            ("asks the system", true, "processors")
        }
        _ => return None,
    };
    Some(Work {
        what,
        of: call.args.iter().collect(),
        names: Vec::new(),
        asks,
        is_pure: false,
        is_copy: false,
        types: Types::NotNeeded,
        name,
    })
}

fn is_path(ty: &TypeName) -> bool {
    matches!(ty.peeled().std_name(), Some("Path" | "PathBuf"))
}

/// Whether nothing in the loop can change what is looked at.
fn is_fixed<'a>(site: &Site<'_, 'a>, expr: &'a Expr, turn: NodeId) -> bool {
    let expr = place::bare(expr);
    if matches!(expr, Expr::Lit(_)) {
        return true;
    }
    let root = place::root(expr);
    let is_constant = |name: &str| name.chars().all(|c| !c.is_lowercase());
    match root {
        Some(name) if name == "self" => {
            let function = site.function(site.node).and_then(|f| f.signature.receiver());
            function.is_some_and(|receiver| {
                matches!(&receiver.kind, syn::ReceiverKind::Reference(_, _, None))
            }) && place::is_place(expr)
        }
        Some(name) if is_constant(&name) => true,
        Some(name) => place::is_place(expr) && is_fixed_name(site, &name, turn),
        None => false,
    }
}

/// Whether a local is bound outside the loop, once and for all.
fn is_fixed_name(site: &Site<'_, '_>, name: &str, turn: NodeId) -> bool {
    let Some(binding) = bindings::find(site.tree, site.node, name) else {
        return name.chars().all(|c| !c.is_lowercase());
    };
    let ty = site.types.type_of_local(site.node, name).ty;
    let outside = binding.from <= turn && !site.tree.contains(turn, binding.scope);
    let by_mut = match binding.origin {
        Origin::Param(typed) => {
            matches!(&*typed.ty, syn::Type::Reference(reference) if reference.mutability.is_some())
        }
        _ => false,
    };
    outside
        && binding.name.mutability.is_none()
        && !by_mut
        && !matches!(ty, TypeName::Ref { mutable: true, .. })
        && !ty.is_unknown()
        && !place::is_captured(site, site.node, turn)
}

/// Whether the statement leaves the loop whatever comes of it.
fn leaves_at_once(site: &Site<'_, '_>, turn: Loop<'_>) -> bool {
    let jump = |id: NodeId| {
        matches!(site.tree.expr(id), Some(Expr::Return(_) | Expr::Break(_)))
            || match site.tree.node(id) {
                // A block that ends by leaving: an error is told, and that is that.
                Node::Block(block) => matches!(
                    block.stmts.last(),
                    Some(Stmt::Expr(Expr::Return(_) | Expr::Break(_), _))
                ),
                _ => false,
            }
    };
    site.tree.ancestors(site.node).take_while(|&id| id > turn.id).any(jump)
}

/// Whether the value at a node is borrowed, compared or asked, and let go.
fn is_looked_at(site: &Site<'_, '_>, id: NodeId, is_copy: bool) -> bool {
    let Some(parent) = site.tree.parent(id) else { return false };
    match site.tree.node(parent) {
        Node::Expr(Expr::Reference(reference)) => reference.mutability.is_none(),
        Node::Expr(Expr::Binary(both)) => is_copy || bindings::is_comparison(&both.op),
        Node::Expr(Expr::Paren(_) | Expr::Group(_) | Expr::Try(_)) => {
            is_looked_at(site, parent, is_copy)
        }
        Node::Expr(Expr::MethodCall(call)) if site.tree.id(&call.receiver) == Some(id) => {
            let name = call.method.to_string();
            match name.as_str() {
                "unwrap" | "expect" | "unwrap_or_default" | "unwrap_or" => {
                    is_looked_at(site, parent, is_copy)
                }
                "is_ok" | "is_err" | "is_some" | "is_none" => true,
                _ => copies::only_looks(&name),
            }
        }
        Node::Stmt(Stmt::Local(_)) => {
            let Some(binding) = bindings::of_let(site.tree, parent) else { return false };
            let only_looks = |role: &UseRole<'_>| match role {
                UseRole::Receiver(call) => copies::only_looks(&call.method.to_string()),
                UseRole::Borrowed | UseRole::Compared | UseRole::Formatted | UseRole::Indexed => {
                    true
                }
                _ => is_copy,
            };
            let uses = site.uses(&binding);
            binding.name.mutability.is_none()
                && !uses.is_empty()
                && uses.iter().all(|used| only_looks(&used.role))
        }
        _ => {
            is_copy && matches!(site.tree.node(parent), Node::Expr(Expr::Assign(_) | Expr::Call(_)))
        }
    }
}

/// `let x = …;` before the loop.
fn hoisted(site: &Site<'_, '_>, work: &Work<'_>, turn: Loop<'_>) -> Suggestion {
    const MESSAGE: &str = "make it once, before the loop";
    let name = work.name;
    let text = site.text(site.node);
    let first = text.lines().next().unwrap_or_default();
    let sketch = format!("let {name} = {};\n… {name}", if text == first { text } else { "…" });
    let place = match turn.kind {
        LoopKind::Adapter(_) => site.statement(turn.id),
        _ => place::own_statement(site, turn.id),
    };
    let Some(statement) = place else { return Suggestion::shown(MESSAGE, sketch) };
    // The statement of a closure's body would still be in a loop; a tail has no place before it
    // but its own line, which is enough.
    let starts_line = {
        let start = site.tree.range(statement).start;
        site.file.text[..start].rsplit('\n').next().is_some_and(|line| line.trim().is_empty())
    };
    // What it takes to get at the value is done there too: a `Result` is used up by it.
    let mut whole = site.node;
    while let Some((outer, call)) = place::called_on(site, whole) {
        let unwraps = matches!(
            call.method.to_string().as_str(),
            "unwrap" | "expect" | "unwrap_or_default" | "unwrap_or"
        );
        if !unwraps || !call.args.iter().all(|arg| matches!(arg, Expr::Lit(_))) {
            break;
        }
        whole = outer;
    }
    let text = site.text(whole);
    let is_taken = place::has_word(&site.file.text, name);
    let roots = work.of.iter().filter_map(|part| place::root(part)).chain(work.names.clone());
    let is_in_scope = roots.into_iter().all(|name| {
        bindings::find(site.tree, site.node, &name)
            .is_none_or(|binding| !site.tree.contains(statement, binding.scope))
    });
    if is_taken
        || !is_in_scope
        || !starts_line
        || text.contains('\n')
        || place::may_leave(site, site.node)
    {
        return Suggestion::shown(MESSAGE, sketch);
    }
    let start = site.tree.range(statement).start;
    let indent = site.indentation(start);
    // The type of a collection, or of what is parsed, may have come from how it was used.
    let says_type = matches!(site.expr(), Some(Expr::MethodCall(call))
        if !matches!(call.method.to_string().as_str(), "collect" | "parse") || call.turbofish.is_some());
    let is_copied_later =
        matches!(site.tree.parent(whole).map(|parent| site.tree.node(parent)), Some(Node::Stmt(_)));
    let by_ref =
        if is_copied_later && !work.is_copy { format!("&{name}") } else { name.to_owned() };
    let edits = vec![
        site.insert(start, format!("let {name} = {text};\n{indent}")),
        site.replace(site.tree.range(whole), by_ref),
    ];
    let says_type = says_type || matches!(site.expr(), Some(Expr::Macro(_)));
    let is_safe = work.is_pure && says_type && !is_copied_later;
    if is_safe {
        Suggestion::safe(MESSAGE, edits)
    } else if says_type
        && !is_copied_later
        && !matches!(site.expr(), Some(Expr::Call(_)))
        && work.is_copy
    {
        let caveat = "it is then done also where the loop has no turn, or leaves before";
        Suggestion::with_caveat(MESSAGE, edits, caveat)
    } else {
        Suggestion::shown(MESSAGE, sketch)
    }
}

/// Frames of allocating, formatting and parsing.
fn makes(function: &str) -> bool {
    const PARTS: [&str; 12] = [
        "to_lowercase",
        "to_uppercase",
        "to_ascii",
        "replace",
        "repeat",
        "collect",
        "count",
        "from_str",
        "parse",
        "fmt::",
        "alloc",
        "env::",
    ];
    PARTS.iter().any(|part| function.contains(part))
}
