//! `cargo perf peek RE`: callers and callees of the functions that match.

use super::options::ViewArgs;
use super::{expression, failure, pager, prepare};
use crate::cli::Context;
use crate::exit::{Exit, Failure};
use crate::report::views::View;
use crate::report::views::tree::Tree;

/// Arguments.
#[derive(Debug, Default, clap::Args)]
pub struct Args {
    /// Which functions
    #[arg(value_name = "RE")]
    matching: String,
    #[command(flatten)]
    view: ViewArgs,
}

pub(in crate::cli) fn run(args: Args, context: &mut Context<'_>) -> Result<Exit, Failure> {
    let matching = expression(&args.matching)?;
    let mut prepared = prepare(&args.view, View::Peek, context)?;
    let tree = Tree::new(&mut prepared, Some(matching)).map_err(failure)?;
    pager::show_text(args.view.output.as_deref(), context, |out| tree.write(out))
}
