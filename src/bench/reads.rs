//! The clock reads of a run, thread by thread, as the harness adapters look at them.

use std::collections::HashMap;

use crate::model::clock::ClockRead;

/// The clock reads of one process.
#[derive(Clone, Debug, Default)]
pub struct Reads {
    /// The process.
    pub pid: u32,
    /// Those of each thread, the busiest reader first.
    pub threads: Vec<ThreadReads>,
}

/// The clock reads of one thread, in order.
#[derive(Clone, Debug, Default)]
pub struct ThreadReads {
    /// The thread.
    pub tid: u32,
    /// What the program was told.
    pub times: Vec<u64>,
    /// From where on the stack it asked.
    pub stack: Vec<u64>,
    /// I/O calls of the thread until then.
    pub io_calls: Vec<u64>,
}

/// Two reads of one thread with timed work between them, as indices into its reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The read before.
    pub start: usize,
    /// The read after.
    pub end: usize,
}

/// Collects reads while the events of a run pass by.
#[derive(Debug)]
pub struct Collector {
    pid: u32,
    threads: HashMap<u32, ThreadReads>,
}

impl Reads {
    /// The first thread of the process.
    pub fn main(&self) -> Option<&ThreadReads> {
        self.threads.iter().find(|thread| thread.tid == self.pid)
    }
}

impl Collector {
    /// For the reads of this process; those of others are passed over.
    pub fn of(pid: u32) -> Self {
        Collector { pid, threads: HashMap::new() }
    }

    /// Takes one read.
    pub fn push(&mut self, read: &ClockRead) {
        if read.pid != self.pid {
            return;
        }
        let thread = self.threads.entry(read.tid).or_default();
        thread.tid = read.tid;
        thread.times.push(read.time);
        thread.stack.push(read.sp);
        thread.io_calls.push(read.counters.io_calls);
    }

    /// All reads.
    pub fn finish(self) -> Reads {
        let mut threads: Vec<ThreadReads> = self.threads.into_values().collect();
        threads.sort_by_key(|thread| (std::cmp::Reverse(thread.times.len()), thread.tid));
        Reads { pid: self.pid, threads }
    }
}

/// The reads of a thread that came from no deeper in the stack than a level.
///
/// A harness reads the clock from above the code it measures; where that code reads the clock
/// too, leaving out the deeper reads shows the harness's own.
#[derive(Clone, Debug)]
pub struct View {
    /// What the program was told.
    pub times: Vec<u64>,
    /// I/O calls of the thread until then.
    io_calls: Vec<u64>,
    /// For each, its index among all reads of the thread.
    pub index: Vec<usize>,
}

impl ThreadReads {
    /// From the reads made highest on the stack to those of ever deeper levels, then all of them.
    /// A harness makes few reads, so the first views are small where the measured code makes many.
    pub fn views(&self) -> impl Iterator<Item = View> + '_ {
        /// More levels than a harness has places that read the clock.
        const LEVELS: usize = 12;
        let levels = std::iter::once_with(|| {
            let mut levels = self.stack.clone();
            levels.sort_unstable_by(|a, b| b.cmp(a));
            levels.dedup();
            // The deepest level is that of all reads.
            levels.pop();
            levels.truncate(LEVELS);
            levels
        });
        levels.flatten().chain([0]).map(|level| self.view(level))
    }

    fn view(&self, level: u64) -> View {
        let index: Vec<usize> = (0..self.times.len()).filter(|&i| self.stack[i] >= level).collect();
        let of = |values: &[u64]| index.iter().map(|&i| values[i]).collect();
        View { times: of(&self.times), io_calls: of(&self.io_calls), index }
    }
}

impl View {
    /// A pair of this view as a pair of the thread's reads.
    pub fn pair(&self, start: usize, end: usize) -> Pair {
        Pair { start: self.index[start], end: self.index[end] }
    }

    /// Whether a harness that prints what it does may have gone from one bench to the next right
    /// before this read: there was I/O since the read before, or there is no read on one side.
    pub fn may_part(&self, place: usize) -> bool {
        match (place.checked_sub(1).map(|before| self.io_calls[before]), self.io_calls.get(place)) {
            (Some(before), Some(&after)) => after > before,
            _ => true,
        }
    }

    /// Nanoseconds between two reads.
    pub fn between(&self, start: usize, end: usize) -> u64 {
        self.times[end].saturating_sub(self.times[start])
    }
}

/// The reads of a thread that did I/O before the reads at these places.
#[cfg(test)]
pub(super) fn thread(times: &[u64], io_before: &[usize]) -> ThreadReads {
    let calls = |at| io_before.iter().filter(|&&place| place <= at).count() as u64;
    ThreadReads {
        tid: 1,
        times: times.to_vec(),
        stack: vec![0x1000; times.len()],
        io_calls: (0..times.len()).map(calls).collect(),
    }
}
