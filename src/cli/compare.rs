//! `cargo perf compare`: paired benches of two revisions.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::bench::Shard;
use crate::cli::build::{broken, build_benches, load_workspace};
use crate::cli::interrupt::Interrupt;
use crate::cli::options::MessageFormat;
use crate::cli::{Context, duration};
use crate::exit::{Exit, Failure};
use crate::formats::benchfmt::Writer;
use crate::model::verdict::{BenchName, Comparison, ExactVerdict, Verdict};
use crate::proof::checkout::{Checkout, CheckoutError, Repository, Revision};
use crate::proof::paired::{self, Benches, Ended, Options, Side};
use crate::report::stat_compare::{self, Compared};
use crate::workspace::{self, BenchTarget, Workspace};

/// Arguments.
#[derive(Debug, Default, clap::Args)]
pub struct Args {
    /// What the change is measured against [default: HEAD]
    #[arg(value_name = "BASE")]
    base: Option<String>,
    /// The change [default: the working tree]
    #[arg(value_name = "HEAD")]
    head: Option<String>,
    /// Only benches that match, as their harness understands a filter
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,
    /// Begin no further pair after this time
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    budget: Option<Duration>,
    /// Compare this share of the benches only, such as 2/4; `cargo perf merge` puts shares together
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// Give each bench at most this many pairs of processes [default: 48, or 108 if they are short]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pairs: Option<u32>,
    /// Claim no change smaller than this, in percent
    #[arg(long, value_name = "PERCENT", default_value_t = 1.0)]
    threshold: f64,
    /// Let times never set the exit code, only what is counted
    #[arg(long)]
    time_advisory: bool,
}

impl Args {
    /// Two revisions, within a time.
    pub(super) fn between(base: &str, head: &str, budget: Duration) -> Self {
        let (base, head) = (Some(base.to_owned()), Some(head.to_owned()));
        Args { base, head, budget: Some(budget), threshold: 1.0, ..Args::default() }
    }

    /// A share of the benches only.
    pub(super) fn of_shard(self, shard: Option<Shard>) -> Self {
        Args { shard, ..self }
    }
}

/// The name of a side's directory. Both are equally long: paths end up in executables.
const SIDES: [&str; 2] = ["base", "head"];

pub(super) fn run(args: Args, context: &mut Context<'_>) -> Result<Exit, Failure> {
    if !(0.0..100.0).contains(&args.threshold) {
        return Err(Failure::usage("--threshold must be from 0 to 100"));
    }
    let format = Format::of(context.common.message_format);
    let interrupt = Interrupt::watch()?;
    let workspace = load_workspace(context)?;
    let repository = Repository::around(workspace.root()).map_err(checkout_failure)?;
    let base =
        repository.commit(args.base.as_deref().unwrap_or("HEAD")).map_err(checkout_failure)?;
    let head = match &args.head {
        Some(head) => repository.commit(head).map_err(checkout_failure)?,
        None => Revision::WorkingTree,
    };
    let dir = workspace.perf_dir().join("compare");
    let (mut built, mut not_built) = (Vec::new(), Vec::new());
    for (revision, side) in [&base, &head].into_iter().zip(SIDES) {
        context.note(&format!("building the benches of {revision}"));
        let copy = check_out(&repository, revision, &workspace, &dir, side)?;
        let side_built =
            build_benches(&copy, true, context, interrupt.flag()).map_err(|failure| Failure {
                message: format!("{revision}: {}", failure.message),
                ..failure
            })?;
        not_built.push((revision, side_built.broken));
        let kept = paired::keep(&side_built.executables, &dir.join("kept").join(side))
            .map_err(paired_failure)?;
        built.push((copy, kept));
    }
    let [(first, before), (second, after)] = built.as_slice() else {
        return Err(Failure::environment("two sides were not built"));
    };
    let mut options = Options::new(dir.join("paired"));
    options.rule.threshold = args.threshold / 100.0;
    if let Some(most) = args.pairs {
        options.rule.until(most);
    }
    options.budget = args.budget;
    options.instructions = true;
    options.benches = Benches::Matching(args.filters.clone());
    let line = progress_line(context);
    let listener = |progress: paired::Progress<'_>| show(line.as_ref(), &progress);
    let before = Side { workspace: first, executables: before };
    let after = Side { workspace: second, executables: after };
    let report =
        share_and_compare(&before, &after, args.shard, &mut options, &listener, &interrupt);
    if let Some(line) = line {
        line.finish_and_clear();
    }
    let report = report?;
    // What one side could not build is neither new nor gone.
    let is_known = |name: &BenchName| {
        let mut targets = not_built.iter().flat_map(|(_, targets)| targets);
        !targets.any(|it| it.package == name.package && it.name == name.target)
    };
    let compared = Compared {
        schema: 1,
        base: base.to_string(),
        base_commit: base.hash().map(str::to_owned),
        // Columns are told apart by their names.
        head: if base == head { format!("{head} again") } else { head.to_string() },
        head_commit: head.hash().map(str::to_owned),
        machine: workspace::machine(),
        ended: match report.ended {
            Ended::Done => "done",
            Ended::Budget => "budget",
            Ended::Interrupted => "interrupted",
        }
        .to_owned(),
        regressions: regressions(&report.comparisons, options.rule.family, args.time_advisory),
        comparisons: report.comparisons,
        added: report.added.into_iter().filter(is_known).collect(),
        removed: report.removed.into_iter().filter(is_known).collect(),
        canary: report.canary,
    };
    leave(&compared, &workspace.perf_dir())?;
    print(&compared, format, context)?;
    finish(&report.failed, &not_built, report.ended, &compared)
}

