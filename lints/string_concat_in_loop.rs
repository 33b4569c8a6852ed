//! # What it finds
//!
//! A string that is built up piece by piece through strings that are thrown away at once:
//! `s = format!("{s}…")`, `s = s.clone() + …`, `s += &format!(…)`, `s.push_str(&format!(…))`,
//! `s.push_str(&x.to_string())`, `fold` with `format!`, `map` with `format!` and `collect`,
//! `s = [s, x].join(…)`. Also, where it is hot, a string built by `s = s + x`, which throws nothing
//! away but grows step by step.
//!
//! # What it costs
//!
//! Each piece is allocated, written, copied and freed. Where the string itself is formatted anew
//! for each piece, everything built so far is copied too: the time grows with the square of the
//! length.
//!
//! # The rewrite
//!
//! `write!` straight into the string, with `use std::fmt::Write as _` added where it is missing;
//! nothing is allocated but the string itself.
//!
//! # When to keep the code
//!
//! It runs once, or a handful of times, and reads better.
//!
//! # How it was proved
//!
//! The profile shows formatting and allocation below this very expression.
//! `ui-tests/string_concat_in_loop` holds the code before and after.

use crate::lint::prelude::*;
use crate::source::imports::{Import, import};
use crate::source::loops::{Loop, innermost};

/// See the text above.
pub static LINT: Lint = Lint {
    name: "string_concat_in_loop",
    summary: "a string is built through strings that are thrown away",
    on: &[Kind::Assign, Kind::Binary, Kind::MethodCall],
    methods: &["push_str", "collect", "fold"],
    check,
};

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let expr = site.expr()?;
    match expr {
        Expr::Assign(assign) => rebuilt(site, assign),
        Expr::Binary(both) if matches!(both.op, syn::BinOp::AddAssign(_)) => {
            appended(site, &both.left, &both.right)
        }
        Expr::MethodCall(call) if call.method == "push_str" && call.args.len() == 1 => {
            appended(site, &call.receiver, &call.args[0])
        }
        Expr::MethodCall(call) if call.method == "collect" => collected(site, call),
        Expr::MethodCall(call) if call.method == "fold" && call.args.len() == 2 => {
            folded(site, call)
        }
        _ => None,
    }
}

/// `s = format!("{s}…")`.
fn rebuilt<'a>(site: &Site<'_, 'a>, assign: &'a syn::ExprAssign) -> Option<Claim> {
    let Expr::Macro(call) = &*assign.right else {
        return joined(site, assign).or_else(|| plus(site, assign));
    };
    let place = site.source(&assign.left);
    let rest = rest_of_format(site, &call.mac, place)?;
    let turn = grown_by(site, &assign.left);
    let claim = Claim::new(site.node, format!("`{place}` is copied whole to add a piece to it"))
        .label("everything built so far is formatted again")
        .shape(if turn.is_some() { Shape::Certain } else { Shape::NeedsProof })
        .types(Types::NotNeeded)
        .witness(Witness::cpu_in(copies));
    Some(claim.suggest(write_to(site, place, &rest, None)))
}

/// `s = [s, x].join(",")`, `s = [s, x].concat()`.
fn joined<'a>(site: &Site<'_, 'a>, assign: &'a syn::ExprAssign) -> Option<Claim> {
    let Expr::MethodCall(call) = &*assign.right else { return None };
    let Expr::Array(parts) = place::bare(&call.receiver) else { return None };
    let place = site.source(&assign.left);
    let first = parts.elems.first()?;
    let is_first = place::root(first).as_deref() == Some(place);
    let typed = site.type_of(&assign.left);
    if !matches!(call.method.to_string().as_str(), "join" | "concat")
        || !is_first
        || !typed.ty.is_string()
    {
        return None;
    }
    let turn = grown_by(site, &assign.left);
    Some(
        Claim::new(site.node, format!("`{place}` is copied whole to add a piece to it"))
            .label("append to the string in place")
            .shape(if turn.is_some() { Shape::Certain } else { Shape::NeedsProof })
            .types(typed.by)
            .witness(Witness::cpu_in(copies))
            .suggest(Some(Suggestion::shown(
                "append in place",
                format!("{place}.push_str(…); // once for each piece"),
            ))),
    )
}

