//! From what is to be checked to what was found.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use crate::cli::build::target_failure;
use crate::cli::profile_source;
use crate::cli::scope::Scope;
use crate::config::Settings;
use crate::exit::Failure;
use crate::facts;
use crate::lint::{self, Entry, Foreign, Outcome};
use crate::model::finding::{Confidence, Finding, Proof};
use crate::model::profile::Profile;
use crate::model::verdict::Verdict;
use crate::proof::prove::Ledger;
use crate::report::views::prepare;
use crate::source::ahead::Texts;
use crate::source::{Heat, SourceFile};
use crate::workspace::{Workspace, below_top, bench_targets, nearest};

/// What is to be checked, and by which profile.
pub(in crate::cli) struct Wanted<'w> {
    /// Names of lints; all if empty.
    pub lints: &'w [String],
    /// Files and folders; the whole workspace if empty.
    pub paths: &'w [PathBuf],
    /// `--from`.
    pub from: &'w str,
    /// Benches or bench targets whose heat counts; all if empty.
    pub benches: &'w [String],
    /// What of them.
    pub scope: Scope,
}

impl<'w> Wanted<'w> {
    /// Whole files on disk.
    pub(in crate::cli) fn all(lints: &'w [String], paths: &'w [PathBuf], from: &'w str) -> Self {
        Wanted { lints, paths, from, benches: &[], scope: Scope::Disk }
    }
}

/// What came of it.
pub(in crate::cli) struct Checked {
    /// The files that were read.
    pub files: Vec<SourceFile>,
    /// How many of them findings may speak of.
    pub looked_at: usize,
    /// Paths that were asked for, in which there is no source.
    pub empty: Vec<PathBuf>,
    /// Where the workspace lies in its repository.
    pub below: PathBuf,
    /// The profile that ranked.
    pub profile: Option<Profile>,
    /// Findings, suspects among them, and files that could not be looked at.
    pub outcome: Outcome,
}

/// Lints a workspace. Runs no code of it.
pub(in crate::cli) fn lint(workspace: &Workspace, wanted: &Wanted<'_>) -> Result<Checked, Failure> {
    lint_with(workspace, wanted, &[], Texts::default())
}

/// The same, with what other linters say, and what was read of the disk already.
pub(super) fn lint_with(
    workspace: &Workspace,
    wanted: &Wanted<'_>,
    foreign: &[Foreign],
    texts: Texts,
) -> Result<Checked, Failure> {
    let lints = chosen(wanted.lints)?;
    let settings = settings(workspace)?;
    let scoped = wanted.scope.read(workspace, wanted.paths, texts)?;
    let files = &scoped.files;
    let mut profile = read_profile(wanted.from, workspace)?;
    keep_benches(profile.as_mut(), wanted.benches, workspace)?;
    let heat = profile.as_ref().map(|profile| Heat::new(profile, workspace.root(), files));
    let facts = facts::gather(workspace);
    let input = lint::Input {
        files,
        heat: heat.as_ref(),
        facts: &facts,
        lints: &lints,
        known: &lint::names(crate::lints::ALL),
        settings: &settings,
        foreign,
    };
    let mut outcome = if scoped.is_whole {
        lint::check_and_keep(&input, &workspace.perf_dir().join("check"))
    } else {
        lint::check(&input)
    };
    drop(heat);
    // What an editor holds may be ahead of the disk.
    if !matches!(wanted.scope, Scope::Buffer(_)) {
        outcome.absent = lint::absent(files, |path| workspace.root().join(path).exists());
    }
    outcome.findings.retain(|finding| scoped.covers(finding, workspace.root()));
    let is_in = |path: &Path| scoped.is_in(path, workspace.root());
    let read = files.iter().map(|file| &file.path);
    let looked_at =
        read.chain(scoped.unread.iter().map(|it| &it.file)).filter(|it| is_in(it)).count();
    outcome.problems.extend_from_slice(&scoped.unread);
    outcome.problems.retain(|problem| is_in(&problem.file));
    outcome.absent.retain(|absent| is_in(&absent.file));
    outcome.suppressed.retain(|path, _| is_in(path));
    weigh_all(&mut outcome.findings, &scoped.files, &Ledger::of(&workspace.perf_dir()));
    let below = below_top(workspace.root());
    Ok(Checked { files: scoped.files, looked_at, empty: scoped.empty, below, profile, outcome })
}

