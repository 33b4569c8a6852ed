//! `cargo perf record`: record the benches or any command.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::bench::{Choice, Length, Shard};
use crate::capture::{self, CpuBackend};
use crate::cli::Context;
use crate::cli::build::{broken, build_benches, load_workspace, recall_workspace};
use crate::cli::calls;
use crate::cli::interrupt::Interrupt;
use crate::cli::output::refuse_place;
use crate::cli::signal_switch::{SignalName, SignalSwitch};
use crate::cli::{duration, progress};
use crate::exit::{Exit, Failure};
use crate::record::{self, Calls, Error, Failed, Fault, Left, Options, Outcome};
use crate::report::inert::spoken;
use crate::report::words;
use crate::workspace::{BenchTarget, Built, nearest};

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    what: What,
    /// Leave the profile in this file [default: target/perf/profile.pb.gz]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Record the command only between signals: the first to `cargo perf` starts, the next stops,
    /// and so on
    #[arg(
        long,
        value_enum,
        ignore_case = true,
        value_name = "SIGNAL",
        requires = "command",
        conflicts_with = "calls"
    )]
    signal: Option<SignalName>,
    /// Record this command instead of benches, with the processes it starts
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// What to record, as `record` and `run` share it.
#[derive(Debug, Default, clap::Args)]
pub struct What {
    /// Only benches that match, as their harness understands a filter
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,
    /// Only this share of the benches, such as 2/4; `cargo perf merge` puts shares together
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// What to record [default: all]
    #[arg(
        long,
        value_enum,
        value_delimiter = ',',
        value_name = "KIND",
        help_heading = "Recording"
    )]
    kind: Vec<Kind>,
    /// CPU samples per second of CPU time [default: 997; 2991 for benches of libtest and bencher,
    /// 4985 for those of divan]
    #[arg(long, value_name = "HZ", help_heading = "Recording",
          value_parser = clap::value_parser!(u32).range(1..=50_000))]
    rate: Option<u32>,
    /// How long to measure each bench, or when to end the command [default: 1.5s; where perf events
    /// are allowed 0.33s for benches of libtest and bencher, 0.2s for those of divan]. A bench that
    /// is a `main` runs again as long as it fits into this time
    #[arg(long, value_name = "DURATION", value_parser = duration::parse,
          help_heading = "Recording")]
    time: Option<Duration>,
    /// End a bench that shows no progress for this long [default: 2min]
    #[arg(long, value_name = "DURATION", value_parser = duration::parse,
          help_heading = "Recording")]
    timeout: Option<Duration>,
    /// Count the calls of this function, such as `parse::number`: those of benches per iteration, in
    /// a run of their own; those of a command in all, while it is recorded, each of which then takes
    /// some microseconds longer. Needs uprobes (root or CAP_PERFMON); what was inlined is no call
    #[arg(long, value_name = "FUNCTION", help_heading = "Recording")]
    calls: Vec<String>,
}

/// `--kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// CPU time
    Cpu,
    /// Allocations, growth, what stays in use
    Heap,
    /// Waits for locks, and who held them
    Lock,
    /// I/O calls and bytes
    Io,
}

impl What {
    fn options(&self, perf_dir: PathBuf) -> Result<Options, Failure> {
        if let Err(other) = CpuBackend::from_environment() {
            let message = format!("CARGO_PERF_CPU is `{}`", other.to_string_lossy());
            return Err(Failure::usage(message).help("it may be `perf`, `timer` or `none`"));
        }
        let measure = self.time.unwrap_or(Length::USUAL.measure);
        let kinds = self.kind.iter().map(|kind| match kind {
            Kind::Cpu => capture::Kind::Cpu,
            Kind::Heap => capture::Kind::Heap,
            Kind::Lock => capture::Kind::Lock,
            Kind::Io => capture::Kind::Io,
        });
        Ok(Options {
            kinds: if self.kind.is_empty() { capture::Kind::ALL.to_vec() } else { kinds.collect() },
            rate: self.rate,
            length: self.time.map(|measure| Length { measure, ..Length::USUAL }),
            stall: self.timeout.unwrap_or(Duration::from_secs(120)).max(measure * 3),
            choice: Choice::Matching(self.filters.clone()),
            calls: Calls::default(),
            perf_dir,
        })
    }
}

