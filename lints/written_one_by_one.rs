//! # What it finds
//!
//! A text that is written one character or byte at a time: a loop whose `match` writes something
//! else for a few of them, and all others as they are. Escaping is mostly written so.
//!
//! # What it costs
//!
//! A call for each character, which looks for room in a buffer or goes through the table of a
//! `dyn Write`, where all that lies between two exceptions could be copied at once.
//!
//! # The rewrite
//!
//! Remember up to where the text was written. At an exception write what lies before it, then what
//! stands for it; behind the loop, write the rest.
//!
//! # When to keep the code
//!
//! Nearly each character is an exception, or the texts have some few characters.
//!
//! # How it was proved
//!
//! The profile shows the time of writing below the arm that leaves characters as they are; without
//! that the lint does not speak. `ui-tests/written_one_by_one` holds an example.

use syn::{Arm, Pat};

use crate::lint::prelude::*;

/// See the text above.
pub static LINT: Lint = Lint {
    name: "written_one_by_one",
    summary: "a text is written one character at a time",
    on: &[Kind::For],
    methods: &[],
    check,
};

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let Some(Expr::ForLoop(turn)) = site.expr() else { return None };
    let (text, of_bytes, types) = walked(site, &turn.expr)?;
    let one = name(&turn.pat)?;
    let [Stmt::Expr(Expr::Match(choice), _)] = turn.body.stmts.as_slice() else { return None };
    let (rest, exceptions) = choice.arms.split_last()?;
    let kept = match &rest.pat {
        Pat::Wild(_) => one.clone(),
        other => name(other)?,
    };
    if !is_named(&choice.expr, &one) || !exceptions.iter().any(replaces) {
        return None;
    }
    let (at, call) = written(&rest.body)?;
    if !is_named(call.args.first()?, &kept) {
        return None;
    }
    let whole = match (call.method.to_string().as_str(), of_bytes) {
        ("push", false) => "push_str",
        ("push", true) => "extend_from_slice",
        ("write_char", false) => "write_str",
        ("write_all", true) => "write_all",
        _ => return None,
    };
    let (text, sink) = (site.source(text), site.source(&call.receiver));
    let (each, walk, step) = if of_bytes {
        ("byte", format!("{text}.iter().enumerate()"), "1".to_owned())
    } else {
        ("character", format!("{text}.char_indices()"), format!("{one}.len_utf8()"))
    };
    // What is handed on stays handed on.
    let end = if matches!(place::bare(&rest.body), Expr::Try(_)) { "?" } else { "" };
    let sketch = format!(
        "let mut done = 0;\n\
         for (at, {one}) in {walk} {{\n    \
         let instead = match {one} {{ …, _ => continue }};\n    \
         {sink}.{whole}(&{text}[done..at]){end};\n    \
         {sink}.{whole}(instead){end};\n    \
         done = at + {step};\n\
         }}\n\
         {sink}.{whole}(&{text}[done..]){end};"
    );
    Some(
        Claim::new(site.tree.id(at)?, format!("`{text}` is written one {each} at a time"))
            .label(format!(
                "a call for each {each}; all up to an exception could be copied at once"
            ))
            .related(site.related(site.node, "in this loop"))
            .shape(Shape::NeedsProof)
            .types(types)
            .witness(Witness::cpu_in(writes))
            .suggest(Some(Suggestion::shown("write all up to the next exception at once", sketch))),
    )
}

/// The text whose characters or bytes a loop walks over, whether they are bytes, and who told.
fn walked<'a>(site: &Site<'_, 'a>, walk: &'a Expr) -> Option<(&'a Expr, bool, Types)> {
    let Expr::MethodCall(call) = place::bare(walk) else { return None };
    match (call.method.to_string().as_str(), call.args.len()) {
        ("chars", 0) => Some((&call.receiver, false, Types::NotNeeded)),
        // Sliced itself, a text gives texts.
        ("as_bytes", 0) => Some((walk, true, Types::NotNeeded)),
        ("iter", 0) => {
            let typed = site.type_of(&call.receiver);
            let is_bytes = typed.ty.peeled().element()?.is_primitive("u8");
            is_bytes.then_some((&*call.receiver, true, typed.by))
        }
        ("copied" | "cloned", 0) => walked(site, &call.receiver).filter(|&(_, bytes, _)| bytes),
        _ => None,
    }
}

fn name(pattern: &Pat) -> Option<String> {
    match pattern {
        Pat::Ident(name) if name.subpat.is_none() => Some(name.ident.to_string()),
        Pat::Reference(inner) => name(&inner.pat),
        _ => None,
    }
}

/// `c`, `*c`, `&[c]`.
fn is_named(expr: &Expr, name: &str) -> bool {
    match place::bare(expr) {
        Expr::Path(path) => path.path.is_ident(name),
        Expr::Unary(unary) => {
            matches!(unary.op, syn::UnOp::Deref(_)) && is_named(&unary.expr, name)
        }
        Expr::Array(list) => list.elems.len() == 1 && is_named(&list.elems[0], name),
        _ => false,
    }
}

/// Whether an arm writes a constant.
fn replaces(arm: &Arm) -> bool {
    let writes_constant = |expr: &Expr| {
        written(expr).is_some_and(|(_, call)| {
            let name = call.method.to_string();
            let writes = name.starts_with("write") || name.starts_with("push");
            let constant = call.args.first().map(place::bare);
            (writes || name == "extend_from_slice") && matches!(constant, Some(Expr::Lit(_)))
        })
    };
    match &*arm.body {
        Expr::Block(block) => block.block.stmts.iter().any(|stmt| match stmt {
            Stmt::Expr(expr, _) => writes_constant(expr),
            _ => false,
        }),
        body => writes_constant(body),
    }
}

/// The call that an expression is, whose error may be handed on.
fn written(expr: &Expr) -> Option<(&Expr, &ExprMethodCall)> {
    let expr = place::bare(expr);
    match expr {
        Expr::Try(tried) => written(&tried.expr),
        Expr::Block(block) => match block.block.stmts.as_slice() {
            [Stmt::Expr(only, _)] => written(only),
            _ => None,
        },
        Expr::MethodCall(call) => match call.method.to_string().as_str() {
            "unwrap" | "expect" => written(&call.receiver),
            _ => Some((expr, call)),
        },
        _ => None,
    }
}

/// Frames of writing.
fn writes(function: &str) -> bool {
    ["::push", "write_char", "write_all", "Write>::write", "extend", "grow", "memcpy", "memmove"]
        .iter()
        .any(|part| function.contains(part))
}
