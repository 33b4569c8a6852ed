//! `cargo perf check`: lint, ranked by a profile. Runs no code of the project.

use std::path::{Path, PathBuf};

use crate::cli::output::renderer;
use crate::cli::scope::Scope;
use crate::cli::{Context, profile_source};
use crate::config::Settings;
use crate::exit::{Exit, Failure};
use crate::facts::Facts;
use crate::lint::{self, Entry, Outcome};
use crate::model::finding::{Confidence, Finding};
use crate::model::profile::Profile;
use crate::proof::prove::Ledger;
use crate::report::sarif::Rule;
use crate::report::{Files, Owner, Report, Summary};
use crate::source::{Heat, SourceFile};
use crate::workspace::{self, Features, Request, Workspace, nearest};

/// Arguments.
#[derive(Debug, Default, clap::Args)]
pub struct Args {
    /// Only files and folders below these
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The profile that ranks: `latest`, `none`, a file or a URL
    #[arg(long, value_name = "PROFILE", default_value = "latest")]
    from: String,
    /// Only the lines that are staged for the next commit, as the index has them
    #[arg(long, conflicts_with_all = ["since", "stdin"])]
    staged: bool,
    /// Only the lines changed since this revision
    #[arg(long, value_name = "REV", conflicts_with = "stdin")]
    since: Option<String>,
    /// Read the text of one file from standard input
    #[arg(long, requires = "stdin_path")]
    stdin: bool,
    /// The path that the text of --stdin has
    #[arg(long, value_name = "PATH", requires = "stdin")]
    stdin_path: Option<PathBuf>,
    #[command(flatten)]
    shown: Shown,
}

impl Args {
    /// What the hook before a commit checks: what is staged.
    pub(super) fn before_commit() -> Self {
        let shown = Shown { fail_on: FailOn::Certain, ..Shown::default() };
        Args { from: "latest".to_owned(), staged: true, shown, ..Args::default() }
    }

    fn scope(&self) -> Scope {
        match (&self.since, &self.stdin_path) {
            (Some(revision), _) => Scope::Since(revision.clone()),
            (None, Some(path)) => Scope::Buffer(path.clone()),
            (None, None) if self.staged => Scope::Staged,
            (None, None) => Scope::Disk,
        }
    }
}

/// Which findings are printed and which fail the run, as `check` and `run` share it.
#[derive(Debug, Default, clap::Args)]
pub struct Shown {
    /// Show suspects too: shapes that nothing measured backs
    #[arg(long)]
    all: bool,
    /// Only this lint (may be given more than once)
    #[arg(long, value_name = "NAME")]
    lint: Vec<String>,
    /// Exit with 1 on findings of this confidence or a stronger one
    #[arg(long, value_enum, value_name = "CONFIDENCE", default_value = "never")]
    fail_on: FailOn,
}