/// A share without a bench that both sides have is no failure: another has them.
fn share_and_compare(
    before: &Side<'_>,
    after: &Side<'_>,
    shard: Option<Shard>,
    options: &mut Options,
    listener: &paired::Listener<'_>,
    interrupt: &Interrupt,
) -> Result<paired::Report, Failure> {
    if let Some(shard) = shard {
        let share = paired::share(before, after, shard, options, interrupt.flag())
            .map_err(paired_failure)?;
        if share.common.is_empty() {
            let (added, removed) = (share.added, share.removed);
            return Ok(paired::Report { added, removed, ..paired::Report::default() });
        }
    }
    paired::compare(before, after, options, listener, interrupt.flag()).map_err(paired_failure)
}

/// A line on a terminal that is drawn over and over.
fn progress_line(context: &Context<'_>) -> Option<ProgressBar> {
    if !context.terminal.draws() || context.common.quiet {
        return None;
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} comparing: {wide_msg} {elapsed}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    Some(bar)
}

fn show(line: Option<&ProgressBar>, progress: &paired::Progress<'_>) {
    let Some(line) = line else { return };
    line.set_message(match progress {
        // Names come from the project and may hold anything.
        paired::Progress::Listing(target) => {
            format!("benches of {}", target.replace(char::is_control, " "))
        }
        paired::Progress::Counting(which) => format!("counting allocations ({})", which.word()),
        paired::Progress::Linking(target) => {
            format!("linking {} in another order", target.replace(char::is_control, " "))
        }
        paired::Progress::Pairs { round, of, open, benches, left } => format!(
            "pair {round} of at most {of}, {open} of {benches} benches open, at most {} s left",
            left.as_secs()
        ),
    });
}

/// Prints a comparison.
pub(super) fn print(
    compared: &Compared,
    format: Format,
    context: &mut Context<'_>,
) -> Result<(), Failure> {
    let text = match format {
        Format::Text => stat_compare::text(compared),
        Format::Markdown => stat_compare::markdown_text(compared),
        Format::Json => stat_compare::json(compared)
            .map_err(|error| Failure::environment(format!("could not write JSON: {error}")))?,
    };
    context.print(text.as_bytes())
}

/// How a comparison is printed.
#[derive(Clone, Copy)]
pub(super) enum Format {
    Text,
    Markdown,
    Json,
}

impl Format {
    /// What `--message-format` says.
    pub(super) fn of(given: Option<MessageFormat>) -> Format {
        match given {
            Some(MessageFormat::Markdown) => Format::Markdown,
            Some(MessageFormat::Json) => Format::Json,
            _ => Format::Text,
        }
    }
}

/// Writes a revision into its directory and loads the workspace in it, to be built beside the
/// other side's so that dependencies are built once.
fn check_out(
    repository: &Repository,
    revision: &Revision,
    original: &Workspace,
    dir: &Path,
    side: &str,
) -> Result<Workspace, Failure> {
    let checkout =
        Checkout::make(repository, revision, &dir.join(side)).map_err(checkout_failure)?;
    let resolved = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let root = checkout.path_of(repository, &resolved(original.root()));
    checkout.take_lock_file(original.root(), &root).map_err(checkout_failure)?;
    let mut request = original.request.clone();
    let inside = checkout.path_of(repository, &resolved(&request.dir));
    request.dir = if inside.is_dir() { inside } else { root };
    request.manifest_path = request
        .manifest_path
        .map(|path| checkout.path_of(repository, &resolved(&original.request.dir.join(path))));
    let mut copy = workspace::load(request)
        .map_err(|error| Failure::environment(format!("{revision}: {error}")))?;
    let build = dir.join("build").try_into();
    copy.metadata.target_directory =
        build.map_err(|_| Failure::environment("the target directory's path is not UTF-8"))?;
    Ok(copy)
}

