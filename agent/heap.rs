//! The allocator's functions: exact counters, sampled stacks, growth.

use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};

use crate::arch::{self, Regs, hook};
use crate::block::{Block, RECENT};
use crate::capture::{self, Record};
use crate::layout::{GROWTH_EXTRA, RECORD_HEAD, counter, header, record, what};
use crate::stack::{self, Measured};
use crate::{boot, config, live, real, thread};

/// Whether the allocator behind us is the GNU C library's, whose block heads can be read.
static GNU: AtomicBool = AtomicBool::new(false);

/// Finds out which allocator is behind us.
pub fn prepare() {
    GNU.store(real::gnu_allocator(), Relaxed);
    // So that a free of null is not taken for one of a block that is not known.
    live::mark_for_ever(0);
}

/// Counts an allocation of `size` bytes and makes it. With `REMEMBER`, sizes that are not tiny
/// are remembered too, for an allocator that cannot be asked.
#[inline(always)]
pub fn allocate<const REMEMBER: bool>(
    size: usize,
    regs: impl FnOnce() -> Regs,
    call: impl FnOnce() -> *mut u8,
) -> *mut u8 {
    match thread::block() {
        Some(block) => counted::<REMEMBER>(block, size, regs, call),
        None => unknown::<REMEMBER>(size, regs, call),
    }
}

/// An allocation on a thread that has no block (yet).
#[cold]
#[inline(never)]
fn unknown<const REMEMBER: bool>(
    size: usize,
    regs: impl FnOnce() -> Regs,
    call: impl FnOnce() -> *mut u8,
) -> *mut u8 {
    if let Some(block) = thread::join() {
        return counted::<REMEMBER>(block, size, regs, call);
    }
    thread::count_late(counter::ALLOCS, 1);
    thread::count_late(counter::ALLOC_BYTES, size as u64);
    call()
}

#[inline(always)]
fn counted<const REMEMBER: bool>(
    block: &Block,
    size: usize,
    regs: impl FnOnce() -> Regs,
    call: impl FnOnce() -> *mut u8,
) -> *mut u8 {
    block.add(counter::ALLOCS, 1);
    if block.heap.pass(size as u64) {
        return sampled(block, size, regs(), call);
    }
    if !REMEMBER && size >= REMEMBERED.load(Relaxed) {
        return call();
    }
    let new = call();
    remember(block, new, size);
    new
}

#[cold]
#[inline(never)]
fn sampled(block: &Block, size: usize, regs: Regs, call: impl FnOnce() -> *mut u8) -> *mut u8 {
    let new = call();
    let base = config::HEAP_MEAN.load(Relaxed);
    let mean = block.draw_heap(|sampler| sampler.redraw(&block.random, base, real::cpu_time()));
    if !new.is_null() {
        remember(block, new, size);
        track(new);
        let values = [new as u64, size as u64, 0, 0];
        let measured = Measured { what: what::ALLOC, values, amount: size as u64, mean };
        stack::record(block, &regs, &measured);
    }
    new
}

/// Enters a sampled block.
fn track(block: *mut u8) {
    if !live::insert(block as usize) {
        capture::add(header::UNTRACKED, 1);
    }
}

/// Size of a block of an allocator that cannot be asked.
pub const UNKNOWN: usize = usize::MAX;

/// Blocks that the allocator cannot tell apart by the size it gave are at most this large;
/// larger ones are told apart well enough by what they grow to.
pub const TINY: usize = 24;

/// Sizes below this are remembered. None until a tiny block is resized for the first time: most
/// programs never do it, and would pay for it in each small allocation.
pub static REMEMBERED: AtomicUsize = AtomicUsize::new(0);

/// Remembers what size was asked for: the allocator only knows the size it gave.
#[inline(always)]
fn remember(block: &Block, new: *mut u8, size: usize) {
    // SAFETY: the thread's own, and no signal handler allocates.
    let recent = unsafe { &mut *block.recent.get() };
    recent[(new as usize >> 4) % RECENT] = (new as usize, size);
}

/// The size that was asked for, if the block is a recent one of this thread and the entry is not
/// of an older block at the same place.
fn recall(block: &Block, old: *mut u8, usable: usize) -> Option<usize> {
    // SAFETY: as above.
    let recent = unsafe { &*block.recent.get() };
    let (address, size) = recent[(old as usize >> 4) % RECENT];
    (address == old as usize && size <= usable).then_some(size)
}

