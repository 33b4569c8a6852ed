//! `cargo perf hook`: the git hook.

use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Subcommand;

use crate::ci::hook::{self, Error, Kind};
use crate::ci::push::{self, Pushed};
use crate::cli::options::MessageFormat;
use crate::cli::{Context, check, compare, duration, formats};
use crate::exit::{Exit, Failure};

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Install the hook; a hook of somebody else is never overwritten
    Install {
        /// Which hook
        #[arg(value_enum, default_value = "pre-commit")]
        kind: Kind,
    },
    /// Remove the hook that `install` wrote
    Uninstall {
        /// Which hook
        #[arg(value_enum, default_value = "pre-commit")]
        kind: Kind,
    },
    /// Do what the hook does
    Run {
        /// Which hook
        #[arg(value_enum, default_value = "pre-commit")]
        kind: Kind,
        /// pre-push: begin no further pair of benches after this time
        #[arg(long, value_name = "DURATION", value_parser = duration::parse, default_value = "2min")]
        budget: Duration,
        /// What git hands to its hooks
        #[arg(last = true, hide = true)]
        rest: Vec<String>,
    },
}

impl Args {
    /// Findings before a commit, a comparison before a push.
    pub(super) fn formats(&self) -> &'static [MessageFormat] {
        match self.action {
            Action::Run { kind: Kind::PreCommit, .. } => formats::FINDINGS,
            Action::Run { kind: Kind::PrePush, .. } => formats::TABLE,
            Action::Install { .. } | Action::Uninstall { .. } => formats::TEXT,
        }
    }
}

pub(super) fn run(args: Args, context: &mut Context<'_>) -> Result<Exit, Failure> {
    let folder = folder(context);
    match args.action {
        Action::Install { kind } => {
            let path = hook::install(&folder, kind).map_err(|error| failure(&error, kind))?;
            context.note(&format!("installed {}", path.display()));
            Ok(Exit::Clean)
        }
        Action::Uninstall { kind } => {
            let path = hook::uninstall(&folder, kind).map_err(|error| failure(&error, kind))?;
            context.note(&format!("removed {}", path.display()));
            Ok(Exit::Clean)
        }
        Action::Run { kind, budget, rest } => match kind {
            Kind::PreCommit => check::run(check::Args::before_commit(), context),
            Kind::PrePush => {
                before_push(&folder, rest.first().map(String::as_str), budget, context)
            }
        },
    }
}

/// Compares the benches of what is pushed with what the other side has.
fn before_push(
    folder: &Path,
    remote: Option<&str>,
    budget: Duration,
    context: &mut Context<'_>,
) -> Result<Exit, Failure> {
    let pushed = pushed(folder, remote)?;
    let mut worst = Exit::Clean;
    let mut compared = false;
    for one in pushed.iter().filter(|one| push::touches_code(folder, one)) {
        let args = compare::Args::between(&one.base, &one.head, budget);
        worst = worst.max(compare::run(args, context)?);
        compared = true;
    }
    if !compared {
        context.note("the push brings no code to compare");
    }
    Ok(worst)
}

/// pre-commit names two revisions, git writes lines, and a run by hand has neither.
fn pushed(folder: &Path, remote: Option<&str>) -> Result<Vec<Pushed>, Failure> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    if let Some(head) = variable("PRE_COMMIT_TO_REF") {
        let base = variable("PRE_COMMIT_FROM_REF").unwrap_or_default();
        return Ok(push::from_revisions(folder, &base, &head).into_iter().collect());
    }
    let mut lines = String::new();
    let mut input = std::io::stdin().lock();
    if !std::io::stdin().is_terminal() {
        input
            .read_to_string(&mut lines)
            .map_err(|error| Failure::usage(format!("standard input: {error}")))?;
    }
    Ok(if lines.trim().is_empty() {
        push::from_upstream(folder).into_iter().collect()
    } else {
        push::from_lines(folder, remote, &lines)
    })
}

fn folder(context: &Context<'_>) -> PathBuf {
    let manifest = context.common.manifest_path.as_deref();
    match manifest.and_then(std::path::Path::parent) {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn failure(error: &Error, kind: Kind) -> Failure {
    let failure = Failure::usage(error.to_string());
    match error {
        Error::Foreign(_) => failure
            .help(format!("add this line to it: cargo-perf hook run {} || exit $?", kind.name())),
        Error::Changed(_) => failure.help("take out by hand what is yours, or remove the file"),
        Error::Shared { own, .. } => failure.help(format!(
            "`git config --local core.hooksPath '{}'` gives this repository its own hooks; or add \
             this line to the shared one: cargo-perf hook run {} || exit $?",
            own.display(),
            kind.name()
        )),
        Error::NoRepository(_) => failure.help("run it within the repository"),
        Error::Absent(_) | Error::File(..) => failure,
    }
}
