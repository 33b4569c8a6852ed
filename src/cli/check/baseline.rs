//! `--baseline` and `--write-baseline`: findings that are known and accepted.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::Context;
use crate::exit::Failure;
use crate::lint::Baseline;
use crate::model::finding::Finding;
use crate::workspace;

/// A baseline and the file it stands in.
pub(super) struct Known {
    path: PathBuf,
    baseline: Baseline,
}

impl Known {
    /// Reads a baseline.
    pub(super) fn read(path: &Path) -> Result<Known, Failure> {
        let shown = path.display();
        let text = fs::read_to_string(path).map_err(|error| {
            Failure::usage(format!("{shown}: {error}"))
                .help(format!("`cargo perf check --write-baseline {shown}` writes one"))
        })?;
        let baseline = Baseline::parse(&text).map_err(|error| {
            Failure::usage(format!("{shown}:{error}"))
                .help(format!("`cargo perf check --write-baseline {shown}` writes it anew"))
        })?;
        Ok(Known { path: path.to_owned(), baseline })
    }

    /// Whether a finding is held back.
    pub(super) fn holds(&self, finding: &Finding) -> bool {
        self.baseline.holds(finding)
    }

    /// Says which entries match nothing any more.
    pub(super) fn mention_unmatched(
        &self,
        findings: &[Finding],
        profiled: bool,
        looked_at: impl Fn(&str, &Path) -> bool,
        context: &mut Context<'_>,
    ) {
        let path = self.path.display();
        for entry in self.baseline.unmatched(findings, profiled, looked_at) {
            let (line, id, file) = (entry.line, &entry.id, entry.file.display());
            context.warn(&format!("{path}:{line}: `{id}` in {file} is found no more; drop it"));
        }
    }
}

/// Writes a baseline that holds back these findings.
pub(super) fn write<'f>(
    path: &Path,
    findings: impl IntoIterator<Item = &'f Finding>,
) -> Result<(), Failure> {
    let text = Baseline::write(findings);
    workspace::replace(path, |out| out.write_all(text.as_bytes()))
        .map_err(|(path, error)| Failure::environment(format!("{}: {error}", path.display())))
}
