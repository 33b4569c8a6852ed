//! A thread's own state. It lies in the capture file, so that its counters are known even of a
//! process that was killed; blocks of threads that ended are used again.

use core::cell::{Cell, UnsafeCell};
use core::sync::atomic::{AtomicPtr, AtomicU64, Ordering::*};

use crate::layout::counter::ALLOC_BYTES;
use crate::layout::{self, COUNTERS, record};
use crate::sampling::{Random, Sampler};
use crate::{capture, sys};

/// State of one thread. Its first fields are read by the decoder.
#[repr(C, align(64))]
pub struct Block {
    mark: Cell<u64>,
    /// The thread.
    pub tid: AtomicU64,
    live: AtomicU64,
    /// That of allocated bytes counts what will have been allocated when the next sample is due;
    /// see [`Block::total`].
    pub counters: [AtomicU64; COUNTERS],
    base: [AtomicU64; COUNTERS],
    /// Decides about allocations, and counts their bytes on the way.
    pub heap: Sampler,
    /// Decides about growths.
    pub growth: Sampler,
    /// Decides about waits.
    pub waits: Sampler,
    /// Decides about wakes.
    pub wakes: Sampler,
    /// Decides about I/O calls.
    pub io: Sampler,
    /// Decides about starts of threads.
    pub starts: Sampler,
    /// Random numbers.
    pub random: Random,
    /// The thread's stack: its lowest address, and one from which no frame matters any more.
    pub stack: Cell<(usize, usize)>,
    /// The C library's handle of the thread.
    pub handle: AtomicU64,
    /// The thread's CPU timer plus 1, or 0.
    pub timer: AtomicU64,
    /// CPU samples, for thinning.
    pub ticks: Cell<u64>,
    /// The name that was recorded last.
    pub name: Cell<[u64; 2]>,
    /// Rounds of destructors that have passed.
    pub rounds: Cell<u32>,
    /// What the thread's previous clock read recorded.
    pub clock: UnsafeCell<[u64; 2 * COUNTERS]>,
    /// Reads of the clock by the place they are made from.
    pub sites: UnsafeCell<[(u64, u64); 64]>,
    /// Sizes asked for of recent blocks: address, size.
    pub recent: UnsafeCell<[(usize, usize); RECENT]>,
    next: AtomicPtr<Block>,
}

/// Recent blocks that are remembered.
pub const RECENT: usize = 256;

const _: () = {
    assert!(core::mem::offset_of!(Block, mark) == layout::block::MARKED);
    assert!(core::mem::offset_of!(Block, tid) == layout::block::TID);
    assert!(core::mem::offset_of!(Block, live) == layout::block::LIVE);
    assert!(core::mem::offset_of!(Block, counters) == layout::block::COUNTERS);
    assert!(core::mem::offset_of!(Block, base) == layout::block::BASE);
    assert!(core::mem::offset_of!(Block, heap) == layout::block::BYTES_LEFT);
    assert!(align_of::<Block>() == layout::block::ALIGN);
};

/// All blocks of this process.
static BLOCKS: AtomicPtr<Block> = AtomicPtr::new(core::ptr::null_mut());

impl Block {
    /// Adds to a counter. Only the thread itself writes it, so a plain addition is exact.
    #[inline(always)]
    pub fn add(&self, counter: usize, n: u64) {
        let counter = &self.counters[counter];
        counter.store(counter.load(Relaxed).wrapping_add(n), Relaxed);
    }

    /// What the threads did that have used the block. Allocated bytes are counted by the sampler
    /// alone, which has to do so anyway.
    #[inline(always)]
    pub fn total(&self, counter: usize) -> u64 {
        let total = self.counters[counter].load(Relaxed);
        if counter == ALLOC_BYTES { total.wrapping_sub(self.heap.left.get() as u64) } else { total }
    }

    /// What this thread did since it began.
    #[inline(always)]
    pub fn count(&self, counter: usize) -> u64 {
        self.total(counter).wrapping_sub(self.base[counter].load(Relaxed))
    }

    /// Runs `draw`, which draws the next distance between samples of the heap.
    pub fn draw_heap(&self, draw: impl FnOnce(&Sampler) -> u64) -> u64 {
        let bytes = self.total(ALLOC_BYTES);
        let result = draw(&self.heap);
        let ahead = bytes.wrapping_add(self.heap.left.get() as u64);
        self.counters[ALLOC_BYTES].store(ahead, Relaxed);
        result
    }

    /// A block for a new thread: one of a thread that ended, or a new one.
    pub fn take() -> Option<&'static Block> {
        let mut at = BLOCKS.load(Acquire);
        // SAFETY: blocks are never given back.
        while let Some(block) = unsafe { at.as_ref() } {
            if block.live.compare_exchange(0, 1, AcqRel, Relaxed).is_ok() {
                for (i, base) in block.base.iter().enumerate() {
                    base.store(block.total(i), Relaxed);
                }
                return Some(block);
            }
            at = block.next.load(Acquire);
        }
        let room = size_of::<Block>() + layout::block::ALIGN + layout::RECORD_HEAD;
        let start = match capture::Record::begin(record::BLOCK, room) {
            Some(record) => record.keep(),
            // The file is full: what happens on the thread still counts for the process.
            None => sys::map_memory(room)?,
        };
        let aligned = (start as usize + layout::block::ALIGN - 1) & !(layout::block::ALIGN - 1);
        // SAFETY: the room is zeroed, ours for ever, aligned and large enough; all zeros is a
        // valid block.
        let block = unsafe { &*(aligned as *const Block) };
        block.live.store(1, Relaxed);
        block.mark.set(layout::block::MARK);
        let mut head = BLOCKS.load(Relaxed);
        loop {
            block.next.store(head, Relaxed);
            let new = block as *const Block as *mut Block;
            match BLOCKS.compare_exchange_weak(head, new, AcqRel, Relaxed) {
                Ok(_) => return Some(block),
                Err(now) => head = now,
            }
        }
    }

    /// Gives the block back when its thread ends.
    pub fn give_back(&self) {
        self.handle.store(0, Relaxed);
        self.live.store(0, Release);
    }
}

/// Runs `f` on every block.
pub fn each(mut f: impl FnMut(&'static Block)) {
    let mut at = BLOCKS.load(Acquire);
    // SAFETY: blocks are never given back.
    while let Some(block) = unsafe { at.as_ref() } {
        f(block);
        at = block.next.load(Acquire);
    }
}

/// Runs `f` on the blocks that threads use.
pub fn each_live(mut f: impl FnMut(&'static Block)) {
    each(|block| {
        if block.live.load(Acquire) == 1 {
            f(block);
        }
    });
}

/// A counter of the whole process.
#[inline]
pub fn process(totals: &mut [u64]) {
    each(|block| {
        for (i, total) in totals.iter_mut().enumerate().take(COUNTERS) {
            *total = total.wrapping_add(block.total(i));
        }
    });
    for (i, total) in totals.iter_mut().enumerate() {
        if let Some(late) = capture::header(layout::header::LATE + 8 * i) {
            *total = total.wrapping_add(late.load(Relaxed));
        }
    }
}

/// Forgets all blocks, in a forked child.
pub fn forget() {
    BLOCKS.store(core::ptr::null_mut(), Relaxed);
}