pub(super) fn run(args: Args, context: &mut Context<'_>) -> Result<Exit, Failure> {
    if let Some(out) = &args.out {
        refuse_place("--out", out)?;
    }
    let interrupt = Interrupt::watch()?;
    let Some((program, program_args)) = args.command.split_first() else {
        let recorded = record_workspace(&args.what, args.out.as_deref(), context, &interrupt)?;
        print_lines(&recorded.outcome, context)?;
        return verdict(&recorded, context).map(|()| Exit::Clean);
    };
    if !args.what.filters.is_empty() || args.what.shard.is_some() {
        return Err(Failure::usage("filters and shares choose benches; a command runs as it is")
            .help("put the whole command behind `--`"));
    }
    let perf_dir = match load_workspace(context) {
        Ok(workspace) => workspace.perf_dir(),
        // A command needs no workspace around it, but one that was named is meant.
        Err(failure) if context.common.manifest_path.is_some() => return Err(failure),
        Err(_) => PathBuf::from("target/perf"),
    };
    let mut options = args.what.options(perf_dir)?;
    options.calls = calls::find(&args.what.calls, &[calls::program(program)], context)?;
    let limit = args.what.time;
    let signal = args.signal.map(SignalSwitch::watch).transpose()?;
    if let Some(signal) = &signal {
        context.note(&signal.instruction());
    }
    let switch = signal.as_ref().map(SignalSwitch::switch);
    let flag = interrupt.flag();
    let outcome = record::record_command(program, program_args, limit, switch, &options, flag)
        .map_err(command_failure)?;
    if switch.is_some_and(|switch| switch.spans(u64::MAX).is_empty()) {
        let failure = Failure::environment("nothing was recorded: no signal came while it ran");
        return Err(failure.help(signal.map(|signal| signal.instruction()).unwrap_or_default()));
    }
    let recorded = keep(outcome, &options.perf_dir, args.out.as_deref(), context)?;
    verdict_on("the", "command", &recorded, context).map(|()| Exit::Clean)
}

/// Records the benches, and leaves what was recorded where `check` finds it.
pub(super) fn benches(shard: Option<Shard>, context: &mut Context<'_>) -> Result<Exit, Failure> {
    let interrupt = Interrupt::watch()?;
    let what = What { shard, ..What::default() };
    let recorded = record_workspace(&what, None, context, &interrupt)?;
    verdict(&recorded, context).map(|()| Exit::Clean)
}

/// A recording that lies on disk.
pub(super) struct Recorded {
    pub(super) outcome: Outcome,
    left: Option<Left>,
    /// Targets that do not build.
    broken: Vec<BenchTarget>,
}

/// Builds and records the benches, and leaves what was recorded on disk.
pub(super) fn record_workspace(
    what: &What,
    out: Option<&Path>,
    context: &mut Context<'_>,
    interrupt: &Interrupt,
) -> Result<Recorded, Failure> {
    let workspace = recall_workspace(context)?;
    let options = what.options(workspace.perf_dir())?;
    let Built { executables, broken } =
        build_benches(&workspace, false, context, interrupt.flag())?;
    let programs: Vec<PathBuf> = executables.iter().map(|it| it.path.clone()).collect();
    let calls = calls::find(&what.calls, &programs, context)?;
    let outcome = {
        let line = progress::Line::new(context);
        let listener = |progress: record::Progress<'_>| line.show(progress);
        let (flag, shard) = (interrupt.flag(), what.shard);
        let record = |options| {
            record::record_share(&workspace, &executables, shard, options, &listener, flag)
                .map_err(record_failure)
        };
        let mut outcome = record(&options)?;
        if !calls.probes.is_empty() && !outcome.interrupted {
            let options = Options { calls, ..options.clone() };
            record::count_calls(
                &mut outcome,
                &workspace,
                &executables,
                shard,
                &options,
                &listener,
                flag,
            )
            .map_err(record_failure)?;
        }
        outcome
    };
    let nothing = outcome.profile.benches.is_empty() && outcome.failed.is_empty();
    if let (true, Some(shard)) = (nothing, what.shard) {
        context.note(&format!("the share {shard} holds no bench that was recorded"));
    } else if nothing && !outcome.interrupted && broken.is_empty() {
        return Err(no_match(&what.filters, &outcome));
    }
    let recorded = keep(outcome, &options.perf_dir, out, context)?;
    Ok(Recorded { broken, ..recorded })
}

