//! SARIF 2.1.0: end positions, fixes, fingerprints, rank, the hot path as a code flow, rule help.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use serde_json::{Value, json};

use super::inert::inert_lines;
use super::json::perf;
use super::place::place;
use super::{Files, Renderer, Report, words};
use crate::model::finding::{Confidence, Finding, Grade, Span, Suggestion};

/// A lint as a SARIF rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The lint's name.
    pub name: &'static str,
    /// One line.
    pub summary: &'static str,
    /// Its own text, in Markdown.
    pub text: String,
}

/// One SARIF log with one run.
pub struct Sarif<'a> {
    /// All lints.
    pub rules: &'a [Rule],
}

impl Renderer for Sarif<'_> {
    fn render(&self, report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let spoken: BTreeSet<&str> = report.findings.iter().map(|finding| finding.lint).collect();
        let rules: Vec<&Rule> = self.rules.iter().filter(|r| spoken.contains(r.name)).collect();
        let results: Vec<Value> = report
            .findings
            .iter()
            .map(|finding| {
                let index = rules.iter().position(|rule| rule.name == finding.lint);
                result(finding, index, report)
            })
            .collect();
        let rules: Vec<Value> = rules.into_iter().map(rule).collect();
        let log = json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": {"driver": {
                    "name": "cargo-perf",
                    "version": env!("CARGO_PKG_VERSION"),
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "rules": rules,
                }},
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {"SRCROOT": {"description": {"text": "the top of the repository"}}},
                "results": results,
            }],
        });
        out.write_all(super::inert::json(&serde_json::to_string_pretty(&log)?).as_bytes())?;
        out.write_all(b"\n")
    }
}

fn rule(rule: &Rule) -> Value {
    json!({
        "id": format!("cargo_perf::{}", rule.name),
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.summary},
        "help": {"text": rule.text, "markdown": rule.text},
        "defaultConfiguration": {"level": "warning"},
        "properties": {"tags": ["performance"], "precision": "high"},
    })
}

fn result(finding: &Finding, rule: Option<usize>, report: &Report<'_>) -> Value {
    let mut text = vec![finding.message.clone()];
    text.extend(finding.evidence.iter().map(words::evidence));
    let mut result = json!({
        "ruleId": finding.code(),
        "level": if finding.confidence >= Confidence::Hot { "warning" } else { "note" },
        "message": {"text": plain(&text.join("\n"))},
        "locations": [location(&finding.span, None, report)],
        "partialFingerprints": {"cargoPerfId/v1": finding.id},
        "rank": rank(finding),
        "properties": {"perf": perf(finding)},
    });
    if let Some(index) = rule {
        result["ruleIndex"] = json!(index);
    }
    if !finding.related.is_empty() {
        result["relatedLocations"] = finding
            .related
            .iter()
            .map(|related| location(&related.span, Some(&related.label), report))
            .collect();
    }
    if !finding.hot_path.is_empty() {
        let steps: Vec<Value> = finding
            .hot_path
            .iter()
            .map(|step| json!({"location": location(&step.span, Some(&step.label), report)}))
            .collect();
        result["codeFlows"] = json!([{"threadFlows": [{"locations": steps}]}]);
    }
    let fixes: Vec<Value> = finding
        .suggestions
        .iter()
        .filter(|suggestion| suggestion.grade != Grade::Display && !suggestion.edits.is_empty())
        .map(|suggestion| fix(suggestion, report))
        .collect();
    if !fixes.is_empty() {
        result["fixes"] = json!(fixes);
    }
    result
}

/// 0 to 100: the share of the costliest bench that is at stake, above what was not measured.
fn rank(finding: &Finding) -> f64 {
    let share = finding
        .evidence
        .iter()
        .flat_map(|evidence| [evidence.cpu_share, evidence.lock_wait_share])
        .flatten()
        .fold(0.0_f64, f64::max);
    match finding.confidence {
        Confidence::Suspected => 0.0,
        Confidence::Certain => 1.0,
        Confidence::Hot | Confidence::Proved => {
            ((share * 10_000.0).round() / 100.0).clamp(1.0, 100.0)
        }
    }
}

fn location(span: &Span, message: Option<&str>, report: &Report<'_>) -> Value {
    let mut location = json!({"physicalLocation": {
        "artifactLocation": artifact(&span.file, report),
        "region": region(span, report.files),
    }});
    if let Some(message) = message {
        location["message"] = json!({"text": plain(message)});
    }
    location
}

fn fix(suggestion: &Suggestion, report: &Report<'_>) -> Value {
    let mut changed: Vec<&Path> = Vec::new();
    for edit in &suggestion.edits {
        if !changed.contains(&edit.span.file.as_path()) {
            changed.push(&edit.span.file);
        }
    }
    let changes: Vec<Value> = changed
        .into_iter()
        .map(|file| {
            let replacements: Vec<Value> = suggestion
                .edits
                .iter()
                .filter(|edit| edit.span.file == file)
                .map(|edit| {
                    json!({
                        "deletedRegion": region(&edit.span, report.files),
                        "insertedContent": {"text": edit.text},
                    })
                })
                .collect();
            json!({"artifactLocation": artifact(file, report), "replacements": replacements})
        })
        .collect();
    json!({"description": {"text": plain(&suggestion.message)}, "artifactChanges": changes})
}

fn region(span: &Span, files: &dyn Files) -> Value {
    let place = place(files.text(&span.file).unwrap_or(""), &span.bytes);
    json!({
        "startLine": place.line_start,
        "startColumn": place.column_start,
        "endLine": place.line_end,
        "endColumn": place.column_end,
    })
}

fn artifact(file: &Path, report: &Report<'_>) -> Value {
    json!({"uri": uri(&report.below.join(file)), "uriBaseId": "SRCROOT"})
}

/// A text of a message, where a viewer takes `[a](b)` for a link unless its brackets are escaped.
fn plain(text: &str) -> String {
    let text = inert_lines(text);
    match text.contains("](") {
        true => text.replace('\\', r"\\").replace('[', r"\[").replace(']', r"\]"),
        false => text.into_owned(),
    }
}

/// A relative reference as RFC 3986 wants it: `/` between the parts, the rest percent-encoded.
fn uri(file: &Path) -> String {
    let mut uri = String::new();
    for part in file.iter() {
        if !uri.is_empty() && !uri.ends_with('/') {
            uri.push('/');
        }
        for &byte in part.to_string_lossy().as_bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
                uri.push(char::from(byte));
            } else {
                uri.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_a_relative_reference() {
        assert_eq!(uri(Path::new("src/a b/ü#.rs")), "src/a%20b/%C3%BC%23.rs");
    }

    #[test]
    fn a_text_is_no_link() {
        assert_eq!(plain("`&[u8]`"), "`&[u8]`");
        assert_eq!(plain("[a](http://b)\u{1b}"), r"\[a\](http://b)\\u{1b}");
    }
}
