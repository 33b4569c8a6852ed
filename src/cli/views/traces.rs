//! `cargo perf traces`: every stack.

use super::options::ViewArgs;
use super::{pager, prepare};
use crate::cli::Context;
use crate::exit::{Exit, Failure};
use crate::report::views::{View, traces};

/// Arguments.
#[derive(Debug, Default, clap::Args)]
pub struct Args {
    #[command(flatten)]
    view: ViewArgs,
}

pub(in crate::cli) fn run(args: Args, context: &mut Context<'_>) -> Result<Exit, Failure> {
    let prepared = prepare(&args.view, View::Traces, context)?;
    pager::show_text(args.view.output.as_deref(), context, |out| traces::write(&prepared, out))
}
