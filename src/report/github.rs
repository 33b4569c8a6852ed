//! GitHub workflow commands: one annotation per finding, at its lines.

use std::io;

use super::inert::{inert, inert_lines};
use super::place::place;
use super::{Renderer, Report, words};

/// `::warning file=…,line=…::message`.
pub struct Github;

impl Renderer for Github {
    fn render(&self, report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        for finding in report.findings {
            let text = report.files.text(&finding.span.file).unwrap_or("");
            let place = place(text, &finding.span.bytes);
            let mut message = vec![finding.message.clone()];
            message.extend(finding.evidence.iter().map(words::evidence));
            message.extend(
                finding
                    .suggestions
                    .iter()
                    .map(|s| format!("help: {} ({})", s.message, words::grade(s.grade))),
            );
            writeln!(
                out,
                "::warning file={},line={},endLine={},col={},endColumn={},title={}::{}",
                property(&report.below.join(&finding.span.file).to_string_lossy()),
                place.line_start,
                place.line_end,
                place.column_start,
                place.column_end,
                property(&format!("{} ({})", finding.code(), finding.confidence.word())),
                data(&message.join("\n")),
            )?;
        }
        Ok(())
    }
}

/// The value of a property: a runner ends it at a comma or a colon.
fn property(text: &str) -> String {
    data(&inert(text)).replace(':', "%3A").replace(',', "%2C")
}

/// The message: a runner reads one line, and `%` introduces an escape.
fn data(text: &str) -> String {
    inert_lines(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_cannot_end_its_line_or_start_another_command() {
        assert_eq!(data("93 %\n::set-output x"), "93 %25%0A::set-output x");
        assert_eq!(property("a,b:c"), "a%2Cb%3Ac");
    }
}