impl Shown {
    /// Names of lints; all if empty.
    pub(super) fn lints(&self) -> &[String] {
        &self.lint
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

pub(super) fn run(args: Args, context: &mut Context<'_>) -> Result<Exit, Failure> {
    let scope = args.scope();
    if matches!(scope, Scope::Staged | Scope::Since(_)) && context.common.package.is_empty() {
        // A change may touch any package, not only those that cargo builds by default.
        context.common.workspace = true;
    }
    let wanted = Wanted { scope, ..Wanted::all(&args.shown.lint, &args.paths, &args.from) };
    check(&wanted, &args.shown, context)
}

/// Lints what is wanted, ranked by a profile, and prints what was found.
pub(super) fn check(
    wanted: &Wanted<'_>,
    args: &Shown,
    context: &mut Context<'_>,
) -> Result<Exit, Failure> {
    let workspace = load_workspace(context)?;
    let checked = lint(&workspace, wanted)?;
    let failed = report_problems(&checked.outcome, context);
    let exit = print(args, context, checked)?;
    Ok(if failed { Exit::Usage } else { exit })
}

/// What is to be checked, and by which profile.
pub(super) struct Wanted<'w> {
    /// Names of lints; all if empty.
    pub lints: &'w [String],
    /// Files and folders; the whole workspace if empty.
    pub paths: &'w [PathBuf],
    /// `--from`.
    pub from: &'w str,
    /// What of them.
    pub scope: Scope,
}

impl<'w> Wanted<'w> {
    /// Whole files on disk.
    pub(super) fn all(lints: &'w [String], paths: &'w [PathBuf], from: &'w str) -> Self {
        Wanted { lints, paths, from, scope: Scope::Disk }
    }
}

/// What came of it.
pub(super) struct Checked {
    /// The files that were looked at.
    pub files: Vec<SourceFile>,
    /// The profile that ranked.
    pub profile: Option<Profile>,
    /// Findings, suspects among them, and files that could not be looked at.
    pub outcome: Outcome,
}

/// Lints a workspace. Runs no code of it.
pub(super) fn lint(workspace: &Workspace, wanted: &Wanted<'_>) -> Result<Checked, Failure> {
    let lints = chosen(wanted.lints)?;
    let settings = settings(workspace)?;
    let scoped = wanted.scope.read(workspace, wanted.paths)?;
    let files = &scoped.files;
    let profile = read_profile(wanted.from, workspace)?;
    let heat = profile.as_ref().map(|profile| lay(profile, workspace, files));
    let mut outcome = lint::check(&lint::Input {
        files,
        heat: heat.as_ref(),
        facts: &Facts::none(),
        lints: &lints,
        known: &lint::names(crate::lints::ALL),
        settings: &settings,
    });
    drop(heat);
    outcome.findings.retain(|finding| scoped.covers(finding, workspace.root()));
    let ledger = Ledger::of(&workspace.perf_dir());
    for finding in &mut outcome.findings {
        let file = files.iter().find(|file| file.path == finding.span.file);
        finding.proof = file.and_then(|file| ledger.proof(finding, &file.text));
    }
    Ok(Checked { files: scoped.files, profile, outcome })
}

pub(super) fn load_workspace(context: &Context<'_>) -> Result<Workspace, Failure> {
    let common = &context.common;
    let dir = std::env::current_dir()
        .map_err(|error| Failure::environment(format!("the current directory: {error}")))?;
    let request = Request {
        dir,
        manifest_path: common.manifest_path.clone(),
        packages: common.package.clone(),
        workspace: common.workspace,
        features: Features::default(),
    };
    workspace::load(request).map_err(|error| match error {
        workspace::LoadError::Cargo { .. } => Failure::environment(error.to_string()),
        other => Failure::usage(other.to_string()),
    })
}

fn settings(workspace: &Workspace) -> Result<Settings, Failure> {
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
pub(super) fn find_lint(name: &str) -> Result<&'static Entry, Failure> {
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

fn lay<'p>(profile: &'p Profile, workspace: &Workspace, files: &[SourceFile]) -> Heat<'p> {
    let paths: Vec<PathBuf> = files.iter().map(|file| file.path.clone()).collect();
    Heat::new(profile, workspace.root(), &paths)
}

/// Files that could not be looked at are never clean: says so, and whether there were any.
pub(super) fn report_problems(outcome: &Outcome, context: &mut Context<'_>) -> bool {
    for problem in &outcome.problems {
        let (file, message) = (problem.file.display(), &problem.message);
        let _ =
            writeln!(context.err, "error: {file}:{}:{}: {message}", problem.line, problem.column);
    }
    !outcome.problems.is_empty()
}

fn print(args: &Shown, context: &mut Context<'_>, checked: Checked) -> Result<Exit, Failure> {
    let Checked { files, profile, outcome } = checked;
    let bar = args.fail_on.bar();
    let found = bar.is_some_and(|bar| outcome.findings.iter().any(|f| f.confidence >= bar));
    // What fails the run is shown, whatever else is held back.
    let is_shown = |finding: &Finding| {
        let suspected = finding.confidence == Confidence::Suspected;
        args.all || !suspected || bar == Some(Confidence::Suspected)
    };
    let (shown, held): (Vec<_>, Vec<_>) = outcome.findings.into_iter().partition(is_shown);
    let report = Report {
        findings: &shown,
        files: &Sources { files: &files },
        summary: Summary {
            files: files.len(),
            suspects: held.len(),
            suppressed: outcome.suppressed,
            profiled: profile.is_some(),
            benches: profile.as_ref().map_or(0, |profile| profile.benches.len()),
        },
    };
    let rules = rules();
    let mut text = Vec::new();
    renderer(context, &rules)
        .render(&report, &mut text)
        .map_err(|error| Failure::environment(error.to_string()))?;
    context.print(&text)?;
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
    files: &'a [SourceFile],
}

impl Sources<'_> {
    fn find(&self, path: &Path) -> Option<&SourceFile> {
        self.files.iter().find(|file| file.path == path)
    }
}

impl Files for Sources<'_> {
    fn text(&self, file: &Path) -> Option<&str> {
        self.find(file).map(|file| file.text.as_str())
    }

    fn owner(&self, file: &Path) -> Option<Owner> {
        let file = self.find(file)?;
        let target = file.target.as_deref()?.clone();
        Some(Owner { package_id: file.package.id.clone(), target })
    }
}
