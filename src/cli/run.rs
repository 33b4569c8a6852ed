//! `cargo perf run`: record the benches, check the code with what was recorded, report.

use crate::cli::Context;
use crate::cli::build::load_workspace;
use crate::cli::check::{self, Shown, Wanted};
use crate::cli::interrupt::Interrupt;
use crate::cli::record::{What, record_workspace, verdict};
use crate::exit::{Exit, Failure};
use crate::workspace::{BuildError, build_for_facts};

/// Arguments.
#[derive(Debug, Default, clap::Args)]
pub struct Args {
    #[command(flatten)]
    what: What,
    /// Build the project once more, without optimisation and with full debug info, only to know its
    /// types; what is measured stays as it is
    #[arg(long, help_heading = "Recording")]
    facts: bool,
    #[command(flatten)]
    shown: Shown,
}

pub(super) fn run(args: Args, context: &mut Context<'_>) -> Result<Exit, Failure> {
    check::refuse_early(&args.shown, context)?;
    let recorded = {
        let interrupt = Interrupt::watch()?;
        if args.facts {
            build_facts(context, &interrupt)?;
        }
        record_workspace(&args.what, None, context, &interrupt)?
    };
    if recorded.outcome.interrupted {
        return verdict(&recorded, context).map(|()| Exit::Clean);
    }
    // A bench that failed takes nothing from what the others show.
    let checked =
        check::check(&Wanted::all(args.shown.lints(), &[], "latest"), &args.shown, context);
    verdict(&recorded, context)?;
    checked
}

/// Types are a help and no condition: a project that does not build so is still recorded.
fn build_facts(context: &mut Context<'_>, interrupt: &Interrupt) -> Result<(), Failure> {
    let workspace = load_workspace(context)?;
    match build_for_facts(&workspace, interrupt.flag()) {
        Ok(()) => Ok(()),
        Err(BuildError::Interrupted) => Err(Failure::environment("interrupted while building")),
        Err(error) => {
            let words = match error {
                BuildError::Failed { command } => format!("`{command}` failed"),
                other => other.to_string(),
            };
            context.warn(&format!("no types from debug info: {words}"));
            Ok(())
        }
    }
}