/// The old size where it is not remembered. What was given is up to 15 bytes more than what was
/// asked for, so if half the new size would have got the same, the block is one that doubles.
fn guess(given: usize, new: usize) -> usize {
    let half = new / 2;
    if given <= TINY && REMEMBERED.swap(TINY + 1, Relaxed) == 0 {
        // The first of its kind is most likely one that doubles; from here on it is known.
        return half.min(given);
    }
    if given == UNKNOWN || (given > TINY && half <= given && half + 16 > given) {
        half
    } else {
        given
    }
}

/// Counts a reallocation and makes it. `usable` gives the size of the old block. `LINKED` is for an
/// allocator in the program, whose blocks have no head, nor memory before them that could be read.
#[inline(always)]
pub fn reallocate<const LINKED: bool>(
    old: *mut u8,
    size: usize,
    regs: impl FnOnce() -> Regs,
    usable: impl FnOnce() -> usize,
    call: impl FnOnce() -> *mut u8,
) -> *mut u8 {
    if old.is_null() {
        return allocate::<LINKED>(size, regs, call);
    }
    let Some(block) = thread::block().or_else(thread::join) else { return call() };
    if size == 0 {
        block.add(counter::FREES, 1);
        if live::maybe(old as usize) {
            release(block, old);
        }
        return call();
    }
    let given = usable();
    let before = recall(block, old, given);
    // The allocator moves large blocks of this kind without copying.
    // SAFETY: the word before a block of this allocator holds its size and flags.
    let paged = !LINKED && GNU.load(Relaxed) && unsafe { *(old.sub(8) as *const usize) } & 2 != 0;
    let was_sampled = live::maybe(old as usize) && live::remove(old as usize);
    let new = call();
    if new.is_null() {
        if was_sampled {
            track(old);
        }
        return new;
    }
    let old_size = before.unwrap_or_else(|| guess(given, size));
    let grew = size > old_size;
    remember(block, new, size);
    if was_sampled {
        if grew || new != old {
            record_free(block, old);
        } else {
            track(old);
        }
    }
    if grew {
        let copied = if new != old && !paged { old_size } else { 0 };
        block.add(counter::GROWTHS, 1);
        block.add(counter::GROWTH_COPIED, copied as u64);
        block.add(counter::GROWTH_ADDED, (size - old_size) as u64);
        let amount = size as u64 + GROWTH_EXTRA;
        if block.growth.pass(amount) {
            let next = config::GROWTH_MEAN.load(Relaxed);
            let mean = block.growth.redraw(&block.random, next, real::cpu_time());
            track(new);
            let values = [new as u64, old_size as u64, size as u64, copied as u64];
            let measured = Measured { what: what::GROWTH, values, amount, mean };
            stack::record(block, &regs(), &measured);
        }
    }
    new
}

/// Counts a free. True if the block is one of the agent's own, which nobody frees.
#[inline(always)]
pub fn release_counted(old: *mut u8) -> bool {
    match thread::block() {
        Some(block) => {
            block.add(counter::FREES, 1);
            live::maybe(old as usize) && release(block, old)
        }
        None => release_unknown(old),
    }
}

#[cold]
#[inline(never)]
fn release_unknown(old: *mut u8) -> bool {
    if let Some(block) = thread::join() {
        block.add(counter::FREES, 1);
        return live::maybe(old as usize) && release(block, old);
    }
    thread::count_late(counter::FREES, 1);
    if live::maybe(old as usize) {
        live::remove(old as usize);
    }
    boot::owns(old)
}

#[cold]
#[inline(never)]
fn release(block: &Block, old: *mut u8) -> bool {
    if live::remove(old as usize) {
        record_free(block, old);
    }
    boot::owns(old)
}

/// Recorded before the block is really freed: whoever gets the address next records later.
fn record_free(block: &Block, old: *mut u8) {
    if let Some(mut to) = Record::begin(record::FREE, RECORD_HEAD + 24) {
        to.pair(block.tid.load(Relaxed) as u32, 0).put(real::now()).put(old as u64);
        to.end();
    }
}

