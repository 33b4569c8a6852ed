//! Threads: how each gets its block, its bounds and its timer, and what is left when it ends.

use core::cell::UnsafeCell;
use core::ffi::c_void;
use core::sync::atomic::{AtomicU32, AtomicUsize, Ordering::*};

use crate::arch::{Frame, hook_framed, set_thread_word, thread_entry, thread_word};
use crate::block::{self, Block};
use crate::capture::Record;
use crate::layout::{COUNTERS, RECORD_HEAD, kind, record, what};
use crate::sampling::First;
use crate::stack::{self, Measured};
#[cfg(full)]
use crate::{capture, io, lock};
use crate::{config, entry, maps, real, sys, timer};

/// States of a thread.
const NEW: usize = 0;
/// The agent is at work on it: what it calls is not the program's.
const BUSY: usize = 1;
const LIVE: usize = 2;
const DEAD: usize = 3;

#[link(name = "c")]
unsafe extern "C" {
    fn pthread_key_create(key: *mut u32, destructor: unsafe extern "C" fn(*mut c_void)) -> i32;
    fn pthread_setspecific(key: u32, value: *const c_void) -> i32;
    fn pthread_attr_getstacksize(attr: *const c_void, size: *mut usize) -> i32;
    fn pthread_attr_init(attr: *mut c_void) -> i32;
    fn pthread_attr_destroy(attr: *mut c_void) -> i32;
}

/// Starts of threads between sampled ones.
const STARTS_MEAN: u64 = 64;
static FIRST_STARTS: First = First::new();

/// The key whose destructor tells that a thread ends, plus 1.
static KEY: AtomicU32 = AtomicU32::new(0);
/// Stack size where the program asks for none.
static DEFAULT_STACK: AtomicUsize = AtomicUsize::new(8 << 20);

/// The calling thread's block, once it has one.
#[inline(always)]
pub fn block() -> Option<&'static Block> {
    // SAFETY: the word is null or a block, and blocks are never given back.
    unsafe { (thread_word::<0>() as *const Block).as_ref() }
}

/// Whether the thread has ended as far as the agent is concerned.
#[cfg(full)]
pub fn is_dead() -> bool {
    thread_word::<1>() == DEAD
}

/// Prepares for threads, once.
pub fn prepare() {
    let mut key = 0;
    // SAFETY: plain calls; the attributes are larger than the C library's.
    unsafe {
        if pthread_key_create(&mut key, ended) == 0 {
            KEY.store(key + 1, Relaxed);
        }
        let mut attr = [0u64; 16];
        let mut size = 0;
        if pthread_attr_init(attr.as_mut_ptr().cast()) == 0 {
            if pthread_attr_getstacksize(attr.as_ptr().cast(), &mut size) == 0 && size > 0 {
                DEFAULT_STACK.store(size, Relaxed);
            }
            pthread_attr_destroy(attr.as_mut_ptr().cast());
        }
    }
}

/// Gives the calling thread a block if it can have one: for threads that were not started
/// through `pthread_create`, and for the child of a fork.
#[cold]
#[inline(never)]
pub fn join() -> Option<&'static Block> {
    if thread_word::<1>() != NEW || !entry::started() {
        return None;
    }
    set_thread_word::<1>(BUSY);
    let stack = match entry::open_forked() {
        Some(stack) => stack,
        None => {
            let here = 0u8;
            maps::stack_around(core::hint::black_box(&here) as *const u8 as usize)
        }
    };
    adopt(stack)
}

/// Makes the calling thread known.
pub fn adopt(stack: (usize, usize)) -> Option<&'static Block> {
    set_thread_word::<1>(BUSY);
    let Some(block) = Block::take() else {
        set_thread_word::<1>(DEAD);
        return None;
    };
    let tid = sys::tid();
    block.tid.store(u64::from(tid), Relaxed);
    block.stack.set(stack);
    block.handle.store(sys::thread_handle() as u64, Relaxed);
    block.name.set([0; 2]);
    block.rounds.set(0);
    block.ticks.set(0);
    // SAFETY: the thread's own, and no signal handler uses it.
    unsafe {
        for value in &mut *block.clock.get() {
            *value = 0;
        }
        for site in &mut *block.sites.get() {
            *site = (0, 0);
        }
        for recent in &mut *block.recent.get() {
            *recent = (0, 0);
        }
    }
    block.random.seed(real::now() ^ u64::from(tid) << 32 ^ block as *const Block as u64);
    let heap = config::records(kind::HEAP);
    block.draw_heap(|sampler| {
        sampler.start(&block.random, heap.then(|| config::HEAP_MEAN.load(Relaxed)));
        0
    });
    block.growth.start(&block.random, heap.then(|| config::GROWTH_MEAN.load(Relaxed)));
    block.starts.start(&block.random, Some(FIRST_STARTS.of_new_thread(STARTS_MEAN)));
    #[cfg(full)]
    {
        lock::adopt(block);
        io::adopt(block);
    }
    let key = KEY.load(Relaxed);
    if key != 0 {
        // SAFETY: the key is ours; any value but null will do.
        unsafe { pthread_setspecific(key - 1, block as *const Block as *const c_void) };
    }
    set_thread_word::<0>(block as *const Block as usize);
    set_thread_word::<1>(LIVE);
    timer::arm(block);
    Some(block)
}

