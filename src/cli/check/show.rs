//! Which findings are shown, which fail the run, and what is said of the others.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use super::baseline::{self, Known};
use super::lint::Checked;
use crate::cli::Context;
use crate::cli::options::MessageFormat;
use crate::cli::output::{refuse_place, renderer};
use crate::exit::{Exit, Failure};
use crate::lint::{Absent, Entry, Outcome};
use crate::model::finding::{Confidence, Finding};
use crate::model::profile::Profile;
use crate::report::human::accepted_words;
use crate::report::inert::inert;
use crate::report::sarif::Rule;
use crate::report::{Files, Owner, Report, Summary, words};
use crate::source::SourceFile;

/// Which findings are printed and which fail the run, as `check` and `run` share it.
#[derive(Debug, Default, clap::Args)]
pub struct Shown {
    /// Show suspects too: shapes that nothing measured backs
    #[arg(long)]
    pub(super) all: bool,
    /// Only this lint (may be given more than once)
    #[arg(long, value_name = "NAME")]
    pub(super) lint: Vec<String>,
    /// Exit with 1 on findings of this confidence or a stronger one
    #[arg(long, value_enum, value_name = "CONFIDENCE", default_value = "never")]
    pub(super) fail_on: FailOn,
    /// Hold back the findings that this file names
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Write the findings that would be shown into a file for --baseline
    #[arg(long, value_name = "FILE", conflicts_with = "baseline")]
    pub(super) write_baseline: Option<PathBuf>,
}

impl Shown {
    /// Names of lints; all if empty.
    pub(in crate::cli) fn lints(&self) -> &[String] {
        &self.lint
    }

    /// Refuses a file that could not be written.
    pub(super) fn refuse_places(&self) -> Result<(), Failure> {
        self.write_baseline.as_deref().map_or(Ok(()), |file| refuse_place("--write-baseline", file))
    }
}

/// `--fail-on`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum FailOn {
    /// Findings never fail the run
    #[default]
    Never,
    /// The profile shows the cost
    Proved,
    /// The code is hot
    Hot,
    /// Wrong without any measurement
    Certain,
    /// The shape alone
    Suspected,
}

impl FailOn {
    fn bar(self) -> Option<Confidence> {
        match self {
            FailOn::Never => None,
            FailOn::Proved => Some(Confidence::Proved),
            FailOn::Hot => Some(Confidence::Hot),
            FailOn::Certain => Some(Confidence::Certain),
            FailOn::Suspected => Some(Confidence::Suspected),
        }
    }
}

/// Files that could not be looked at are never clean: says so, and whether there were any.
pub(in crate::cli) fn report_problems(outcome: &Outcome, context: &mut Context<'_>) -> bool {
    for problem in &outcome.problems {
        let file = problem.file.to_string_lossy();
        let (file, message) = (inert(&file), inert(&problem.message));
        let place = format!("{file}:{}:{}: {message}", problem.line, problem.column);
        if problem.is_stray {
            context.note(&format!("note: {place}; no target reaches this file, it is left out"));
        } else {
            let _ = writeln!(context.err, "error: {place}");
        }
    }
    for absent in &outcome.absent {
        let Absent { file, line, column, name, expected, may_be_made } = absent;
        let (file, expected) = (file.to_string_lossy(), expected.to_string_lossy());
        let (file, expected) = (inert(&file), inert(&expected));
        let place = format!("{file}:{line}:{column}: module `{name}` has no file {expected}");
        if *may_be_made {
            context.warn(&format!("{place}; it is not checked until the build script has made it"));
        } else {
            let _ = writeln!(context.err, "error: {place}, nor a `mod.rs` in a folder of its name");
        }
    }
    let unread = outcome.problems.iter().any(|problem| !problem.is_stray);
    if unread {
        let _ = writeln!(
            context.err,
            "help: `cargo check` says more of it; if the compiler accepts it, it is syntax that this \
             version does not know"
        );
    }
    unread || missing(outcome) > 0
}

