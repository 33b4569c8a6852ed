//! # What it finds
//!
//! A string or a copy made for a case that hardly ever comes: `ok_or(format!(…))`,
//! `unwrap_or(name.to_string())`, `expect(&format!(…))`.
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
    methods: &["unwrap_or", "ok_or", "or", "expect"],
    check,
};

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let Some(Expr::MethodCall(call)) = site.expr() else { return None };
    let (name, args) = place::signature(call);
    if !matches!(name.as_str(), "unwrap_or" | "ok_or" | "or" | "expect") || args != 1 {
        return None;
    }
    let argument = &call.args[0];
    let made = made(site, argument)?;
    // An `expect` of a literal, and whatever else lends a text.
    let lends = matches!(argument, Expr::Reference(_));
    if lends != (name == "expect") {
        return None;
    }
    let at = site.tree.id(argument)?;
    let typed = site.type_of(&call.receiver);
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
            let closure = if is_result { "|_| " } else { "|| " };
            let leaves = site.tree.below(at).any(|id| {
                matches!(
                    site.tree.expr(id),
                    Some(Expr::Try(_) | Expr::Await(_) | Expr::Return(_) | Expr::Break(_))
                )
            });
            let sketch = format!("….{name}_else({closure}{})", place::on_one_line(text));
            if (is_option || is_result) && !leaves {
                let method = site.tree.token(call.method.span());
                let edits = vec![
                    site.replace(method, format!("{name}_else")),
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
