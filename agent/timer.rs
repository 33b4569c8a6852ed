//! CPU sampling: one timer per thread on its own CPU clock, whose signal copies the stack.
//!
//! The kernel looks at such timers at its tick. Where the tick is slower than the period, one
//! signal stands for several periods, and the overrun count says for how many.

use core::ffi::c_void;
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::arch::{self, nr, syscall};
use crate::block::Block;
use crate::layout::{header, kind, note, what};
use crate::stack::{self, Measured};
use crate::{capture, config, sigprof, thread};

/// Told from the program's own timers by this.
const VALUE: u64 = 0x6370_6572_6675_6370;
/// Timer of a forked child that has no block yet, plus 1.
static FORKED: AtomicU64 = AtomicU64::new(0);

fn create() -> Option<u64> {
    const CLOCK_THREAD_CPUTIME_ID: usize = 3;
    const SIGEV_THREAD_ID: u64 = 4;
    let period = config::CPU_PERIOD.load(Relaxed).max(10_000);
    let signal = sigprof::SIGPROF as u64;
    // struct sigevent: value, signal and way, thread.
    let tid = u64::from(crate::sys::tid());
    let event = [VALUE, signal | SIGEV_THREAD_ID << 32, tid, 0, 0, 0, 0, 0];
    let mut id = 0i32;
    // SAFETY: the structures are laid out as the kernel reads them.
    let result = unsafe {
        let (event, id) = (event.as_ptr() as usize, &raw mut id as usize);
        syscall(nr::TIMER_CREATE, [CLOCK_THREAD_CPUTIME_ID, event, id, 0, 0, 0])
    };
    if result < 0 {
        capture::note(note::TIMER_REFUSED);
        if let Some(errno) = capture::header(header::ERRNO) {
            errno.store(result.unsigned_abs() as u64, Relaxed);
        }
        return None;
    }
    let (seconds, nanos) = (period / 1_000_000_000, period % 1_000_000_000);
    let times = [seconds, nanos, seconds, nanos];
    // SAFETY: as above.
    unsafe { syscall(nr::TIMER_SETTIME, [id as usize, 0, times.as_ptr() as usize, 0, 0, 0]) };
    Some(id as u64 + 1)
}

/// Gives a thread its timer.
pub fn arm(block: &Block) {
    if !config::records(kind::CPU) || !sigprof::ours() {
        return;
    }
    let timer = match FORKED.swap(0, Relaxed) {
        0 => create().unwrap_or(0),
        timer => timer,
    };
    block.timer.store(timer, Relaxed);
}

/// Gives a forked child its timer. Its block, and with it a file, come with the first sample: a
/// child that only starts another program leaves no trace.
pub fn arm_forked() {
    FORKED.store(0, Relaxed);
    if config::records(kind::CPU) && sigprof::ours() {
        FORKED.store(create().unwrap_or(0), Relaxed);
    }
}

/// Ends a thread's timer; any thread may do so.
pub fn disarm(block: &Block) {
    let timer = block.timer.swap(0, Relaxed);
    if timer != 0 {
        // SAFETY: the timer is ours.
        unsafe { syscall(nr::TIMER_DELETE, [timer as usize - 1, 0, 0, 0, 0, 0]) };
    }
}

/// The signal's handler.
pub unsafe extern "C" fn expired(_: i32, info: *const u8, context: *const c_void) {
    const SI_TIMER: i32 = -2;
    // SAFETY: the kernel's siginfo: code, overrun count and value at these offsets.
    let (code, overrun, value) = unsafe {
        let at = |offset: usize| *(info.add(offset) as *const i32);
        (at(8), at(20), *(info.add(24) as *const u64))
    };
    if code != SI_TIMER || value != VALUE {
        return;
    }
    let Some(block) = thread::block().or_else(thread::join) else { return };
    let thin = 1u64 << capture::scarcity();
    let tick = block.ticks.get();
    block.ticks.set(tick.wrapping_add(1));
    if tick % thin != 0 {
        return;
    }
    let periods = (overrun.max(0) as u64 + 1) * thin;
    let nanos = config::CPU_PERIOD.load(Relaxed).max(10_000) * periods;
    let measured = Measured { what: what::CPU, values: [nanos, 0, 0, 0], amount: 0, mean: 0 };
    // SAFETY: the context of this very signal.
    let regs = unsafe { arch::interrupted(context.cast()) };
    stack::record(block, &regs, &measured);
}
