//! `cargo perf run`: record the benches, check the code with what was recorded, report.

use crate::cli::Context;
use crate::cli::check::{self, Shown, Wanted};
use crate::cli::interrupt::Interrupt;
use crate::cli::record::{What, record_workspace, verdict};
use crate::exit::{Exit, Failure};

/// Arguments.
#[derive(Debug, Default, clap::Args)]
pub struct Args {
    #[command(flatten)]
    what: What,
    #[command(flatten)]
    shown: Shown,
}

pub(super) fn run(args: Args, context: &mut Context<'_>) -> Result<Exit, Failure> {
    check::refuse_early(&args.shown, context)?;
    let recorded = {
        let interrupt = Interrupt::watch()?;
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
