//! When the threads of a recording ran, waited and did I/O, in slots of equal length.

use serde::{Deserialize, Serialize};

/// The threads of a recording over time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    /// Length of a slot.
    pub slot_nanos: u64,
    /// How many slots there are.
    pub slots: u32,
    /// The threads that did most, in the order in which they were first seen.
    pub threads: Vec<ThreadTime>,
    /// Threads that are left out, since they did least.
    pub left_out: usize,
    /// Where threads were.
    pub places: Vec<Place>,
}

/// One thread over time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadTime {
    /// Its process.
    pub pid: u32,
    /// Its number.
    pub tid: u32,
    /// Its name.
    pub name: String,
    /// What it did, by slot.
    pub cells: Vec<Cell>,
}

/// What a thread did in one slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// The slot.
    pub slot: u32,
    /// What it did.
    pub activity: Activity,
    /// For how much of the slot.
    pub nanos: u64,
    /// Where it spent most of that, among [`Timeline::places`].
    pub place: Option<u32>,
}

/// What a thread can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Activity {
    /// It used a processor.
    Running,
    /// It waited for a lock, a condition or another thread.
    Waiting,
    /// It was in a call that reads or writes.
    Io,
}

/// A line of a function.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The function.
    pub function: String,
    /// Its file, as the debug info has it.
    pub file: String,
    /// The line; 0 where it is not known.
    pub line: u32,
}