/// Called when a thread ends, among the destructors of its keys.
unsafe extern "C" fn ended(value: *mut c_void) {
    let Some(block) = block() else { return };
    let rounds = block.rounds.get();
    // Destructors run in four rounds; in the last one, most of what the others do is counted.
    if rounds < 3 {
        block.rounds.set(rounds + 1);
        // SAFETY: as in `adopt`.
        unsafe { pthread_setspecific(KEY.load(Relaxed).wrapping_sub(1), value) };
        return;
    }
    timer::disarm(block);
    maps::finish();
    set_thread_word::<1>(DEAD);
    set_thread_word::<0>(0);
    record_name(block, sys::thread_name());
    let tid = block.tid.load(Relaxed);
    if let Some(mut to) = Record::begin(record::EXIT, RECORD_HEAD + 16 + 8 * COUNTERS) {
        to.pair(tid as u32, 0).put(real::now());
        for counter in 0..COUNTERS {
            to.put(block.count(counter));
        }
        to.end();
    }
    block.give_back();
}

/// Forgets the calling thread's block, in a forked child.
pub fn forget() {
    FIRST_STARTS.reset();
    set_thread_word::<0>(0);
    set_thread_word::<1>(NEW);
}

/// Records a thread's name unless it is recorded already.
pub fn record_name(block: &Block, name: [u64; 2]) {
    if block.name.replace(name) == name {
        return;
    }
    if let Some(mut to) = Record::begin(record::NAME, RECORD_HEAD + 32) {
        to.pair(block.tid.load(Relaxed) as u32, 0).put(real::now());
        to.put(name[0]).put(name[1]);
        to.end();
    }
}

/// What a new thread needs to know; busy while it is on its way.
struct Packet {
    busy: AtomicU32,
    content: UnsafeCell<Content>,
}

#[derive(Clone, Copy)]
struct Content {
    start: usize,
    arg: usize,
    stack: usize,
}

// SAFETY: the content belongs to whoever set `busy`, then to the thread that was started.
unsafe impl Sync for Packet {}

/// Threads that can be on their way at once; one more starts without being met at its door.
const PACKETS: usize = 256;
static PACKET: [Packet; PACKETS] = [const {
    Packet {
        busy: AtomicU32::new(0),
        content: UnsafeCell::new(Content { start: 0, arg: 0, stack: 0 }),
    }
}; PACKETS];

hook_framed!(pthread_create, create);
thread_entry!(thread_start, begin);

unsafe extern "C" fn create(
    thread: *mut u64,
    attr: *const c_void,
    start: *const c_void,
    arg: *mut c_void,
    _: usize,
    _: usize,
    frame: &Frame,
) -> i32 {
    // SAFETY: the program's own arguments.
    let plain = || unsafe { real::pthread_create(thread, attr, start, arg) };
    let Some(block) = block().or_else(join) else { return plain() };
    if config::records(kind::THREADS) && block.starts.pass(1) {
        let next = FIRST_STARTS.mean(STARTS_MEAN);
        let mean = block.starts.redraw(&block.random, next, real::now());
        let measured = Measured { what: what::THREAD_START, values: [0; 4], amount: 1, mean };
        stack::record(block, &frame.caller(), &measured);
    }
    let free = PACKET.iter().find(|p| p.busy.compare_exchange(0, 1, AcqRel, Relaxed).is_ok());
    let Some(packet) = free else { return plain() };
    let mut size = DEFAULT_STACK.load(Relaxed);
    if !attr.is_null() {
        // SAFETY: the program's own attributes.
        unsafe { pthread_attr_getstacksize(attr, &mut size) };
    }
    let content = Content { start: start as usize, arg: arg as usize, stack: size };
    // SAFETY: the packet is ours.
    unsafe { *packet.content.get() = content };
    let packet: *const Packet = packet;
    // SAFETY: `thread_start` runs `start(arg)` on the new thread, as the program asked.
    let result = unsafe {
        real::pthread_create(thread, attr, thread_start as *const c_void, packet as *mut c_void)
    };
    if result != 0 {
        // SAFETY: no thread was started, so the packet is still ours.
        unsafe { (*packet).busy.store(0, Release) };
    }
    result
}

/// Function and argument, returned in two registers.
#[repr(C)]
struct Start {
    function: usize,
    arg: usize,
}

unsafe extern "C" fn begin(packet: &Packet, sp: usize) -> Start {
    // SAFETY: the packet was filled for this thread.
    let content = unsafe { *packet.content.get() };
    packet.busy.store(0, Release);
    // The frames of the C library's thread start lie within a kilobyte above, and its data about
    // the thread above them.
    let own = sys::thread_handle();
    let high = if own > sp { own.min(sp + 1024) } else { sp + 64 };
    let low = if own > sp { own.saturating_sub(content.stack) } else { sp - sp % 4096 };
    adopt((low, high));
    Start { function: content.start, arg: content.arg }
}

/// `pthread_setname_np`: the name is recorded when it is given, not only when the thread ends.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_setname_np(thread: u64, name: *const u8) -> i32 {
    // SAFETY: the program's own arguments.
    let result = unsafe { real::pthread_setname_np(thread, name) };
    if result == 0 && entry::started() {
        let mut words = [0u64; 2];
        let mut at = 0;
        while at < 15 {
            // SAFETY: the call succeeded, so the name ends with zero within 16 bytes.
            let byte = unsafe { *name.add(at) };
            if byte == 0 {
                break;
            }
            words[at / 8] |= u64::from(byte) << (8 * (at % 8));
            at += 1;
        }
        block::each_live(|block| {
            if block.handle.load(Relaxed) == thread {
                record_name(block, words);
            }
        });
    }
    result
}

/// Counts for the process what a thread does before or after it has a block.
#[cfg(full)]
pub fn count_late(counter: usize, n: u64) {
    if is_dead() {
        capture::add(crate::layout::header::LATE + 8 * counter, n);
    }
}
