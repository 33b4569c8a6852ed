//! Rewrites as text: what is merged, what is refused, and what a patch looks like to git.

mod merging;
mod patches;
mod properties;
mod rustfmt;

use std::ops::Range;
use std::path::Path;

use cargo_perf::model::finding::{Edit, Grade, Span, Suggestion};
use cargo_perf::rewrite::{Change, Patch, merge};

/// A suggestion that replaces ranges of `file`.
fn suggestion(file: &str, edits: &[(Range<usize>, &str)]) -> Suggestion {
    let edits = edits
        .iter()
        .map(|(bytes, text)| Edit {
            span: Span { file: file.into(), bytes: bytes.clone() },
            text: (*text).to_owned(),
        })
        .collect();
    Suggestion {
        message: "rewrite it".to_owned(),
        grade: Grade::Safe,
        edits,
        sketch: None,
        caveat: None,
        dependency: None,
    }
}

/// Where `needle` stands in `text`.
fn of(text: &str, needle: &str) -> Range<usize> {
    let start = text.find(needle).unwrap();
    start..start + needle.len()
}

/// Merges suggestions for a folder with the one file `lib.rs`.
fn merged(text: &str, suggestions: &[Suggestion]) -> Patch {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("lib.rs"), text).unwrap();
    merge(dir.path(), &suggestions.iter().collect::<Vec<_>>())
}

fn change(file: &str, before: &str, after: &str) -> Change {
    Change { file: Path::new(file).to_owned(), before: before.to_owned(), after: after.to_owned() }
}