pub(super) fn regressions(
    comparisons: &[Comparison],
    family: f64,
    time_advisory: bool,
) -> Vec<String> {
    let is_worse = |comparison: &&Comparison| {
        let slower = comparison
            .time
            .as_ref()
            .is_some_and(|time| time.verdict == Verdict::Slower && time.p_holm <= family);
        // More instructions that take less time are what some changes are about.
        let faster = comparison.verdict() == Verdict::Faster;
        let more = comparison.exact.iter().any(|change| {
            let forgiven = faster && change.unit == paired::INSTRUCTIONS;
            change.verdict == ExactVerdict::More && !forgiven
        });
        slower && !time_advisory || more
    };
    comparisons.iter().filter(is_worse).map(|c| c.name.to_string()).collect()
}

/// Leaves what each process measured as benchmark results, a file per side. Each is written whole
/// or not at all.
pub(super) fn leave(compared: &Compared, perf_dir: &Path) -> Result<(), Failure> {
    let failed = |(path, error): (PathBuf, std::io::Error)| {
        Failure::environment(format!("{}: {error}", path.display()))
    };
    fs::create_dir_all(perf_dir).map_err(|error| failed((perf_dir.to_owned(), error)))?;
    for (at, side) in SIDES.iter().enumerate() {
        let path: PathBuf = perf_dir.join(format!("compare-{side}.txt"));
        workspace::replace(&path, |out| {
            let mut writer = Writer::new(out);
            let wanted = if at == 0 { &compared.base } else { &compared.head };
            let mut units: Vec<&str> = compared
                .comparisons
                .iter()
                .flat_map(|comparison| &comparison.exact)
                .map(|change| change.unit.as_str())
                .collect();
            units.sort_unstable();
            units.dedup();
            for unit in units {
                writer.unit(unit, "assume", "exact")?;
            }
            for (label, measurement) in stat_compare::measurements(compared) {
                if label == wanted {
                    writer.measurement(&measurement)?;
                }
            }
            writer.finish().map(drop)
        })
        .map_err(failed)?;
    }
    // For `comment`, and for putting the shards of a job matrix together.
    let path = perf_dir.join("compare.json");
    let text = || stat_compare::json(compared).map_err(std::io::Error::other);
    workspace::replace(&path, |out| out.write_all(text()?.as_bytes())).map_err(failed)
}

fn finish(
    failed: &[paired::Failed],
    not_built: &[(&Revision, Vec<BenchTarget>)],
    ended: Ended,
    compared: &Compared,
) -> Result<Exit, Failure> {
    if let Some(failed) = failed.first() {
        let output = failed.fault.output().unwrap_or_default().trim().to_owned();
        let mut message = format!("{} ({}) {}", failed.name, failed.which.word(), failed.fault);
        if !output.is_empty() {
            message.push_str(&format!("\n{}", crate::report::inert::inert_lines(&output)));
        }
        return Err(Failure::environment(message).help("the other benches were compared"));
    }
    if ended == Ended::Interrupted {
        return Err(Failure::environment("interrupted")
            .help("what was measured is kept; the same command goes on from here"));
    }
    for (revision, targets) in not_built {
        if let Some(what) = broken(targets) {
            let failure = Failure::environment(format!("{revision}: {what}"));
            return Err(failure.help("the other benches were compared"));
        }
    }
    Ok(if compared.regressions.is_empty() { Exit::Clean } else { Exit::Found })
}

fn checkout_failure(error: CheckoutError) -> Failure {
    let message = error.to_string();
    match error {
        CheckoutError::NoSuchRevision(_) => {
            Failure::usage(message).help("name a branch, a tag or a commit of this repository")
        }
        CheckoutError::NoRepository(_) => Failure::usage(message)
            .help("two revisions need a repository; results in files compare with cargo perf stat"),
        _ => Failure::environment(message),
    }
}

fn paired_failure(error: paired::Error) -> Failure {
    let message = error.to_string();
    match error {
        paired::Error::NothingInCommon { .. } => {
            Failure::usage(message).help("without a filter all benches are compared")
        }
        _ => Failure::environment(message),
    }
}
