//! `cargo perf list RE`: the source of the functions that match, with the cost of each line.

use super::options::ViewArgs;
use super::project::Project;
use super::sources::Workspace;
use super::{expression, failure, pager, prepare};
use crate::cli::{Context, profile_source};
use crate::exit::{Exit, Failure};
use crate::report::views::View;
use crate::report::views::list::Listing;

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
    let prepared = prepare(&args.view, View::List, context)?;
    let mut listing = Listing::new(&prepared, &matching).map_err(failure)?;
    if !args.view.is_plain() {
        let from = args.view.from.first().map_or("latest", String::as_str);
        // What cannot be looked at is said by `check`; here it only has no findings.
        let project = Project::of(from, false, context)?;
        listing = listing.annotated(project.remarks(prepared.profile()));
    }
    let root = profile_source::source_root(context)?;
    let text = |option: &Option<String>| option.clone().unwrap_or_default();
    let (source_path, trim_path) = (text(&args.view.source_path), text(&args.view.trim_path));
    let mut sources = Workspace::new(&root, &source_path, &trim_path);
    pager::show_text(args.view.output.as_deref(), context, |out| listing.write(&mut sources, out))
}
