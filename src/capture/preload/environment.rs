//! What the agent is asked to record, and how it is told.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::layout::kind;
use super::slots::Slots;
use super::{Agent, Error, Variant};

/// What the agent is asked to record.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// CPU time between two samples of a thread; `None` for no CPU sampling.
    pub cpu_period: Option<Duration>,
    /// Allocations, growth, and what stays in use.
    pub heap: bool,
    /// Waits for futexes and their wakes.
    pub lock: bool,
    /// I/O calls.
    pub io: bool,
    /// Starts of threads.
    pub threads: bool,
    /// Reads of the monotonic clock.
    pub clock: bool,
    /// Also the programs that this one starts.
    pub children: bool,
    /// Mean bytes between sampled allocations; 0 for every one.
    pub heap_mean: u64,
    /// Mean bytes between sampled growths; 0 for every one.
    pub growth_mean: u64,
    /// Mean waiting time between sampled waits, and between sampled wakes; zero for every one.
    pub lock_mean: Duration,
    /// Mean time in I/O between sampled calls; zero for every one.
    pub io_mean: Duration,
    /// Waits, wakes and I/O calls that are all sampled before the means apply.
    pub first: u64,
    /// CPU time between sampled events of one kind on one thread, on average, where there are
    /// many; zero for as many as the means give.
    pub pace: Duration,
    /// Size that the file of one process may reach.
    pub capacity: u64,
    /// Slots of an allocator that is linked into the program; see [`Heap::Slots`].
    ///
    /// [`Heap::Slots`]: super::Heap::Slots
    pub slots: Option<Slots>,
}

impl Default for Wanted {
    fn default() -> Self {
        Wanted {
            cpu_period: None,
            heap: false,
            lock: false,
            io: false,
            threads: false,
            clock: false,
            children: false,
            heap_mean: 64 << 10,
            growth_mean: 64 << 10,
            lock_mean: Duration::from_millis(1),
            io_mean: Duration::from_micros(200),
            first: 256,
            pace: Duration::from_millis(1),
            capacity: 512 << 20,
            slots: None,
        }
    }
}

impl Wanted {
    /// The smallest library that can record this.
    pub fn variant(&self) -> Variant {
        if self.heap || self.lock || self.io { Variant::Full } else { Variant::Cpu }
    }

    /// Variables to start the program with. `directory` takes the capture files; `preload` is the
    /// value that `LD_PRELOAD` would have without us.
    pub fn environment(
        &self,
        agent: &Agent,
        directory: &Path,
        preload: Option<&OsStr>,
    ) -> Result<Vec<(OsString, OsString)>, Error> {
        let refuse = |why| Error::Path { path: directory.to_owned(), why };
        let directory = fs::canonicalize(directory)
            .map_err(|error| Error::File { path: directory.to_owned(), error })?;
        if directory.as_os_str().len() > 3000 {
            return Err(refuse("the path is too long for the agent"));
        }
        let kinds = [
            (self.cpu_period.is_some(), kind::CPU),
            (self.heap, kind::HEAP),
            (self.lock, kind::LOCK),
            (self.io, kind::IO),
            (self.threads, kind::THREADS),
            (self.clock, kind::CLOCK),
        ];
        let kinds: u64 = kinds.iter().filter(|(on, _)| *on).map(|(_, bit)| bit).sum();
        let mut words = format!(
            "kinds={kinds} heap={} growth={} lock={} io={} first={} pace={} max={} children={} ",
            self.heap_mean,
            self.growth_mean,
            self.lock_mean.as_nanos(),
            self.io_mean.as_nanos(),
            self.first,
            self.pace.as_nanos(),
            self.capacity,
            u8::from(self.children),
        );
        if let Some(period) = self.cpu_period {
            words.push_str(&format!("cpu={} ", period.as_nanos()));
        }
        if let Some(slots) = &self.slots {
            words.push_str(&format!("slots={} ", slots.spelled()));
        }
        let mut value = OsString::from(words);
        value.push("dir=");
        value.push(&directory);
        let mut list = agent.preload().to_owned();
        if let Some(others) = preload.filter(|others| !others.is_empty()) {
            list.push(":");
            list.push(others);
        }
        Ok(vec![("LD_PRELOAD".into(), list), ("CARGO_PERF_AGENT".into(), value)])
    }
}

/// Capture files in a directory, one per process.
pub fn captures(directory: &Path) -> Result<Vec<PathBuf>, Error> {
    let fail = |error| Error::File { path: directory.to_owned(), error };
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        if path.extension().is_some_and(|end| end == "capture") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
