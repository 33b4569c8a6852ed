//! The driver: all files on all processors, first what they declare, then what is wrong with them.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::config::Settings;
use crate::facts::Facts;
use crate::model::finding::Finding;
use crate::source::infer::{Declared, Index, declared, module_path};
use crate::source::syntax::forget_spans;
use crate::source::{Heat, Role, SourceFile, Syntax};

use super::id::Ids;
use super::registry::{Entry, KINDS, Lint};
use super::stray;
use super::test_code;
use super::walk::{FileOutcome, check_file};

/// What a check found.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The findings, best backed and costliest first; suspects too, last.
    pub findings: Vec<Finding>,
    /// How many findings a comment silenced.
    pub suppressed: usize,
    /// What could not be looked at.
    pub problems: Vec<Problem>,
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

/// Trees are as deep as the code nests; the walk over them recurses.
const STACK: usize = 256 << 20;

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
}

/// Runs lints over files.
pub fn check(input: &Input<'_>) -> Outcome {
    let (mut declared, mut tests) = (Vec::new(), Vec::new());
    for (_, surveyed) in each(input.files, |_, file| survey(file)) {
        declared.push(surveyed.declared);
        tests.extend(surveyed.tests);
    }
    let index = Index::new(declared);
    let table = dispatch(input.lints);
    let mut outcome = collect(each(input.files, |at, file| {
        let is_test = matches!(file.role, Role::Test | Role::BuildScript)
            || tests.iter().any(|module| file.path.starts_with(module));
        if is_test { FileOutcome::default() } else { check_file(at, file, input, &index, &table) }
    }));
    for problem in &mut outcome.problems {
        problem.is_stray = stray::is_stray(&problem.file, input.files);
    }
    outcome
}

/// What is to be known of a file before any is checked.
#[derive(Default)]
struct Surveyed {
    declared: Declared,
    /// Modules that it declares for tests only, as files and folders.
    tests: Vec<PathBuf>,
}

/// Nothing where a file does not parse, which is said when it is checked.
fn survey(file: &SourceFile) -> Surveyed {
    let Ok(syntax) = Syntax::parse(&file.text) else { return Surveyed::default() };
    Surveyed {
        declared: declared(syntax.file(), &module_path(file)),
        tests: test_code::modules(&file.path, syntax.file()),
    }
}

/// Applies a function to every file, on all processors; the results are in the order of the files.
fn each<T: Send>(
    files: &[SourceFile],
    apply: impl Fn(usize, &SourceFile) -> T + Sync,
) -> Vec<(usize, T)> {
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, T)>> = Mutex::new(Vec::with_capacity(files.len()));
    let work = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = files.get(at) else { return };
            let result = apply(at, file);
            forget_spans();
            results.lock().unwrap_or_else(PoisonError::into_inner).push((at, result));
        }
    };
    let workers = thread::available_parallelism().map_or(1, usize::from).min(files.len());
    thread::scope(|scope| {
        for _ in 0..workers {
            let builder = thread::Builder::new().stack_size(STACK);
            if builder.spawn_scoped(scope, work).is_err() {
                // No thread to be had: this one does the work after the others.
                break;
            }
        }
    });
    work();
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(at, _)| *at);
    results
}

/// For each kind of node, the lints that ask for it.
fn dispatch(lints: &[&Entry]) -> Vec<Vec<&'static Lint>> {
    let mut table = vec![Vec::new(); KINDS];
    for entry in lints {
        for &kind in entry.lint.on {
            table[kind as usize].push(entry.lint);
        }
    }
    table
}

fn collect(results: Vec<(usize, FileOutcome)>) -> Outcome {
    let mut ids = Ids::default();
    let mut outcome = Outcome::default();
    for (_, file) in results {
        outcome.suppressed += file.suppressed;
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
