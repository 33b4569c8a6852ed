//! `cargo perf flamegraph`: the stacks as an SVG.

use std::path::PathBuf;

use super::options::ViewArgs;
use super::{pager, prepare};
use crate::cli::Context;
use crate::exit::{Exit, Failure};
use crate::report::views::View;
use crate::report::views::flame::{self, Look};

/// Arguments.
#[derive(Debug, Default, clap::Args)]
pub struct Args {
    /// Roots at the top
    #[arg(long)]
    icicle: bool,
    /// The headline
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Pixels for viewers that do not fit it to their window [default: 1200]
    #[arg(long, value_name = "PIXELS", value_parser = clap::value_parser!(u32).range(200..=100_000))]
    width: Option<u32>,
    /// Leave out frames below this share of the whole [default: 0.0005]
    #[arg(long, value_name = "F")]
    least: Option<f64>,
    #[command(flatten)]
    view: ViewArgs,
}

pub(in crate::cli) fn run(mut args: Args, context: &mut Context<'_>) -> Result<Exit, Failure> {
    // Both ways of comparing colour by the change.
    let base = std::mem::take(&mut args.view.base);
    args.view.diff_base.extend(base);
    let prepared = prepare(&args.view, View::Flame, context)?;
    let default = Look::default();
    let look = Look {
        icicle: args.icicle,
        title: args.title,
        width: args.width.unwrap_or(default.width),
        least: args.least.filter(|least| least.is_finite()).unwrap_or(default.least),
    };
    let output = args.view.output.or_else(|| {
        // Nobody reads SVG on a terminal.
        context.terminal.out.then(|| PathBuf::from("flamegraph.svg"))
    });
    pager::show(output.as_deref(), context, |out| flame::write(&prepared, &look, out))
}
