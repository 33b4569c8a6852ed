//! Where the workspace's own `macro_rules!` are called.
//!
//! What such a macro expands to stands at its definition in debug info: the compiler names the
//! call site of other crates' macros only. But the frame's function is known, and the text says
//! which calls in it come to that definition.

use std::ops::Range;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Block, ImplItemFn, ItemFn, Macro, TraitItemFn};

use super::Spot;
use crate::model::callee;
use crate::source::file::SourceFile;
use crate::source::mute::{self, behind_blank};
use crate::source::scan::{behind_word, is_word};
use crate::source::syntax::{Syntax, forget_spans};

/// The macros that a workspace defines, with the calls of those that were asked for.
#[derive(Debug)]
pub(super) struct CallSites<'s> {
    files: &'s [SourceFile],
    definitions: Vec<Definition<'s>>,
    /// For each definition, the calls that lead to it; found when first asked for.
    calls: Vec<Option<Vec<Call>>>,
}

#[derive(Debug)]
struct Definition<'s> {
    file: usize,
    name: &'s str,
    /// Its bytes.
    range: Range<usize>,
}

/// A macro call.
#[derive(Clone, Debug)]
struct Call {
    file: usize,
    /// The function it stands in.
    function: Option<String>,
    /// First bytes of the blocks it stands in, outermost first, and its own.
    starts: Vec<usize>,
    /// Its arguments.
    arguments: String,
}

impl<'s> CallSites<'s> {
    pub(super) fn new(files: &'s [SourceFile]) -> Self {
        let mut definitions = Vec::new();
        for (file, source) in files.iter().enumerate() {
            for (name, range) in mute::macro_definitions(&source.text) {
                definitions.push(Definition { file, name: &source.text[name], range });
            }
        }
        let calls = vec![None; definitions.len()];
        CallSites { files, definitions, calls }
    }

    /// Where the code of a function that stands at a place of a macro's definition comes from: the
    /// call, or the innermost block around all calls of that function that may have made it.
    /// `None` where the place is in no definition, or the text does not tell.
    pub(super) fn of(&mut self, spot: Spot, function: &str) -> Option<Spot> {
        let lines = self.files[spot.file].lines();
        let byte = lines.byte(spot.line as usize, spot.column.max(1) as usize)?;
        let holds = |it: &Definition<'_>| it.file == spot.file && it.range.contains(&byte);
        let definition = self.definitions.iter().position(holds)?;
        if self.calls[definition].is_none() {
            self.calls[definition] = Some(self.leading_to(definition));
        }
        let calls = self.calls[definition].as_deref().unwrap_or_default();
        let mut likely: Vec<&Call> = Vec::new();
        for name in names(function) {
            likely = calls.iter().filter(|call| call.function.as_ref() == Some(&name)).collect();
            if likely.is_empty() {
                // The macro makes the function, or what it is in, by a name that it is given.
                likely = calls.iter().filter(|call| has_word(&call.arguments, &name)).collect();
            }
            if !likely.is_empty() {
                break;
            }
        }
        if likely.is_empty() {
            // A name of the macro's own: only where there is but one call is it known.
            likely =
                calls.iter().filter(|call| call.function.is_none() && calls.len() == 1).collect();
        }
        let (first, rest) = likely.split_first()?;
        let shared = rest.iter().fold(first.starts.len(), |shared, call| {
            let alike = first.starts.iter().zip(&call.starts).take_while(|(a, b)| a == b).count();
            if call.file == first.file { shared.min(alike) } else { 0 }
        });
        let start = first.starts[..shared].last()?;
        let (line, column) = self.files[first.file].lines().position(*start);
        Some(Spot { file: first.file, line: line as u32, column: column as u32 })
    }

