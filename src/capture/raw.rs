//! Raw events: what every backend records, before anything is unwound or resolved.
//!
//! Times are nanoseconds of `CLOCK_MONOTONIC`, so that events of different backends, and the
//! clock reads of a bench harness, can be laid side by side.

pub use crate::model::clock::{ClockRead, Counters};

/// One event of a recording.
#[derive(Clone, Debug, PartialEq)]
pub enum Event<'a> {
    /// A file was mapped executable.
    Map(Map),
    /// A thread has this name.
    Thread {
        /// Process.
        pid: u32,
        /// Thread.
        tid: u32,
        /// Its name.
        name: String,
    },
    /// A process began as a copy of another.
    Fork {
        /// The new process.
        pid: u32,
        /// The one it is a copy of.
        parent: u32,
    },
    /// A process threw its address space away to run another program.
    Exec {
        /// Process.
        pid: u32,
        /// The program's name, cut at 15 bytes.
        name: String,
    },
    /// A stack with what was measured there.
    Stack(Stack<'a>),
    /// The program read the monotonic clock: the edges of a timed region.
    Clock(ClockRead),
    /// A thread exited, or was alive when the recording ended, with its last counters.
    Exit {
        /// Process.
        pid: u32,
        /// Thread.
        tid: u32,
        /// When.
        time: u64,
        /// The thread's counters at that time.
        counters: Counters,
    },
    /// A function was called of those that the request named.
    Call {
        /// Process.
        pid: u32,
        /// Thread.
        tid: u32,
        /// Which, as [`Probe::function`](crate::capture::Probe::function) says.
        function: usize,
    },
    /// Events were lost.
    Lost {
        /// How many.
        events: u64,
    },
}

/// A file in the address space of a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map {
    /// Process.
    pub pid: u32,
    /// When it was noticed; 0 for those of the start. Later than its first use where a library
    /// was loaded while the program ran.
    pub time: u64,
    /// First address.
    pub start: u64,
    /// One past the last.
    pub end: u64,
    /// Offset of `start` in the file.
    pub offset: u64,
    /// The file, or `[vdso]`.
    pub path: String,
}

/// Registers, copied stack bytes, and what was measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack<'a> {
    /// Process.
    pub pid: u32,
    /// Thread.
    pub tid: u32,
    /// When; of a wait or an I/O call, its end.
    pub time: u64,
    /// What was measured.
    pub what: What,
    /// Registers that unwinding starts from.
    pub regs: Regs,
    /// Bytes from the stack pointer upward.
    pub bytes: &'a [u8],
    /// Where the copy was cut: bytes next to the stack's base, with the address of the first; no
    /// bytes where the base could not be had. `None` where the copy reaches the base.
    pub tail: Option<(u64, &'a [u8])>,
}

/// Registers that unwinding starts from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Regs {
    /// Program counter: for [`What::Cpu`] the instruction that was interrupted, for everything
    /// else the address after the call that was observed.
    pub pc: u64,
    /// Stack pointer.
    pub sp: u64,
    /// Frame pointer: `rbp` or `x29`.
    pub fp: u64,
    /// Link register; 0 on x86-64.
    pub lr: u64,
}

/// What was measured at a stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// CPU time.
    Cpu {
        /// Nanoseconds this sample stands for.
        nanos: u64,
    },
    /// A sampled allocation.
    Alloc {
        /// Its address, to match the free.
        address: u64,
        /// Bytes asked for.
        bytes: u64,
        /// Allocations this sample stands for, times 1000.
        weight_milli: u64,
    },
    /// The free of an address that [`What::Alloc`] named. Carries no stack.
    Free {
        /// The address.
        address: u64,
    },
    /// A reallocation to a larger size. The new block may be freed later like one of
    /// [`What::Alloc`].
    Growth {
        /// The new address.
        address: u64,
        /// Bytes before.
        old: u64,
        /// Bytes after.
        new: u64,
        /// Bytes that the allocator copied because the block moved.
        copied: u64,
        /// Growths this sample stands for, times 1000.
        weight_milli: u64,
    },
    /// A wait for a futex.
    LockWait {
        /// Nanoseconds waited.
        nanos: u64,
        /// The futex's address, to match waiter and holder.
        address: u64,
        /// Waits this sample stands for, times 1000.
        weight_milli: u64,
    },
    /// A wake of a futex by which a wait ended: for a lock, whoever stands here held it.
    LockWake {
        /// The futex's address.
        address: u64,
        /// Threads woken.
        woken: u64,
        /// Nanoseconds for which they had waited.
        nanos: u64,
        /// Wakes this sample stands for, times 1000.
        weight_milli: u64,
    },
    /// An I/O call.
    Io {
        /// What it did.
        call: IoCall,
        /// Bytes moved.
        bytes: u64,
        /// Nanoseconds it took.
        nanos: u64,
        /// Calls this sample stands for, times 1000.
        weight_milli: u64,
    },
    /// A thread was started.
    ThreadStart {
        /// Starts this sample stands for, times 1000.
        weight_milli: u64,
    },
}

/// What an I/O call did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IoCall {
    /// `read`, `recv` and their kin.
    Read,
    /// `write`, `send` and their kin.
    Write,
    /// `sendfile`, `copy_file_range`, `splice`.
    Copy,
    /// `fsync`, `fdatasync`.
    Sync,
    /// `open`, `openat`.
    Open,
}
