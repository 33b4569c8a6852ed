//! # What it finds
//!
//! A regular expression, glob, multi-pattern matcher or selector that is compiled again on each
//! turn of a loop, or on each call of a function that the profile shows to be hot. Where nothing
//! was measured, `--all` lists patterns of functions that keep none, and constant URLs and version
//! requirements that are parsed anew. Of `chrono`, formats of dates that cost in the profile.
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
//! reported instead, and a `?` on one that does becomes an `expect`. A pattern that the loop leaves
//! as it is moves in front of it; any other is kept in a map by its text.
//!
//! # When to keep the code
//!
//! A bench that times the compiling itself is not mentioned.
//!
//! The pattern comes from the user and is used once; what follows ends the loop; or the function
//! runs once per process.
//!
//! # How it was proved
//!
//! The profile shows the constructor's frames below this call. `ui-tests/recompiled_regex` holds
//! the code before and after.

use crate::lint::benched::timed;
use crate::lint::flow;
use crate::lint::keeper::Keeper;
use crate::lint::pattern_ideas::by_hand;
use crate::lint::patterns::{
    Constructor, compiles, constructor, gives_back, is_empty_builder, is_handed_on, makes_value,
    may_make_value,
};
use crate::lint::prelude::*;
use crate::source::bindings;
use crate::source::loops::once_ever;

/// See the text above.
pub static LINT: Lint = Lint {
    name: "recompiled_regex",
    summary: "a pattern is compiled again on each turn or call",
    on: &[Kind::Call],
    methods: &[],
    check,
};

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let Some(Expr::Call(call)) = site.expr() else { return None };
    let Expr::Path(function) = &*call.func else { return None };
    let (constructor, types) = constructor(site, &function.path)?;
    if once_ever(site.tree, site.node) {
        return None;
    }
    let built = built(site, site.node);
    let given = call.args.iter().nth(constructor.pattern).or_else(|| given_later(site, built));
    let is_builder = is_empty_builder(constructor.path);
    if !is_builder && call.args.is_empty() {
        return None;
    }
    // A set that is filled in a loop is a different one each time.
    if is_timed_alone(site, built) {
        return None;
    }
    let constant = given.is_some_and(|pattern| is_constant(site, pattern));
    let turn = flow::repeating(site, built);
    let invalid = given.and_then(|pattern| invalid(constructor, pattern));
    let is_certain = constant && turn.is_some() || invalid.is_some();
    let is_kept = |function: crate::lint::site::Function<'_>| {
        makes_value(function.signature)
            || gives_back(site, constructor, function.signature)
            || !constant && is_handed_on(site, built)
    };
    let by_hand = || by_hand(site, call, constructor, constant);
    if let Some(shape) = constructor.only_constant {
        let parsed = format!("this {} is parsed again and again", constructor.makes);
        let claim = needs_proof(constructor, types, (built, by_hand()), shape);
        return constant
            .then_some(Claim { message: parsed, ..claim }.label("each call parses it anew"));
    }
    if !is_certain && site.function(site.node).is_none_or(is_kept) {
        return Some(needs_proof(constructor, types, (built, by_hand()), Shape::NeedsProof));
    }
    // A `build_…` or `from_…` that gives back something else: nobody knows how often it is called.
    if !is_certain && site.function(site.node).is_some_and(|at| may_make_value(at.signature)) {
        let shape = if constant { Shape::Possible } else { Shape::NeedsProof };
        return Some(needs_proof(constructor, types, (built, by_hand()), shape));
    }
    let message = match (&invalid, turn) {
        (Some(_), _) => format!("this {} never compiles", constructor.makes),
        (None, Some(_)) => {
            format!("this {} is compiled on each turn of the loop", constructor.makes)
        }
        (None, None) => format!("this {} is compiled on each call", constructor.makes),
    };
    let claim = Claim::new(built, message)
        .label(match invalid {
            Some(_) => "a pattern that no input makes valid".to_owned(),
            None => format!("compiling the {} costs far more than matching", constructor.makes),
        })
        .shape(if is_certain { Shape::Certain } else { Shape::Suspect })
        .types(types)
        .witness(Witness::cpu_in(compiles));
    if let Some(error) = invalid {
        return Some(claim.note(format!("this pattern never compiles: {error}")));
    }
    let rewrite = match turn {
        _ if constant => hoist(site, call, function, constructor, built),
        Some(turn) => out_of_loop(site, call, turn, built),
        None => None,
    };
    Some(claim.suggest(Some(rewrite.unwrap_or_else(by_hand))))
}