fn no_match(filters: &[String], outcome: &Outcome) -> Failure {
    if filters.is_empty() {
        let targets = outcome.empty.join(", ");
        Failure::usage(format!("no benches ran: there is none in {targets}")).help(
            "a bench target of libtest needs functions with `#[bench]`, which a feature may hold \
             back (`--features`); one with a `main` of its own needs `harness = false` in Cargo.toml",
        )
    } else {
        let failure = Failure::usage(format!("no bench matches {}", filters.join(" ")));
        // A mistyped subcommand reads as a filter.
        let cli = crate::cli::command();
        let names = cli.get_subcommands().map(clap::Command::get_name);
        let meant = filters.first().and_then(|first| nearest(first, names));
        failure.help(match meant {
            Some(name) => format!("or did you mean the subcommand `cargo perf {name}`?"),
            None => "filters are those of `cargo bench`; without one all benches run".to_owned(),
        })
    }
}

/// Leaves it on disk and says in one line what it is. An interrupted recording that holds nothing
/// leaves the one before it in place.
fn keep(
    outcome: Outcome,
    perf_dir: &Path,
    out: Option<&Path>,
    context: &mut Context<'_>,
) -> Result<Recorded, Failure> {
    for (why, benches) in &outcome.unclear {
        let benches = match benches.as_slice() {
            [one] => one.clone(),
            [first, rest @ ..] => format!("{first} and {} more", rest.len()),
            [] => continue,
        };
        context.note(&format!("note: {benches}: nothing per iteration, since {why}"));
    }
    let summary = capture::summary(&outcome.ran, &outcome.missing);
    if outcome.profile.samples.is_empty() && outcome.profile.benches.is_empty() {
        return Ok(Recorded { outcome, left: None, broken: Vec::new() });
    }
    let profile = out.map_or_else(|| perf_dir.join("profile.pb.gz"), Path::to_owned);
    let left = record::leave(&outcome, &profile, &perf_dir.join("bench.txt"))
        .map_err(|(path, error)| Failure::environment(format!("{}: {error}", path.display())))?;
    context.note(&format!("{summary}; in {}", left.profile.display()));
    if let Some(memory) = memory(&outcome) {
        context.note(&memory);
    }
    for line in calls::told(&outcome) {
        context.note(&line);
    }
    if context.common.verbose > 0 {
        details(&outcome, context);
    }
    Ok(Recorded { outcome, left: Some(left), broken: Vec::new() })
}

/// What a command allocated in all, exactly, and what of it was in use, as the samples tell.
fn memory(outcome: &Outcome) -> Option<String> {
    let [command] = outcome.profile.benches.as_slice() else { return None };
    // Of fewer blocks the peak may be several times of what it was.
    const TELLING: usize = 20;
    let in_use = outcome.in_use.filter(|_| command.harness == "command")?;
    let bytes = |bytes: u64| {
        crate::report::views::readable(i64::try_from(bytes).unwrap_or(i64::MAX), "bytes")
    };
    let how = if in_use.blocks < TELLING {
        format!("a guess from {}", words::count(in_use.blocks, "sampled block"))
    } else {
        "sampled".to_owned()
    };
    let counted = |name: &str| command.counters.get(name).copied();
    // One sampled block may stand for more than there ever was.
    let space = counted("alloc_space").map(|space| space + counted("growth_added").unwrap_or(0));
    let most = |sampled: u64| bytes(space.map_or(sampled, |space| sampled.min(space)));
    let (peak, end) = (most(in_use.bytes), most(in_use.end));
    let in_use = format!("in use: {peak} at the peak, {end} at the end ({how})");
    Some(match (counted("alloc_objects"), counted("alloc_space")) {
        (Some(count), Some(space)) => {
            format!("{count} allocations of {} in all; {in_use}", bytes(space))
        }
        _ => in_use,
    })
}

