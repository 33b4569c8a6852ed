//! # What it finds
//!
//! A string or a copy made for a case that hardly ever comes: `ok_or(format!(…))`,
//! `unwrap_or(name.to_string())`, `map_or(format!(…), f)`, `expect(&format!(…))`,
//! `context(format!(…))?`.
//!
//! # What it costs
//!
//! An allocation, the formatting and a free on each call, also when the value is there.
//!
//! # The rewrite
//!
//! The form that takes a closure, which runs only when it is needed.
//!
//! # When to keep the code
//!
//! The default is what most calls need.
//!
//! # How it was proved
//!
//! The profile shows allocation below the very expression. `ui-tests/eager_default` holds the code
//! before and after.

use crate::lint::collects::allocates;
use crate::lint::prelude::*;

/// See the text above.
pub static LINT: Lint = Lint {
    name: "eager_default",
    summary: "a string is made for a case that hardly ever comes",
    on: &[Kind::MethodCall],
    methods: &["unwrap_or", "ok_or", "or", "map_or", "expect", "context", "wrap_err"],
    check,
};

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let Some(Expr::MethodCall(call)) = site.expr() else { return None };
    let (name, args) = place::signature(call);
    if !LINT.methods.contains(&name.as_str()) || args != if name == "map_or" { 2 } else { 1 } {
        return None;
    }
    let adds_context = matches!(name.as_str(), "context" | "wrap_err");
    let argument = &call.args[0];
    let made = made(site, argument)?;
    // An `expect` of a literal, and whatever else lends a text.
    let lends = matches!(argument, Expr::Reference(_));
    if lends != (name == "expect") {
        return None;
    }
    let at = site.tree.id(argument)?;
    let typed = site.type_of(&call.receiver);
    let is_answer = ["Option", "Result"].iter().any(|name| typed.ty.is_std(name));
    if adds_context && !is_answer && !is_error_handed_on(site) {
        return None;
    }
    let text = site.source(argument);
    let lazy = match name.as_str() {
        "expect" => {
            let arguments = text.trim_start_matches('&').trim_start();
            Suggestion::shown(
                "make it when it is needed",
                format!(
                    "….unwrap_or_else(|error| panic!(…)) // of {}",
                    place::on_one_line(arguments)
                ),
            )
        }
        _ => {
            let is_option = typed.ty.peeled().is_std("Option") || name == "ok_or";
            let is_result = typed.ty.peeled().is_std("Result");
            let closure = if is_result && !adds_context { "|_| " } else { "|| " };
            let lazy = match name.as_str() {
                "context" => "with_context".to_owned(),
                _ if adds_context => format!("{name}_with"),
                _ => format!("{name}_else"),
            };
            let leaves = site.tree.below(at).any(|id| {
                matches!(
                    site.tree.expr(id),
                    Some(Expr::Try(_) | Expr::Await(_) | Expr::Return(_) | Expr::Break(_))
                )
            });
            let rest = if name == "map_or" { ", …" } else { "" };
            let sketch = format!("….{lazy}({closure}{}{rest})", place::on_one_line(text));
            let is_known = match name.as_str() {
                // The other closure may change what this one would borrow.
                "map_or" => false,
                _ if adds_context => has_context(site),
                _ => is_option || is_result,
            };
            if is_known && !leaves {
                let method = site.tree.token(call.method.span());
                let edits = vec![
                    site.replace(method, lazy),
                    site.insert(site.tree.range(at).start, closure),
                ];
                Suggestion::safe("make it when it is needed", edits)
            } else {
                Suggestion::shown("make it when it is needed", sketch)
            }
        }
    };
    Some(
        Claim::new(at, format!("{made} is made on each call for a case that hardly ever comes"))
            .label("allocated and freed when it is not needed")
            .types(typed.by)
            .witness(Witness::cpu_in(allocates))
            .yields_to(&["format_for_one_value"])
            .suggest(Some(lazy)),
    )
}

/// `x.context(…)?`: where `?` follows, `x` is no error yet, but an answer that may be one.
fn is_error_handed_on(site: &Site<'_, '_>) -> bool {
    let outer = site.tree.parent(site.node).and_then(|id| site.tree.expr(id));
    matches!(outer, Some(Expr::Try(_)))
}

/// Whether the package has a crate whose `context` takes a closure by another name.
fn has_context(site: &Site<'_, '_>) -> bool {
    ["anyhow", "eyre", "color-eyre"].iter().any(|name| site.file.package.depends_on(name))
}

/// What is made, if making it allocates.
fn made(site: &Site<'_, '_>, expr: &Expr) -> Option<&'static str> {
    match place::bare(expr) {
        Expr::Macro(call) if call.mac.path.is_ident("format") => Some("a text"),
        Expr::Macro(call) if call.mac.path.is_ident("vec") && !call.mac.tokens.is_empty() => {
            Some("a vector")
        }
        Expr::MethodCall(call) if call.args.is_empty() => match call.method.to_string().as_str() {
            "to_string" | "to_owned" => Some("a text"),
            "to_vec" => Some("a copy"),
            "clone" => {
                let ty = site.type_of(&call.receiver).ty;
                let ty = ty.peeled();
                (ty.is_string() || ty.is_vec()).then_some("a copy")
            }
            "as_str" => made(site, &call.receiver),
            _ => None,
        },
        Expr::Call(call) if call.args.len() == 1 => {
            let Expr::Path(function) = &*call.func else { return None };
            match site.resolve(&function.path).as_str() {
                "String::from" | "std::string::String::from" => Some("a text"),
                // `Err(format!(…))` and the like.
                _ if function.path.get_ident().is_some() => made(site, &call.args[0]),
                _ => None,
            }
        }
        _ => None,
    }
}
