//! Recording: runs each built bench target under the profiler, lays its timed regions over what
//! was recorded, and puts all of it into one profile.

mod again;
mod apart;
mod assemble;
mod calls;
mod leave;
mod pace;
mod run;
mod scope_ends;
mod scratch;
mod timeline;
mod watch;

pub use calls::{Calls, count_calls};
pub use leave::{Left, leave, write_lines};
pub(crate) use run::clock_reads;
pub use scratch::ScratchError;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::bench::{Choice, Harness, Length, Rule, Shard};
use crate::capture::{self, Kind, Missing, Ran, Switch};
use crate::model::profile::Profile;
use crate::model::verdict::BenchName;
use crate::symbolize::{InUse, Quality};
use crate::workspace::{Executable, Workspace};
use assemble::Assembler;
use pace::Pace;
use run::{Program, Runner};
use scratch::Scratch;

/// What to record, and for how long.
#[derive(Clone, Debug)]
pub struct Options {
    /// What to record.
    pub kinds: Vec<Kind>,
    /// CPU samples per second of CPU time; `None` for as many as the length asks for.
    pub rate: Option<u32>,
    /// How long to run each bench; `None` for as long as its harness asks for. One that has to be
    /// ended for that is not ended before it has shown how fast it is.
    pub length: Option<Length>,
    /// A bench that shows no progress for this long is ended.
    pub stall: Duration,
    /// Benches to run.
    pub choice: Choice,
    /// Functions whose calls are counted in the same run.
    pub calls: Calls,
    /// The one directory that is written to.
    pub perf_dir: PathBuf,
}

/// Where a recording stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress<'a> {
    /// A bench target was started.
    Target {
        /// Its package.
        package: &'a str,
        /// Its name.
        target: &'a str,
        /// Its harness.
        harness: Harness,
    },
    /// A bench of it is running.
    Bench(&'a str),
    /// All ran; stacks are being unwound and resolved.
    Resolving,
}

/// What a recording hears of its progress. Called from another thread.
pub type Listener<'a> = dyn Fn(Progress<'_>) + Sync + 'a;

/// How a bench target ended when it did not end well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It exited with a failure, or by a signal.
    Exited(ExitStatus),
    /// It showed no progress and was ended.
    Stalled(Duration),
    /// It wrote more than anybody reads, and was ended.
    Flooded,
    /// It could not be started or recorded.
    NotRecorded(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Exited(status) => write!(f, "failed ({status})"),
            Fault::Stalled(limit) => {
                write!(f, "showed no progress for {} s and was ended", limit.as_secs())
            }
            Fault::Flooded => f.write_str("wrote without end and was ended"),
            Fault::NotRecorded(why) => write!(f, "could not be recorded: {why}"),
        }
    }
}

/// A bench that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// Its package.
    pub package: String,
    /// Its target.
    pub target: String,
    /// The bench, where the harness's output tells.
    pub bench: Option<String>,
    /// How.
    pub fault: Fault,
    /// The end of what it wrote.
    pub output: String,
}

/// One bench, measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its package.
    pub package: String,
    /// Its target.
    pub target: String,
    /// Its harness.
    pub harness: &'static str,
    /// The harness's own name of it.
    pub bench: String,
    /// Iterations behind the values.
    pub iterations: u64,
    /// Values with their units.
    pub values: Vec<(f64, &'static str)>,
    /// Calls per iteration of each function that was named.
    pub calls: Vec<(String, f64)>,
}