/// `s = s.clone() + …`, where everything is copied, and `s = s + &format!(…)`, where a piece is.
fn plus<'a>(site: &Site<'_, 'a>, assign: &'a syn::ExprAssign) -> Option<Claim> {
    let mut pieces = Vec::new();
    let leftmost = summands(&assign.right, &mut pieces);
    if pieces.is_empty() {
        return None;
    }
    let place = site.source(&assign.left);
    let typed = site.type_of(&assign.left);
    if !typed.ty.is_string() {
        return None;
    }
    let is_copy = matches!(leftmost, Expr::MethodCall(call)
        if matches!(call.method.to_string().as_str(), "clone" | "to_owned" | "to_string")
            && site.source(&call.receiver) == place);
    let is_itself = site.source(leftmost) == place;
    // `s + piece` appends to `s` in place: nothing is wrong with that by itself.
    let writes = pieces.iter().any(|piece| formatted(site, piece).is_some());
    let turn = grown_by(site, &assign.left);
    if !(is_copy || is_itself && (writes || turn.is_some())) {
        return None;
    }
    let (message, label, shape) = if is_copy {
        let shape = if turn.is_some() { Shape::Certain } else { Shape::NeedsProof };
        (
            format!("`{place}` is copied whole to add a piece to it"),
            "append to the string in place",
            shape,
        )
    } else if !writes {
        // Nothing is thrown away: what costs is that it grows, and that it reads as if copied.
        (
            format!("`{place}` is built by `+`, piece by piece"),
            "each piece may make it grow and move",
            Shape::Suspect,
        )
    } else {
        (
            format!("a string is allocated only to be appended to `{place}`"),
            "allocated, copied and freed at once",
            Shape::Suspect,
        )
    };
    let claim = Claim::new(site.node, message)
        .label(label)
        .shape(shape)
        .types(typed.by)
        .witness(Witness::cpu_in(copies));
    Some(claim.suggest(appends(site, place, &pieces)))
}

/// The pieces of `a + b + c`, and what stands leftmost.
fn summands<'e>(expr: &'e Expr, pieces: &mut Vec<&'e Expr>) -> &'e Expr {
    match expr {
        Expr::Binary(both) if matches!(both.op, syn::BinOp::Add(_)) => {
            let leftmost = summands(&both.left, pieces);
            pieces.push(&both.right);
            leftmost
        }
        Expr::Paren(inner) => summands(&inner.expr, pieces),
        other => other,
    }
}

/// The arguments of `&format!(…)`.
fn formatted(site: &Site<'_, '_>, piece: &Expr) -> Option<String> {
    let Expr::Reference(reference) = piece else { return None };
    let Expr::Macro(call) = &*reference.expr else { return None };
    call.mac.path.is_ident("format").then(|| format_arguments(site, &call.mac))?
}

/// One statement for each piece.
fn appends(site: &Site<'_, '_>, place: &str, pieces: &[&Expr]) -> Option<Suggestion> {
    let tree = site.tree;
    let shown = || {
        let sketch = format!("{place}.push_str(…); // once for each piece");
        Some(Suggestion::shown("append in place", sketch))
    };
    let statement = tree.parent(site.node)?;
    let is_statement = matches!(tree.node(statement), Node::Stmt(Stmt::Expr(_, Some(_))));
    if !is_statement || pieces.iter().any(|piece| mentions(site.source(piece), place)) {
        return shown();
    }
    let range = tree.range(statement);
    let mut edits = Vec::new();
    let mut lines = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match formatted(site, piece) {
            Some(format) => lines.push(format!("let _ = write!({place}, {format});")),
            None => lines.push(format!("{place} += {};", site.source(piece))),
        }
    }
    if lines.iter().any(|line| line.starts_with("let _")) {
        let (path, text, file) = (&site.file.path, &site.file.text, tree.syntax().file());
        match import(path, text, file, range.start, "std::fmt::Write as _") {
            Import::Present => {}
            Import::Add(edit) => edits.push(edit),
            Import::Taken => return shown(),
        }
    }
    let indent = site.indentation(range.start);
    edits.push(site.replace(range, lines.join(&format!("\n{indent}"))));
    Some(Suggestion::safe("append in place", edits))
}

/// The loop on each turn of which a string grows: one that starts after the string was made.
fn grown_by<'a>(site: &Site<'_, 'a>, place: &Expr) -> Option<Loop<'a>> {
    let turn = innermost(site.tree, site.node)?;
    let mut root = place;
    while let Expr::Field(syn::ExprField { base, .. })
    | Expr::Unary(syn::ExprUnary { expr: base, .. }) = root
    {
        root = base;
    }
    match site.binding(root) {
        Some(binding) => (binding.from < turn.id).then_some(turn),
        None => Some(turn),
    }
}

