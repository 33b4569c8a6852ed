//! Comments that silence a lint: `// perf: allow(lint) reason`, on the line or the line above.

use std::ops::Range;

use super::id;
use crate::model::finding::{Confidence, Finding, Span, Types};
use crate::source::SourceFile;
use crate::source::scan::{Limits, scan};
use crate::workspace::nearest;

/// A suppression comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// The lints it names.
    pub lints: Vec<String>,
    /// Why.
    pub reason: String,
    /// The line of the comment.
    pub line: usize,
    /// The line it speaks of: its own, or the next with code.
    pub target: usize,
    /// The bytes of the comment.
    pub bytes: Range<usize>,
    /// The lints that it silenced.
    pub used: Vec<&'static str>,
}

/// The lint that speaks of the comments themselves.
pub const NAME: &str = "suppression";

/// The suppressions of a file.
pub fn suppressions(file: &SourceFile) -> Vec<Suppression> {
    if memchr::memmem::find(file.text.as_bytes(), b"perf:").is_none() {
        return Vec::new();
    }
    let comments = scan(&file.text, Limits::NONE).comments;
    let mut found = Vec::new();
    for bytes in comments {
        let Some((lints, reason)) = parse(&file.text[bytes.clone()]) else { continue };
        let line = file.lines().line(bytes.start);
        let start = file.lines().range(line).map_or(0, |range| range.start);
        let alone = file.text[start..bytes.start].trim().is_empty();
        let target = if alone { next_code_line(file, line) } else { line };
        let used = Vec::new();
        found.push(Suppression { lints, reason, line, target, bytes, used });
    }
    found
}

impl Suppression {
    /// Whether it silences a lint on a line.
    pub fn covers(&self, lint: &str, line: usize) -> bool {
        line == self.target && self.lints.iter().any(|name| name == lint)
    }
}

/// What is wrong with a comment, once the lints have run.
///
/// `known` are all lints there are, `ran` tells which of them did: of the others nobody knows whether they would have spoken.
pub fn review(
    comment: &Suppression,
    file: &SourceFile,
    known: &[&str],
    ran: &dyn Fn(&str) -> bool,
    lint: &'static str,
) -> Vec<(u64, Finding)> {
    let mut found = Vec::new();
    let mut say = |message: String, note: Option<String>| {
        let finding = Finding {
            id: String::new(),
            lint,
            confidence: Confidence::Certain,
            types: Types::NotNeeded,
            span: Span { file: file.path.clone(), bytes: comment.bytes.clone() },
            message,
            label: String::new(),
            evidence: Vec::new(),
            related: Vec::new(),
            hot_path: Vec::new(),
            notes: note.into_iter().collect(),
            suggestions: Vec::new(),
            proof: None,
            setting: None,
        };
        found.push((id::of_text(lint, &file.text[comment.bytes.clone()]), finding));
    };
    if comment.lints.is_empty() {
        say("this comment names no lint".to_owned(), None);
    }
    for name in &comment.lints {
        if !known.contains(&name.as_str()) {
            let help = nearest(name, known.iter().copied())
                .map(|near| format!("a lint is called `{near}`"));
            say(format!("there is no lint `{name}` to be silenced"), help);
        } else if ran(name) && !comment.used.iter().any(|used| used == name) {
            let help = Some("the comment can go".to_owned());
            say(format!("`{name}` has nothing to say here"), help);
        }
    }
    if comment.reason.is_empty() {
        let help = "write it behind the parenthesis: `// perf: allow(lint) reason`";
        say("this suppression gives no reason".to_owned(), Some(help.to_owned()));
    }
    found
}

/// `// perf: allow(a, b) reason`.
fn parse(comment: &str) -> Option<(Vec<String>, String)> {
    let rest = comment.trim_start_matches('/').trim_start().strip_prefix("perf:")?.trim_start();
    let rest = rest.strip_prefix("allow")?.trim_start().strip_prefix('(')?;
    let (names, reason) = rest.split_once(')')?;
    let lints = names.split(',').map(str::trim).filter(|name| !name.is_empty());
    Some((
        lints.map(str::to_owned).collect(),
        reason.trim().trim_start_matches([':', '-']).trim().to_owned(),
    ))
}

/// The first line below that is neither empty nor a comment nor an attribute.
fn next_code_line(file: &SourceFile, line: usize) -> usize {
    let is_code = |&line: &usize| {
        let text =
            file.lines().range(line).and_then(|range| file.text.get(range)).unwrap_or_default();
        let text = text.trim_start();
        !(text.is_empty() || text.starts_with("//") || text.starts_with("#["))
    };
    (line + 1..=file.lines().count()).find(is_code).unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Package, Role};

    fn found(text: &str) -> Vec<Suppression> {
        let file = SourceFile::new(
            "a.rs".into(),
            text.to_owned(),
            Role::Product,
            Package::default().into(),
        );
        suppressions(&file)
    }

    #[test]
    fn a_comment_speaks_of_its_line_or_the_next_line_of_code() {
        let text = "a(); // perf: allow(x) because\n// perf: allow(y, z) why\n// more\n\nb();\n";
        let found = found(text);
        assert!(found[0].covers("x", 1) && !found[0].covers("x", 2));
        assert_eq!(found[0].reason, "because");
        assert!(found[1].covers("z", 5) && found[1].covers("y", 5));
    }

    #[test]
    fn a_missing_reason_is_seen_and_strings_are_no_comments() {
        let text = "let s = \"// perf: allow(x) no\"; // perf: allow(x)\n";
        let found = found(text);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].reason, "");
    }
}
