//! Renderers: findings in, bytes out, one file per output; none of them reads or writes a file.

mod alike;
pub mod cut;
pub mod github;
pub mod human;
pub mod inert;
pub mod json;
pub mod markdown;
pub mod place;
pub mod proofs;
pub mod sarif;
pub mod short;
pub mod stat_compare;
pub mod stat_csv;
pub mod stat_json;
pub mod stat_layout;
pub mod stat_markdown;
pub mod stat_text;
pub mod stat_words;
pub mod views;
pub mod words;

use std::io;
use std::path::Path;

use cargo_metadata::Target;

use crate::model::few::FewSamples;
use crate::model::finding::{Confidence, Finding};

/// What a renderer is given.
pub struct Report<'a> {
    /// The findings, in the order they are printed.
    pub findings: &'a [Finding],
    /// The sources they speak of.
    pub files: &'a dyn Files,
    /// Where the workspace lies in its repository: forges name files from the top of that.
    pub below: &'a Path,
    /// What was looked at, and what was held back.
    pub summary: Summary,
}

/// The sources and the cargo targets they belong to.
pub trait Files {
    /// The text of a file, by the path a span names.
    fn text(&self, file: &Path) -> Option<&str>;
    /// The package and target a file belongs to.
    fn owner(&self, file: &Path) -> Option<Owner>;
}

/// The package and target a file belongs to, as cargo's messages name them.
#[derive(Clone, Debug)]
pub struct Owner {
    /// Cargo's package id.
    pub package_id: String,
    /// The target.
    pub target: Target,
}

/// What was looked at, and what was held back.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// Source files looked at.
    pub files: usize,
    /// Files that belong to a target and could not be read or parsed.
    pub unread: usize,
    /// Suspects that are not shown.
    pub suspects: usize,
    /// Findings silenced by a comment.
    pub suppressed: usize,
    /// Findings that the baseline holds back.
    pub accepted: usize,
    /// Whether a profile ranked the findings.
    pub profiled: bool,
    /// The benches it holds.
    pub benches: usize,
    /// Those of them whose shares are rough.
    pub few_samples: Vec<FewSamples>,
    /// Those of them that are whole programs and ran several times, with how often.
    pub repeated: Vec<(String, u64)>,
}

/// How the text for people looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// With colours.
    pub color: bool,
    /// Columns, where known.
    pub width: Option<u16>,
}

/// Renders findings into one output.
pub trait Renderer {
    /// Writes the report.
    fn render(&self, report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()>;
}

impl Report<'_> {
    /// How many findings have this confidence.
    pub fn count(&self, confidence: Confidence) -> usize {
        self.findings.iter().filter(|finding| finding.confidence == confidence).count()
    }
}
