//! What goes together: suggestions are taken in order, whole or not at all, and a file that would
//! no longer parse refuses the one that broke it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::source::{Source, place};
use crate::model::finding::{Edit, Suggestion};

/// Files as they are and as they would be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patch {
    /// Changed files, relative to the root.
    pub changes: Vec<Change>,
    /// Which of the suggestions are in it.
    pub applied: Vec<usize>,
    /// Which are not, and why.
    pub refused: Vec<(usize, Refusal)>,
}

/// A file before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Relative to the root.
    pub file: PathBuf,
    /// Its text now.
    pub before: String,
    /// Its text then.
    pub after: String,
}

/// Why a suggestion is not applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It has no edits.
    NothingToDo,
    /// The file is not one of the workspace.
    OutsideWorkspace(PathBuf),
    /// The file cannot be read.
    Unreadable(PathBuf, String),
    /// The file does not parse as it is.
    NotRust(PathBuf, String),
    /// The place is not in the file any more.
    OutOfDate(PathBuf),
    /// The text belongs to a macro definition and stands for many others.
    MacroDefinition(PathBuf),
    /// A comment would be lost.
    LosesComment(PathBuf, String),
    /// It touches what an earlier one rewrites.
    Overlaps(PathBuf),
    /// The file would not parse afterwards.
    Breaks(PathBuf, String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::NothingToDo => f.write_str("it has no edits"),
            Refusal::OutsideWorkspace(file) => {
                write!(f, "{} is not a file of the workspace", file.display())
            }
            Refusal::Unreadable(file, error) => write!(f, "{}: {error}", file.display()),
            Refusal::NotRust(file, error) => {
                write!(f, "{} does not parse: {error}", file.display())
            }
            Refusal::OutOfDate(file) => write!(f, "{} has changed since", file.display()),
            Refusal::MacroDefinition(file) => {
                write!(f, "the text in {} belongs to a macro definition", file.display())
            }
            Refusal::LosesComment(file, comment) => {
                write!(f, "a comment in {} would be lost: {comment}", file.display())
            }
            Refusal::Overlaps(file) => {
                write!(f, "another rewrite touches the same text of {}", file.display())
            }
            Refusal::Breaks(file, error) => {
                write!(f, "{} would not parse afterwards: {error}", file.display())
            }
        }
    }
}

/// Takes the suggestions in order, each whole or not at all; files are those under `root`.
pub fn merge(root: &Path, suggestions: &[&Suggestion]) -> Patch {
    merge_texts(&|file| std::fs::read_to_string(root.join(file)), suggestions)
}

/// The same, for texts that come from wherever the caller has them.
pub fn merge_texts(
    read: &dyn Fn(&Path) -> io::Result<String>,
    suggestions: &[&Suggestion],
) -> Patch {
    let mut files: BTreeMap<PathBuf, File> = BTreeMap::new();
    let mut patch = Patch::default();
    for (index, suggestion) in suggestions.iter().enumerate() {
        match take(read, &mut files, suggestion) {
            Ok(()) => patch.applied.push(index),
            Err(refusal) => patch.refused.push((index, refusal)),
        }
    }
    patch.changes = files
        .into_iter()
        .filter(|(_, file)| file.after != file.source.text)
        .map(|(path, file)| Change { file: path, before: file.source.text, after: file.after })
        .collect();
    patch
}

/// A file with the edits taken so far.
struct File {
    source: Source,
    edits: Vec<Edit>,
    after: String,
}

fn take(
    read: &dyn Fn(&Path) -> io::Result<String>,
    files: &mut BTreeMap<PathBuf, File>,
    suggestion: &Suggestion,
) -> Result<(), Refusal> {
    if suggestion.edits.is_empty() {
        return Err(Refusal::NothingToDo);
    }
    let mut by_file: BTreeMap<&Path, Vec<&Edit>> = BTreeMap::new();
    for edit in &suggestion.edits {
        by_file.entry(&edit.span.file).or_default().push(edit);
    }
    let mut taken = Vec::new();
    for (path, edits) in by_file {
        let file = match files.entry(path.to_owned()) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let source = Source::read(read, path)?;
                let after = source.text.clone();
                entry.insert(File { source, edits: Vec::new(), after })
            }
        };
        taken.push((path.to_owned(), file.with(path, &edits)?));
    }
    for (path, (edits, after)) in taken {
        if let Some(file) = files.get_mut(&path) {
            (file.edits, file.after) = (edits, after);
        }
    }
    Ok(())
}

impl File {
    /// The edits and the text with these taken in as well.
    fn with(&self, path: &Path, edits: &[&Edit]) -> Result<(Vec<Edit>, String), Refusal> {
        self.source.admits(edits)?;
        let mut all = self.edits.clone();
        for (index, edit) in edits.iter().enumerate() {
            let own = &edits[..index];
            if own.iter().any(|other| crosses(other, edit)) {
                return Err(Refusal::Overlaps(path.to_owned()));
            }
            let edit =
                Edit { span: edit.span.clone(), text: self.source.with_line_ends_of(&edit.text) };
            match self.edits.iter().map(|other| meeting(other, &edit)).max() {
                None | Some(Meeting::Apart) => all.push(edit),
                Some(Meeting::Same) => {}
                Some(Meeting::Clash) => return Err(Refusal::Overlaps(path.to_owned())),
            }
        }
        // Stable: what is inserted at one place stays in the order in which it came.
        all.sort_by_key(|edit| (edit.span.bytes.start, edit.span.bytes.end));
        let after = applied(&self.source.text, &all);
        syn::parse_file(&after).map_err(|error| Refusal::Breaks(path.to_owned(), place(&error)))?;
        Ok((all, after))
    }
}

/// How two edits of different suggestions meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Meeting {
    Apart,
    /// The same wish twice, such as an import.
    Same,
    Clash,
}

fn meeting(a: &Edit, b: &Edit) -> Meeting {
    let is_insertion = a.span.bytes.is_empty();
    if a.span.bytes == b.span.bytes {
        return match (is_insertion, a.text == b.text) {
            // `)` twice may well be meant twice; an import is not.
            (true, true) if is_import(&a.text) => Meeting::Same,
            (true, _) if stands_alone(&a.text) && stands_alone(&b.text) && a.text != b.text => {
                Meeting::Apart
            }
            (false, true) => Meeting::Same,
            _ => Meeting::Clash,
        };
    }
    if crosses(a, b) { Meeting::Clash } else { Meeting::Apart }
}

fn crosses(a: &Edit, b: &Edit) -> bool {
    let (a, b) = (&a.span.bytes, &b.span.bytes);
    a.start < b.end && b.start < a.end
}

fn is_import(text: &str) -> bool {
    syn::parse_str::<syn::File>(text).is_ok_and(|file| {
        !file.items.is_empty() && file.items.iter().all(|item| matches!(item, syn::Item::Use(_)))
    })
}

/// Whole statements or items: others may stand before and after them.
fn stands_alone(text: &str) -> bool {
    use syn::parse::Parser;
    text.trim_end().ends_with([';', '}']) && syn::Block::parse_within.parse_str(text).is_ok()
}

/// The text with the edits, which are in order and apart.
fn applied(text: &str, edits: &[Edit]) -> String {
    let added: usize = edits.iter().map(|edit| edit.text.len()).sum();
    let mut out = String::with_capacity(text.len() + added);
    let mut at = 0;
    for edit in edits {
        out.push_str(&text[at..edit.span.bytes.start]);
        out.push_str(&edit.text);
        at = edit.span.bytes.end;
    }
    out.push_str(&text[at..]);
    out
}
