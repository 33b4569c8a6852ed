//! Harnesses: which one a bench target uses, how it is driven, and which part of its run is the
//! timed region of which bench.
//!
//! One adapter per harness, behind [`Adapter`]. An adapter starts nothing itself: it says how to
//! call the executable, and reads what a finished run left.

mod bencher;
mod criterion;
mod detect;
mod divan;
mod libtest;
mod reads;
mod regions;
mod shard;
mod whole;

pub use detect::{Clue, clue};
pub use reads::{Collector, Pair, Reads, ThreadReads, View};
pub use regions::{Counting, Regions, Rule, Totals};
pub use shard::Shard;
pub use whole::Whole;

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use crate::workspace::Executable;

/// What runs the benches of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Harness {
    /// criterion, 0.3 and later.
    Criterion,
    /// divan.
    Divan,
    /// rustc's own `#[bench]`.
    Libtest,
    /// Its port to stable compilers, `bencher`.
    Bencher,
    /// A `main` of its own: the whole process is one iteration. Never asked anything, since it
    /// may do anything.
    Main,
}

impl Harness {
    /// As in profiles.
    pub fn name(self) -> &'static str {
        match self {
            Harness::Criterion => "criterion",
            Harness::Divan => "divan",
            Harness::Libtest => "libtest",
            Harness::Bencher => "bencher",
            Harness::Main => "main",
        }
    }

    /// Part of the name of every function that calls the timed code, as debug info has it; for
    /// runs whose clock reads do not tell.
    pub fn calls_timed_code(self) -> Option<&'static str> {
        match self {
            Harness::Criterion => Some("::bencher::Bencher"),
            Harness::Divan => Some("::benchmark::BenchContext"),
            Harness::Libtest => Some("test::bench::"),
            Harness::Bencher => Some("bencher::Bencher"),
            Harness::Main => None,
        }
    }

    /// It goes on with a bench until its samples agree, however long that takes.
    pub fn decides_its_length(self) -> bool {
        matches!(self, Harness::Libtest | Harness::Bencher)
    }
}

/// Which benches of a target to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Those that match one of these, as the harness itself understands a filter; all if empty.
    Matching(Vec<String>),
    /// Exactly these.
    Exactly(Vec<String>),
}

impl Choice {
    /// Whether a bench is one of these, where a filter is a part of its name.
    pub fn holds(&self, bench: &str) -> bool {
        match self {
            Choice::Matching(filters) => {
                filters.is_empty() || filters.iter().any(|filter| bench.contains(filter.as_str()))
            }
            Choice::Exactly(names) => names.iter().any(|name| name == bench),
        }
    }
}

/// How the chosen benches of a target are found, without running any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listing {
    /// By this call, whose output [`Adapter::parse_list`] reads.
    Ask(Call),
    /// These are all.
    Known(Vec<String>),
    /// There is no way.
    Unknown,
}

/// How long to run each bench, where the harness lets that be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length {
    /// Before anything counts.
    pub warm_up: Duration,
    /// What counts.
    pub measure: Duration,
    /// Into how many samples that is divided.
    pub samples: u32,
}

impl Length {
    /// For harnesses that take several times as long by themselves.
    pub const USUAL: Length = Length {
        warm_up: Duration::from_millis(300),
        measure: Duration::from_millis(1500),
        samples: 20,
    };
}

/// How to call an executable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    /// Arguments.
    pub args: Vec<OsString>,
    /// Environment on top of what cargo sets; `None` removes a variable.
    pub env: Vec<(OsString, Option<OsString>)>,
}

/// What a finished run left.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// What it wrote to standard output.
    pub stdout: &'a str,
    /// What it wrote to standard error.
    pub stderr: &'a str,
    /// The directory that was given to [`Adapter::run`].
    pub scratch: &'a Path,
    /// Its clock reads; `None` where they were not recorded.
    pub reads: Option<&'a Reads>,
}

/// One sample as the harness counts them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// Iterations.
    pub iterations: u64,
    /// Nanoseconds for all of them.
    pub nanos: f64,
}

/// Where in a run a bench was timed.
#[derive(Clone, Debug, PartialEq)]
pub enum Timed {
    /// Between these pairs of clock reads, by thread, and nowhere else.
    Pairs(Vec<(u32, Pair)>),
    /// Somewhere within this time of the system's clock, below the harness's own functions: the
    /// clock reads could not be told apart, for the reason given.
    Within {
        /// When it cannot have started yet; `None` for the start of the run.
        after: Option<std::time::SystemTime>,
        /// When it was over; `None` for the end of the run.
        before: Option<std::time::SystemTime>,
        /// Why nothing better is known, as a clause.
        why: &'static str,
    },
    /// All of the run.
    Whole,
}

