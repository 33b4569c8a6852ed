//! Where an import goes: one edit for the module around a place, or none where it is there.

use std::ops::Range;
use std::path::Path;

use proc_macro2::Ident;
use syn::spanned::Spanned;
use syn::{Item, UseTree};

use crate::model::finding::{Edit, Span};

/// What an import needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Import {
    /// It is there already.
    Present,
    /// This edit brings it in.
    Add(Edit),
    /// Its name means something else in that module; write the full path instead.
    Taken,
}

/// What the module around byte `at` needs to see `path`, such as `std::sync::LazyLock` or
/// `std::fmt::Write as _`.
///
/// `ast` is what [`syn::parse_file`] made of `text`. The same import asked for at two places of a
/// module gives the same edit twice, and a merge of edits keeps one of them.
pub fn import(file: &Path, text: &str, ast: &syn::File, at: usize, path: &str) -> Import {
    let Ok(wanted) = syn::parse_str::<syn::ItemUse>(&format!("use {path};")) else {
        return Import::Taken;
    };
    let mut leaves = Vec::new();
    flatten(&wanted.tree, &mut Vec::new(), &mut leaves);
    let [wanted] = leaves.as_slice() else { return Import::Taken };

    let shift = stripped_prefix(text, ast);
    let items = module_at(&ast.items, at, shift);
    let uses: Vec<Use> = items.iter().filter_map(|item| Use::of(item, text, shift)).collect();
    match wanted.standing(items, &uses) {
        Standing::Present => return Import::Present,
        Standing::Taken => return Import::Taken,
        Standing::Absent => {}
    }

    let line = Line { path, newline: if text.contains("\r\n") { "\r\n" } else { "\n" } };
    let (at, text) = line.place(text, ast, items, &uses, wanted, shift);
    Import::Add(Edit { span: Span { file: file.to_owned(), bytes: at..at }, text })
}

/// Bytes that [`syn::parse_file`] takes off before its spans begin: a byte order mark, a shebang.
pub fn stripped_prefix(text: &str, ast: &syn::File) -> usize {
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    mark + ast.shebang.as_ref().map_or(0, String::len)
}

/// One name brought in by a `use`.
#[derive(Debug)]
struct Leaf {
    /// The path in full, `core` and `alloc` written as `std`.
    path: Vec<String>,
    /// The name it has here; `None` for a glob.
    name: Option<String>,
}

enum Standing {
    Present,
    Absent,
    Taken,
}

impl Leaf {
    fn standing(&self, items: &[Item], uses: &[Use]) -> Standing {
        let anonymous = self.name.as_deref() == Some("_");
        let leaves =
            || uses.iter().flat_map(|item| item.leaves.iter().map(move |leaf| (item, leaf)));
        let brings = |leaf: &Leaf| match &leaf.name {
            None => leaf.path == self.path[..self.path.len() - 1],
            Some(name) => leaf.path == self.path && (anonymous || Some(name) == self.name.as_ref()),
        };
        if leaves().any(|(item, leaf)| !item.conditional && brings(leaf)) {
            return Standing::Present;
        }
        let taken = !anonymous
            && (leaves().any(|(_, leaf)| leaf.name.is_some() && leaf.name == self.name)
                || items
                    .iter()
                    .filter_map(item_name)
                    .any(|name| Some(name.to_string()) == self.name));
        if taken { Standing::Taken } else { Standing::Absent }
    }
}

