//! What stands between the parentheses of well-known macros, as expressions.
//!
//! `syn` leaves macro arguments as tokens. For the macros of the standard library and a few
//! others whose arguments are plain expressions, they are parsed, so that the lints see inside.

use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Expr, Lit, Macro, Pat, Token};

/// The arguments of a macro call.
#[derive(Debug, Default)]
pub struct Arguments {
    /// The expressions, in order. A named argument of a format macro is an assignment.
    pub exprs: Vec<Expr>,
    /// Where in `exprs` the format string stands.
    pub format: Option<usize>,
    /// Names that the format string takes from the scope: `x` in `"{x:?}"`.
    pub captures: Vec<String>,
}

/// Which arguments come before the format string.
enum Shape {
    /// None: `format!`, `println!`.
    Format,
    /// That many: `write!`, `assert!`, `assert_eq!`.
    FormatAfter(usize),
    /// Anything at all: `log`'s and `tracing`'s.
    FormatAnywhere,
    /// Plain expressions: `dbg!`.
    List,
    /// A list, or value and length: `vec!`.
    Vec,
    /// An expression, then a pattern: `matches!`.
    Matches,
}

/// Parses the arguments of a macro call, if it is a known one and they are expressions.
pub fn arguments(mac: &Macro) -> Option<Arguments> {
    let name = mac.path.segments.last()?.ident.to_string();
    let shape = shape(&name)?;
    if mac.tokens.is_empty() {
        return None;
    }
    let tokens = mac.tokens.clone();
    let exprs = match shape {
        Shape::Vec => vec_body.parse2(tokens).ok()?,
        Shape::Matches => matches_body.parse2(tokens).ok()?,
        _ => list.parse2(tokens).ok()?,
    };
    let format = match shape {
        Shape::Format => Some(0),
        Shape::FormatAfter(count) => Some(count),
        Shape::FormatAnywhere => exprs.iter().position(|expr| text(expr).is_some()),
        Shape::List | Shape::Vec | Shape::Matches => None,
    };
    let literal = format.and_then(|at| exprs.get(at)).and_then(text);
    let captures = literal.map(|text| captures(&text)).unwrap_or_default();
    Some(Arguments { format: format.filter(|&at| at < exprs.len()), exprs, captures })
}

fn shape(name: &str) -> Option<Shape> {
    Some(match name {
        "format" | "print" | "println" | "eprint" | "eprintln" | "panic" | "todo"
        | "unimplemented" | "unreachable" | "format_args" | "bail" | "anyhow" | "eyre"
        | "format_smolstr" | "format_compact" => Shape::Format,
        "write" | "writeln" | "assert" | "debug_assert" | "ensure" => Shape::FormatAfter(1),
        "assert_eq" | "assert_ne" | "debug_assert_eq" | "debug_assert_ne" => Shape::FormatAfter(2),
        "trace" | "debug" | "info" | "warn" | "error" => Shape::FormatAnywhere,
        "dbg" | "join" | "try_join" | "concat_string" => Shape::List,
        "vec" | "smallvec" => Shape::Vec,
        "matches" | "assert_matches" | "debug_assert_matches" => Shape::Matches,
        _ => return None,
    })
}

fn list(input: ParseStream<'_>) -> syn::Result<Vec<Expr>> {
    Ok(Punctuated::<Expr, Token![,]>::parse_terminated(input)?.into_iter().collect())
}

fn vec_body(input: ParseStream<'_>) -> syn::Result<Vec<Expr>> {
    let first = Expr::parse(input)?;
    if input.parse::<Option<Token![;]>>()?.is_some() {
        return Ok(vec![first, Expr::parse(input)?]);
    }
    let mut exprs = vec![first];
    if input.parse::<Option<Token![,]>>()?.is_some() {
        exprs.extend(list(input)?);
    }
    Ok(exprs)
}

fn matches_body(input: ParseStream<'_>) -> syn::Result<Vec<Expr>> {
    let mut exprs = vec![Expr::parse(input)?];
    input.parse::<Token![,]>()?;
    Pat::parse_multi_with_leading_vert(input)?;
    if input.parse::<Option<Token![if]>>()?.is_some() {
        exprs.push(Expr::parse(input)?);
    }
    if input.parse::<Option<Token![,]>>()?.is_some() {
        exprs.extend(list(input)?);
    }
    Ok(exprs)
}

fn text(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Lit(syn::ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    }
}

/// The names a format string takes from the scope, for values, widths and precisions.
pub fn captures(format: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = format;
    while let Some(at) = rest.find(['{', '}']) {
        let (brace, after) = rest[at..].split_at(1);
        if after.starts_with(brace) {
            rest = &after[1..];
            continue;
        }
        if brace == "}" {
            rest = after;
            continue;
        }
        let Some(end) = after.find('}') else { break };
        let (name, spec) = after[..end].split_once(':').unwrap_or((&after[..end], ""));
        // `w$` and `.p$` name a width and a precision; what stands before the name is alignment.
        let references = spec.match_indices('$').map(|(at, _)| {
            let is_name = |c: char| c.is_alphanumeric() || c == '_';
            &spec[spec[..at].trim_end_matches(is_name).len()..at]
        });
        for name in std::iter::once(name.trim()).chain(references) {
            let starts = name.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_');
            if starts && !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        rest = &after[end + 1..];
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(code: &str) -> Option<Arguments> {
        let mac: Macro = syn::parse_str(code).unwrap();
        arguments(&mac)
    }

    #[test]
    fn format_strings_name_what_they_capture() {
        assert_eq!(captures("{a} {{b}} {c:?} {0} {} {d:>w$.p$}"), ["a", "c", "d", "w", "p"]);
        assert_eq!(captures("{self_} {x:€>é$} }"), ["self_", "x", "é"]);
        assert!(captures("{unclosed").is_empty());
    }

    #[test]
    fn arguments_of_known_macros_are_expressions() {
        let write = parsed("write!(out, \"{x}{}\", f(1))").unwrap();
        assert_eq!((write.exprs.len(), write.format, write.captures.len()), (3, Some(1), 1));
        assert_eq!(parsed("vec![0u8; n]").unwrap().exprs.len(), 2);
        assert_eq!(parsed("vec![a, b,]").unwrap().exprs.len(), 2);
        assert_eq!(parsed("matches!(f(x), Some(_) | None if g(y))").unwrap().exprs.len(), 2);
        assert_eq!(parsed("info!(target: \"x\", \"y\")").map(|found| found.exprs.len()), None);
    }

    #[test]
    fn unknown_macros_are_left_alone() {
        assert!(parsed("lazy_static! { static ref X: u8 = f(); }").is_none());
        assert!(parsed("select!(a => b)").is_none());
    }
}
