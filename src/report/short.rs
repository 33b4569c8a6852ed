//! One line per finding: `file:line:column: warning[lint]: message (confidence, figure)`.

use std::io;

use super::human::summary;
use super::inert::{commandless, inert};
use super::place::place;
use super::{Renderer, Report, words};

/// One line per finding, then the summary.
pub struct Short;

impl Renderer for Short {
    fn render(&self, report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        for finding in report.findings {
            let text = report.files.text(&finding.span.file).unwrap_or("");
            let place = place(text, &finding.span.bytes);
            let headline = words::headline(finding);
            let headline =
                if headline.is_empty() { headline } else { format!(", {}", inert(&headline)) };
            let line = format!(
                "{}:{}:{}: warning[{}]: {} ({}{headline}) [{}]",
                inert(&finding.span.file.to_string_lossy()),
                place.line_start,
                place.column_start,
                finding.code(),
                inert(&finding.message),
                finding.confidence.word(),
                finding.id,
            );
            writeln!(out, "{}", commandless(&line))?;
        }
        for line in summary(report) {
            writeln!(out, "{line}")?;
        }
        Ok(())
    }
}