    /// The calls outside of definitions that come to a definition, also by way of other macros.
    fn leading_to(&self, definition: usize) -> Vec<Call> {
        let mut leading = vec![self.definitions[definition].name];
        let mut at = 0;
        while at < leading.len() {
            let called = leading[at];
            for by in &self.definitions {
                let body = &self.files[by.file].text[by.range.clone()];
                if !leading.contains(&by.name) && calls(body, called) {
                    leading.push(by.name);
                }
            }
            at += 1;
        }
        let mut found = Vec::new();
        for (file, source) in self.files.iter().enumerate() {
            if !leading.iter().any(|name| calls(&source.text, name)) {
                continue;
            }
            let Ok(syntax) = Syntax::parse(&mute::muted(&source.text)) else { continue };
            let skipped = syntax.skipped();
            let mut finder = Finder {
                file,
                skipped,
                leading: &leading,
                around: Vec::new(),
                function: None,
                found: &mut found,
            };
            finder.visit_file(syntax.file());
            drop(syntax);
            forget_spans();
        }
        found
    }
}

/// Collects the calls of some macros.
struct Finder<'f> {
    file: usize,
    skipped: usize,
    leading: &'f [&'f str],
    /// First bytes of the blocks around.
    around: Vec<usize>,
    function: Option<String>,
    found: &'f mut Vec<Call>,
}

impl Finder<'_> {
    fn in_function(&mut self, name: &syn::Ident, walk: impl FnOnce(&mut Self)) {
        let around = self.function.replace(name.to_string());
        walk(self);
        self.function = around;
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        self.in_function(&item.sig.ident, |this| visit::visit_item_fn(this, item));
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        self.in_function(&item.sig.ident, |this| visit::visit_impl_item_fn(this, item));
    }

    fn visit_trait_item_fn(&mut self, item: &'ast TraitItemFn) {
        self.in_function(&item.sig.ident, |this| visit::visit_trait_item_fn(this, item));
    }

    fn visit_block(&mut self, block: &'ast Block) {
        self.around.push(self.skipped + block.brace_token.span.open().byte_range().start);
        visit::visit_block(self, block);
        self.around.pop();
    }

    fn visit_macro(&mut self, mac: &'ast Macro) {
        let name = mac.path.segments.last().map(|segment| segment.ident.to_string());
        let arguments = mac.tokens.to_string();
        let leads = |leading: &&str| name.as_deref() == Some(leading) || calls(&arguments, leading);
        if self.leading.iter().any(leads) {
            let own = self.skipped + mac.path.span().byte_range().start;
            let starts = self.around.iter().copied().chain([own]).collect();
            let function = self.function.clone();
            self.found.push(Call { file: self.file, function, starts, arguments });
        }
    }
}

/// The names that tell whose code a frame's function is: its own, or that of the function it is a
/// closure in; its type's; those of the functions and modules around, innermost first.
fn names(function: &str) -> Vec<String> {
    let name = callee::of_path(&callee::in_old_style(function));
    // The crate's name tells nothing.
    let path = name.path.split_once("::").map_or(name.path.as_str(), |(_, path)| path);
    let names = path.split("::").filter(|name| !name.starts_with('{'));
    let mut names: Vec<String> = names.map(str::to_owned).collect();
    names.reverse();
    let receiver = name.receiver.split('<').next().unwrap_or_default();
    let receiver = receiver.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next();
    if let Some(receiver) = receiver.filter(|receiver| !receiver.is_empty()) {
        names.insert(names.len().min(1), receiver.to_owned());
    }
    names
}

/// Whether code calls a macro of this name.
fn calls(code: &str, name: &str) -> bool {
    let bytes = code.as_bytes();
    words(code, name).any(|end| {
        let mark = behind_blank(code, end);
        bytes.get(mark) == Some(&b'!') && bytes.get(mark + 1) != Some(&b'=')
    })
}

fn has_word(code: &str, name: &str) -> bool {
    words(code, name).next().is_some()
}

