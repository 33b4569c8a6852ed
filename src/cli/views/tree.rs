//! `cargo perf tree`: callers and callees of the costliest functions.

use super::options::ViewArgs;
use super::{failure, pager, prepare};
use crate::cli::Context;
use crate::exit::{Exit, Failure};
use crate::report::views::View;
use crate::report::views::tree::Tree;

/// Arguments.
#[derive(Debug, Default, clap::Args)]
pub struct Args {
    #[command(flatten)]
    view: ViewArgs,
}

pub(in crate::cli) fn run(args: Args, context: &mut Context<'_>) -> Result<Exit, Failure> {
    let mut prepared = prepare(&args.view, View::Tree, context)?;
    let tree = Tree::new(&mut prepared, None).map_err(failure)?;
    pager::show_text(args.view.output.as_deref(), context, |out| tree.write(out))
}