/// `b.iter(|| Regex::new(…))`: compiling is what the bench times.
fn is_timed_alone(site: &Site<'_, '_>, built: NodeId) -> bool {
    let tree = site.tree;
    let mut whole = built;
    while let Some(outer) = tree.parent(whole) {
        match tree.node(outer) {
            Node::Expr(Expr::MethodCall(call)) if tree.id(&call.receiver) == Some(whole) => {
                if !matches!(call.method.to_string().as_str(), "unwrap" | "expect") {
                    return false;
                }
            }
            Node::Expr(Expr::Call(call)) if call.args.len() == 1 => {
                if !site.source(&call.func).ends_with("black_box") {
                    return false;
                }
            }
            Node::Expr(Expr::Block(_) | Expr::Reference(_) | Expr::Paren(_))
            | Node::Stmt(Stmt::Expr(..)) => {}
            Node::Block(block) if block.stmts.len() == 1 => {}
            Node::Expr(Expr::Closure(_)) => {
                return timed(&Site { node: outer, ..*site }).is_some();
            }
            _ => return false,
        }
        whole = outer;
    }
    false
}

/// The patterns of `AhoCorasickBuilder::new().build(patterns)`.
fn given_later<'a>(site: &Site<'_, 'a>, built: NodeId) -> Option<&'a Expr> {
    match site.tree.expr(built)? {
        Expr::MethodCall(call) if call.method == "build" => call.args.first(),
        _ => None,
    }
}

/// In a constructor, and with a pattern that only the profile can call repeated.
fn needs_proof(
    constructor: &Constructor,
    types: Types,
    (built, by_hand): (NodeId, Suggestion),
    shape: Shape,
) -> Claim {
    Claim::new(built, format!("this {} is compiled again and again", constructor.makes))
        .label("each call compiles it anew")
        .shape(shape)
        .types(types)
        .witness(Witness::cpu_in(compiles))
        .suggest(Some(by_hand))
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
fn is_constant(site: &Site<'_, '_>, expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_) => true,
        Expr::Path(path) => {
            path.path.segments.last().is_some_and(|name| is_constant_name(&name.ident))
        }
        Expr::Reference(inner) => is_constant(site, &inner.expr),
        Expr::Paren(inner) => is_constant(site, &inner.expr),
        Expr::Array(list) => list.elems.iter().all(|one| is_constant(site, one)),
        Expr::Macro(call) if call.mac.path.is_ident("vec") => {
            let list = site.tree.arguments(&call.mac);
            list.is_some_and(|list| list.exprs.iter().all(|one| is_constant(site, one)))
        }
        Expr::Macro(call) => call.mac.path.is_ident("concat"),
        _ => false,
    }
}

fn is_constant_name(ident: &syn::Ident) -> bool {
    let name = ident.to_string();
    name.chars().any(char::is_alphabetic) && !name.chars().any(char::is_lowercase)
}

/// Why a constant pattern does not compile.
fn invalid(constructor: &Constructor, pattern: &Expr) -> Option<String> {
    constructor.checked_by?.error(&literal_text(pattern)?)
}

/// Whether a constant pattern compiles for sure: nothing but its text has a say.
fn is_valid(site: &Site<'_, '_>, constructor: &Constructor, pattern: &Expr) -> bool {
    let text = literal_text(pattern).or_else(|| constant_text(site, pattern));
    constructor.checked_by.zip(text).is_some_and(|(compiler, text)| compiler.error(&text).is_none())
}

/// The text of a `const` of this file.
fn constant_text(site: &Site<'_, '_>, pattern: &Expr) -> Option<String> {
    let Expr::Path(path) = place::bare(pattern) else { return None };
    let name = path.path.get_ident()?;
    let mut all = site.tree.ids().filter_map(|id| match site.tree.node(id) {
        Node::Item(syn::Item::Const(item)) if item.ident == *name => literal_text(&item.expr),
        _ => None,
    });
    let first = all.next()?;
    all.next().is_none().then_some(first)
}

