//! The driver: all files on all processors, first what they declare, then what is wrong with them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread;

use crate::config::Settings;
use crate::facts::Facts;
use crate::model::finding::Finding;
use crate::source::each::each;
use crate::source::infer::Index;
use crate::source::{Heat, SourceFile};

use super::absent::Absent;
use super::dispatch::Dispatch;
use super::foreign::Foreign;
use super::id::Ids;
use super::judge::{FileOutcome, is_measured, judge_file};
use super::kept::Kept;
use super::known::Known;
use super::registry::Entry;
use super::stray;
use super::walk::hear;

/// What a check found.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The findings, best backed and costliest first; suspects too, last.
    pub findings: Vec<Finding>,
    /// How many findings comments silenced, by file.
    pub suppressed: BTreeMap<PathBuf, usize>,
    /// What could not be looked at.
    pub problems: Vec<Problem>,
    /// Modules whose files are not there; whoever knows the folders fills it in.
    pub absent: Vec<Absent>,
}

/// A file that could not be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub file: PathBuf,
    /// 1-based.
    pub line: usize,
    /// 1-based.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// No other file seems to bring it into a target: the compiler would not mind it.
    pub is_stray: bool,
}

/// What a check works on.
#[derive(Clone, Copy)]
pub struct Input<'i> {
    /// The files.
    pub files: &'i [SourceFile],
    /// What was measured, laid over the same files in the same order.
    pub heat: Option<&'i Heat<'i>>,
    /// What debug info says of them.
    pub facts: &'i Facts,
    /// The lints to run.
    pub lints: &'i [&'static Entry],
    /// The names of all lints that there are.
    pub known: &'i [&'static str],
    /// The settings.
    pub settings: &'i Settings,
    /// What other linters say of the files.
    pub foreign: &'i [Foreign],
}

/// Runs lints over files.
pub fn check(input: &Input<'_>) -> Outcome {
    run(input, None)
}

/// The same, for all files of a workspace; what was found is kept in a folder for the next time.
pub fn check_and_keep(input: &Input<'_>, folder: &Path) -> Outcome {
    // What only some of the lints said would not be the whole of it.
    let keeps = input.lints.len() == input.known.len();
    run(input, keeps.then(|| Kept::open(folder)).flatten().as_ref())
}

fn run(input: &Input<'_>, kept: Option<&Kept>) -> Outcome {
    let table = Dispatch::new(input.lints);
    let known = Known::new(input, kept);
    let all = known.hear(&table);
    let judge = |at: usize, file: &SourceFile| {
        let Some(mut heard) = all[at].clone() else { return FileOutcome::default() };
        // What was kept lacks what looks into the stacks of a profile.
        if known.is_kept(at) && is_measured(&heard, at, input) {
            heard = hear(file, input.facts, &Index::over(known.linked()), &table);
        }
        judge_file(at, heard, input)
    };
    let results = thread::scope(|scope| {
        let keep = || known.keep(&all);
        if thread::Builder::new().spawn_scoped(scope, keep).is_err() {
            keep();
        }
        each(input.files, judge)
    });
    let mut outcome = collect(results, input.files);
    known.let_go();
    for problem in &mut outcome.problems {
        problem.is_stray = stray::is_stray(&problem.file, input.files);
    }
    outcome
}

fn collect(results: Vec<FileOutcome>, files: &[SourceFile]) -> Outcome {
    let mut ids = Ids::default();
    let mut outcome = Outcome::default();
    for (file, source) in results.into_iter().zip(files) {
        if file.suppressed > 0 {
            outcome.suppressed.insert(source.path.clone(), file.suppressed);
        }
        outcome.problems.extend(file.problem);
        for (fingerprint, mut finding) in file.findings {
            finding.id = ids.next(finding.lint, fingerprint);
            outcome.findings.push(finding);
        }
    }
    // A stable sort: equals stay in the order of files and lines.
    outcome.findings.sort_by(|a, b| {
        let bound = |finding: &Finding| finding.bound().unwrap_or(0.0);
        b.confidence.cmp(&a.confidence).then(bound(b).total_cmp(&bound(a)))
    });
    outcome
}
