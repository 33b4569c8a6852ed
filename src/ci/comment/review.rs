//! Beside the comment: comments at the lines of findings, and a check run with annotations.

use super::body;
use super::bundle::{Bundle, Change, Flagged};
use crate::ci::forge::{Annotation, CheckRun, Conclusion, Error, Forge, LineComment, PullRequest};
use crate::report::inert::{inert, inert_lines};
use crate::report::words;

/// Comments at lines written in one run; the comment itself lists the rest.
const MOST_LINE_COMMENTS: usize = 20;
/// Longer spans are no lines that anybody changed as one.
const LONGEST_SPAN: u64 = 200;
/// What GitHub takes of an annotation.
const LONGEST_TITLE: usize = 255;
const LONGEST_MESSAGE: usize = 4_000;

/// Comments at lines that the pull request shows, each finding once in its life. Returns how many
/// were written.
pub fn review(forge: &dyn Forge, pull: &PullRequest, findings: &[Flagged]) -> Result<usize, Error> {
    if findings.is_empty() {
        return Ok(0);
    }
    let shown = forge.changed_lines(pull.number)?;
    let author = forge.author()?;
    let standing = forge.line_comments(pull.number)?;
    let stands = |finding: &Flagged| {
        let marker = body::line_marker(&finding.id);
        standing.iter().any(|comment| {
            comment.author.eq_ignore_ascii_case(&author) && comment.body.contains(&marker)
        })
    };
    let is_shown = |finding: &Flagged| {
        finding.first <= finding.last
            && finding.last - finding.first <= LONGEST_SPAN
            && shown.iter().any(|(file, lines)| {
                *file == finding.path
                    && (finding.first..=finding.last).all(|line| lines.contains(&line))
            })
    };
    let comments: Vec<LineComment> = findings
        .iter()
        .filter(|finding| is_shown(finding) && !stands(finding))
        .take(MOST_LINE_COMMENTS)
        .map(|finding| LineComment {
            path: finding.path.clone(),
            first: finding.first,
            last: finding.last,
            body: body::line_body(finding, &forge.suggestion(finding.last - finding.first + 1)),
        })
        .collect();
    if !comments.is_empty() {
        forge.review(pull, &comments)?;
    }
    Ok(comments.len())
}

/// A check run at the head of the pull request: the comment as its summary, the findings as
/// annotations.
pub fn check_run(
    forge: &dyn Forge,
    pull: &PullRequest,
    id: &str,
    bundle: &Bundle,
    summary: &str,
) -> Result<(), Error> {
    let slower = bundle.benches.iter().any(|bench| bench.change == Change::Slower);
    let conclusion = match (slower, bundle.findings.is_empty()) {
        (true, _) => Conclusion::Failure,
        (false, false) => Conclusion::Neutral,
        (false, true) => Conclusion::Success,
    };
    let name = if id == "default" { "cargo perf".into() } else { format!("cargo perf ({id})") };
    let findings = bundle.findings.iter().filter(|finding| has_place(finding));
    let annotations: Vec<Annotation> = findings.map(annotation).collect();
    let run = CheckRun {
        name: &inert(&name),
        conclusion,
        title: &body::verdict(bundle),
        summary,
        annotations: &annotations,
    };
    forge.check_run(&pull.head, &run)
}

/// A forge refuses all annotations for one at a place that no file has.
fn has_place(finding: &Flagged) -> bool {
    let lines = 1..=u64::from(u32::MAX / 2);
    !finding.path.is_empty()
        && finding.first <= finding.last
        && lines.contains(&finding.first)
        && lines.contains(&finding.last)
}

fn annotation(finding: &Flagged) -> Annotation {
    let title = format!("{} ({})", finding.lint, finding.confidence.word());
    let mut message = vec![finding.message.clone()];
    message.extend(finding.evidence.iter().map(words::evidence));
    message.extend(finding.rewrite.iter().map(|rewrite| format!("help: {rewrite}")));
    let cut = |text: &str, most: usize| text.chars().take(most).collect::<String>();
    Annotation {
        path: inert(&finding.path).into_owned(),
        first: finding.first,
        last: finding.last,
        title: cut(&inert(&title), LONGEST_TITLE),
        message: cut(&inert_lines(&message.join("\n")), LONGEST_MESSAGE),
    }
}