// By hand where that is faster.
#[cfg(not(target_arch = "x86_64"))]
hook!(malloc, malloc_body);
#[cfg(not(target_arch = "x86_64"))]
hook!(free, free_body);
hook!(calloc, calloc_body);
hook!(realloc, realloc_body);
hook!(memalign, memalign_body);
hook!(aligned_alloc, aligned_alloc_body);
hook!(posix_memalign, posix_memalign_body);
hook!(valloc, valloc_body);
hook!(pvalloc, pvalloc_body);
hook!(reallocarray, reallocarray_body);

/// `malloc` where the allocation has been counted and a sample is due.
pub unsafe extern "C" fn malloc_due(
    size: usize,
    b: usize,
    c: usize,
    sp: usize,
    fp: usize,
) -> *mut u8 {
    // SAFETY, for both: what the stub and the program passed.
    let call = || unsafe { real::malloc(size, b, c) };
    match thread::block() {
        Some(block) => sampled(block, size, unsafe { arch::caller(sp, fp, 0) }, call),
        None => call(),
    }
}

macro_rules! body {
    ($name:ident, |$a:ident: $at:ty, $b:ident: $bt:ty, $c:ident: $ct:ty| -> $ret:ty,
        $regs:ident, $do:expr) => {
        pub unsafe extern "C" fn $name(
            $a: $at,
            $b: $bt,
            $c: $ct,
            sp: usize,
            fp: usize,
            lr: usize,
        ) -> $ret {
            // SAFETY: what the stub passes.
            let $regs = || unsafe { arch::caller(sp, fp, lr) };
            $do
        }
    };
}

// SAFETY, for all of them: the program's own arguments go to the function that it meant.
body!(malloc_body, |size: usize, b: usize, c: usize| -> *mut u8, regs,
    allocate::<false>(size, regs, || unsafe { real::malloc(size, b, c) }));
body!(calloc_body, |count: usize, size: usize, c: usize| -> *mut u8, regs,
    allocate::<false>(count.saturating_mul(size), regs, || unsafe { real::calloc(count, size, c) }));
body!(memalign_body, |align: usize, size: usize, c: usize| -> *mut u8, regs,
    allocate::<false>(size, regs, || unsafe { real::memalign(align, size, c) }));
body!(aligned_alloc_body, |align: usize, size: usize, c: usize| -> *mut u8, regs,
    allocate::<false>(size, regs, || unsafe { real::aligned_alloc(align, size, c) }));
body!(valloc_body, |size: usize, b: usize, c: usize| -> *mut u8, regs,
    allocate::<false>(size, regs, || unsafe { real::valloc(size, b, c) }));
body!(pvalloc_body, |size: usize, b: usize, c: usize| -> *mut u8, regs,
    allocate::<false>(size, regs, || unsafe { real::pvalloc(size, b, c) }));
body!(posix_memalign_body, |out: *mut *mut u8, align: usize, size: usize| -> i32, regs, {
    let mut result = 0;
    allocate::<false>(size, regs, || unsafe {
        result = real::posix_memalign(out, align, size);
        if result == 0 { *out } else { core::ptr::null_mut() }
    });
    result
});
body!(realloc_body, |old: *mut u8, size: usize, c: usize| -> *mut u8, regs,
    resize(old, size, c, regs));
body!(reallocarray_body, |old: *mut u8, count: usize, size: usize| -> *mut u8, regs,
match count.checked_mul(size) {
    Some(size) => resize(old, size, 0, regs),
    // Fails as it would have, with the right `errno`.
    None => unsafe { real::calloc(count, size, 0) },
});

#[inline(always)]
fn resize(old: *mut u8, size: usize, c: usize, regs: impl FnOnce() -> Regs) -> *mut u8 {
    if !old.is_null() && live::maybe(old as usize) && boot::owns(old) {
        // SAFETY: the block is the agent's own.
        return unsafe { boot::migrate(old, size) };
    }
    // SAFETY: the program's own block.
    let usable = || unsafe { real::malloc_usable_size(old) };
    // SAFETY: the program's own arguments.
    reallocate::<false>(old, size, regs, usable, || unsafe { real::realloc(old, size, c) })
}

/// `free` where it may be the first on a thread, or of a sampled block.
pub unsafe extern "C" fn free_body(old: *mut u8, b: usize, c: usize) {
    if old.is_null() || release_counted(old) {
        return;
    }
    // SAFETY: the program's own block.
    unsafe { real::free(old, b, c) }
}
