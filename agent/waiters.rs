//! Who waits for which futex since when, so that a wake knows how long it was waited for.

use core::sync::atomic::{AtomicU64, AtomicUsize, Ordering::*};

const SLOTS: usize = 1024;

struct Slot {
    address: AtomicUsize,
    waiting: AtomicUsize,
    since: AtomicU64,
}

static TABLE: [Slot; SLOTS] = [const {
    Slot { address: AtomicUsize::new(0), waiting: AtomicUsize::new(0), since: AtomicU64::new(0) }
}; SLOTS];
/// Waiters in the table.
static WAITING: AtomicUsize = AtomicUsize::new(0);

fn slot(address: usize) -> &'static Slot {
    &TABLE[(address.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 48) % SLOTS]
}

/// A wait that has begun.
pub struct Waiting(Option<&'static Slot>);

/// Enters a waiter. Two futexes that meet in one slot lose the second one's.
pub fn enter(address: usize, now: u64) -> Waiting {
    let slot = slot(address);
    let taken = slot.address.compare_exchange(0, address, AcqRel, Acquire);
    if taken.is_err_and(|holder| holder != address) {
        return Waiting(None);
    }
    if slot.waiting.fetch_add(1, AcqRel) == 0 {
        slot.since.store(now, Release);
    }
    WAITING.fetch_add(1, Relaxed);
    Waiting(Some(slot))
}

impl Waiting {
    /// The wait is over.
    pub fn leave(self) {
        if let Some(slot) = self.0 {
            WAITING.fetch_sub(1, Relaxed);
            if slot.waiting.fetch_sub(1, AcqRel) == 1 {
                slot.address.store(0, Release);
            }
        }
    }
}

/// Whether anybody waits.
#[inline(always)]
pub fn any() -> bool {
    WAITING.load(Relaxed) != 0
}

/// Since when it is waited for this futex, or since the last wake of it.
pub fn since(address: usize) -> Option<u64> {
    let slot = slot(address);
    (slot.address.load(Acquire) == address && slot.waiting.load(Acquire) != 0)
        .then(|| slot.since.load(Acquire))
}

/// Those who still wait have been waiting for someone else from now on.
pub fn woken(address: usize, now: u64) {
    let slot = slot(address);
    if slot.address.load(Acquire) == address {
        slot.since.store(now, Release);
    }
}

/// Forgets the waiters of the other threads, in a forked child.
pub fn forget() {
    for slot in &TABLE {
        slot.address.store(0, Relaxed);
        slot.waiting.store(0, Relaxed);
    }
    WAITING.store(0, Relaxed);
}
