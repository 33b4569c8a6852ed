//! What a capture file says about itself.

use super::layout::{header, kind, note};
use crate::capture::raw::Counters;

/// What happened to a recording, beside its events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// The program handles `SIGPROF` itself, so CPU sampling stood back.
    pub sigprof_taken: bool,
    /// CPU timers were refused, with the system's error number.
    pub timer_refused: Option<u64>,
    /// The file system had no more space.
    pub no_space: bool,
    /// The file reached its capacity.
    pub full: bool,
    /// Slots of an allocator were not what the file of the program says.
    pub slots_refused: bool,
    /// Stacks outside their threads' own could not be read.
    pub stacks_refused: bool,
}

/// What a capture file says about itself.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Summary {
    /// The process.
    pub pid: u32,
    /// The one that started or forked it.
    pub parent: u32,
    /// When its recording began.
    pub started: u64,
    /// Whether the heap was asked for.
    pub heap: bool,
    /// Whether CPU samples were asked for.
    pub cpu: bool,
    /// Records for which there was no room.
    pub lost: u64,
    /// Clock reads that were left out because the program makes too many.
    pub clock_left_out: u64,
    /// Entry points of an allocator that were redirected.
    pub slots: u64,
    /// Sampled blocks whose free cannot be recognized.
    pub untracked: u64,
    /// What happened.
    pub notes: Notes,
    /// Counters of the whole process.
    pub process: Counters,
    /// Bytes that made no sense, and where the first of them was; known when all was read.
    pub damaged: Option<(u64, u64)>,
}

impl Summary {
    /// Reads the header, whose length has been checked.
    pub(super) fn from_header(word: impl Fn(usize) -> u64) -> Summary {
        let notes = word(header::NOTES);
        let has = |bit: u64| notes & bit != 0;
        Summary {
            pid: word(header::PID) as u32,
            parent: word(header::PARENT) as u32,
            started: word(header::STARTED),
            heap: word(header::KINDS) & kind::HEAP != 0,
            cpu: word(header::KINDS) & kind::CPU != 0,
            lost: word(header::LOST),
            clock_left_out: word(header::CLOCK_LEFT_OUT),
            slots: word(header::SLOTS),
            untracked: word(header::UNTRACKED),
            notes: Notes {
                sigprof_taken: has(note::SIGPROF_TAKEN),
                timer_refused: has(note::TIMER_REFUSED).then(|| word(header::ERRNO)),
                no_space: has(note::NO_SPACE),
                full: has(note::FULL),
                slots_refused: has(note::SLOT_REFUSED),
                stacks_refused: has(note::STACK_REFUSED),
            },
            process: super::record::counters(|i| word(header::LATE + 8 * i)),
            damaged: None,
        }
    }
}
