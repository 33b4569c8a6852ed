//! What the workspace adds to a profile: its sources and the findings in them.

use std::path::{Path, PathBuf};

use crate::cli::build::load_workspace_to_read;
use crate::cli::check::{self, Wanted};
use crate::cli::{Context, profile_source};
use crate::exit::Failure;
use crate::model::finding::{Confidence, Finding};
use crate::model::profile::Profile;
use crate::report::views::list::{Remark, Remarks};
use crate::report::views::page::Source;
use crate::source::paths;

/// The workspace, or without one the current directory.
pub(super) struct Project {
    pub(super) root: PathBuf,
    pub(super) perf_dir: Option<PathBuf>,
    pub(super) sources: Vec<Source>,
    pub(super) findings: Vec<Finding>,
    /// A file could not be looked at.
    pub(super) failed: bool,
}

impl Project {
    /// Lints the workspace by the profile `from`; `all` keeps the suspects.
    pub(super) fn of(from: &str, all: bool, context: &mut Context<'_>) -> Result<Self, Failure> {
        let Ok(workspace) = load_workspace_to_read(context) else {
            return Ok(Project {
                root: profile_source::source_root(context)?,
                perf_dir: None,
                sources: Vec::new(),
                findings: Vec::new(),
                failed: false,
            });
        };
        let checked = check::lint(&workspace, &Wanted::all(&[], &[], from))?;
        let failed = check::report_problems(&checked.outcome, context);
        let is_shown = |finding: &Finding| all || finding.confidence != Confidence::Suspected;
        let sources = checked
            .files
            .iter()
            .map(|file| Source { path: file.path.clone(), text: file.text.clone() })
            .collect();
        Ok(Project {
            root: workspace.root().to_owned(),
            perf_dir: Some(workspace.perf_dir()),
            sources,
            findings: checked.outcome.findings.into_iter().filter(is_shown).collect(),
            failed,
        })
    }

    /// For each function of a profile, its file among the sources.
    pub(super) fn files(&self, profile: &Profile) -> Vec<Option<usize>> {
        let recorded: Vec<&str> =
            profile.functions.iter().map(|function| function.filename.as_str()).collect();
        let names: Vec<PathBuf> = self.sources.iter().map(|source| source.path.clone()).collect();
        paths::matched(&self.root, &names, &recorded)
    }

    /// The findings by the lines they begin on, under the names that the profile has for files.
    pub(super) fn remarks(&self, profile: &Profile) -> Remarks {
        let mut remarks = Remarks::new();
        for (function, file) in profile.functions.iter().zip(self.files(profile)) {
            let Some(source) = file.and_then(|file| self.sources.get(file)) else { continue };
            if remarks.contains_key(&function.filename) {
                continue;
            }
            let of_file = remarks.entry(function.filename.clone()).or_default();
            for finding in self.findings.iter().filter(|finding| finding.span.file == source.path) {
                let line = line_of(&source.text, finding.span.bytes.start);
                of_file.entry(line).or_default().push(remark(finding));
            }
        }
        remarks
    }

    pub(super) fn default_output(&self, name: &str) -> Result<PathBuf, Failure> {
        let Some(dir) = &self.perf_dir else {
            return Err(Failure::usage("no file to write the report to")
                .help("name one with `--output FILE`, or redirect the output"));
        };
        std::fs::create_dir_all(dir)
            .map_err(|error| Failure::environment(format!("{}: {error}", dir.display())))?;
        Ok(dir.join(Path::new(name)))
    }
}

fn remark(finding: &Finding) -> Remark {
    let sure = finding.confidence.word();
    let bound = finding.bound().map(|bound| format!(", at most {bound:.2}× faster"));
    let title = format!("{} ({sure}{})", finding.id, bound.unwrap_or_default());
    Remark { title, message: finding.message.clone() }
}

fn line_of(text: &str, byte: usize) -> u32 {
    let before = text.as_bytes().get(..byte).unwrap_or(text.as_bytes());
    let breaks = before.iter().filter(|&&byte| byte == b'\n').count();
    u32::try_from(breaks + 1).unwrap_or(u32::MAX)
}