fn flatten(tree: &UseTree, prefix: &mut Vec<String>, leaves: &mut Vec<Leaf>) {
    let segment = |ident: &Ident| ident.to_string();
    let leaf = |prefix: &[String], last: Option<String>, name: Option<String>| {
        let mut path = prefix.to_vec();
        // `use std::fmt::{self}` names `std::fmt`.
        path.extend(last.filter(|last| last != "self"));
        if let Some(first) = path.first_mut()
            && (first == "core" || first == "alloc")
        {
            "std".clone_into(first);
        }
        Leaf {
            name: name.map(|name| {
                if name == "self" { path.last().cloned().unwrap_or(name) } else { name }
            }),
            path,
        }
    };
    match tree {
        UseTree::Path(path) => {
            prefix.push(segment(&path.ident));
            flatten(&path.tree, prefix, leaves);
            prefix.pop();
        }
        UseTree::Name(name) => {
            let name = segment(&name.ident);
            leaves.push(leaf(prefix, Some(name.clone()), Some(name)));
        }
        UseTree::Rename(rename) => {
            leaves.push(leaf(prefix, Some(segment(&rename.ident)), Some(segment(&rename.rename))));
        }
        UseTree::Glob(_) => leaves.push(leaf(prefix, None, None)),
        UseTree::Group(group) => {
            group.items.iter().for_each(|tree| flatten(tree, prefix, leaves));
        }
    }
}

/// A `use` item and where it stands.
struct Use {
    leaves: Vec<Leaf>,
    bytes: Range<usize>,
    conditional: bool,
}

impl Use {
    fn of(item: &Item, text: &str, shift: usize) -> Option<Use> {
        let Item::Use(item) = item else { return None };
        // Its documentation is part of it, which the tree need not have.
        let is_doc = |line: &str| line.starts_with("///") && !line.starts_with("////");
        let mut bytes = bytes(item, shift);
        bytes.start = above(text, bytes.start, is_doc);
        let mut leaves = Vec::new();
        flatten(&item.tree, &mut Vec::new(), &mut leaves);
        Some(Use { leaves, bytes, conditional: !item.attrs.is_empty() })
    }

    fn first(&self) -> &str {
        self.leaves.first().and_then(|leaf| leaf.path.first()).map_or("", String::as_str)
    }

    /// What rustfmt sorts by, near enough; it is run afterwards where the file was clean.
    fn key(&self) -> Option<&Vec<String>> {
        self.leaves.first().map(|leaf| &leaf.path)
    }
}

fn bytes(node: &impl Spanned, shift: usize) -> Range<usize> {
    let range = node.span().byte_range();
    range.start + shift..range.end + shift
}

fn module_at(items: &[Item], at: usize, shift: usize) -> &[Item] {
    let inner = items.iter().find_map(|item| match item {
        Item::Mod(module) if bytes(module, shift).contains(&at) => module.content.as_ref(),
        _ => None,
    });
    match inner {
        Some((_, items)) if !items.is_empty() => module_at(items, at, shift),
        _ => items,
    }
}

/// The name that an item declares.
pub(super) fn item_name(item: &Item) -> Option<&Ident> {
    match item {
        Item::Const(item) => Some(&item.ident),
        Item::Enum(item) => Some(&item.ident),
        Item::ExternCrate(item) => Some(item.rename.as_ref().map_or(&item.ident, |(_, name)| name)),
        Item::Fn(item) => Some(&item.sig.ident),
        Item::Macro(item) => item.ident.as_ref(),
        Item::Mod(item) => Some(&item.ident),
        Item::Static(item) => Some(&item.ident),
        Item::Struct(item) => Some(&item.ident),
        Item::Trait(item) => Some(&item.ident),
        Item::TraitAlias(item) => Some(&item.ident),
        Item::Type(item) => Some(&item.ident),
        Item::Union(item) => Some(&item.ident),
        _ => None,
    }
}

/// The line to insert.
struct Line<'a> {
    path: &'a str,
    newline: &'a str,
}

