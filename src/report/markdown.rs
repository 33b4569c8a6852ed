//! Markdown for a step summary or a comment: a table of the findings, then each in full, folded.

use std::io;

use super::human::summary;
use super::inert::{forge_html, inert, markdown, markdown_block, markdown_code};
use super::place::{covered, place};
use super::{Renderer, Report, words};

/// A table, then each finding in full.
pub struct Markdown;

impl Renderer for Markdown {
    fn render(&self, report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        if !report.findings.is_empty() {
            writeln!(out, "| where | finding | cost | confidence |")?;
            writeln!(out, "| --- | --- | --- | --- |")?;
        }
        for finding in report.findings {
            let text = report.files.text(&finding.span.file).unwrap_or("");
            let line = place(text, &finding.span.bytes).line_start;
            let file = inert(&finding.span.file.to_string_lossy()).into_owned();
            writeln!(
                out,
                "| {} | {}: {} | {} | {} |",
                markdown_code(&format!("{file}:{line}")),
                markdown_code(finding.lint),
                markdown(&finding.message),
                markdown(&words::headline(finding)),
                finding.confidence.word(),
            )?;
        }
        for finding in report.findings {
            let text = report.files.text(&finding.span.file).unwrap_or("");
            let place = place(text, &finding.span.bytes);
            let source: Vec<&str> =
                covered(text, &place).into_iter().map(|line| line.text).collect();
            writeln!(
                out,
                "\n<details><summary>{} ({})</summary>\n",
                forge_html(&finding.message),
                forge_html(&finding.id),
            )?;
            writeln!(out, "{}\n", markdown_block("rust", &source.join("\n")))?;
            for evidence in &finding.evidence {
                writeln!(out, "- {}", markdown(&words::evidence(evidence)))?;
            }
            for note in &finding.notes {
                writeln!(out, "- {}", markdown(note))?;
            }
            for suggestion in &finding.suggestions {
                let grade = words::grade(suggestion.grade);
                writeln!(out, "- {} ({grade})", markdown(&suggestion.message))?;
            }
            writeln!(out, "\n</details>")?;
        }
        for line in summary(report) {
            writeln!(out, "\n{}", markdown(&line))?;
        }
        Ok(())
    }
}
