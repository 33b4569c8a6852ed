//! A baseline: findings that are known and accepted, held back by their ids.
//!
//! A line per finding, so that a version control system shows and merges it:
//!
//! ```text
//! # cargo-perf baseline 1
//! recompiled_regex-5f0c1e certain src/lib.rs
//! ```
//!
//! An id is made of the lint, the names around the code and the code without its blanks: it
//! survives reformatting and moved code. The file is for people, and to tell an entry whose code
//! is gone from one whose file was not looked at. Empty lines and comments do not count.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::model::finding::{Confidence, Finding};

const HEADER: &str = "# cargo-perf baseline 1";

/// The findings that are held back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    entries: Vec<Entry>,
}

/// A finding that is held back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// 1-based, in the baseline.
    pub line: usize,
    /// The finding.
    pub id: String,
    /// How well it was backed when it was written down.
    pub confidence: Confidence,
    /// Where it stood then.
    pub file: PathBuf,
}

/// A line that is no entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaselineError {
    /// 1-based.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for BaselineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.line, self.message)
    }
}

impl std::error::Error for BaselineError {}

impl Baseline {
    /// Reads a baseline.
    pub fn parse(text: &str) -> Result<Baseline, BaselineError> {
        // Some editors begin each file with a mark of its encoding.
        let mut lines = text.trim_start_matches('\u{feff}').lines().zip(1..);
        match lines.next() {
            Some((first, _)) if first.trim_end() == HEADER => {}
            first => {
                let found = first.map_or("", |(first, _)| first.trim_end());
                let message = format!("expected `{HEADER}`, found `{}`", clipped(found));
                return Err(BaselineError { line: 1, message });
            }
        }
        let mut entries: Vec<Entry> = Vec::new();
        let mut seen: HashMap<&str, usize> = HashMap::new();
        for (text, line) in lines {
            let text = text.trim();
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let entry = entry(text, line).map_err(|message| BaselineError { line, message })?;
            let id = text.split(' ').next().unwrap_or_default();
            if let Some(first) = seen.insert(id, line) {
                let message = format!("`{id}` stands on line {first} already");
                return Err(BaselineError { line, message });
            }
            entries.push(entry);
        }
        Ok(Baseline { entries })
    }

    /// The baseline that holds back just these findings, as text.
    pub fn write<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> String {
        let mut lines: Vec<String> = findings
            .into_iter()
            .map(|finding| {
                let file = finding.span.file.to_string_lossy().replace('\\', "/");
                let file: String = file.chars().filter(|c| !c.is_control()).collect();
                format!("{} {} {file}\n", finding.id, finding.confidence.word())
            })
            .collect();
        lines.sort_unstable();
        format!("{HEADER}\n{}", lines.concat())
    }

    /// Whether a finding is held back.
    pub fn holds(&self, finding: &Finding) -> bool {
        self.entries.iter().any(|entry| entry.id == finding.id)
    }

    /// The entries that match none of the findings, and that could have.
    ///
    /// `looked_at` tells whether a lint was run over a file, or the file is gone. What only a
    /// profile could show is not missed without one.
    pub fn unmatched(
        &self,
        findings: &[Finding],
        profiled: bool,
        looked_at: impl Fn(&str, &Path) -> bool,
    ) -> Vec<&Entry> {
        let needs_profile = |entry: &Entry| entry.confidence >= Confidence::Hot;
        self.entries
            .iter()
            .filter(|entry| profiled || !needs_profile(entry))
            .filter(|entry| looked_at(entry.lint(), &entry.file))
            .filter(|entry| !findings.iter().any(|finding| finding.id == entry.id))
            .collect()
    }
}

impl Entry {
    /// The lint's name.
    pub fn lint(&self) -> &str {
        self.id.rsplit_once('-').map_or(&self.id, |(lint, _)| lint)
    }
}

fn entry(text: &str, line: usize) -> Result<Entry, String> {
    let mut parts = text.splitn(3, ' ');
    let id = parts.next().unwrap_or_default();
    let (lint, hex) = id.rsplit_once('-').unwrap_or((id, ""));
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':');
    if lint.is_empty() || !lint.chars().all(is_name) || hex.is_empty() || !is_hex(hex) {
        return Err(format!("`{}` is no finding's id, such as `a_lint-0123ab`", clipped(id)));
    }
    let confidence = parts.next().unwrap_or_default();
    let all = [Confidence::Suspected, Confidence::Certain, Confidence::Hot, Confidence::Proved];
    let known = all.into_iter().find(|one| one.word() == confidence);
    let confidence = known.ok_or_else(|| {
        let words = all.map(Confidence::word).join(", ");
        format!("`{}` behind the id is no confidence; there are {words}", clipped(confidence))
    })?;
    let file = parts.next().map(str::trim).filter(|file| !file.is_empty());
    let file = PathBuf::from(file.ok_or("the file is missing behind the confidence")?);
    Ok(Entry { line, id: id.to_owned(), confidence, file })
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Enough of a wrong line to recognise it, without what a terminal would act on.
fn clipped(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(rest: &str) -> String {
        Baseline::parse(&format!("{HEADER}\n\n# why\n{rest}")).unwrap_err().to_string()
    }

    #[test]
    fn a_wrong_line_is_named() {
        assert!(Baseline::parse("").unwrap_err().to_string().starts_with("1: expected"));
        assert!(Baseline::parse("{}").unwrap_err().message.contains("found `{}`"));
        assert!(error("no id").starts_with("4: `no` is no finding's id"));
        assert!(error("a-12 sure src/lib.rs").starts_with("4: `sure` behind the id"));
        assert!(error("a-12 hot").starts_with("4: the file is missing"));
        assert_eq!(error("a-12 hot x.rs\na-12 hot y.rs"), "5: `a-12` stands on line 4 already");
    }

    #[test]
    fn a_mark_of_the_encoding_does_not_count() {
        let text = format!("{HEADER}\na-12 hot x.rs\n");
        let marked = Baseline::parse(&format!("\u{feff}{text}")).unwrap();
        assert_eq!(marked, Baseline::parse(&text).unwrap());
    }

    #[test]
    fn an_entry_is_missed_only_where_it_could_have_been_found() {
        let text = format!("{HEADER}\na-1 certain x y.rs\nb-2 proved x y.rs\nc-3 certain z.rs\n");
        let baseline = Baseline::parse(&text).unwrap();
        let missed = |profiled, file: &'static str| {
            let looked_at = move |lint: &str, path: &Path| lint != "c" && path == Path::new(file);
            let missed = baseline.unmatched(&[], profiled, looked_at);
            missed.into_iter().map(|entry| entry.id.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(missed(true, "x y.rs"), ["a-1", "b-2"]);
        assert_eq!(missed(false, "x y.rs"), ["a-1"]);
        assert_eq!(missed(true, "z.rs"), [""; 0]);
    }
}