impl Line<'_> {
    /// Where it goes and what is inserted there.
    fn place(
        &self,
        text: &str,
        ast: &syn::File,
        items: &[Item],
        uses: &[Use],
        wanted: &Leaf,
        shift: usize,
    ) -> (usize, String) {
        let groups = groups(text, uses);
        let same_root = |group: &&[Use]| group.iter().any(|item| item.first() == wanted.path[0]);
        let mixed =
            |group: &&[Use]| group.windows(2).any(|pair| pair[0].first() != pair[1].first());
        if let Some(group) =
            groups.iter().copied().find(same_root).or_else(|| groups.first().copied().filter(mixed))
        {
            let before = group
                .iter()
                .filter(|item| item.key().is_some_and(|key| *key <= wanted.path))
                .max_by_key(|item| item.bytes.start);
            return match before {
                Some(item) => self.after(text, item.bytes.clone()),
                None => self.before(text, group[0].bytes.start, false),
            };
        }
        if let Some(first) = groups.first() {
            return self.before(text, first[0].bytes.start, true);
        }
        match items.iter().find(|item| !matches!(item, Item::ExternCrate(_))) {
            Some(item) => self.before(text, above_comments(text, bytes(item, shift).start), true),
            None => match ast.attrs.last() {
                Some(attr) => self.after(text, bytes(attr, shift)),
                None => (text.len(), format!("use {};{}", self.path, self.newline)),
            },
        }
    }

    fn before(&self, text: &str, at: usize, own_group: bool) -> (usize, String) {
        let indent = indent(text, at);
        let gap = if own_group { self.newline } else { "" };
        (at, format!("use {};{}{gap}{indent}", self.path, self.newline))
    }

    fn after(&self, text: &str, item: Range<usize>) -> (usize, String) {
        let rest = &text[item.end..];
        let line = rest.split_inclusive('\n').next().unwrap_or("");
        let is_alone = line.trim().is_empty() || line.trim_start().starts_with("//");
        if !is_alone {
            return (item.end, format!(" use {};", self.path));
        }
        let indent = indent(text, item.start);
        if line.ends_with('\n') {
            (item.end + line.len(), format!("{indent}use {};{}", self.path, self.newline))
        } else {
            (text.len(), format!("{}{indent}use {};", self.newline, self.path))
        }
    }
}

/// White space between the start of the line and `at`; empty where the line has other text.
fn indent(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    Some(&text[start..at]).filter(|indent| indent.trim().is_empty()).unwrap_or("")
}

/// The start of the comment lines that stand directly above `at`, unless they open the file: what
/// opens a file speaks of the file.
fn above_comments(text: &str, at: usize) -> usize {
    let start = above(text, at, |line| line.starts_with("//") && !line.starts_with("//!"));
    let line = start - indent(text, start).len();
    if text[..line].ends_with('\n') { start } else { at }
}

/// The start of the lines of a kind that stand directly above `at`.
fn above(text: &str, at: usize, is_kind: impl Fn(&str) -> bool) -> usize {
    let mut start = at;
    loop {
        let line = start - indent(text, start).len();
        let Some(above) = text[..line].strip_suffix('\n') else { return start };
        let begin = above.rfind('\n').map_or(0, |newline| newline + 1);
        let comment = above[begin..].trim_start();
        if !is_kind(comment) {
            return start;
        }
        start = begin + (above.len() - begin - comment.len());
    }
}

