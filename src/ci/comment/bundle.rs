//! What a run without a token leaves for one with a token: data, never trusted.
//!
//! A pull request from a fork runs its own code, so whatever it hands over may be forged. The
//! bundle holds measurements and texts only; which pull request they belong to is resolved by
//! asking the forge, sizes are capped here, and every text is escaped where it is printed.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::evidence::Evidence;
use crate::model::finding::Confidence;

/// The version of the format.
pub const SCHEMA: u32 = 1;
/// A larger bundle is refused unread.
pub const LARGEST: usize = 4 << 20;
const MOST_FINDINGS: usize = 500;
const MOST_BENCHES: usize = 5_000;
const MOST_EVIDENCE: usize = 20;
const LONGEST_TEXT: usize = 1_000;
const LONGEST_CODE: usize = 8_000;

/// Measurements and findings of one run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    /// [`SCHEMA`].
    pub schema: u32,
    /// The base that was compared with.
    #[serde(default)]
    pub base: String,
    /// The head that was measured, for people; it is never used to find the pull request.
    #[serde(default)]
    pub head: String,
    /// The machine.
    #[serde(default)]
    pub machine: String,
    /// What the comparison of identical builds said.
    #[serde(default)]
    pub canary: String,
    /// Benches compared.
    #[serde(default)]
    pub benches: Vec<Bench>,
    /// Findings on changed lines.
    #[serde(default)]
    pub findings: Vec<Flagged>,
}

/// What became of a bench.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// Slower, or an exact quantity grew.
    Slower,
    /// Faster, or an exact quantity shrank.
    Faster,
    /// Too noisy to tell.
    Noisy,
    /// Only the head has it.
    Added,
    /// Only the base has it.
    Removed,
    /// No change.
    Same,
}

/// A bench compared, its figures already in words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bench {
    /// Its name.
    pub name: String,
    /// What became of it.
    pub change: Change,
    /// Such as `12.3 µs`.
    #[serde(default)]
    pub before: String,
    /// Such as `10.1 µs`.
    #[serde(default)]
    pub after: String,
    /// Such as `−17.9 % [−18.4, −17.1]`.
    #[serde(default)]
    pub delta: String,
    /// Pairs measured.
    #[serde(default)]
    pub pairs: u32,
    /// Exact quantities that changed, such as `allocs/op 71 → 0`.
    #[serde(default)]
    pub exact: Vec<String>,
    /// Why the verdict is weaker than the numbers look.
    #[serde(default)]
    pub notes: Vec<String>,
}

/// A finding on a changed line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flagged {
    /// The file, relative to the repository's root, with `/`.
    pub path: String,
    /// First line.
    pub first: u64,
    /// Last line.
    pub last: u64,
    /// The lint.
    pub lint: String,
    /// The finding's id.
    pub id: String,
    /// How well it is backed.
    pub confidence: Confidence,
    /// One sentence.
    pub message: String,
    /// What was measured.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    /// Whole lines that would replace those from `first` to `last`.
    #[serde(default)]
    pub replacement: Option<String>,
    /// What the rewrite does, in one line.
    #[serde(default)]
    pub rewrite: Option<String>,
}

/// Why a bundle was refused.
#[derive(Debug)]
pub enum Error {
    /// More bytes than any honest run leaves.
    TooLarge(usize),
    /// Not a bundle.
    Malformed(serde_json::Error),
    /// Of another version.
    Schema(u32),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::TooLarge(size) => write!(f, "{size} bytes; a bundle has at most {LARGEST}"),
            Error::Malformed(error) => write!(f, "not a bundle of cargo perf: {error}"),
            Error::Schema(schema) => {
                write!(f, "a bundle of version {schema}; this is a reader of version {SCHEMA}")
            }
        }
    }
}

impl std::error::Error for Error {}

/// Reads a bundle that may be hostile: afterwards every list and text is within its limit.
pub fn read(bytes: &[u8]) -> Result<Bundle, Error> {
    if bytes.len() > LARGEST {
        return Err(Error::TooLarge(bytes.len()));
    }
    let mut bundle: Bundle = serde_json::from_slice(bytes).map_err(Error::Malformed)?;
    if bundle.schema != SCHEMA {
        return Err(Error::Schema(bundle.schema));
    }
    bundle.benches.truncate(MOST_BENCHES);
    bundle.findings.truncate(MOST_FINDINGS);
    for text in [&mut bundle.base, &mut bundle.head, &mut bundle.machine, &mut bundle.canary] {
        cut(text, LONGEST_TEXT);
    }
    for bench in &mut bundle.benches {
        bench.exact.truncate(MOST_EVIDENCE);
        bench.notes.truncate(MOST_EVIDENCE);
        for text in [&mut bench.name, &mut bench.before, &mut bench.after, &mut bench.delta]
            .into_iter()
            .chain(&mut bench.exact)
            .chain(&mut bench.notes)
        {
            cut(text, LONGEST_TEXT);
        }
    }
    for finding in &mut bundle.findings {
        finding.evidence.truncate(MOST_EVIDENCE);
        let texts = [&mut finding.path, &mut finding.lint, &mut finding.id, &mut finding.message];
        for text in texts
            .into_iter()
            .chain(&mut finding.rewrite)
            .chain(finding.evidence.iter_mut().map(|evidence| &mut evidence.bench))
        {
            cut(text, LONGEST_TEXT);
        }
        // Half a replacement would be a wrong one.
        finding.replacement.take_if(|text| text.len() > LONGEST_CODE);
    }
    Ok(bundle)
}

fn cut(text: &mut String, most: usize) {
    if let Some((at, _)) = text.char_indices().nth(most) {
        text.truncate(at);
        text.push('…');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_lists_are_cut_to_their_limits() {
        let bench = Bench {
            name: "n".repeat(100_000),
            change: Change::Same,
            before: String::new(),
            after: String::new(),
            delta: String::new(),
            pairs: 0,
            exact: vec!["x".into(); 1000],
            notes: vec!["y".repeat(5000)],
        };
        let bundle = Bundle { schema: SCHEMA, benches: vec![bench; 3], ..Bundle::default() };
        let read = read(&serde_json::to_vec(&bundle).unwrap()).unwrap();
        assert_eq!(read.benches[0].name.chars().count(), LONGEST_TEXT + 1);
        assert_eq!(read.benches[0].exact.len(), MOST_EVIDENCE);
        assert_eq!(read.benches[0].notes[0].chars().count(), LONGEST_TEXT + 1);
    }

    #[test]
    fn what_is_no_bundle_is_refused() {
        assert!(matches!(read(b"{\"schema\":1,\"token\":\"x\"}"), Err(Error::Malformed(_))));
        assert!(matches!(read(b"{\"schema\":2}"), Err(Error::Schema(2))));
        assert!(matches!(read(&vec![b' '; LARGEST + 1]), Err(Error::TooLarge(_))));
    }
}
