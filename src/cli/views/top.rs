//! `cargo perf top`: the costliest functions.

use super::options::ViewArgs;
use super::{pager, prepare};
use crate::cli::Context;
use crate::exit::{Exit, Failure};
use crate::report::views::{View, top};

/// Arguments.
#[derive(Debug, Default, clap::Args)]
pub struct Args {
    /// Show this many rows
    #[arg(value_name = "N", conflicts_with = "nodecount")]
    rows: Option<u32>,
    #[command(flatten)]
    view: ViewArgs,
}

impl Args {
    pub(super) fn of(view: ViewArgs) -> Self {
        Args { rows: None, view }
    }
}

pub(in crate::cli) fn run(mut args: Args, context: &mut Context<'_>) -> Result<Exit, Failure> {
    if let Some(rows) = args.rows {
        args.view.nodecount = Some(rows.into());
    }
    let mut prepared = prepare(&args.view, View::Top, context)?;
    pager::show_text(args.view.output.as_deref(), context, |out| top::write(&mut prepared, out))
}
