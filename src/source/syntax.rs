//! A parsed file: `syn`'s tree, and the arguments of the macros in it.

use rustc_hash::FxHashMap;
use syn::visit::Visit;
use syn::{Expr, Macro};

use super::macros::{self, Arguments};
use super::scan::{Limits, TooDeep, scan};

/// A parsed file.
///
/// Spans are kept by `proc_macro2` per thread; [`forget_spans`] lets go of them when a file is
/// done with.
#[derive(Debug)]
pub struct Syntax {
    file: syn::File,
    /// By the address of the macro call, which stays where it is for as long as `self` lives.
    arguments: FxHashMap<usize, Arguments>,
    /// Bytes before the text that `syn` saw: a byte order mark, a shebang line.
    skipped: usize,
}

/// Why a file could not be parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// The parser's words.
    pub message: String,
    /// 1-based.
    pub line: usize,
    /// 1-based, in characters.
    pub column: usize,
}

impl Syntax {
    /// Parses a whole file.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let skipped = skipped(text);
        let code = &text[skipped..];
        if let Some(too_deep) = scan(code, LIMITS).too_deep {
            let (at, message) = match too_deep {
                TooDeep::Nested(at) => {
                    (at, format!("brackets are nested more than {} deep", LIMITS.nested))
                }
                TooDeep::Chained(at) => {
                    (at, format!("an expression has more than {} parts in a row", LIMITS.chained))
                }
            };
            let before = &text[..skipped + at];
            return Err(ParseError {
                message,
                line: before.matches('\n').count() + 1,
                column: before.chars().rev().take_while(|&c| c != '\n').count() + 1,
            });
        }
        let file = syn::parse_file(code).map_err(|error| {
            let start = error.span().start();
            let lines_before = text[..skipped].matches('\n').count();
            ParseError {
                message: error.to_string(),
                line: start.line.max(1) + lines_before,
                column: start.column + 1,
            }
        })?;
        let mut syntax = Syntax { file, arguments: FxHashMap::default(), skipped };
        syntax.parse_macros();
        Ok(syntax)
    }

    /// The tree.
    pub fn file(&self) -> &syn::File {
        &self.file
    }

    /// The arguments of a macro call of this file, where they are known to be expressions.
    pub fn arguments(&self, mac: &Macro) -> Option<&Arguments> {
        self.arguments.get(&key(mac))
    }

    /// How many bytes stand before the text that spans count from.
    pub fn skipped(&self) -> usize {
        self.skipped
    }

    /// Macros may stand in the arguments of macros: parse level by level.
    fn parse_macros(&mut self) {
        let mut collector = Collector { found: Vec::new() };
        collector.visit_file(&self.file);
        let mut found = collector.found;
        while !found.is_empty() {
            let mut next = Collector { found: Vec::new() };
            for (_, arguments) in &found {
                for expr in &arguments.exprs {
                    next.visit_expr(expr);
                }
            }
            self.arguments.extend(found);
            found = next.found;
        }
    }
}

/// Lets go of the texts that spans of this thread refer to. No tree of this thread may be asked
/// for a span afterwards.
pub fn forget_spans() {
    proc_macro2::extra::invalidate_current_thread_spans();
}

struct Collector {
    found: Vec<(usize, Arguments)>,
}

impl<'ast> Visit<'ast> for Collector {
    fn visit_macro(&mut self, mac: &'ast Macro) {
        if let Some(arguments) = macros::arguments(mac) {
            self.found.push((key(mac), arguments));
        }
    }

    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}
}

fn key(mac: &Macro) -> usize {
    std::ptr::from_ref(mac).addr()
}

fn skipped(text: &str) -> usize {
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let code = &text[mark..];
    let is_shebang = code.starts_with("#!") && !code[2..].trim_start().starts_with('[');
    if is_shebang { mark + code.find('\n').unwrap_or(code.len()) } else { mark }
}

/// More than any hand writes; the parser and every walk over the tree recurse.
const LIMITS: Limits = Limits { nested: 500, chained: 50_000 };

/// The text of a string literal, through parentheses and references.
pub fn literal_text(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
        Expr::Paren(inner) => literal_text(&inner.expr),
        Expr::Group(inner) => literal_text(&inner.expr),
        Expr::Reference(inner) => literal_text(&inner.expr),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shebang_and_a_byte_order_mark_are_skipped() {
        let text = "\u{feff}#!/usr/bin/env run\nfn main() {}\n";
        let syntax = Syntax::parse(text).unwrap();
        assert_eq!(&text[syntax.skipped()..], "\nfn main() {}\n");
        assert_eq!(Syntax::parse("#![allow(x)]\n").unwrap().skipped(), 0);
    }

    #[test]
    fn an_error_names_its_place() {
        let error = Syntax::parse("fn main() {\n    let = 1;\n}").unwrap_err();
        assert_eq!((error.line, error.column), (2, 9));
    }

    #[test]
    fn nesting_beyond_reason_is_an_error_not_a_crash() {
        let text = format!("fn f() {{ {}{} }}", "(".repeat(100_000), ")".repeat(100_000));
        assert!(Syntax::parse(&text).unwrap_err().message.contains("nested"));
    }

    #[test]
    fn macros_within_macros_are_parsed() {
        let syntax = Syntax::parse("fn f() { println!(\"{}\", vec![format!(\"{x}\")].len()); }");
        assert_eq!(syntax.unwrap().arguments.len(), 3);
    }
}