/// Runs of `use` items with nothing but comments on the lines between them.
fn groups<'u>(text: &str, uses: &'u [Use]) -> Vec<&'u [Use]> {
    uses.chunk_by(|a, b| {
        let lines: Vec<&str> = text[a.bytes.end..b.bytes.start].split('\n').collect();
        let is_comment = |line: &&str| line.trim_start().starts_with("//");
        // The first is the end of the line of `a`, the last the indentation of `b`.
        let between = lines.get(1..lines.len() - 1).unwrap_or(&[]);
        (lines[0].trim().is_empty() || is_comment(&lines[0])) && between.iter().all(is_comment)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn insert(text: &str, at: &str, path: &str) -> Result<String, Import> {
        let ast = syn::parse_file(text).unwrap();
        match import(Path::new("lib.rs"), text, &ast, text.find(at).unwrap(), path) {
            Import::Add(edit) => {
                let mut text = text.to_owned();
                text.replace_range(edit.span.bytes, &edit.text);
                syn::parse_file(&text).unwrap();
                Ok(text)
            }
            other => Err(other),
        }
    }

    #[test]
    fn an_import_joins_the_group_of_its_root_in_order() {
        let text = "use std::fmt;\nuse std::sync::Arc; // shared\n\nuse regex::Regex;\nfn f() {}\n";
        assert_eq!(
            insert(text, "fn f", "std::sync::LazyLock").unwrap(),
            "use std::fmt;\nuse std::sync::Arc; // shared\nuse std::sync::LazyLock;\n\nuse regex::Regex;\nfn f() {}\n"
        );
        assert_eq!(
            insert("use std::fs;\nfn f() {}", "fn f", "std::cell::Cell").unwrap(),
            "use std::cell::Cell;\nuse std::fs;\nfn f() {}"
        );
    }

    #[test]
    fn without_a_group_of_its_root_it_opens_one_above_the_first() {
        let text = "//! Doc.\n\nmod a;\n\nuse regex::Regex;\n\nuse crate::a;\nfn f() {}\n";
        assert_eq!(
            insert(text, "fn f", "std::fmt::Write as _").unwrap(),
            "//! Doc.\n\nmod a;\n\nuse std::fmt::Write as _;\n\nuse regex::Regex;\n\nuse crate::a;\nfn f() {}\n"
        );
    }

    #[test]
    fn without_any_import_it_stands_before_the_first_item_and_its_comments() {
        let text = "#![allow(unused)]\n//! Doc.\n\n// About f.\n/// F.\nfn f() {}\n";
        assert_eq!(
            insert(text, "fn f", "std::fmt::Write as _").unwrap(),
            "#![allow(unused)]\n//! Doc.\n\nuse std::fmt::Write as _;\n\n// About f.\n/// F.\nfn f() {}\n"
        );
        let text = "// Licence\n\nfn f() {}\n";
        assert_eq!(
            insert(text, "fn f", "std::cell::Cell").unwrap(),
            "// Licence\n\nuse std::cell::Cell;\n\nfn f() {}\n"
        );
    }

    #[test]
    fn a_shebang_and_a_byte_order_mark_shift_nothing() {
        for prefix in ["\u{feff}", "#!/usr/bin/env run-cargo-script\n", "#![allow(unused)]\n"] {
            let text = format!("{prefix}use std::fs;\nfn f() {{}}\n");
            assert_eq!(
                insert(&text, "fn f", "std::sync::Arc").unwrap(),
                format!("{prefix}use std::fs;\nuse std::sync::Arc;\nfn f() {{}}\n")
            );
        }
    }

    #[test]
    fn carriage_returns_are_kept() {
        assert_eq!(
            insert("use std::fs;\r\nfn f() {}\r\n", "fn f", "std::sync::Arc").unwrap(),
            "use std::fs;\r\nuse std::sync::Arc;\r\nfn f() {}\r\n"
        );
    }

    #[test]
    fn the_module_around_the_place_receives_it() {
        let text = "use std::sync::Arc;\nmod inner {\n    use super::*;\n\n    fn f() {}\n}\n";
        assert_eq!(
            insert(text, "fn f", "std::sync::Arc").unwrap(),
            "use std::sync::Arc;\nmod inner {\n    use std::sync::Arc;\n\n    use super::*;\n\n    fn f() {}\n}\n"
        );
    }

    #[test]
    fn what_is_there_is_not_added_again() {
        for there in [
            "use std::fmt::Write;",
            "use core::fmt::Write as FmtWrite;",
            "use std::{fmt::{self, Write as _}, fs};",
            "use std::fmt::*;",
        ] {
            let text = format!("{there}\nfn f() {{}}");
            assert_eq!(
                insert(&text, "fn f", "std::fmt::Write as _"),
                Err(Import::Present),
                "{there}"
            );
        }
        assert_eq!(
            insert("use std::fmt;\nfn f() {}", "fn f", "std::fmt::{self}"),
            Err(Import::Present)
        );
    }

    #[test]
    fn a_name_with_another_meaning_is_taken() {
        for other in [
            "use once_cell::sync::Lazy as LazyLock;",
            "struct LazyLock;",
            "#[cfg(x)]\nuse std::sync::LazyLock;",
        ] {
            let text = format!("{other}\nfn f() {{}}");
            assert_eq!(insert(&text, "fn f", "std::sync::LazyLock"), Err(Import::Taken), "{other}");
        }
        let io = "use std::io::Write;\nfn f() {}";
        assert!(insert(io, "fn f", "std::fmt::Write as _").is_ok());
    }
}
