//! What another linter says, brought to the same court: joined with the profile, silenced where it
//! was measured cold, and one finding where a lint of ours speaks of the same place.

use std::ops::Range;
use std::path::PathBuf;

use super::claim::Shape;
use super::id;
use super::registry::Kind;
use super::said::{Lines, Said};
use crate::model::finding::{Suggestion, Types};
use crate::source::{NodeId, SourceFile, Syntax, Tree};

/// What another linter says of a place.
#[derive(Clone, Debug)]
pub struct Foreign {
    /// The lint, with the linter's name in front: `clippy::name`.
    pub lint: &'static str,
    /// The file.
    pub file: PathBuf,
    /// Where in it.
    pub bytes: Range<usize>,
    /// Whether it is to be said where nothing was measured.
    pub shape: Shape,
    /// One sentence.
    pub message: String,
    /// A label at the span.
    pub label: String,
    /// Sentences below the source.
    pub notes: Vec<String>,
    /// Rewrites.
    pub suggestions: Vec<Suggestion>,
    /// Lints of ours that say the same, and more.
    pub yields_to: &'static [&'static str],
}

/// What is said of one file, with the functions around each place.
pub(super) fn of_file(file: &SourceFile, all: &[Foreign]) -> Vec<(&'static str, Said)> {
    let mut here = all
        .iter()
        .filter(|foreign| foreign.file == file.path)
        // A file that was edited meanwhile is not what was spoken of.
        .filter(|foreign| file.text.get(foreign.bytes.clone()).is_some())
        .peekable();
    if here.peek().is_none() {
        return Vec::new();
    }
    let Ok(syntax) = Syntax::parse(&file.text) else { return Vec::new() };
    let tree = Tree::new(&syntax);
    here.map(|foreign| (foreign.lint, said(foreign, file, &tree))).collect()
}

fn said(foreign: &Foreign, file: &SourceFile, tree: &Tree<'_>) -> Said {
    let around = |id: &NodeId| {
        let range = tree.range(*id);
        range.start <= foreign.bytes.start && foreign.bytes.end <= range.end
    };
    // The ids run from the outside to the inside: the last one around the span is the closest.
    let node = tree.ids().filter(around).last().unwrap_or_else(|| tree.root());
    let is_function = |id: &NodeId| Kind::of(tree.node(*id)) == Some(Kind::Function);
    let mut outwards = std::iter::once(node).chain(tree.ancestors(node));
    let function = outwards.find(is_function).unwrap_or_else(|| tree.root());
    let here = lines(file, &foreign.bytes);
    Said {
        lint: foreign.lint.to_owned(),
        fingerprint: id::fingerprint(foreign.lint, file, tree, node),
        bytes: foreign.bytes.clone(),
        regions: vec![here],
        functions: vec![lines(file, &tree.range(function)), here],
        shape: foreign.shape,
        // The compiler knows them.
        types: Types::NotNeeded,
        message: foreign.message.clone(),
        label: foreign.label.clone(),
        related: Vec::new(),
        notes: foreign.notes.clone(),
        suggestions: foreign.suggestions.clone(),
        room: None,
        about: None,
        yields_to: foreign.yields_to.iter().map(|&lint| lint.to_owned()).collect(),
        of_bench: false,
        leaves_no_samples: false,
        refuted_by: None,
        witnesses: Vec::new(),
    }
}

fn lines(file: &SourceFile, bytes: &Range<usize>) -> Lines {
    let at = |byte: usize| {
        let (line, column) = file.lines().position(byte.min(file.text.len()));
        (line as u32, column as u32)
    };
    (at(bytes.start), at(bytes.end))
}