/// `s = s.clone() + …`, `s += &format!(…)`, `s.push_str(&format!(…))`, `s.push_str(&x.to_string())`.
fn appended<'a>(site: &Site<'_, 'a>, place: &'a Expr, added: &'a Expr) -> Option<Claim> {
    let Expr::Reference(reference) = added else { return None };
    if !matches!(&*reference.expr, Expr::Macro(_) | Expr::MethodCall(_)) {
        return None;
    }
    let typed = site.type_of(place);
    let is_string = typed.ty.peeled().is_string();
    if !is_string && !typed.ty.is_unknown() {
        return None;
    }
    let text = site.source(place);
    let mut doubt = (!is_string)
        .then(|| format!("the type of `{text}` is not known here: it must be a `String`"));
    let format = match &*reference.expr {
        Expr::Macro(call) if call.mac.path.is_ident("format") => format_arguments(site, &call.mac)?,
        Expr::MethodCall(call) if call.method == "to_string" && call.args.is_empty() => {
            let printed = site.type_of(&call.receiver).ty;
            // A text that is copied first is somebody else's case; what `{}` means is known for
            // the rest.
            if printed.is_text() {
                return None;
            }
            let source = site.source(&call.receiver);
            match site.types.prints_as_to_string(&printed) {
                Some(true) => {}
                Some(false) => return None,
                None => {
                    doubt.get_or_insert_with(|| format!("`{source}` must implement `Display`"));
                }
            }
            match &*call.receiver {
                Expr::Path(path) if path.path.get_ident().is_some() => {
                    format!("\"{{{source}}}\"")
                }
                _ => format!("\"{{}}\", {source}"),
            }
        }
        _ => return None,
    };
    let turn = innermost(site.tree, site.node);
    let what = if turn.is_some() { "each turn" } else { "each call" };
    let claim = Claim::new(
        site.node,
        format!("a string is allocated on {what} only to be appended to `{text}`"),
    )
    .label("allocated, copied and freed at once")
    .shape(Shape::Suspect)
    .types(typed.by)
    .witness(Witness::cpu_in(copies));
    Some(claim.suggest(write_to(site, text, &format, doubt)))
}

/// `fold(String::new(), |s, x| format!("{s}…"))`.
fn folded<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall) -> Option<Claim> {
    let Expr::Closure(closure) = &call.args[1] else { return None };
    let syn::Pat::Ident(name) = closure.inputs.first()? else { return None };
    let body = match &*closure.body {
        Expr::Block(block) => match block.block.stmts.as_slice() {
            [Stmt::Expr(body, None)] => body,
            _ => return None,
        },
        body => body,
    };
    if let Expr::Binary(both) = body {
        return summed(site, call, both, &name.ident.to_string());
    }
    let Expr::Macro(format) = body else { return None };
    rest_of_format(site, &format.mac, &name.ident.to_string())?;
    let claim = Claim::new(site.tree.id(body)?, "the text is copied whole to add a piece to it")
        .label("everything built so far is formatted again")
        .shape(Shape::Certain)
        .types(Types::NotNeeded)
        .witness(Witness::cpu_in(copies));
    Some(claim.suggest(Some(Suggestion {
        message: "write into one string".to_owned(),
        grade: Grade::Display,
        edits: Vec::new(),
        sketch: Some(format!(
            "|mut {0}, x| {{\n    let _ = write!({0}, \"…\");\n    {0}\n}}",
            name.ident
        )),
        caveat: None,
        dependency: None,
    })))
}

/// `fold(String::new(), |s, x| s + x)`.
fn summed<'a>(
    site: &Site<'_, 'a>,
    call: &'a ExprMethodCall,
    both: &'a syn::ExprBinary,
    name: &str,
) -> Option<Claim> {
    let mut pieces = Vec::new();
    let leftmost = summands(&both.left, &mut pieces);
    let is_it = matches!(leftmost, Expr::Path(path) if path.path.is_ident(name));
    let typed = site.type_of(&call.args[0]);
    if !matches!(both.op, syn::BinOp::Add(_)) || !is_it || !typed.ty.is_string() {
        return None;
    }
    let sketch = format!(
        "let mut {name} = String::with_capacity(…);\nfor x in … {{\n    {name}.push_str(x);\n}}"
    );
    Some(
        Claim::new(site.node, "a string is built by `fold` and `+`, piece by piece")
            .label("each piece may make it grow and move")
            .types(typed.by)
            .witness(Witness::cpu_in(copies))
            .suggest(Some(Suggestion::shown("append to one string of the right size", sketch))),
    )
}

/// `map(|x| format!("…")).collect::<String>()`.
fn collected<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall) -> Option<Claim> {
    let Expr::MethodCall(map) = &*call.receiver else { return None };
    let Some(Expr::Closure(closure)) = map.args.first() else { return None };
    if map.method != "map" || !call.args.is_empty() {
        return None;
    }
    let format = match place::bare(&closure.body) {
        Expr::Macro(made) if made.mac.path.is_ident("format") => format_arguments(site, &made.mac)?,
        Expr::MethodCall(made) if made.method == "to_string" && made.args.is_empty() => {
            format!("\"{{}}\", {}", site.source(&made.receiver))
        }
        _ => return None,
    };
    let typed = site.type_of(site.expr()?);
    if !typed.ty.is_string() {
        return None;
    }
    let inputs = closure.inputs.first().map(|input| site.source_of_pat(input))?;
    let sketch = format!(
        "….fold(String::new(), |mut out, {inputs}| {{\n    let _ = write!(out, {format});\n    out\n}})"
    );
    Some(
        Claim::new(site.node, "a string is allocated for each element only to be appended")
            .label("allocated, copied and freed at once")
            .types(typed.by)
            .witness(Witness::cpu_in(copies))
            .suggest(Some(Suggestion::shown("write straight into the string", sketch))),
    )
}