/// Where a word ends in code, each time.
fn words<'c>(code: &'c str, name: &'c str) -> impl Iterator<Item = usize> + 'c {
    let bytes = code.as_bytes();
    code.match_indices(name).filter_map(move |(at, _)| {
        let starts = at.checked_sub(1).is_none_or(|before| !is_word(bytes[before]));
        let end = behind_word(bytes, at);
        (starts && end == at + name.len()).then_some(end)
    })
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::Arc;

    use super::*;
    use crate::source::file::Role;

    /// A macro that grows, one around it and one that makes functions.
    const MACROS: &str = "macro_rules! grow {
    ($out:ident) => { $out.push(1); };
}
macro_rules! twice { ($out:ident) => { grow!($out); grow! { $out } }; }
macro_rules! make { ($name:ident) => { fn $name(out: &mut Vec<u8>) { grow!(out) } }; }
";

    fn source(name: &str, text: &str) -> SourceFile {
        SourceFile::new(PathBuf::from(name), text.to_owned(), Role::Product, Arc::default())
    }

    /// Where the body of `grow` stands in a function, by line and column of the second file.
    fn called(code: &str, function: &str) -> Option<(u32, u32)> {
        let files = [source("src/macros.rs", MACROS), source("src/lib.rs", code)];
        let spot = Spot { file: 0, line: 2, column: 28 };
        let found = CallSites::new(&files).of(spot, function)?;
        assert_eq!(found.file, 1);
        Some((found.line, found.column))
    }

    #[test]
    fn the_only_call_of_the_function() {
        let code = "fn a(out: &mut Vec<u8>) {\n    loop { grow!(out); }\n}\nfn b() { grow!(x) }\n";
        assert_eq!(called(code, "app::a"), Some((2, 12)));
        assert_eq!(called(code, "app::a::{{closure}}"), Some((2, 12)));
        assert_eq!(called(code, "app::b::<u8>"), Some((4, 10)));
        assert_eq!(called(code, "<app::T as app::Tr>::b"), Some((4, 10)));
        assert_eq!(called(code, "app::c"), None);
    }

    #[test]
    fn the_block_around_all_calls_of_the_function() {
        let code =
            "fn a() {\n    for x in y {\n        grow!(x);\n        if x { grow!(x) }\n    }\n}";
        assert_eq!(called(code, "app::a"), Some((2, 16)));
    }

    #[test]
    fn by_way_of_other_macros_and_within_their_arguments() {
        assert_eq!(called("fn a() { f(); twice!(x); }", "app::a"), Some((1, 15)));
        assert_eq!(called("fn a() { assert!(grow!(x) == 1); }", "app::a"), Some((1, 10)));
    }

    #[test]
    fn a_function_that_a_macro_makes() {
        let code = "make!(one);\nmake!(two);\n";
        assert_eq!(called(code, "app::two"), Some((2, 1)));
        assert_eq!(called(code, "app::three"), None);
        assert_eq!(called("make!(one);", "app::renamed"), Some((1, 1)));
        assert_eq!(called(code, "app::two::inner"), Some((2, 1)), "one in it");
        let code = "make!(Tr for Ant);\nmake!(Tr for Bee);\n";
        assert_eq!(called(code, "<app::Bee as app::Tr>::f"), Some((2, 1)), "by its type");
    }

    #[test]
    fn what_two_functions_of_one_name_call_stays() {
        let code = "impl A { fn a() { grow!(x) } }\nimpl B { fn a() { grow!(x) } }\n";
        assert_eq!(called(code, "app::A::a"), None);
    }

    #[test]
    fn a_place_outside_of_definitions_stays() {
        let files = [source("src/lib.rs", "fn a() {}\nmacro_rules! m { () => { 1 } }\n")];
        let mut sites = CallSites::new(&files);
        assert_eq!(sites.of(Spot { file: 0, line: 1, column: 4 }, "app::a"), None);
        assert_eq!(sites.of(Spot { file: 0, line: 2, column: 26 }, "app::a"), None, "not called");
    }
}
