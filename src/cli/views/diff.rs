//! `cargo perf diff BASE [PROFILE]`: what got more and what less expensive.

use super::options::ViewArgs;
use super::top;
use crate::cli::Context;
use crate::exit::{Exit, Failure};

/// Arguments.
#[derive(Debug, Default, clap::Args)]
pub struct Args {
    /// The profile to compare with
    #[arg(value_name = "BASE")]
    old: String,
    /// The profile to compare [default: latest]
    #[arg(value_name = "PROFILE", conflicts_with = "from")]
    new: Option<String>,
    #[command(flatten)]
    view: ViewArgs,
}

pub(in crate::cli) fn run(args: Args, context: &mut Context<'_>) -> Result<Exit, Failure> {
    let mut view = args.view;
    view.diff_base.push(args.old);
    view.from.extend(args.new);
    top::run(top::Args::of(view), context)
}