/// The arguments of a `format!` as they are written.
fn format_arguments(site: &Site<'_, '_>, mac: &syn::Macro) -> Option<String> {
    let arguments = site.tree.arguments(mac)?;
    if arguments.format != Some(0) || literal_text(&arguments.exprs[0]).is_none() {
        return None;
    }
    let first = site.tree.bytes(arguments.exprs.first()?).start;
    let last = site.tree.bytes(arguments.exprs.last()?).end;
    site.file.text.get(first..last).map(str::to_owned)
}

/// The arguments of `format!("{s}…")` without the `s` that the text starts with.
fn rest_of_format(site: &Site<'_, '_>, mac: &syn::Macro, place: &str) -> Option<String> {
    if !mac.path.is_ident("format") {
        return None;
    }
    let arguments = site.tree.arguments(mac)?;
    let Expr::Lit(literal) = arguments.exprs.first()? else { return None };
    let text = site.source(arguments.exprs.first()?);
    let named = format!("{{{place}}}");
    let (from, others) = if let Some(at) = text.find(&named).filter(|&at| is_quote(&text[..at])) {
        (at + named.len(), &arguments.exprs[1..])
    } else if let Some(at) = text.find("{}").filter(|&at| is_quote(&text[..at])) {
        let first = arguments.exprs.get(1)?;
        if site.source(first) != place {
            return None;
        }
        (at + 2, &arguments.exprs[2..])
    } else {
        return None;
    };
    // Nothing is left to add, or what is left mentions the string again.
    let value = literal_text(&Expr::Lit(literal.clone()))?;
    let mentions = others.iter().any(|other| site.source(other).contains(place));
    let again = value.matches(&named).count() + usize::from(value.starts_with("{}"));
    if mentions || again > 1 || text[from..].len() < 2 {
        return None;
    }
    let mut rest = format!("{}{}", &text[..text.find('"')? + 1], &text[from..]);
    for other in others {
        rest.push_str(", ");
        rest.push_str(site.source(other));
    }
    Some(rest)
}

fn is_quote(text: &str) -> bool {
    text.ends_with('"') && text.trim_start_matches('r').trim_matches('#') == "\""
}

/// `write!` into the string instead of the whole statement: safe, unless there is a doubt.
fn write_to(
    site: &Site<'_, '_>,
    place: &str,
    format: &str,
    doubt: Option<String>,
) -> Option<Suggestion> {
    let sketch = format!("let _ = write!({place}, {format});");
    let by_hand = |caveat: Option<String>| Suggestion {
        message: "write straight into the string".to_owned(),
        grade: Grade::Display,
        edits: Vec::new(),
        sketch: Some(format!("use std::fmt::Write as _;\n\n{sketch}")),
        caveat,
        dependency: None,
    };
    let tree = site.tree;
    let statement = tree.parent(site.node)?;
    let is_statement = matches!(tree.node(statement), Node::Stmt(Stmt::Expr(_, Some(_))));
    if !is_statement || mentions(format, place) {
        return Some(by_hand(None));
    }
    let range = tree.range(statement);
    let mut edits = vec![site.replace(range.clone(), sketch.clone())];
    match import(
        &site.file.path,
        &site.file.text,
        tree.syntax().file(),
        range.start,
        "std::fmt::Write as _",
    ) {
        Import::Present => {}
        Import::Add(edit) => edits.push(edit),
        Import::Taken => return Some(by_hand(None)),
    }
    Some(Suggestion {
        message: "write straight into the string".to_owned(),
        grade: if doubt.is_none() { Grade::Safe } else { Grade::Unsafe },
        edits,
        sketch: None,
        caveat: doubt,
        dependency: None,
    })
}

/// Whether a text mentions the string that is written to.
fn mentions(text: &str, place: &str) -> bool {
    let root = place.trim_start_matches(['*', '&']).split(['.', '[']).next().unwrap_or(place);
    place::has_word(text, root)
}

/// Frames of making and throwing away a string.
fn copies(function: &str) -> bool {
    [
        "alloc::fmt::format",
        "fmt::format::format_inner",
        "finish_grow",
        "exchange_malloc",
        "alloc::alloc::",
    ]
    .iter()
    .any(|part| function.contains(part))
        || ["malloc", "realloc", "free", "cfree", "_int_malloc", "_int_free"].contains(&function)
        || function.ends_with("::to_string")
        || function.ends_with("::clone")
}
