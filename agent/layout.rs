//! Layout of a capture file: shared by the agent that writes it and the decoder that reads it.
//!
//! A file is one page of header and then records. Every record starts with 8 bytes: its size in
//! bytes (a multiple of 8, these 8 included), its kind, its state, and a mark. Space that was
//! handed out and never written stays zero and is skipped. Numbers are in native byte order: a
//! file is read on the machine that wrote it.

/// First word of a capture file.
pub const MAGIC: u64 = u64::from_ne_bytes(*b"CPERFCAP");
/// Changes with everything below.
pub const VERSION: u64 = 1;
/// Records start here.
pub const HEADER_SIZE: usize = 4096;

/// Offsets in the header; each is a 64-bit number.
pub mod header {
    pub const MAGIC: usize = 0;
    pub const VERSION: usize = 8;
    pub const PID: usize = 16;
    /// The process that started or forked this one.
    pub const PARENT: usize = 24;
    /// When the recording of this process began.
    pub const STARTED: usize = 32;
    /// Kinds that are recorded.
    pub const KINDS: usize = 40;
    /// Size that the file may reach.
    pub const CAPACITY: usize = 48;
    /// End of the space that was handed out to records; may lie beyond the capacity.
    pub const CURSOR: usize = 56;
    /// End of the space that the file system has granted.
    pub const GRANTED: usize = 64;
    /// Records for which there was no room.
    pub const LOST: usize = 72;
    /// Clock reads that were left out because the program makes too many.
    pub const CLOCK_LEFT_OUT: usize = 80;
    /// What happened, see [`super::note`].
    pub const NOTES: usize = 88;
    /// Allocator entry points that were redirected.
    pub const SLOTS: usize = 96;
    /// Error number of what a note names, or 0.
    pub const ERRNO: usize = 104;
    /// Live sampled blocks that found no place in the table of addresses.
    pub const UNTRACKED: usize = 112;
    /// Counters of what ran on threads before they were known or after they had ended.
    pub const LATE: usize = 128;
}

/// Bits of [`header::NOTES`].
pub mod note {
    /// The program has a `SIGPROF` handler of its own, so CPU sampling stood back.
    pub const SIGPROF_TAKEN: u64 = 1;
    /// A CPU timer could not be created.
    pub const TIMER_REFUSED: u64 = 2;
    /// The file system granted no more space.
    pub const NO_SPACE: u64 = 4;
    /// The file reached its capacity.
    pub const FULL: u64 = 8;
    /// A slot of an allocator could not be redirected.
    pub const SLOT_REFUSED: u64 = 16;
    /// A stack outside the thread's own could not be read.
    pub const STACK_REFUSED: u64 = 32;
}

/// What is recorded: bits of [`header::KINDS`].
pub mod kind {
    /// CPU time, by timers.
    pub const CPU: u64 = 1;
    /// Allocations, growth, and what stays in use.
    pub const HEAP: u64 = 2;
    /// Waits for futexes, and their wakes.
    pub const LOCK: u64 = 4;
    /// I/O calls.
    pub const IO: u64 = 8;
    /// Starts of threads.
    pub const THREADS: u64 = 16;
    /// Reads of the monotonic clock.
    pub const CLOCK: u64 = 32;
}

/// Second half of a record's first word, beside size and kind.
pub const RECORD_MARK: u16 = 0x9e3b;
/// Size of a record's head.
pub const RECORD_HEAD: usize = 8;

/// States of a record.
pub mod state {
    /// Its writer has not finished; only its size holds.
    pub const BEGUN: u8 = 1;
    /// Complete.
    pub const COMPLETE: u8 = 2;
}

/// Kinds of records, with what follows the head.
pub mod record {
    /// Time, start, end, offset, length of the path, path.
    pub const MAP: u8 = 1;
    /// Thread, time, 16 bytes of name.
    pub const NAME: u8 = 2;
    /// Thread and what, time, pc, sp, fp, lr, four values, amount, mean, lengths of stack and
    /// tail, address of the tail, stack, tail.
    pub const STACK: u8 = 3;
    /// Thread, time, address.
    pub const FREE: u8 = 4;
    /// Thread and mask, time, caller, sp, one word per bit of the mask: counters that changed
    /// since the thread's previous record of this kind, those of the thread before those of the
    /// process.
    pub const CLOCK: u8 = 5;
    /// Thread, time, counters.
    pub const EXIT: u8 = 6;
    /// A thread's own state, aligned to 64 bytes from the end of the head.
    pub const BLOCK: u8 = 7;
}

