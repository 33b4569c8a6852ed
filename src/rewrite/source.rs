//! A source file as edits see it: its text, and what in it must not be touched or lost.

use std::io;
use std::ops::Range;
use std::path::{Component, Path};

use proc_macro2::{TokenStream, TokenTree};

use super::merge::Refusal;
use crate::model::finding::Edit;
use crate::source::imports::stripped_prefix;

/// A file that edits are applied to.
pub struct Source {
    /// Its text.
    pub text: String,
    /// Ranges of plain comments.
    comments: Vec<Range<usize>>,
    /// Bodies of macro definitions: their text stands for many others.
    definitions: Vec<Range<usize>>,
}

impl Source {
    /// Reads a file of the workspace; nothing else is ever touched.
    pub fn read(
        read: &dyn Fn(&Path) -> io::Result<String>,
        file: &Path,
    ) -> Result<Source, Refusal> {
        let is_inside = file.components().all(|part| matches!(part, Component::Normal(_)));
        if !is_inside || file.as_os_str().is_empty() {
            return Err(Refusal::OutsideWorkspace(file.to_owned()));
        }
        let text =
            read(file).map_err(|error| Refusal::Unreadable(file.to_owned(), error.to_string()))?;
        Source::parse(text).map_err(|error| Refusal::NotRust(file.to_owned(), error))
    }

    /// Takes apart a text; the error says where it is not Rust.
    pub fn parse(text: String) -> Result<Source, String> {
        let ast = syn::parse_file(&text).map_err(|error| place(&error))?;
        let shift = stripped_prefix(&text, &ast);
        let tokens: TokenStream =
            text[shift..].parse().map_err(|error: proc_macro2::LexError| error.to_string())?;
        let mut leaves = Vec::new();
        let mut definitions = Vec::new();
        walk(tokens, shift, &mut leaves, &mut definitions);
        let mut comments = Vec::new();
        let mut end = shift;
        for leaf in leaves {
            if end < leaf.start {
                comments_in_gap(&text, end..leaf.start, &mut comments);
            }
            end = end.max(leaf.end);
        }
        comments_in_gap(&text, end..text.len(), &mut comments);
        Ok(Source { text, comments, definitions })
    }

    /// Whether the edits of one suggestion may touch this file.
    pub fn admits(&self, edits: &[&Edit]) -> Result<(), Refusal> {
        let added: String = edits.iter().map(|edit| edit.text.as_str()).collect();
        for edit in edits {
            let range = edit.span.bytes.clone();
            if range.start > range.end || self.text.get(range.clone()).is_none() {
                return Err(Refusal::OutOfDate(edit.span.file.clone()));
            }
            let within = |outer: &Range<usize>| {
                range.start < outer.end && outer.start < range.end.max(range.start + 1)
            };
            if self.definitions.iter().any(within) {
                return Err(Refusal::MacroDefinition(edit.span.file.clone()));
            }
            let lost = self
                .comments
                .iter()
                .filter(|comment| comment.start < range.end && range.start < comment.end)
                .map(|comment| self.text[comment.clone()].trim())
                .find(|comment| !added.contains(comment));
            if let Some(comment) = lost {
                return Err(Refusal::LosesComment(edit.span.file.clone(), comment.to_owned()));
            }
        }
        Ok(())
    }

    /// `text` with the line ends of this file.
    pub fn with_line_ends_of(&self, text: &str) -> String {
        let uses_crlf = self.text.find('\n').is_some_and(|at| self.text[..at].ends_with('\r'));
        if uses_crlf { text.replace("\r\n", "\n").replace('\n', "\r\n") } else { text.to_owned() }
    }
}

/// The error with its line and column.
pub fn place(error: &syn::Error) -> String {
    let start = error.span().start();
    format!("{error} at line {}, column {}", start.line, start.column + 1)
}

fn walk(
    tokens: TokenStream,
    shift: usize,
    leaves: &mut Vec<Range<usize>>,
    definitions: &mut Vec<Range<usize>>,
) {
    let at = |span: proc_macro2::Span| {
        let range = span.byte_range();
        range.start + shift..range.end + shift
    };
    // How far the tokens just read look like `macro_rules ! name`.
    let mut definition = 0;
    for token in tokens {
        definition = match (&token, definition) {
            (TokenTree::Ident(ident), 0) if ident == "macro_rules" => 1,
            (TokenTree::Punct(punct), 1) if punct.as_char() == '!' => 2,
            (TokenTree::Ident(_), 2) => 3,
            (TokenTree::Group(group), 3) => {
                definitions.push(at(group.span()));
                0
            }
            _ => 0,
        };
        match token {
            TokenTree::Group(group) => {
                leaves.push(at(group.span_open()));
                walk(group.stream(), shift, leaves, definitions);
                leaves.push(at(group.span_close()));
            }
            token => leaves.push(at(token.span())),
        }
    }
}

/// Between two tokens stand white space and comments, and nothing else.
fn comments_in_gap(text: &str, gap: Range<usize>, comments: &mut Vec<Range<usize>>) {
    let mut at = gap.start;
    while let Some(start) = text.get(at..gap.end).and_then(|rest| rest.find('/')).map(|n| at + n) {
        let rest = &text[start..gap.end];
        let length = if rest.starts_with("/*") {
            block_comment(rest)
        } else {
            rest.find('\n').unwrap_or(rest.len())
        };
        comments.push(start..start + length);
        at = start + length;
    }
}

/// Length of the block comment that `text` begins with; such comments nest.
fn block_comment(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0usize, 0);
    while at + 1 < bytes.len() {
        match &bytes[at..at + 2] {
            b"/*" => depth += 1,
            b"*/" => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    bytes.len()
}
