//! The subcommands that show a profile, in pprof's words and with its option names.

pub(super) mod diff;
pub(super) mod export;
pub(super) mod flamegraph;
pub(super) mod list;
mod options;
mod pager;
pub(super) mod peek;
mod project;
pub(super) mod report;
mod serve;
mod sources;
pub(super) mod tags;
pub(super) mod top;
pub(super) mod traces;
pub(super) mod tree;

use regex::Regex;

use crate::cli::Context;
use crate::cli::output::refuse_place;
use crate::exit::Failure;
use crate::report::views::{Prepared, View, ViewError};
use crate::report::words;
use options::ViewArgs;

/// Reads the profiles and makes them ready for a view.
fn prepare(args: &ViewArgs, view: View, context: &mut Context<'_>) -> Result<Prepared, Failure> {
    if let Some(output) = &args.output {
        refuse_place("--output", output)?;
    }
    let (sources, base) = args.read(context)?;
    let settings = args.settings(context)?;
    let prepared = Prepared::new(sources, base, &settings, view).map_err(failure)?;
    for warning in &prepared.warnings {
        context.warn(warning);
    }
    note_few_samples(&prepared, context);
    Ok(prepared)
}

/// Where costs are few samples of a recording of benches, says so beside them.
fn note_few_samples(prepared: &Prepared, context: &mut Context<'_>) {
    let profile = prepared.profile();
    let shown = &*profile.sample_types[prepared.sample_index()].name;
    if profile.benches.is_empty() || !matches!(shown, "cpu" | "samples") {
        return;
    }
    if let Some(few) = words::few_samples(&profile.few_samples()) {
        context.note(&format!("note: {few}"));
    }
}

/// Compiles the expression a view takes as its argument.
fn expression(text: &str) -> Result<Regex, Failure> {
    Regex::new(text)
        .map_err(|error| Failure::usage(format!("`{text}` is not a regular expression: {error}")))
}

fn failure(error: ViewError) -> Failure {
    let failure = Failure::usage(error.to_string());
    match error {
        ViewError::NoMatch(_) => failure.help(
            "`cargo perf top --nodecount 0` shows the names there are; --plain those of std too",
        ),
        ViewError::NoSampleTypes => failure.help("record or export the profile again"),
        _ => failure,
    }
}