/// What was measured at a stack, with its four values.
pub mod what {
    /// Nanoseconds.
    pub const CPU: u32 = 1;
    /// Address, bytes.
    pub const ALLOC: u32 = 2;
    /// New address, old bytes, new bytes, copied bytes.
    pub const GROWTH: u32 = 3;
    /// Nanoseconds, address.
    pub const LOCK_WAIT: u32 = 4;
    /// Address, threads woken, nanoseconds.
    pub const LOCK_WAKE: u32 = 5;
    /// Bytes, nanoseconds, call.
    pub const IO: u32 = 6;
    /// Nothing.
    pub const THREAD_START: u32 = 7;
}

/// Kinds of I/O calls.
pub mod io_call {
    pub const READ: u64 = 1;
    pub const WRITE: u64 = 2;
    pub const COPY: u64 = 3;
    pub const SYNC: u64 = 4;
    pub const OPEN: u64 = 5;
}

/// Size of a [`record::STACK`] before the stack's bytes.
pub const STACK_HEAD: usize = RECORD_HEAD + 14 * 8;
/// A longer stack is cut.
pub const STACK_MAX: usize = 64 * 1024;
/// Bytes kept at the base of a stack that was cut.
pub const TAIL: usize = 8 * 1024;
/// Bytes tried of a stack that is not the thread's own.
pub const FOREIGN_MAX: usize = 32 * 1024;

/// Positions of a thread's counters.
pub mod counter {
    pub const ALLOCS: usize = 0;
    pub const ALLOC_BYTES: usize = 1;
    pub const FREES: usize = 2;
    pub const GROWTHS: usize = 3;
    pub const GROWTH_COPIED: usize = 4;
    pub const LOCK_WAITS: usize = 5;
    pub const LOCK_NANOS: usize = 6;
    pub const IO_CALLS: usize = 7;
    pub const IO_BYTES: usize = 8;
    pub const IO_NANOS: usize = 9;
    pub const GROWTH_ADDED: usize = 10;
}
/// How many there are.
pub const COUNTERS: usize = 11;

/// Start of a [`record::BLOCK`]'s aligned part.
pub mod block {
    /// First word, so that one that was never filled is told from one that was.
    pub const MARK: u64 = 0x6b63_6f6c_625f_7063;
    /// The mark.
    pub const MARKED: usize = 0;
    /// Thread that uses it, or last used it.
    pub const TID: usize = 8;
    /// 1 while a thread uses it.
    pub const LIVE: usize = 16;
    /// Counters of all threads that have used it.
    pub const COUNTERS: usize = 24;
    /// What the counters were when the present thread took it.
    pub const BASE: usize = COUNTERS + 8 * super::COUNTERS;
    /// What has to be taken from the counter of allocated bytes: a signed number.
    pub const BYTES_LEFT: usize = BASE + 8 * super::COUNTERS;
    /// Alignment.
    pub const ALIGN: usize = 64;
}

/// Added to a growth's new size to get the amount that decides whether it is sampled.
pub const GROWTH_EXTRA: u64 = 1024;
/// Added to an I/O call's nanoseconds, likewise.
pub const IO_EXTRA: u64 = 500;

/// Shapes of an allocator's entry points, for those that are redirected in their slots.
pub mod shape {
    /// `malloc(size, …)`.
    pub const ALLOC: usize = 0;
    /// `calloc(count, size, …)`.
    pub const CALLOC: usize = 1;
    /// `memalign(align, size)`.
    pub const MEMALIGN: usize = 2;
    /// `posix_memalign(&out, align, size)`.
    pub const POSIX_MEMALIGN: usize = 3;
    /// `realloc(block, size, …)`.
    pub const REALLOC: usize = 4;
    /// `free(block, …)`.
    pub const FREE: usize = 5;
    /// `usable_size(block)`: the address of the function itself, not of a slot.
    pub const USABLE: usize = 6;
    /// How many there are.
    pub const COUNT: usize = 7;
    /// Functions of one shape that can be told apart.
    pub const EACH: usize = 8;
}
