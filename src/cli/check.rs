//! `cargo perf check`: lint, ranked by a profile. Runs no code of the project.

mod baseline;
mod lint;
mod show;
mod with;

use std::io::Write;
use std::path::{Path, PathBuf};

use lint::lint_with;
pub(super) use lint::{Checked, Wanted, find_lint, lint};
pub(super) use show::{Shown, report_problems};

use baseline::Known;
use lint::settings;
pub(super) use show::FailOn;
use show::print;

use crate::cli::Context;
use crate::cli::build::{cargo_args, load_workspace_to_read, read_ahead, recall_workspace_to_read};
use crate::cli::interrupt::Interrupt;
use crate::cli::options::MessageFormat;
use crate::cli::scope::Scope;
use crate::exit::{Exit, Failure};
use crate::lint::Foreign;
use crate::source::ahead::Ahead;
use crate::workspace::{self, Compiled, Compiler};

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
    /// Run cargo check or clippy too, which runs build scripts: the profile ranks what clippy says
    /// of performance, and all else is passed on
    #[arg(long, value_enum, value_name = "COMPILER", conflicts_with = "stdin")]
    with: Option<Compiler>,
    #[command(flatten)]
    shown: Shown,
}

impl Args {
    /// What the hook before a commit checks: what is staged.
    pub(super) fn before_commit() -> Self {
        let shown = Shown { fail_on: FailOn::Certain, ..Shown::default() };
        Args { from: "latest".to_owned(), staged: true, shown, ..Args::default() }
    }

    /// What a job of a pull request checks: the lines changed since its base.
    pub(super) fn since(base: &str, fail_on: FailOn) -> Self {
        let shown = Shown { fail_on, ..Shown::default() };
        let since = Some(base.to_owned());
        Args { from: "latest".to_owned(), since, shown, ..Args::default() }
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

pub(super) fn run(args: Args, context: &mut Context<'_>) -> Result<Exit, Failure> {
    let scope = args.scope();
    if matches!(scope, Scope::Staged | Scope::Since(_)) && context.common.package.is_empty() {
        // A change may touch any package, not only those that cargo builds by default.
        context.common.workspace = true;
    }
    if args.shown.write_baseline.is_some() && scope != Scope::Disk {
        return Err(Failure::usage("--write-baseline writes down what whole files hold")
            .help("leave out --staged, --since and --stdin"));
    }
    let mut foreign = Vec::new();
    let compiled = match args.with {
        Some(Compiler::Clippy) => {
            let (said, compiled) = with::clippy(context)?;
            foreign = said;
            Some(compiled)
        }
        Some(Compiler::Check) => Some(compiled(Compiler::Check, context)?),
        None => None,
    };
    let benches = context.common.bench.clone();
    let all = Wanted::all(&args.shown.lint, &args.paths, &args.from);
    let wanted = Wanted { scope, benches: &benches, ..all };
    let exit = check_with(&wanted, &args.shown, context, &foreign)?;
    let Some((compiler, Compiled { status, last })) = args.with.zip(compiled) else {
        return Ok(exit);
    };
    context.print(&last.unwrap_or_default())?;
    if !status.success() {
        return Err(Failure::environment(format!("`cargo {}` failed", compiler.name()))
            .help("it says why; the findings are printed all the same"));
    }
    Ok(exit)
}

/// Runs cargo's own check of what was asked for, its messages passed on.
fn compiled(compiler: Compiler, context: &mut Context<'_>) -> Result<Compiled, Failure> {
    let workspace = load_workspace_to_read(context)?;
    let json = context.common.message_format == Some(MessageFormat::Json);
    let args = cargo_args(context);
    let inherits = context.terminal.err;
    let err = (!inherits).then_some(&mut *context.err as &mut dyn Write);
    let interrupt = Interrupt::watch()?;
    let (out, flag) = (&mut *context.out, interrupt.flag());
    let compiled = workspace::compile(&workspace, compiler, json, &args, out, err, flag);
    interrupt.not_yet("the compiler ran")?;
    compiled.map_err(|error| {
        Failure::environment(format!("`cargo {}` could not be run: {error}", compiler.name()))
    })
}

/// Refuses what `check` would refuse, before the benches have run for nothing.
pub(super) fn refuse_early(args: &Shown, context: &Context<'_>) -> Result<(), Failure> {
    for name in &args.lint {
        find_lint(name)?;
    }
    args.refuse_places()?;
    args.baseline.as_deref().map(Known::read).transpose()?;
    settings(&recall_workspace_to_read(context)?).map(|_| ())
}

/// Lints what is wanted, ranked by a profile, and prints what was found.
pub(super) fn check(
    wanted: &Wanted<'_>,
    args: &Shown,
    context: &mut Context<'_>,
) -> Result<Exit, Failure> {
    check_with(wanted, args, context, &[])
}

/// The same, with what another linter says.
fn check_with(
    wanted: &Wanted<'_>,
    args: &Shown,
    context: &mut Context<'_>,
    foreign: &[Foreign],
) -> Result<Exit, Failure> {
    args.refuse_places()?;
    let known = args.baseline.as_deref().map(Known::read).transpose()?;
    let is_whole = wanted.scope == Scope::Disk && wanted.paths.is_empty();
    let ahead = if is_whole { read_ahead(context) } else { Ahead::default() };
    let workspace = recall_workspace_to_read(context)?;
    if let Some(toolchain) = &workspace.borrowed {
        context.note(&format!(
            "the pinned toolchain is not installed; the manifests were read with {toolchain}"
        ));
    }
    let checked = lint_with(&workspace, wanted, foreign, ahead.texts())?;
    workspace.keep_answer();
    for path in &checked.empty {
        context.warn(&format!("{}: no source of this workspace lies there", path.display()));
    }
    let failed = report_problems(&checked.outcome, context);
    if let (Some(known), Scope::Disk) = (&known, &wanted.scope) {
        let ran = |lint: &str| wanted.lints.is_empty() || wanted.lints.iter().any(|l| l == lint);
        let looked_at = |lint: &str, path: &Path| {
            let is_read = checked.files.iter().any(|file| file.path == path);
            ran(lint) && (is_read || !workspace.root().join(path).exists())
        };
        let findings = &checked.outcome.findings;
        known.mention_unmatched(findings, checked.profile.is_some(), looked_at, context);
    }
    let exit = print(args, known.as_ref(), context, checked)?;
    Ok(if failed { Exit::Usage } else { exit })
}
