//! Copies a stack into the capture file. Nothing is unwound here.

#[cfg(full)]
use crate::arch;
use crate::arch::Regs;
use crate::block::Block;
use crate::capture::{self, Record};
use crate::layout::{FOREIGN_MAX, STACK_HEAD, STACK_MAX, TAIL, note, record};
use crate::{maps, real, sys};

/// What was measured, and how it was chosen.
pub struct Measured {
    pub what: u32,
    pub values: [u64; 4],
    /// What the sampler passed, and the mean that decided; 0 for an event that is always kept.
    pub amount: u64,
    pub mean: u64,
}

/// Records a stack from `regs` upward.
#[cold]
#[inline(never)]
pub fn record(block: &Block, regs: &Regs, measured: &Measured) {
    maps::refresh();
    let (low, high) = block.stack.get();
    let own = low <= regs.sp && regs.sp < high;
    let (copied, tail) = if !own {
        // A stack that the program made itself, or the one for signals.
        (FOREIGN_MAX, 0)
    } else if high - regs.sp <= STACK_MAX {
        (high - regs.sp, 0)
    } else {
        (STACK_MAX - TAIL, TAIL)
    };
    let Some(mut to) = Record::begin(record::STACK, STACK_HEAD + copied + tail) else { return };
    let tid = block.tid.load(core::sync::atomic::Ordering::Relaxed) as u32;
    to.pair(tid, measured.what).put(real::now());
    to.put(regs.pc as u64).put(regs.sp as u64).put(regs.fp as u64).put(regs.lr as u64);
    for value in measured.values {
        to.put(value);
    }
    to.put(measured.amount).put(measured.mean);
    if own {
        to.pair(copied as u32, tail as u32).put((high - tail) as u64);
        // SAFETY: between the stack pointer and the top of the thread's own stack all is mapped.
        unsafe { to.bytes(regs.sp as *const u8, copied).bytes((high - tail) as *const u8, tail) };
    } else {
        let (lengths, _) = to.room();
        to.pair(0, 0).put(0);
        let (room, len) = to.room();
        let read = sys::read_memory(room, regs.sp, len.min(copied));
        if read < 0 {
            capture::note(note::STACK_REFUSED);
        }
        // SAFETY: the word was just written.
        unsafe { *(lengths as *mut u64) = read.max(0) as u64 & !7 };
    }
    to.end();
}

/// Records registers of a caller that passed them through a stub.
#[cfg(full)]
pub fn record_caller(block: &Block, frame: &arch::Frame, measured: &Measured) {
    record(block, &frame.caller(), measured);
}
