//! Addresses of sampled blocks that are in use, so that their frees are recorded.
//!
//! Without locks: a thread may be killed, or forked, at any point. A byte per 64 bytes (folded)
//! tells most frees at once that their block was not sampled; a byte for each place where a block
//! may begin would take four times as much of the cache from the program.

use core::sync::atomic::{AtomicU8, AtomicUsize, Ordering::*};

pub const FILTER: usize = 1 << 16;
/// Bits of an address that a byte of the filter does not tell apart.
pub const UNIT: u32 = 6;
const SLOTS: usize = 8;
const BUCKETS: usize = 1 << 17;
/// Buckets that one address may be in.
const REACH: usize = 4;

#[repr(align(64))]
struct Bucket([AtomicUsize; SLOTS]);

pub static FILTERS: [AtomicU8; FILTER] = [const { AtomicU8::new(0) }; FILTER];
// Untouched parts of it take no memory.
static TABLE: [Bucket; BUCKETS] =
    [const { Bucket([const { AtomicUsize::new(0) }; SLOTS]) }; BUCKETS];

#[inline(always)]
fn filter(address: usize) -> &'static AtomicU8 {
    &FILTERS[(address >> UNIT) % FILTER]
}

fn buckets(address: usize) -> impl Iterator<Item = &'static Bucket> {
    // Neighbouring blocks have neighbouring buckets, so that few pages are touched.
    let first = address >> 6;
    (first..first + REACH).map(|i| &TABLE[i % BUCKETS])
}

/// Whether the block may be one of those that were sampled.
#[inline(always)]
pub fn maybe(address: usize) -> bool {
    filter(address).load(Relaxed) != 0
}

/// Makes [`maybe`] true for an address for ever.
pub fn mark_for_ever(address: usize) {
    filter(address).store(u8::MAX, Relaxed);
}

/// Enters a block; false if there is no room.
pub fn insert(address: usize) -> bool {
    for bucket in buckets(address) {
        for slot in &bucket.0 {
            if slot.load(Relaxed) == 0 && slot.compare_exchange(0, address, AcqRel, Relaxed).is_ok()
            {
                // A count that has reached its end stays there.
                let more = |n: u8| if n == u8::MAX { None } else { Some(n + 1) };
                let _ = filter(address).fetch_update(AcqRel, Relaxed, more);
                return true;
            }
        }
    }
    false
}

/// Takes a block out; false if it was not there.
pub fn remove(address: usize) -> bool {
    for bucket in buckets(address) {
        for slot in &bucket.0 {
            if slot.load(Relaxed) == address
                && slot.compare_exchange(address, 0, AcqRel, Relaxed).is_ok()
            {
                let less = |n: u8| if n == u8::MAX || n == 0 { None } else { Some(n - 1) };
                let _ = filter(address).fetch_update(AcqRel, Relaxed, less);
                return true;
            }
        }
    }
    false
}
