//! `cargo perf fix`: apply rewrites, or prove them.

mod apply;
mod keep;
mod prove;

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::cli::build::load_workspace;
use crate::cli::options::MessageFormat;
use crate::cli::output::refuse_place;
use crate::cli::{Context, formats};
use crate::exit::{Exit, Failure};
use crate::model::finding::{Confidence, Finding, Grade, Suggestion};
use crate::rewrite::{Change, LandError, land, obstacles, recover};
use crate::source::SourceFile;
use crate::workspace::Workspace;

/// Arguments.
#[derive(Debug, Default, clap::Args)]
pub struct Args {
    /// Only these findings, by the ids that `cargo perf check` prints
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// Print the changes as a unified diff and write nothing
    #[arg(long)]
    dry_run: bool,
    /// The weakest grade of rewrites to apply [default: safe; with --prove: unsafe]
    #[arg(long, value_enum, value_name = "GRADE")]
    grade: Option<GradeArg>,
    /// Rewrite suspects too: shapes that nothing measured backs
    #[arg(long)]
    all: bool,
    /// Only this lint (may be given more than once)
    #[arg(long, value_name = "NAME")]
    lint: Vec<String>,
    /// The profile that ranks: `latest`, `none`, a file or a URL
    #[arg(long, value_name = "PROFILE", default_value = "latest")]
    from: String,
    /// Write although the working tree has uncommitted changes, or is in no repository
    #[arg(long)]
    allow_dirty: bool,
    /// Write although there is no version control to undo it with
    #[arg(long)]
    allow_no_vcs: bool,
    /// Compile, test and measure each rewrite in a copy; keep only those that pay
    #[arg(long, conflicts_with = "from", help_heading = "Proving")]
    prove: bool,
    /// Stop trying after this time, and keep what was proved by then
    #[arg(long, value_name = "DURATION", value_parser = crate::cli::duration::parse,
          requires = "prove", help_heading = "Proving")]
    budget: Option<Duration>,
    /// Write what is kept to this file as a patch, and leave the tree as it is
    #[arg(long, value_name = "FILE", requires = "prove", conflicts_with_all = ["commit", "dry_run"],
          help_heading = "Proving")]
    patch: Option<PathBuf>,
    /// Commit each kept rewrite, with what was measured in the message
    #[arg(long, requires = "prove", conflicts_with = "dry_run", help_heading = "Proving")]
    commit: bool,
    /// Do without the project's tests
    #[arg(long, requires = "prove", help_heading = "Proving")]
    no_tests: bool,
}

/// `--grade`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum GradeArg {
    /// Same behaviour for every input
    Safe,
    /// Behaviour may differ in a way the rewrite names
    Unsafe,
}

impl Args {
    /// What came of proving is a table; what is applied, and a diff, are for people and `git apply`.
    pub(super) fn formats(&self) -> &'static [MessageFormat] {
        if self.prove { formats::TABLE } else { formats::TEXT }
    }
}

impl From<GradeArg> for Grade {
    fn from(grade: GradeArg) -> Grade {
        match grade {
            GradeArg::Safe => Grade::Safe,
            GradeArg::Unsafe => Grade::Unsafe,
        }
    }
}

pub(super) fn run(args: Args, context: &mut Context<'_>) -> Result<Exit, Failure> {
    if let Some(patch) = &args.patch {
        refuse_place("--patch", patch)?;
    }
    let workspace = load_workspace(context)?;
    put_back_what_was_left(&workspace, context)?;
    if args.prove {
        prove::run(&args, &workspace, context)
    } else {
        apply::run(&args, &workspace, context)
    }
}

/// Where changes are prepared.
fn staging(workspace: &Workspace) -> PathBuf {
    workspace.perf_dir().join("fix")
}

fn put_back_what_was_left(workspace: &Workspace, context: &mut Context<'_>) -> Result<(), Failure> {
    if recover(&staging(workspace)).map_err(land_failure)? {
        context.warn("an earlier run was killed while it wrote files; they are as they were again");
    }
    Ok(())
}

/// Refuses to write where git could not undo it, unless told otherwise.
fn refuse_if_not_undoable(args: &Args, root: &Path, changes: &[Change]) -> Result<(), Failure> {
    use crate::rewrite::Obstacle;
    let files: Vec<PathBuf> = changes.iter().map(|change| change.file.clone()).collect();
    match obstacles(root, &files) {
        None => Ok(()),
        Some(_) if args.allow_dirty => Ok(()),
        Some(Obstacle::NoRepository) if args.allow_no_vcs => Ok(()),
        Some(obstacle @ Obstacle::NoRepository) => Err(Failure::usage(obstacle.to_string())
            .help("`--allow-no-vcs` writes all the same; `--dry-run` shows what would change")),
        Some(obstacle) => Err(Failure::usage(obstacle.to_string()).help(
            "commit or stash first; `--allow-dirty` writes all the same, `--dry-run` shows what \
             would change",
        )),
    }
}

fn write(workspace: &Workspace, changes: &[Change]) -> Result<(), Failure> {
    land(workspace.root(), &staging(workspace), changes).map_err(land_failure)
}

fn land_failure(error: LandError) -> Failure {
    let failure = Failure::environment(error.to_string());
    match error {
        LandError::File(..) => failure.help("no file was changed"),
        LandError::Busy(_) => failure.help("wait for it to end"),
        LandError::Stuck { .. } => {
            failure.help("put it back by hand, remove the journal there, and run again")
        }
    }
}

/// The findings that are asked for; an id that is not among them is an error.
fn select(args: &Args, mut findings: Vec<Finding>) -> Result<Vec<Finding>, Failure> {
    if let Some(unknown) = args.ids.iter().find(|id| !findings.iter().any(|f| f.id == **id)) {
        let known = findings.iter().map(|finding| finding.id.as_str());
        let failure = Failure::usage(format!("there is no finding `{unknown}`"));
        return Err(match crate::workspace::nearest(unknown, known) {
            Some(nearest) => failure.help(format!("a similar one is `{nearest}`")),
            None => failure.help("`cargo perf check --all` lists them with their ids"),
        });
    }
    findings.retain(|finding| {
        let is_shown = args.all || finding.confidence > Confidence::Suspected;
        if args.ids.is_empty() { is_shown } else { args.ids.contains(&finding.id) }
    });
    Ok(findings)
}

/// The rewrite that may be applied without a person: the first that is graded well enough.
fn applicable(finding: &Finding, grade: Grade) -> Option<&Suggestion> {
    let is_ready = |s: &&Suggestion| !s.edits.is_empty() && s.dependency.is_none();
    finding.suggestions.iter().filter(is_ready).find(|s| s.grade >= grade)
}

/// `src/lib.rs:3:5`
fn place(finding: &Finding, files: &[SourceFile]) -> String {
    let file = files.iter().find(|file| file.path == finding.span.file);
    let (line, column) = file.map_or((0, 0), |file| {
        file.lines().position(finding.span.bytes.start.min(file.text.len()))
    });
    format!("{}:{line}:{column}", finding.span.file.display())
}

/// The edition that rustfmt is told.
fn edition(file: &Path, files: &[SourceFile]) -> String {
    files
        .iter()
        .find(|source| source.path == file)
        .map_or_else(|| "2021".to_owned(), |source| source.package.edition.to_string())
}