/// Moves the construction, whose pattern is the same on each turn, in front of the loop.
fn out_of_loop(
    site: &Site<'_, '_>,
    call: &ExprCall,
    turn: loops::Loop<'_>,
    built: NodeId,
) -> Option<Suggestion> {
    let tree = site.tree;
    let body = match turn.kind {
        LoopKind::For(turn) => &turn.body,
        LoopKind::While(turn) => &turn.body,
        LoopKind::Loop(turn) => &turn.body,
        LoopKind::Adapter(_) => return None,
    };
    let statement = site.statement(built)?;
    let Node::Stmt(Stmt::Local(local)) = tree.node(statement) else { return None };
    let binding = bindings::of_let(tree, statement)?;
    let is_plain = binding.name.mutability.is_none() && local.init.as_ref()?.diverge.is_none();
    let fixed = call.args.iter().all(|arg| same_on_each_turn(site, arg, turn.id));
    let around = place::own_statement(site, turn.id)?;
    let name = binding.name.ident.to_string();
    let before = site.file.text.get(tree.range(turn.id).start..tree.range(statement).start)?;
    if !is_plain
        || !fixed
        || !is_only_borrowed(site, statement, &binding.name.ident)
        || tree.parent(statement) != tree.block_id(body)
        || place::has_word(before, &name)
    {
        return None;
    }
    let start = tree.range(around).start;
    let indent = site.indentation(start);
    let whole = tree.range(statement);
    let line_start = whole.start - site.indentation(whole.start).len();
    let text = site.file.text.get(whole.clone())?;
    let ends_line = site.file.text.get(whole.end..)?.starts_with('\n');
    let gone = if ends_line { line_start..whole.end + 1 } else { whole };
    let edits = vec![site.insert(start, format!("{text}\n{indent}")), site.replace(gone, "")];
    let caveat = "the pattern is compiled, and an error told, also where the loop has no turn";
    Some(Suggestion::with_caveat("compile it once, before the loop", edits, caveat))
}

/// Whether a pattern is made of what the loop leaves as it is.
fn same_on_each_turn(site: &Site<'_, '_>, pattern: &Expr, turn: NodeId) -> bool {
    match place::bare(pattern) {
        Expr::Macro(call) if call.mac.path.is_ident("format") => {
            let Some(arguments) = site.tree.arguments(&call.mac) else { return false };
            let captured = arguments.captures.iter().all(|name| {
                let at = site.tree.id(&arguments.exprs[0]).unwrap_or(site.node);
                bindings::find(site.tree, at, name).is_some_and(|binding| {
                    binding.from <= turn
                        && binding.name.mutability.is_none()
                        && !site.tree.contains(turn, binding.scope)
                })
            });
            captured
                && arguments.exprs.iter().skip(1).all(|arg| place::is_invariant(site, arg, turn))
        }
        Expr::MethodCall(call)
            if matches!(call.method.to_string().as_str(), "as_str" | "as_ref")
                && call.args.is_empty() =>
        {
            same_on_each_turn(site, &call.receiver, turn)
        }
        bare => place::is_place(bare) && place::is_invariant(site, bare, turn),
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
    constructor: &Constructor,
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
        Expr::Try(_)
            if site.tree.expr(built).is_some_and(|expr| matches!(expr, Expr::Call(_)))
                && is_valid(site, constructor, call.args.first()?) =>
        {
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
        dependency: None,
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
        // `&*`: what is generic over its argument sees the pattern itself.
        Node::Expr(Expr::Reference(_)) => Some(format!("*{used}")),
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

/// `Regex::new` makes a `Regex`, `RegexBuilder::new` as well.
fn type_text(site: &Site<'_, '_>, function: &syn::ExprPath) -> Option<String> {
    let full = site.resolve(&function.path);
    let name = full.rsplit("::").nth(1)?;
    match name.strip_suffix("Builder") {
        Some(short) => {
            let module = full.strip_suffix(&format!("{name}::new"))?;
            let is_known = ["regex::", "regex_lite::", "fancy_regex::"]
                .iter()
                .any(|known| module.starts_with(known));
            is_known.then(|| format!("{module}{short}"))
        }
        // What is made has another name than what makes it.
        None if !full.ends_with("::new") => None,
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