fn details(outcome: &Outcome, context: &mut Context<'_>) {
    let quality = &outcome.quality;
    if let Some(share) = quality.complete_share() {
        context.note(&format!(
            "{:.3} % of {} stacks are complete; {} were deeper than the copy, {} lay in the \
             recorder itself, {} events were lost",
            share * 100.0,
            quality.stacks,
            quality.truncated,
            quality.agent,
            quality.lost
        ));
    }
    for (rule, benches) in &outcome.rules {
        let benches =
            if *benches == 1 { "1 bench".to_owned() } else { format!("{benches} benches") };
        context.note(&format!("{benches}: {}", rule.text()));
    }
}

/// The bench lines, as they stand in `bench.txt`.
fn print_lines(outcome: &Outcome, context: &mut Context<'_>) -> Result<(), Failure> {
    let mut lines = Vec::new();
    record::write_lines(outcome, &mut lines)
        .map_err(|error| Failure::environment(error.to_string()))?;
    context.print(&lines)
}

/// What failed or does not build, or that it was interrupted, once all that could be kept is on disk.
pub(super) fn verdict(recorded: &Recorded, context: &mut Context<'_>) -> Result<(), Failure> {
    verdict_on("a", "bench", recorded, context)
}

fn verdict_on(
    article: &str,
    kind: &str,
    recorded: &Recorded,
    context: &mut Context<'_>,
) -> Result<(), Failure> {
    let outcome = &recorded.outcome;
    for failed in &outcome.failed {
        show(kind, failed, context);
    }
    let kept = match &recorded.left {
        Some(left) => format!("what was recorded is in {}", left.profile.display()),
        None => "nothing was recorded".to_owned(),
    };
    if outcome.interrupted {
        return Err(Failure::environment("interrupted").help(kept));
    }
    // What was asked for is not there, whatever the times are that a harness tells.
    if outcome.failed.is_empty() && outcome.ran.is_empty() && !outcome.missing.is_empty() {
        return Err(Failure::environment("nothing that was asked for could be recorded"));
    }
    let unwritten = outcome.missing.iter().any(|missing| missing.unwritten);
    let cut = unwritten.then(|| "not all that was recorded could be written".to_owned());
    let failed = match outcome.failed.len() {
        0 => None,
        1 => Some(format!("{article} {kind} failed")),
        failed => Some(format!("{failed} benches failed")),
    };
    let wrong: Vec<String> =
        failed.into_iter().chain(broken(&recorded.broken)).chain(cut).collect();
    if wrong.is_empty() {
        return Ok(());
    }
    let help = if unwritten { format!("{kept}; make room for it and record again") } else { kept };
    Err(Failure::environment(wrong.join(", and ")).help(help))
}

fn show(kind: &str, failed: &Failed, context: &mut Context<'_>) {
    let target = &failed.target;
    let name = match &failed.bench {
        // A command, or a bench that is a plain `main`, is all there is of its program.
        Some(bench) if bench == target => format!("{kind} `{bench}`"),
        Some(bench) => format!("{kind} `{bench}` of `{target}`"),
        None => format!("`{target}`"),
    };
    context.warn(&format!("{name} {}", failed.fault));
    if matches!(failed.fault, Fault::Stalled(_)) {
        context.note("    (a bench that needs longer gets it with --timeout)");
    }
    for line in failed.output.lines() {
        // What a program wrote for a terminal is not ours to send to one.
        let line: String =
            line.chars().map(|c| if c.is_control() && c != '\t' { ' ' } else { c }).collect();
        // A runner that reads along takes no command from it, however far that is indented.
        let _ = writeln!(context.err, "{}", spoken(&format!("    {line}")));
    }
}

fn record_failure(error: Error) -> Failure {
    let failure = Failure::environment(error.to_string());
    match error {
        Error::Capture(capture::Error::Unsupported { .. }) => failure.help(
            "everything else works here: `check`, imported profiles, `stat`, `compare` and `fix`",
        ),
        _ => failure,
    }
}

fn command_failure(error: Error) -> Failure {
    match &error {
        Error::Capture(capture::Error::Start { .. }) => Failure::usage(error.to_string())
            .help("name a program in PATH, or one by its path, such as `-- ./server`"),
        _ => record_failure(error),
    }
}
