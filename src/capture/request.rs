//! What to run, and what to record of it.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::Switch;

/// What can be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// CPU time.
    Cpu,
    /// Allocations, what stays in use, growth.
    Heap,
    /// Waits for locks, and who held them.
    Lock,
    /// I/O calls and bytes.
    Io,
    /// Calls of functions that the request names.
    Calls,
}

impl Kind {
    /// Every kind that is recorded of a whole program, in the order in which they are printed.
    pub const ALL: [Kind; 4] = [Kind::Cpu, Kind::Heap, Kind::Lock, Kind::Io];

    /// As on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Cpu => "cpu",
            Kind::Heap => "heap",
            Kind::Lock => "lock",
            Kind::Io => "io",
            Kind::Calls => "calls",
        }
    }
}

/// Which backend samples CPU time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CpuBackend {
    /// Perf events; where they are refused, timers.
    #[default]
    Auto,
    /// Perf events or nothing.
    PerfEvents,
    /// The agent's timers or nothing.
    Timers,
    /// None.
    Off,
}

impl CpuBackend {
    /// The choice in the variable `CARGO_PERF_CPU` (`perf`, `timer` or `none`), which is there
    /// for tests and for a system that misbehaves. The error is what the variable holds instead.
    pub fn from_environment() -> Result<CpuBackend, OsString> {
        let Some(choice) = env::var_os("CARGO_PERF_CPU") else { return Ok(CpuBackend::Auto) };
        match choice.to_str() {
            Some("perf") => Ok(CpuBackend::PerfEvents),
            Some("timer") => Ok(CpuBackend::Timers),
            Some("none") => Ok(CpuBackend::Off),
            Some("") => Ok(CpuBackend::Auto),
            _ => Err(choice),
        }
    }
}

/// Where the program's standard input comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Input {
    /// From where ours comes.
    #[default]
    Inherit,
    /// Nothing to read.
    Null,
}

/// Where an output stream of the program goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Output {
    /// Where ours goes.
    #[default]
    Inherit,
    /// Nowhere.
    Null,
    /// To this file, which is created or emptied. The same path for both streams gives one file.
    File(PathBuf),
}

/// The first instruction of a function whose calls are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// The program or library.
    pub file: PathBuf,
    /// Where in that file.
    pub offset: u64,
    /// The number of the function. Several places may be of one function.
    pub function: usize,
}

/// One run of a program, and what to record of it.
#[derive(Clone, Debug)]
pub struct Request {
    /// The program: a path, or a name looked up in `PATH`.
    pub program: OsString,
    /// Its arguments, without the program's name.
    pub args: Vec<OsString>,
    /// Its working directory; `None` for ours.
    pub cwd: Option<PathBuf>,
    /// Changes to our own environment; `None` removes a variable.
    pub env: Vec<(OsString, Option<OsString>)>,
    /// What to record.
    pub kinds: Vec<Kind>,
    /// Also record the program's reads of the monotonic clock.
    pub clock_reads: bool,
    /// Where to count calls. With `clock_reads`, each of them is an event.
    pub probes: Vec<Probe>,
    /// CPU samples per second of CPU time.
    pub rate: u32,
    /// What samples CPU time.
    pub cpu_backend: CpuBackend,
    /// After this wall time the program is ended.
    pub time_limit: Option<Duration>,
    /// Keep CPU samples only while this is on.
    pub switch: Option<Arc<Switch>>,
    /// Record the processes that the program starts, too.
    pub children: bool,
    /// Standard input.
    pub stdin: Input,
    /// Standard output.
    pub stdout: Output,
    /// Standard error.
    pub stderr: Output,
    /// An existing directory for the raw events. They are needed as long as the [`Recording`] is
    /// read; whoever made the directory removes it.
    ///
    /// [`Recording`]: super::Recording
    pub raw_dir: PathBuf,
    /// A directory in which the agent's library is kept between runs; created where missing.
    pub agent_dir: PathBuf,
}

impl Request {
    /// CPU samples per second where nothing else is asked for: near 1000, but in step with
    /// nothing that a program does once per millisecond.
    pub const DEFAULT_RATE: u32 = 997;

    /// Records every kind of one program with our environment, streams and directory.
    pub fn new(
        program: impl Into<OsString>,
        raw_dir: impl Into<PathBuf>,
        agent_dir: impl Into<PathBuf>,
    ) -> Self {
        Request {
            program: program.into(),
            args: Vec::new(),
            cwd: None,
            env: Vec::new(),
            kinds: Kind::ALL.to_vec(),
            clock_reads: false,
            probes: Vec::new(),
            rate: Request::DEFAULT_RATE,
            cpu_backend: CpuBackend::from_environment().unwrap_or_default(),
            time_limit: None,
            switch: None,
            children: false,
            stdin: Input::default(),
            stdout: Output::default(),
            stderr: Output::default(),
            raw_dir: raw_dir.into(),
            agent_dir: agent_dir.into(),
        }
    }

    /// Whether this kind was asked for.
    pub fn wants(&self, kind: Kind) -> bool {
        self.kinds.contains(&kind)
    }
}
