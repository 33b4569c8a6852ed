//! Reads of the monotonic clock, with the counters at that moment: this is how the timed regions
//! of a bench harness are found. No stack is copied.

use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::arch::{self, Regs, hook};
use crate::block::{self, Block};
use crate::capture::{self, Record};
use crate::layout::{COUNTERS, RECORD_HEAD, header, kind, record};
use crate::{config, real, thread};

const CLOCK_MONOTONIC: i32 = 1;

/// Bytes spent on clock reads.
static SPENT: AtomicU64 = AtomicU64::new(0);

hook!(clock_gettime, read);

unsafe extern "C" fn read(
    clock: i32,
    time: *mut [i64; 2],
    _: usize,
    sp: usize,
    fp: usize,
    lr: usize,
) -> i32 {
    // SAFETY: the program's own arguments.
    let result = unsafe { real::clock_gettime(clock, time) };
    if clock == CLOCK_MONOTONIC && result == 0 && config::records(kind::CLOCK) {
        // SAFETY: the call succeeded, so the time is there; the registers are the stub's.
        let ([seconds, nanos], caller) = unsafe { (*time, arch::caller(sp, fp, lr)) };
        let time = (seconds as u64).wrapping_mul(1_000_000_000).wrapping_add(nanos as u64);
        if let Some(block) = thread::block().or_else(thread::join) {
            note(block, time, &caller);
        }
    }
    result
}

/// Whether one more read from a place is recorded. A harness reads the clock a few thousand times
/// from one place; a program that does so millions of times must not fill the file. Reads are
/// left out by place, so that those of other places stay complete. A place is a call and a depth of
/// the stack: timed code that reads the clock just as deep as the harness ends a timing shares its
/// place, and takes its reads along once there are too many.
fn wanted(block: &Block, caller: &Regs) -> bool {
    let Some(capacity) = capture::header(header::CAPACITY) else { return false };
    let budget = capacity.load(Relaxed) / 2;
    let spent = SPENT.load(Relaxed);
    let place = caller.pc as u64 ^ (caller.sp as u64).rotate_left(32);
    let slot = (place.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58) as usize;
    // SAFETY: the thread's own.
    let sites = unsafe { &mut *block.sites.get() };
    let Some(site) = sites.get_mut(slot) else { return false };
    if site.0 != place {
        *site = (place, 0);
    }
    site.1 += 1;
    let allowed = if spent < budget / 2 {
        u64::MAX
    } else if spent < budget * 3 / 4 {
        100_000
    } else if spent < budget {
        10_000
    } else {
        0
    };
    site.1 <= allowed
}

fn note(block: &Block, time: u64, caller: &Regs) {
    if !wanted(block, caller) {
        capture::add(header::CLOCK_LEFT_OUT, 1);
        return;
    }
    let mut now = [0u64; 2 * COUNTERS];
    let (own, process) = now.split_at_mut(COUNTERS);
    for (i, value) in own.iter_mut().enumerate() {
        *value = block.count(i);
    }
    block::process(process);
    // SAFETY: the thread's own.
    let before = unsafe { &mut *block.clock.get() };
    let mut mask = 0u32;
    for (i, (now, before)) in now.iter().zip(before.iter()).enumerate() {
        mask |= u32::from(now != before) << i;
    }
    let size = RECORD_HEAD + 32 + 8 * mask.count_ones() as usize;
    let Some(mut to) = Record::begin(record::CLOCK, size) else { return };
    to.pair(block.tid.load(Relaxed) as u32, mask).put(time);
    to.put(caller.pc as u64).put(caller.sp as u64);
    for (now, before) in now.iter().zip(before.iter_mut()) {
        if now != before {
            to.put(*now);
            *before = *now;
        }
    }
    to.end();
    SPENT.fetch_add(size as u64, Relaxed);
}

/// Starts again, in a forked child.
pub fn forget() {
    SPENT.store(0, Relaxed);
}