/// Files that the compiler would miss, too.
fn missing(outcome: &Outcome) -> usize {
    outcome.absent.iter().filter(|absent| !absent.may_be_made).count()
}

pub(super) fn print(
    args: &Shown,
    known: Option<&Known>,
    context: &mut Context<'_>,
    checked: Checked,
) -> Result<Exit, Failure> {
    let Checked { files, looked_at, below, profile, outcome, .. } = checked;
    let bar = args.fail_on.bar();
    let missing = missing(&outcome);
    // What fails the run is shown, whatever else is held back.
    let is_shown = |finding: &Finding| {
        let suspected = finding.confidence == Confidence::Suspected;
        args.all || !suspected || bar == Some(Confidence::Suspected)
    };
    let (shown, held): (Vec<_>, Vec<_>) = outcome.findings.into_iter().partition(is_shown);
    let is_known = |finding: &Finding| known.is_some_and(|known| known.holds(finding));
    let (accepted, shown): (Vec<_>, Vec<_>) = shown.into_iter().partition(is_known);
    let suspects = held.iter().filter(|finding| !is_known(finding)).count();
    if let Some(path) = &args.write_baseline {
        baseline::write(path, &shown)?;
        let (count, path) = (words::count(shown.len(), "finding"), path.display());
        context.note(&format!("{count} written down in {path}"));
        return Ok(Exit::Clean);
    }
    let found = bar.is_some_and(|bar| shown.iter().any(|finding| finding.confidence >= bar));
    let problem_files = |stray_too: bool| {
        let problems = outcome.problems.iter().filter(|problem| stray_too || !problem.is_stray);
        problems.map(|problem| &problem.file).collect::<BTreeSet<_>>().len()
    };
    let report = Report {
        findings: &shown,
        files: &Sources::new(&files),
        below: &below,
        summary: Summary {
            files: looked_at.saturating_sub(problem_files(true)),
            unread: problem_files(false) + missing,
            suspects,
            suppressed: outcome.suppressed.values().sum(),
            accepted: accepted.len(),
            profiled: profile.is_some(),
            benches: profile.as_ref().map_or(0, |profile| profile.heated_benches()),
            few_samples: profile.as_ref().map(Profile::few_samples).unwrap_or_default(),
            repeated: profile.as_ref().map(Profile::repeated).unwrap_or_default(),
        },
    };
    let rules = rules();
    let mut text = Vec::new();
    renderer(context, &rules)
        .render(&report, &mut text)
        .map_err(|error| Failure::environment(error.to_string()))?;
    context.print(&text)?;
    let for_machines = [MessageFormat::Json, MessageFormat::Sarif, MessageFormat::Github].map(Some);
    if !accepted.is_empty() && for_machines.contains(&context.common.message_format) {
        context.note(&accepted_words(accepted.len()));
    }
    Ok(if found { Exit::Found } else { Exit::Clean })
}

/// The lints as the rules of a SARIF log.
fn rules() -> Vec<Rule> {
    let rule = |entry: &Entry| Rule {
        name: entry.lint.name,
        summary: entry.lint.summary,
        text: entry.text(),
    };
    crate::lints::ALL.iter().map(rule).collect()
}

/// The files that were read, as the renderers ask for them.
struct Sources<'a> {
    by_path: FxHashMap<&'a Path, &'a SourceFile>,
}

impl<'a> Sources<'a> {
    fn new(files: &'a [SourceFile]) -> Self {
        Sources { by_path: files.iter().map(|file| (&*file.path, file)).collect() }
    }
}

impl Files for Sources<'_> {
    fn text(&self, file: &Path) -> Option<&str> {
        self.by_path.get(file).map(|file| file.text.as_str())
    }

    fn owner(&self, file: &Path) -> Option<Owner> {
        let file = self.by_path.get(file)?;
        let target = file.target.as_deref()?.clone();
        Some(Owner { package_id: file.package.id.clone(), target })
    }
}