/// Puts the proofs that were kept to the findings they are about.
fn weigh_all(findings: &mut [Finding], files: &[SourceFile], ledger: &Ledger) {
    if ledger.is_empty() {
        return;
    }
    let texts: FxHashMap<&Path, &str> =
        files.iter().map(|file| (&*file.path, &*file.text)).collect();
    for finding in findings {
        let text = texts.get(&*finding.span.file);
        weigh(finding, text.and_then(|text| ledger.proof(finding, text)));
    }
}

/// Puts a proof to its finding: what was measured to be slower when rewritten is a suspect again.
fn weigh(finding: &mut Finding, proof: Option<Proof>) {
    let is_slower = proof.as_ref().is_some_and(|proof| proof.verdict == Verdict::Slower.word());
    if is_slower {
        finding.confidence = Confidence::Suspected;
    }
    finding.proof = proof;
}

pub(super) fn settings(workspace: &Workspace) -> Result<Settings, Failure> {
    let names: Vec<&str> = crate::lints::ALL.iter().map(|entry| entry.lint.name).collect();
    Settings::read(workspace, &names).map_err(|error| {
        let failure = Failure::usage(error.to_string());
        match error.help {
            Some(help) => failure.help(help),
            None => failure,
        }
    })
}

/// The lints of these names, or all.
fn chosen(names: &[String]) -> Result<Vec<&'static Entry>, Failure> {
    if names.is_empty() {
        return Ok(crate::lints::ALL.iter().collect());
    }
    names.iter().map(|name| find_lint(name)).collect()
}

/// A lint by its name.
pub(in crate::cli) fn find_lint(name: &str) -> Result<&'static Entry, Failure> {
    let name = name.strip_prefix("cargo_perf::").unwrap_or(name);
    if let Some(found) = crate::lints::ALL.iter().find(|entry| entry.lint.name == name) {
        return Ok(found);
    }
    let failure = Failure::usage(format!("there is no lint `{name}`"));
    let known = crate::lints::ALL.iter().map(|entry| entry.lint.name);
    Err(match nearest(name, known) {
        Some(nearest) => failure.help(format!("a lint with a similar name exists: `{nearest}`")),
        None => failure.help("`cargo perf lints` lists them"),
    })
}

fn read_profile(from: &str, workspace: &Workspace) -> Result<Option<Profile>, Failure> {
    match from {
        "none" => Ok(None),
        "latest" => {
            let latest = workspace.perf_dir().join("profile.pb.gz");
            if !latest.exists() {
                return Ok(None);
            }
            profile_source::read_named(&latest.display().to_string()).map(Some)
        }
        named => profile_source::read_named(named).map(Some),
    }
}

/// Of the profile, what these benches cost; without one they must at least exist.
fn keep_benches(
    profile: Option<&mut Profile>,
    names: &[String],
    workspace: &Workspace,
) -> Result<(), Failure> {
    match profile {
        _ if names.is_empty() => Ok(()),
        Some(profile) => prepare::keep_benches(profile, names).map_err(|error| {
            Failure::usage(error.to_string()).help("`cargo perf record --bench NAME` records one")
        }),
        None => bench_targets(workspace, names).map(|_| ()).map_err(target_failure),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weighed(verdict: &str) -> Finding {
        let mut finding = Finding::blank("slow-1", "slow", Confidence::Proved, 0..1);
        let proof = Proof {
            verdict: verdict.to_owned(),
            ratio: 1.3,
            low: 1.2,
            high: 1.4,
            pairs: 8,
            unit: "sec/op".to_owned(),
            allocs_before: None,
            allocs_after: None,
            tests: "passed".to_owned(),
        };
        weigh(&mut finding, Some(proof));
        finding
    }

    #[test]
    fn what_was_slower_when_rewritten_is_a_suspect_with_its_proof() {
        let slower = weighed("slower");
        assert_eq!(slower.confidence, Confidence::Suspected);
        assert!(slower.proof.is_some());
        assert_eq!(weighed("faster").confidence, Confidence::Proved);
        assert_eq!(weighed("no change").confidence, Confidence::Proved);
    }
}
