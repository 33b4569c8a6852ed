//! A finding: what a lint says of a span, why it is believed, and the rewrite.

use std::ops::Range;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::evidence::Evidence;

/// How well a finding is backed, weakest first.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// The shape alone; types may be unknown; no heat, or measured cold.
    Suspected,
    /// A shape that is wrong without any measurement.
    Certain,
    /// The span is hot; the claimed cost was not seen separately.
    Hot,
    /// Frames below the span show the cost the lint claims.
    Proved,
}

impl Confidence {
    /// It in a word.
    pub fn word(self) -> &'static str {
        match self {
            Confidence::Suspected => "suspected",
            Confidence::Certain => "certain",
            Confidence::Hot => "hot",
            Confidence::Proved => "proved",
        }
    }
}

/// How far a rewrite may be applied without a person.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// Shows the idea; a person writes it.
    Display,
    /// Behaviour may differ in a way the text names.
    Unsafe,
    /// Same behaviour for every input, compiles on its own.
    Safe,
}

/// Which witness spoke for the types.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Types {
    /// Debug info of a build.
    DebugInfo,
    /// Local inference over the syntax tree.
    Inferred,
    /// The claim does not depend on a type.
    NotNeeded,
    /// Nobody knows.
    #[default]
    Unknown,
}

/// A range of a source file, in bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    /// The file, relative to the workspace root where it lies in it.
    pub file: PathBuf,
    /// Bytes of the file.
    pub bytes: Range<usize>,
}

/// One replacement of text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// What is replaced; empty for an insertion.
    pub span: Span,
    /// By what.
    pub text: String,
}

/// A rewrite: all its edits are applied together or not at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// One line, in the imperative.
    pub message: String,
    /// Grade chosen at the site.
    pub grade: Grade,
    /// The edits; empty where the grade is [`Grade::Display`] and only `sketch` is given.
    pub edits: Vec<Edit>,
    /// Code that shows the idea, for display only.
    pub sketch: Option<String>,
    /// What may differ afterwards, where the grade is not safe.
    pub caveat: Option<String>,
    /// A crate that the package does not depend on yet.
    pub dependency: Option<String>,
}

impl Suggestion {
    /// A rewrite after which everything behaves as before, whatever the input.
    pub fn safe(message: impl Into<String>, edits: Vec<Edit>) -> Self {
        Suggestion {
            message: message.into(),
            grade: Grade::Safe,
            edits,
            sketch: None,
            caveat: None,
            dependency: None,
        }
    }

    /// A rewrite after which something may differ.
    pub fn with_caveat(
        message: impl Into<String>,
        edits: Vec<Edit>,
        caveat: impl Into<String>,
    ) -> Self {
        let caveat = Some(caveat.into());
        Suggestion { grade: Grade::Unsafe, caveat, ..Suggestion::safe(message, edits) }
    }

    /// An idea that a person writes.
    pub fn shown(message: impl Into<String>, sketch: impl Into<String>) -> Self {
        let sketch = Some(sketch.into());
        Suggestion { grade: Grade::Display, sketch, ..Suggestion::safe(message, Vec::new()) }
    }

    /// The same, of which the package needs a further dependency.
    #[must_use]
    pub fn needing(mut self, dependency: Option<&str>) -> Self {
        self.dependency = dependency.map(str::to_owned);
        self
    }
}

/// A second place that belongs to a finding, such as the holder of a lock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Related {
    /// The place.
    pub span: Span,
    /// Why it is shown.
    pub label: String,
}

/// What a lint says of a span.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Survives edits elsewhere in the file; `LINT-HEX`.
    pub id: String,
    /// The lint's name.
    pub lint: &'static str,
    /// How well it is backed.
    pub confidence: Confidence,
    /// Which witness spoke for the types.
    pub types: Types,
    /// The span it speaks of.
    pub span: Span,
    /// One sentence without a full stop.
    pub message: String,
    /// A label at the span itself.
    pub label: String,
    /// Measured cost, per bench, costliest first. Empty where nothing was measured.
    pub evidence: Vec<Evidence>,
    /// Further places.
    pub related: Vec<Related>,
    /// The costliest way into the span, outermost call first; empty where nothing was measured.
    pub hot_path: Vec<Related>,
    /// Sentences below the source.
    pub notes: Vec<String>,
    /// The rewrite; further entries are alternatives for display only.
    pub suggestions: Vec<Suggestion>,
    /// What `fix --prove` found.
    pub proof: Option<Proof>,
    /// The setting that made it speak, where not the default.
    pub setting: Option<String>,
}

/// What came of measuring a rewrite. The field names are those of the JSON contract.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proof {
    /// `faster`, `slower`, `no change` or `too noisy`.
    pub verdict: String,
    /// After over before.
    pub ratio: f64,
    /// Lower end of its interval.
    pub low: f64,
    /// Upper end of its interval.
    pub high: f64,
    /// Pairs of processes measured.
    pub pairs: u32,
    /// What was compared, such as `sec/op`.
    pub unit: String,
    /// Allocations per iteration before.
    pub allocs_before: Option<f64>,
    /// And after.
    pub allocs_after: Option<f64>,
    /// `passed`, or why not.
    pub tests: String,
}

impl Finding {
    /// The lint as tools name it: ours below `cargo_perf`, others as they call themselves.
    pub fn code(&self) -> String {
        if self.is_ours() { format!("cargo_perf::{}", self.lint) } else { self.lint.to_owned() }
    }

    /// Whether a lint of ours speaks, and not another linter's.
    pub fn is_ours(&self) -> bool {
        !self.lint.contains("::")
    }

    /// The strongest grade offered.
    pub fn grade(&self) -> Option<Grade> {
        self.suggestions.iter().map(|suggestion| suggestion.grade).max()
    }

    /// The largest bound over its benches.
    pub fn bound(&self) -> Option<f64> {
        self.evidence.iter().filter_map(|e| e.bound).max_by(f64::total_cmp)
    }
}

#[cfg(test)]
impl Finding {
    /// A finding that says nothing yet, for tests to fill in what they are about.
    pub fn blank(
        id: &str,
        lint: &'static str,
        confidence: Confidence,
        bytes: Range<usize>,
    ) -> Self {
        Finding {
            id: id.to_owned(),
            lint,
            confidence,
            types: Types::NotNeeded,
            span: Span { file: "src/lib.rs".into(), bytes },
            message: String::new(),
            label: String::new(),
            evidence: Vec::new(),
            related: Vec::new(),
            hot_path: Vec::new(),
            notes: Vec::new(),
            suggestions: Vec::new(),
            proof: None,
            setting: None,
        }
    }
}
