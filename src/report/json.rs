//! One JSON object per line in cargo's envelope, so that editors, `cargo_metadata` and `rustfix`
//! read it unchanged; what is ours rides along in `message.perf`.

use std::io;

use serde::Serialize;

use super::human::Human;
use super::place::{covered, place};
use super::{Files, Renderer, Report, Style, inert, words};
use crate::model::evidence::Evidence;
use crate::model::finding::{Confidence, Finding, Grade, Proof, Span, Suggestion, Types};

/// Findings as cargo's `compiler-message` lines.
pub struct Json;

/// The version of `message.perf`.
const SCHEMA: u32 = 1;

impl Renderer for Json {
    fn render(&self, report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        for finding in report.findings {
            let line = serde_json::to_string(&message(finding, report.files))?;
            writeln!(out, "{}", inert::json(&line))?;
        }
        Ok(())
    }
}

#[derive(Serialize)]
struct Message<'a> {
    reason: &'static str,
    package_id: String,
    target: Option<cargo_metadata::Target>,
    message: Diagnostic<'a>,
}

#[derive(Serialize)]
struct Diagnostic<'a> {
    #[serde(rename = "$message_type", skip_serializing_if = "Option::is_none")]
    message_type: Option<&'static str>,
    message: String,
    code: Option<Code>,
    level: &'static str,
    spans: Vec<DiagnosticSpan>,
    children: Vec<Diagnostic<'a>>,
    rendered: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    perf: Option<Perf<'a>>,
}

#[derive(Serialize)]
struct Code {
    code: String,
    explanation: Option<String>,
}

#[derive(Serialize)]
struct DiagnosticSpan {
    file_name: String,
    byte_start: usize,
    byte_end: usize,
    line_start: usize,
    line_end: usize,
    column_start: usize,
    column_end: usize,
    is_primary: bool,
    text: Vec<SpanLine>,
    label: Option<String>,
    suggested_replacement: Option<String>,
    suggestion_applicability: Option<&'static str>,
    expansion: Option<()>,
}

#[derive(Serialize)]
struct SpanLine {
    text: String,
    highlight_start: usize,
    highlight_end: usize,
}

/// The part of a message that is ours.
#[derive(Serialize)]
pub struct Perf<'a> {
    schema: u32,
    id: &'a str,
    lint: &'a str,
    confidence: Confidence,
    grade: Option<Grade>,
    types: Types,
    evidence: &'a [Evidence],
    proof: Option<&'a Proof>,
}

/// What rides along in `message.perf`.
pub fn perf(finding: &Finding) -> Perf<'_> {
    Perf {
        schema: SCHEMA,
        id: &finding.id,
        lint: finding.lint,
        confidence: finding.confidence,
        grade: finding.grade(),
        types: finding.types,
        evidence: &finding.evidence,
        proof: finding.proof.as_ref(),
    }
}

fn message<'a>(finding: &'a Finding, files: &'a dyn Files) -> Message<'a> {
    let owner = files.owner(&finding.span.file);
    let label = [finding.label.clone(), words::headline(finding)]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(": ");
    let mut spans = vec![span(files, &finding.span, true, Some(label))];
    for related in &finding.related {
        spans.push(span(files, &related.span, false, Some(related.label.clone())));
    }
    let mut children: Vec<Diagnostic<'a>> =
        finding.evidence.iter().map(|e| child("note", words::evidence(e), Vec::new())).collect();
    children.extend(finding.notes.iter().map(|note| child("note", note.clone(), Vec::new())));
    let mut applicable = false;
    for suggestion in &finding.suggestions {
        let applicability = applicability(finding, suggestion, &mut applicable);
        children.push(suggested(suggestion, files, applicability));
    }
    let human = Human { style: Style::default() };
    Message {
        reason: "compiler-message",
        package_id: owner.as_ref().map(|owner| owner.package_id.clone()).unwrap_or_default(),
        target: owner.map(|owner| owner.target),
        message: Diagnostic {
            message_type: Some("diagnostic"),
            message: finding.message.clone(),
            code: Some(Code { code: finding.code(), explanation: None }),
            level: "warning",
            spans,
            children,
            rendered: Some(human.finding(finding, files) + "\n\n"),
            perf: Some(perf(finding)),
        },
    }
}

/// A rewrite that was proved on this code has earned what a safe one has; and of several only
/// the first may be applied by machine, because rustfix applies all it may.
fn applicability(finding: &Finding, of: &Suggestion, taken: &mut bool) -> &'static str {
    let proved =
        finding.proof.as_ref().map(|proof| proof.verdict == "faster" && proof.tests == "passed");
    match of.grade {
        // What was tried here and did not pay, or broke a test, is nothing to apply unseen.
        Grade::Safe if !*taken && proved != Some(false) => {
            *taken = true;
            "MachineApplicable"
        }
        Grade::Unsafe if !*taken && proved == Some(true) => {
            *taken = true;
            "MachineApplicable"
        }
        Grade::Safe | Grade::Unsafe => "MaybeIncorrect",
        Grade::Display => "HasPlaceholders",
    }
}

fn suggested<'a>(
    suggestion: &Suggestion,
    files: &dyn Files,
    applicability: &'static str,
) -> Diagnostic<'a> {
    let mut text = suggestion.message.clone();
    if let Some(caveat) = &suggestion.caveat {
        text = format!("{text} ({}: {caveat})", words::grade(suggestion.grade));
    }
    if let Some(sketch) = &suggestion.sketch {
        text = format!("{text}\n{sketch}");
    }
    let spans = suggestion
        .edits
        .iter()
        .map(|edit| DiagnosticSpan {
            suggested_replacement: Some(edit.text.clone()),
            suggestion_applicability: Some(applicability),
            ..span(files, &edit.span, true, None)
        })
        .collect();
    child("help", text, spans)
}

fn child<'a>(level: &'static str, message: String, spans: Vec<DiagnosticSpan>) -> Diagnostic<'a> {
    Diagnostic {
        message_type: None,
        message,
        code: None,
        level,
        spans,
        children: Vec::new(),
        rendered: None,
        perf: None,
    }
}

fn span(files: &dyn Files, of: &Span, is_primary: bool, label: Option<String>) -> DiagnosticSpan {
    let text = files.text(&of.file).unwrap_or("");
    let place = place(text, &of.bytes);
    let lines = covered(text, &place)
        .into_iter()
        .map(|line| SpanLine {
            text: line.text.to_owned(),
            highlight_start: line.start,
            highlight_end: line.end,
        })
        .collect();
    DiagnosticSpan {
        file_name: of.file.to_string_lossy().into_owned(),
        byte_start: place.bytes.start,
        byte_end: place.bytes.end,
        line_start: place.line_start,
        line_end: place.line_end,
        column_start: place.column_start,
        column_end: place.column_end,
        is_primary,
        text: lines,
        label: label.filter(|label| !label.is_empty()),
        suggested_replacement: None,
        suggestion_applicability: None,
        expansion: None,
    }
}
