//! `cargo perf hook`: the git hook.

use std::path::PathBuf;

use clap::Subcommand;

use crate::ci::hook::{self, Error, Kind};
use crate::cli::{Context, check};
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
        /// What git hands to its hooks; not used
        #[arg(hide = true)]
        rest: Vec<String>,
    },
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
        Action::Run { kind, rest: _ } => match kind {
            Kind::PreCommit => check::run(check::Args::before_commit(), context),
            Kind::PrePush => Err(Failure::environment("not built yet")),
        },
    }
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
        Error::NoRepository(_) => failure.help("run it within the repository"),
        Error::Absent(_) | Error::File(..) => failure,
    }
}