/// What came of a recording.
#[derive(Debug, Default)]
pub struct Outcome {
    /// All that was recorded.
    pub profile: Profile,
    /// What the harness calls each bench of `profile.benches`, whose names are unique in it.
    pub names: Vec<BenchName>,
    /// One line per bench.
    pub lines: Vec<Line>,
    /// Backends that ran.
    pub ran: Vec<Ran>,
    /// What could not be had.
    pub missing: Vec<Missing>,
    /// How good the stacks are.
    pub quality: Quality,
    /// Benches of which nothing per iteration is known, by the reason, a clause.
    pub unclear: BTreeMap<&'static str, Vec<String>>,
    /// By which rules the counters were attributed, with the number of benches.
    pub rules: Vec<(Rule, usize)>,
    /// Targets that ran and held no bench.
    pub empty: Vec<String>,
    /// Benches that failed.
    pub failed: Vec<Failed>,
    /// What was in use, as sampled; `None` where the heap was not recorded.
    pub in_use: Option<InUse>,
    /// The caller interrupted it: there may be less than was asked for.
    pub interrupted: bool,
}

/// Why there is no recording at all.
#[derive(Debug)]
pub enum Error {
    /// The directory for what a run leaves could not be made.
    Scratch(ScratchError),
    /// Nothing can be recorded here, or the program could not be started.
    Capture(capture::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Scratch(error) => error.fmt(f),
            Error::Capture(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

/// Records the benches of these executables, one after the other. A bench that fails is told in
/// the outcome, and the others are recorded all the same.
pub fn record_benches(
    workspace: &Workspace,
    executables: &[Executable],
    options: &Options,
    listener: &Listener<'_>,
    interrupt: &AtomicBool,
) -> Result<Outcome, Error> {
    record_share(workspace, executables, None, options, listener, interrupt)
}

/// The same for a share of the benches only.
pub fn record_share(
    workspace: &Workspace,
    executables: &[Executable],
    shard: Option<Shard>,
    options: &Options,
    listener: &Listener<'_>,
    interrupt: &AtomicBool,
) -> Result<Outcome, Error> {
    // Benches are counted over all targets, so that shares are of one size.
    let mut at = 0;
    let scratch = Scratch::new(&options.perf_dir).map_err(Error::Scratch)?;
    let mut assembler = Assembler::new(&options.kinds, &options.calls.names);
    for executable in executables {
        if interrupt.load(Ordering::Relaxed) {
            break;
        }
        let program = Program::of_bench(workspace, executable);
        let harness = program.adapter.harness();
        let pace = Pace::of(harness, options);
        let target = &executable.target;
        listener(Progress::Target { package: &target.package, target: &target.name, harness });
        let runner = Runner { options, pace, scratch: &scratch, listener, interrupt };
        assembler.expect(&executable.path);
        let Some(shard) = shard else {
            run::all_benches(&runner, &program, &mut assembler)?;
            continue;
        };
        if let Some(choice) = run::share(&runner, &program, shard, &mut at) {
            let options = Options { choice, ..options.clone() };
            let runner = Runner { options: &options, ..runner };
            run::all_benches(&runner, &program, &mut assembler)?;
        }
    }
    listener(Progress::Resolving);
    let mut outcome = assembler.finish();
    outcome.interrupted = interrupt.load(Ordering::Relaxed);
    Ok(outcome)
}

/// Records one command from its start to its end, with the processes it starts. With a limit, it
/// is ended after that time, which is no failure. With a switch, only what happens while it is on is
/// kept.
pub fn record_command(
    program: &OsString,
    args: &[OsString],
    limit: Option<Duration>,
    switch: Option<&Arc<Switch>>,
    options: &Options,
    interrupt: &AtomicBool,
) -> Result<Outcome, Error> {
    let scratch = Scratch::new(&options.perf_dir).map_err(Error::Scratch)?;
    let mut assembler = Assembler::new(&options.kinds, &options.calls.names);
    assembler.switch = switch.cloned();
    assembler.tell_processes_apart();
    let pace = Pace::asked(options);
    let runner = Runner { options, pace, scratch: &scratch, listener: &|_| {}, interrupt };
    let program = Program::of_command(program, args, limit, switch.cloned());
    run::command(&runner, &program, &mut assembler)?;
    let mut outcome = assembler.finish();
    outcome.interrupted = interrupt.load(Ordering::Relaxed);
    Ok(outcome)
}
