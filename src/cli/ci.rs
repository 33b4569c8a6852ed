//! `cargo perf ci`: all that a job of a pull request does, as one command: record, compare, check
//! the changed lines, and leave a bundle for `comment --post`.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

use crate::bench::Shard;
use crate::ci::comment::bundle::{self, Bundle};
use crate::ci::comment::{body, collect, compared};
use crate::ci::event::{self, BaseError};
use crate::cli::build::load_workspace_to_read;
use crate::cli::interrupt::Interrupt;
use crate::cli::options::{Common, MessageFormat};
use crate::cli::{Context, check, comment, compare, duration, record};
use crate::exit::{Exit, Failure};
use crate::workspace::below_top;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What the change is measured against [default: what the event of this run says]
    #[arg(long, value_name = "REV")]
    base: Option<String>,
    /// Leave the bundle in this file
    #[arg(long, value_name = "FILE", default_value = "target/perf/bundle.json")]
    collect: PathBuf,
    /// Do not compare the benches
    #[arg(long)]
    no_compare: bool,
    /// Do not record the benches; the findings are then ranked by the last profile, if there is one
    #[arg(long)]
    no_record: bool,
    /// Only this share of the benches, such as 2/4; `cargo perf merge` puts shares together
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// Begin no further pair of benches after this time
    #[arg(long, value_name = "DURATION", value_parser = duration::parse, default_value = "10min")]
    budget: Duration,
    /// Exit with 1 on findings of this confidence or a stronger one; a regression always does
    #[arg(long, value_enum, value_name = "CONFIDENCE", default_value = "never")]
    fail_on: check::FailOn,
}

pub(super) fn run(args: Args, context: &mut Context<'_>) -> Result<Exit, Failure> {
    // From here on: an interrupt ends the step at work, and none behind it begins.
    let interrupt = Interrupt::watch()?;
    let workspace = load_workspace_to_read(context)?;
    let base = match &args.base {
        // Without it nothing could be said, and nothing said looks like nothing found.
        Some(base) if event::commit(&workspace.asked_from(), base).is_none() => {
            return Err(Failure::usage(format!("there is no commit `{base}` in this repository"))
                .help(
                    "fetch it first; a shallow clone has only its own commit (`fetch-depth: 0` in \
                     a workflow)",
                ));
        }
        Some(base) => base.clone(),
        None => base_of_event()?,
    };
    comment::make_place(&args.collect)?;
    let below = below_top(workspace.root());
    let mut bundle = Bundle { schema: bundle::SCHEMA, ..Bundle::default() };
    let mut worst = Exit::Clean;
    // What one of them fails at takes nothing from the others.
    let mut step = |result: Result<Exit, Failure>, context: &mut Context<'_>| match result {
        Ok(exit) => worst = worst.max(exit),
        Err(failure) => {
            context.warn(&failure.message);
            if let Some(help) = &failure.help {
                context.note(&format!("help: {help}"));
            }
            worst = worst.max(failure.exit);
        }
    };
    if !args.no_compare {
        let compared = captured(context, |context| {
            let between = compare::Args::between(&base, "HEAD", args.budget);
            compare::run(between.of_shard(args.shard), context)
        });
        if !compared.0.is_empty() {
            compared::comparison(&compared.0, &mut bundle)
                .map_err(|error| Failure::environment(format!("the comparison: {error}")))?;
        }
        step(uninterrupted(&interrupt, "comparing", compared.1)?, context);
    }
    if !args.no_record {
        let recorded = captured(context, |context| record::benches(args.shard, context));
        step(uninterrupted(&interrupt, "recording", recorded.1)?, context);
    }
    let checked =
        captured(context, |context| check::run(check::Args::since(&base, args.fail_on), context));
    let result = uninterrupted(&interrupt, "checking", checked.1)?;
    // Where neither was done, a bundle would tell that there is nothing to say.
    if result.is_err() && bundle.benches.is_empty() {
        return result;
    }
    let text = String::from_utf8_lossy(&checked.0).into_owned();
    bundle.findings = collect::findings(&text, &below)
        .map_err(|error| Failure::environment(format!("the findings: {error}")))?;
    step(result, context);
    if bundle.base.is_empty() {
        bundle.base = base;
    }
    comment::write_bundle(&bundle, &args.collect, context)?;
    comment::summary(&body::body(&bundle).text, true, context)?;
    Ok(worst)
}

/// How a step ended, if nobody interrupted it: then that is how the whole run ends.
fn uninterrupted(
    interrupt: &Interrupt,
    what: &str,
    ended: Result<Exit, Failure>,
) -> Result<Result<Exit, Failure>, Failure> {
    match interrupt.not_yet(what) {
        Ok(()) => Ok(ended),
        // The step's own words tell what was kept.
        Err(interrupted) => Err(ended.err().unwrap_or(interrupted)),
    }
}

/// Runs a subcommand with JSON as its output, and keeps that.
fn captured(
    context: &mut Context<'_>,
    run: impl FnOnce(&mut Context<'_>) -> Result<Exit, Failure>,
) -> (Vec<u8>, Result<Exit, Failure>) {
    let mut out = Vec::new();
    let common = Common { message_format: Some(MessageFormat::Json), ..context.common.clone() };
    let mut inner =
        Context { out: &mut out, err: &mut *context.err, terminal: context.terminal, common };
    let result = run(&mut inner);
    (out, result)
}

fn base_of_event() -> Result<String, Failure> {
    let event = match std::env::var("CI_MERGE_REQUEST_DIFF_BASE_SHA") {
        Ok(base) if !base.is_empty() => json!({"before": base}),
        _ if std::env::var_os("GITHUB_EVENT_PATH").is_none_or(|path| path.is_empty()) => {
            Value::Null
        }
        _ => comment::event()?,
    };
    let folder = PathBuf::from(".");
    event::base(&folder, &event).map_err(|error| {
        let failure = Failure::usage(error.to_string());
        match &error {
            BaseError::Unnamed => failure.help("name it: cargo perf ci --base REV"),
            BaseError::Absent(hash) => failure.help(format!(
                "let actions/checkout fetch it: `fetch-depth: 2` for the merge commit it checks \
                 out of its own accord, `fetch-depth: 0` for anything else; or run: git fetch \
                 --depth=1 origin {hash}"
            )),
        }
    })
}