/// One bench of a finished run.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The harness's own name of it.
    pub bench: String,
    /// Iterations over the timed region; `None` where unknown.
    pub iterations: Option<u64>,
    /// Its samples, where the harness tells them.
    pub samples: Vec<Sample>,
    /// Where it was timed.
    pub timed: Timed,
}

/// What a bench showed that may have been ended before its harness was done with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Begun {
    /// The clock reads around each sample, by thread.
    pub pairs: Vec<(u32, Pair)>,
    /// The samples.
    pub samples: Vec<Sample>,
}

/// How a harness is driven and read.
pub trait Adapter {
    /// Which harness.
    fn harness(&self) -> Harness;

    /// How the chosen benches are found.
    fn list(&self, choice: &Choice) -> Listing;

    /// The benches named by the output of the call of [`Adapter::list`].
    fn parse_list(&self, _stdout: &str) -> Vec<String> {
        Vec::new()
    }

    /// The call that runs benches. `scratch` is an empty directory for what the harness writes.
    fn run(&self, choice: &Choice, length: &Length, scratch: &Path) -> Call;

    /// The call for one short run of one bench, of which the fastest sample counts. `length` is
    /// what the run takes at most, where the harness lets that be chosen.
    fn sample(&self, bench: &str, length: &Length, scratch: &Path) -> Call {
        self.run(&Choice::Exactly(vec![bench.to_owned()]), length, scratch)
    }

    /// What the one bench that a run was asked for has shown until now, which may still run or have been ended
    /// before the harness was done with it: for a harness that decides itself how long it takes.
    /// `None` where that is too little, or the reads do not tell.
    fn begun(&self, _bench: &str, _reads: &Reads) -> Option<Begun> {
        None
    }

    /// The call that runs one bench for something that counts, the more iterations the larger
    /// `size` is; `None` where the harness does not let that be chosen.
    fn counting(&self, _bench: &str, _size: u64, _scratch: &Path) -> Option<Call> {
        None
    }

    /// How many iterations such a run did, up to a number that is the same for each size.
    fn counted(&self, _size: u64, _run: &Run<'_>) -> Option<f64> {
        None
    }

    /// The benches that were finished, in the order in which they ran.
    fn measured(&self, run: &Run<'_>) -> Vec<Measured>;

    /// The bench that a run was at when it ended, where its output tells.
    fn at(&self, run: &Run<'_>) -> Option<String>;

    /// How long that bench will be silent, where it has said so.
    fn silent_for(&self, _run: &Run<'_>) -> Option<Duration> {
        None
    }
}

/// The adapter for a built target, whose harness is told by its source, else by the symbols of the
/// executable. The target's name stands for a bench that has none of its own.
pub fn adapter_of(executable: &Executable) -> Box<dyn Adapter + Send + Sync> {
    let target = executable.target.name.clone();
    let clue = clue(&executable.target);
    let symbols = || detect::harness_of_symbols(&executable.path);
    match clue.harness.or_else(symbols).unwrap_or(Harness::Main) {
        Harness::Criterion => criterion(&executable.packages),
        Harness::Divan => Box::new(divan::Divan { target }),
        Harness::Libtest => Box::new(libtest::Libtest),
        Harness::Bencher => Box::new(bencher::Bencher { benches: clue.benches }),
        Harness::Main => Box::new(Whole { name: target }),
    }
}

/// The adapter for criterion. `packages` are names and versions of what was built with it.
pub fn criterion(packages: &[(String, String)]) -> Box<dyn Adapter + Send + Sync> {
    Box::new(criterion::Criterion::of_packages(packages))
}

/// Whether what was measured under a name is this bench, or this bench at one of several numbers of
/// threads: divan runs and lists those as one, and reports them apart.
pub fn is_of(bench: &str, measured: &str) -> bool {
    bench == measured || bench == listed(measured)
}

/// What a measured bench is called where its harness lists it.
pub fn listed(measured: &str) -> &str {
    match measured.rsplit_once("::t=") {
        Some((bench, threads)) if threads.parse::<u64>().is_ok() => bench,
        _ => measured,
    }
}

fn flag(call: &mut Call, name: &str, value: impl Into<OsString>) {
    call.args.push(name.into());
    call.args.push(value.into());
}
