//! Findings as the page shows them, and the frames they lie in.

use std::path::Path;

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::stacks::Names;
use super::{Page, Source};
use crate::model::evidence::Evidence;
use crate::model::finding::{Confidence, Finding, Grade, Proof, Related, Span, Suggestion, Types};
use crate::report::inert::{inert, inert_lines};

#[derive(Serialize)]
pub(super) struct Shown {
    id: String,
    lint: &'static str,
    confidence: Confidence,
    types: Types,
    message: String,
    label: String,
    place: Place,
    evidence: Vec<Evidence>,
    bound: Option<f64>,
    notes: Vec<String>,
    related: Vec<Beside>,
    way: Vec<Beside>,
    rewrites: Vec<Rewrite>,
    proof: Option<Proof>,
    setting: Option<String>,
}

/// A place in a file; lines and columns from 1.
#[derive(Serialize)]
struct Place {
    /// Index into the page's sources.
    file: Option<usize>,
    path: String,
    line: usize,
    column: usize,
    last: usize,
}

#[derive(Serialize)]
struct Beside {
    place: Place,
    label: String,
}

#[derive(Serialize)]
struct Rewrite {
    message: String,
    grade: Grade,
    /// The change as a unified diff, or the sketch.
    text: String,
    caveat: Option<String>,
}

pub(super) fn shown(finding: &Finding, page: &Page<'_>) -> Shown {
    let beside = |related: &[Related]| {
        let item = |item: &Related| Beside {
            place: place(&item.span, page.sources),
            label: inert(&item.label).into_owned(),
        };
        related.iter().map(item).collect()
    };
    Shown {
        id: finding.id.clone(),
        lint: finding.lint,
        confidence: finding.confidence,
        types: finding.types,
        message: inert(&finding.message).into_owned(),
        label: inert(&finding.label).into_owned(),
        place: place(&finding.span, page.sources),
        evidence: finding.evidence.iter().map(evidence).collect(),
        bound: finding.bound(),
        notes: finding.notes.iter().map(|note| inert_lines(note).into_owned()).collect(),
        related: beside(&finding.related),
        way: beside(&finding.hot_path),
        rewrites: finding.suggestions.iter().map(|s| rewrite(s, page.sources)).collect(),
        proof: finding.proof.clone(),
        setting: finding.setting.clone(),
    }
}

/// Benches are named by whoever wrote the profile.
fn evidence(measured: &Evidence) -> Evidence {
    Evidence { bench: inert(&measured.bench).into_owned(), ..measured.clone() }
}

fn find<'a>(path: &Path, sources: &'a [Source]) -> Option<(usize, &'a Source)> {
    sources.iter().enumerate().find(|(_, source)| source.path == path)
}

fn place(span: &Span, sources: &[Source]) -> Place {
    let path = inert(&span.file.display().to_string()).into_owned();
    let Some((file, source)) = find(&span.file, sources) else {
        return Place { file: None, path, line: 0, column: 0, last: 0 };
    };
    let (line, column) = line_and_column(&source.text, span.bytes.start);
    let (last, _) = line_and_column(&source.text, span.bytes.end.max(span.bytes.start));
    Place { file: Some(file), path, line, column, last }
}

fn line_and_column(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
    (line, before[start..].chars().count() + 1)
}

fn rewrite(suggestion: &Suggestion, sources: &[Source]) -> Rewrite {
    let text = if suggestion.edits.is_empty() {
        suggestion.sketch.clone().unwrap_or_default()
    } else {
        diff(suggestion, sources).unwrap_or_default()
    };
    Rewrite {
        message: inert(&suggestion.message).into_owned(),
        grade: suggestion.grade,
        text: inert_lines(&text).into_owned(),
        caveat: suggestion.caveat.clone(),
    }
}

/// All edits of a suggestion as a unified diff, file by file.
fn diff(suggestion: &Suggestion, sources: &[Source]) -> Option<String> {
    let mut text = String::new();
    let mut files: Vec<&Path> = Vec::new();
    for edit in &suggestion.edits {
        if !files.contains(&edit.span.file.as_path()) {
            files.push(&edit.span.file);
        }
    }
    for file in files {
        let (_, source) = find(file, sources)?;
        let mut edits: Vec<_> =
            suggestion.edits.iter().filter(|edit| edit.span.file == file).collect();
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.bytes.start));
        let mut after = source.text.clone();
        for edit in edits {
            let bytes = edit.span.bytes.clone();
            after.get(bytes.clone())?;
            after.replace_range(bytes, &edit.text);
        }
        let name = file.display().to_string();
        let change = similar::TextDiff::from_lines(&source.text, &after);
        text += &change.unified_diff().context_radius(2).header(&name, &name).to_string();
    }
    Some(text)
}

/// The findings that lie in functions of the profile, by the place of the function's name: where a
/// sample was taken on one of the finding's lines.
pub(super) fn marks(page: &Page<'_>, names: &Names) -> FxHashMap<u32, Vec<usize>> {
    let places: Vec<Place> =
        page.findings.iter().map(|finding| place(&finding.span, page.sources)).collect();
    let mut marks: FxHashMap<u32, Vec<usize>> = FxHashMap::default();
    for line in page.prepared.profile.locations.iter().flat_map(|location| &location.lines) {
        let Some(&Some(file)) = page.files.get(line.function as usize) else { continue };
        for (at, place) in places.iter().enumerate() {
            let number = line.line as usize;
            if place.file == Some(file) && (place.line..=place.last).contains(&number) {
                let at_name = marks.entry(names.of_function[line.function as usize]).or_default();
                if !at_name.contains(&at) {
                    at_name.push(at);
                }
            }
        }
    }
    marks
}
