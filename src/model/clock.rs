//! Reads of the clock by a measured program, with what its threads had done by then.

/// Exact counts of one thread since it began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Allocations, each `realloc` that began a block included.
    pub allocs: u64,
    /// Bytes asked for by them.
    pub alloc_bytes: u64,
    /// Frees.
    pub frees: u64,
    /// Reallocations to a larger size.
    pub growths: u64,
    /// Bytes that the allocator copied for those that moved.
    pub growth_copied: u64,
    /// Bytes that they asked for beyond what the blocks had.
    pub growth_added: u64,
    /// Waits for a futex.
    pub lock_waits: u64,
    /// Nanoseconds spent in them.
    pub lock_nanos: u64,
    /// I/O calls.
    pub io_calls: u64,
    /// Bytes moved by them.
    pub io_bytes: u64,
    /// Nanoseconds spent in them.
    pub io_nanos: u64,
}

/// A read of the monotonic clock by the program, with the thread's counters at that moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockRead {
    /// Process.
    pub pid: u32,
    /// Thread.
    pub tid: u32,
    /// What the program was told.
    pub time: u64,
    /// Address after the call in the program or library that read the clock.
    pub caller: u64,
    /// The stack pointer at that call. The reads of one harness loop share caller and stack
    /// pointer; those of the code it measures are made from deeper in the stack.
    pub sp: u64,
    /// The thread's counters.
    pub counters: Counters,
    /// Counters summed over all threads of the process.
    pub process: Counters,
}

impl Counters {
    /// What was counted since `earlier`.
    #[must_use]
    pub fn since(&self, earlier: &Counters) -> Counters {
        self.zip(earlier, u64::saturating_sub)
    }

    /// Both together.
    #[must_use]
    pub fn plus(&self, other: &Counters) -> Counters {
        self.zip(other, u64::saturating_add)
    }

    fn zip(&self, other: &Counters, each: impl Fn(u64, u64) -> u64) -> Counters {
        Counters {
            allocs: each(self.allocs, other.allocs),
            alloc_bytes: each(self.alloc_bytes, other.alloc_bytes),
            frees: each(self.frees, other.frees),
            growths: each(self.growths, other.growths),
            growth_copied: each(self.growth_copied, other.growth_copied),
            growth_added: each(self.growth_added, other.growth_added),
            lock_waits: each(self.lock_waits, other.lock_waits),
            lock_nanos: each(self.lock_nanos, other.lock_nanos),
            io_calls: each(self.io_calls, other.io_calls),
            io_bytes: each(self.io_bytes, other.io_bytes),
            io_nanos: each(self.io_nanos, other.io_nanos),
        }
    }
}
