//! Paired runs: which of two builds of the same benches is faster, by how much, and how sure that
//! is.
//!
//! The unit is one short process of one bench. Rounds run each bench once on either side, in an
//! order drawn anew, from fresh copies of both files; each pair gives one ratio. At fixed numbers
//! of pairs the ratios are looked at, and a bench that has its answer runs no more. A claim of less
//! than a fifth must hold once more, in pairs that are linked anew with the functions of both sides
//! in an order drawn for each pair: where code lies moves a bench by as much.
//!
//! ```text
//! share     the benches of one of several machines
//! side      the executables to compare, kept from the next build
//! process   one short run of one bench: seconds per iteration
//! schedule  orders and looks
//! decide    from ratios to a verdict
//! pairs     the benches that both sides have
//! rounds    runs them all; knows of no statistics
//! copies    the files that a round runs
//! exact     what is counted instead of timed
//! instructions   of benches with a small claim, where valgrind is installed
//! ledger    the pairs measured so far, for going on after an interrupt
//! ```

mod copies;
mod cut;
mod decide;
mod exact;
mod instructions;
mod ledger;
mod pairs;
mod process;
mod rounds;
mod schedule;
mod share;
mod side;

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::bench::Length;
use crate::model::verdict::{BenchName, Comparison};
use crate::record;

pub use decide::Rule;
pub(super) use exact::verdict_of_bytes;
pub use instructions::INSTRUCTIONS;
pub use process::Fault;
pub use schedule::LOOKS;
pub use share::{Share, share};
pub use side::{Side, keep};

/// How to compare.
#[derive(Clone, Debug)]
pub struct Options {
    /// When a difference counts, and when it is looked at.
    pub rule: Rule,
    /// How long one process measures, where its harness lets that be chosen.
    pub length: Length,
    /// A process that takes longer is ended and its bench given up.
    pub limit: Duration,
    /// Which benches.
    pub benches: Benches,
    /// After this time no further pair is begun.
    pub budget: Option<Duration>,
    /// Also compare a copy of one side with itself; where that finds a difference, nothing that
    /// was claimed in this run is believed.
    pub canary: bool,
    /// Also count allocations, bytes, growths and I/O calls.
    pub exact: bool,
    /// Also count the instructions of benches with a small claim, where valgrind is installed.
    pub instructions: bool,
    /// Also put a small claim to the test of other layouts, where the linker can make them.
    pub layout: bool,
    /// What the orders are drawn from.
    pub seed: u64,
    /// An own directory for copies and for what was measured so far.
    pub dir: PathBuf,
}

impl Options {
    /// The defaults, with this directory.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Options {
            rule: Rule::default(),
            length: Length {
                // What differs from process to process does not shrink with their length, so many
                // short ones tell more than a few long ones.
                warm_up: Duration::from_millis(3),
                measure: Duration::from_millis(10),
                samples: 30,
            },
            limit: Duration::from_secs(120),
            benches: Benches::Matching(Vec::new()),
            budget: None,
            canary: true,
            exact: true,
            instructions: false,
            layout: true,
            seed: 0x9e37_79b9_7f4a_7c15,
            dir: dir.into(),
        }
    }
}

/// Which benches to compare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Benches {
    /// Those that match one of these, as their harness understands a filter; all if empty.
    Matching(Vec<String>),
    /// These.
    Exactly(Vec<BenchName>),
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// The benches that both sides have, in the order of their names.
    pub comparisons: Vec<Comparison>,
    /// Benches that only the second side has.
    pub added: Vec<BenchName>,
    /// Benches that only the first side has.
    pub removed: Vec<BenchName>,
    /// Runs that failed; their benches have no time.
    pub failed: Vec<Failed>,
    /// The copy that was compared with itself.
    pub canary: Option<Comparison>,
    /// Why it ended.
    pub ended: Ended,
    /// How long the processes of each bench took together, in the order of the comparisons.
    pub spent: Vec<Duration>,
}

impl Report {
    /// Whether a copy of one side was found to differ from itself.
    pub fn canary_sang(&self) -> bool {
        use crate::model::verdict::Verdict;
        let verdict = self.canary.as_ref().map(Comparison::verdict);
        matches!(verdict, Some(Verdict::Faster | Verdict::Slower))
    }
}

/// Why a comparison ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ended {
    /// Each bench has its answer, or has run as often as the rule allows.
    #[default]
    Done,
    /// The budget was used up.
    Budget,
    /// The caller interrupted it. What was measured is kept for the next time.
    Interrupted,
}

/// A run that failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Failed {
    /// The bench.
    pub name: BenchName,
    /// Which side.
    pub which: Which,
    /// How.
    pub fault: Fault,
}

/// One of the two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Which {
    /// What the change is measured against.
    Before,
    /// The change.
    After,
}

impl Which {
    /// Both, in their order.
    pub const BOTH: [Which; 2] = [Which::Before, Which::After];

    /// As a word.
    pub fn word(self) -> &'static str {
        match self {
            Which::Before => "before",
            Which::After => "after",
        }
    }
}

/// Where a comparison stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress<'a> {
    /// A target is asked for its benches.
    Listing(&'a str),
    /// Quantities are counted on a side.
    Counting(Which),
    /// A target is linked with its functions in another order.
    Linking(&'a str),
    /// A pair was measured.
    Pairs {
        /// Rounds begun.
        round: u32,
        /// The last there may be.
        of: u32,
        /// Benches that have no answer yet.
        open: usize,
        /// Benches in all.
        benches: usize,
        /// How long it takes from here at most, at the pace so far.
        left: Duration,
    },
}

/// What hears of the progress.
pub type Listener<'a> = dyn Fn(Progress<'_>) + Sync + 'a;

/// Why nothing could be compared.
#[derive(Debug)]
pub enum Error {
    /// A bench target does not tell which benches it has.
    List {
        /// The target.
        target: String,
        /// Which side's.
        which: Which,
        /// Why.
        fault: Fault,
    },
    /// No bench is there on both sides.
    NothingInCommon {
        /// Benches of the first side.
        before: usize,
        /// Benches of the second.
        after: usize,
    },
    /// A file of ours could not be written or read.
    File {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        error: io::Error,
    },
    /// Counting failed.
    Record(record::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::List { target, which, fault } => {
                write!(f, "the benches of `{target}` ({}) cannot be listed: {fault}", which.word())
            }
            Error::NothingInCommon { before: 0, after: 0 } => {
                f.write_str("no bench matches, before or after")
            }
            Error::NothingInCommon { before, after } => {
                write!(f, "none of the {before} benches before is among the {after} benches after")
            }
            Error::File { path, error } => write!(f, "{}: {error}", path.display()),
            Error::Record(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

/// Compares two builds. Both must have been built before; see [`keep`].
pub fn compare(
    before: &Side<'_>,
    after: &Side<'_>,
    options: &Options,
    listener: &Listener<'_>,
    interrupt: &AtomicBool,
) -> Result<Report, Error> {
    rounds::compare(before, after, options, listener, interrupt)
}
