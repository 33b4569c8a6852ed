//! Waits for futexes and their wakes. Rust's standard library and the crates around it reach the
//! futex through the C library's `syscall`; C code through `pthread_mutex_lock`.

use core::sync::atomic::Ordering::Relaxed;

use crate::arch::{Frame, hook_framed, hook_framed_7, nr};
use crate::block::Block;
use crate::layout::{counter, kind, what};
use crate::sampling::First;
use crate::stack::{self, Measured};
use crate::{config, real, thread, waiters};

const EAGAIN: i32 = 11;
const EBUSY: i32 = 16;

static FIRST_WAITS: First = First::new();
static FIRST_WAKES: First = First::new();

#[link(name = "c")]
unsafe extern "C" {
    fn __errno_location() -> *mut i32;
}

hook_framed_7!(syscall, call);
hook_framed!(pthread_mutex_lock, lock);
hook_framed!(pthread_mutex_unlock, unlock);

#[expect(clippy::too_many_arguments)]
unsafe extern "C" fn call(
    n: usize,
    a: usize,
    b: usize,
    c: usize,
    d: usize,
    e: usize,
    f: usize,
    frame: &Frame,
) -> isize {
    // SAFETY: the program's own arguments.
    let plain = || unsafe { real::syscall(n, a, b, c, d, e, f) };
    if n != nr::FUTEX || !config::records(kind::LOCK) {
        return plain();
    }
    let Some(block) = thread::block().or_else(thread::join) else { return plain() };
    const WITHOUT_FLAGS: usize = 0x7f;
    match b & WITHOUT_FLAGS {
        // WAIT, LOCK_PI, WAIT_BITSET, WAIT_REQUEUE_PI, LOCK_PI2
        0 | 6 | 9 | 11 | 13 => wait(block, a, frame, || {
            let result = plain();
            // The value had changed before the wait began. SAFETY: always valid.
            let waited = result >= 0 || unsafe { *__errno_location() } != EAGAIN;
            (result, waited)
        }),
        // WAKE, REQUEUE, CMP_REQUEUE, WAKE_OP, UNLOCK_PI, WAKE_BITSET
        1 | 3 | 4 | 5 | 7 | 10 => wake(block, a, frame, || {
            let result = plain();
            (result, result.max(0) as u64)
        }),
        _ => plain(),
    }
}

unsafe extern "C" fn lock(
    mutex: *mut u8,
    _: usize,
    _: usize,
    _: usize,
    _: usize,
    _: usize,
    frame: &Frame,
) -> i32 {
    // SAFETY, for both: the program's own mutex.
    let plain = || unsafe { real::pthread_mutex_lock(mutex) };
    if !config::records(kind::LOCK) {
        return plain();
    }
    let Some(block) = thread::block().or_else(thread::join) else { return plain() };
    let tried = unsafe { real::pthread_mutex_trylock(mutex) };
    if tried != EBUSY {
        return tried;
    }
    wait(block, mutex as usize, frame, || (plain(), true))
}

unsafe extern "C" fn unlock(
    mutex: *mut u8,
    _: usize,
    _: usize,
    _: usize,
    _: usize,
    _: usize,
    frame: &Frame,
) -> i32 {
    // SAFETY: the program's own mutex.
    let plain = || unsafe { real::pthread_mutex_unlock(mutex) };
    if !waiters::any() || waiters::since(mutex as usize).is_none() {
        return plain();
    }
    let Some(block) = thread::block() else { return plain() };
    wake(block, mutex as usize, frame, || {
        let result = plain();
        (result, u64::from(result == 0))
    })
}

/// Times a wait.
fn wait<T>(block: &Block, address: usize, frame: &Frame, call: impl FnOnce() -> (T, bool)) -> T {
    let start = real::now();
    let waiting = waiters::enter(address, start);
    let (result, waited) = call();
    waiting.leave();
    if !waited {
        return result;
    }
    let now = real::now();
    let nanos = now.saturating_sub(start);
    block.add(counter::LOCK_WAITS, 1);
    block.add(counter::LOCK_NANOS, nanos);
    if block.waits.pass(nanos.max(1)) {
        let next = FIRST_WAITS.mean(config::LOCK_MEAN.load(Relaxed));
        let mean = block.waits.redraw(&block.random, next, now);
        let values = [nanos, address as u64, 0, 0];
        let measured = Measured { what: what::LOCK_WAIT, values, amount: nanos.max(1), mean };
        stack::record_caller(block, frame, &measured);
    }
    result
}

/// Makes a wake; records it if somebody was woken.
fn wake<T>(block: &Block, address: usize, frame: &Frame, call: impl FnOnce() -> (T, u64)) -> T {
    // Before the wake: whoever wakes may have to wait for a processor afterwards.
    let since = waiters::since(address);
    let now = if since.is_some() { real::now() } else { 0 };
    let (result, woken) = call();
    if woken == 0 {
        return result;
    }
    let nanos = since.map_or(0, |since| now.saturating_sub(since));
    if since.is_some() {
        waiters::woken(address, now);
    }
    if block.wakes.pass(nanos.max(1)) {
        let next = FIRST_WAKES.mean(config::LOCK_MEAN.load(Relaxed));
        let mean = block.wakes.redraw(&block.random, next, real::now());
        let values = [address as u64, woken, nanos, 0];
        let measured = Measured { what: what::LOCK_WAKE, values, amount: nanos.max(1), mean };
        stack::record_caller(block, frame, &measured);
    }
    result
}

/// Prepares a new thread.
pub fn adopt(block: &Block) {
    let mean = config::LOCK_MEAN.load(Relaxed);
    block.waits.start(&block.random, Some(FIRST_WAITS.of_new_thread(mean)));
    block.wakes.start(&block.random, Some(FIRST_WAKES.of_new_thread(mean)));
}

/// Starts again, in a forked child.
pub fn forget() {
    FIRST_WAITS.reset();
    FIRST_WAKES.reset();
    waiters::forget();
}
