//! Whose signal it is. A program that handles `SIGPROF` itself wins: sampling stands back, and
//! the capture file says so. One that only ignores or resets it sees what it expects.

use core::cell::UnsafeCell;
use core::ffi::c_void;
use core::sync::atomic::{AtomicBool, Ordering::*};

use crate::layout::{kind, note};
use crate::{arch, block, capture, config, real, timer};

pub const SIGPROF: i32 = 27;
const SIG_DFL: usize = 0;
const SIG_IGN: usize = 1;
const SIG_ERR: usize = usize::MAX;
const SA_SIGINFO: i32 = 4;
const SA_ONSTACK: i32 = 0x0800_0000;
const SA_RESTART: i32 = 0x1000_0000;

/// The C library's `struct sigaction`.
#[repr(C)]
struct Action {
    handler: usize,
    mask: [u64; 16],
    flags: i32,
    restorer: usize,
}

const NO_ACTION: Action = Action { handler: SIG_DFL, mask: [0; 16], flags: 0, restorer: 0 };

struct Pretended(UnsafeCell<Action>);
// SAFETY: changed by the program's own calls for one signal, which it has to order itself.
unsafe impl Sync for Pretended {}

/// What the program believes to be installed while our handler is.
static PRETENDED: Pretended = Pretended(UnsafeCell::new(NO_ACTION));
static OURS: AtomicBool = AtomicBool::new(false);

/// Whether our handler is installed.
pub fn ours() -> bool {
    OURS.load(Relaxed)
}

/// Installs our handler unless the program has one.
pub fn claim() {
    if !config::records(kind::CPU) {
        return;
    }
    let mut action = Action {
        handler: timer::expired as *const () as usize,
        flags: SA_SIGINFO | SA_ONSTACK | SA_RESTART,
        ..NO_ACTION
    };
    let mut old = NO_ACTION;
    // SAFETY: both structures are ours.
    unsafe {
        if real::sigaction(SIGPROF, core::ptr::null(), (&raw mut old).cast()) != 0 {
            return;
        }
        if old.handler != SIG_DFL && old.handler != SIG_IGN {
            capture::note(note::SIGPROF_TAKEN);
            return;
        }
        // Nothing may interrupt the copy of a stack.
        action.mask[0] = u64::MAX;
        if real::sigaction(SIGPROF, (&raw const action).cast(), core::ptr::null_mut()) == 0 {
            pretend(&raw const old, core::ptr::null_mut());
            OURS.store(true, Relaxed);
        }
    }
}

/// Swaps what the program believes.
unsafe fn pretend(new: *const Action, old: *mut Action) {
    let pretended = PRETENDED.0.get();
    // SAFETY: the caller's structures, or null.
    unsafe {
        if !old.is_null() {
            arch::copy(old.cast(), pretended.cast(), size_of::<Action>());
        }
        if !new.is_null() {
            arch::copy(pretended.cast(), new.cast(), size_of::<Action>());
        }
    }
}

/// Stops all timers, for a handler of the program's own.
fn stand_back() {
    OURS.store(false, Relaxed);
    block::each_live(timer::disarm);
    capture::note(note::SIGPROF_TAKEN);
}

/// `sigaction`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sigaction(signal: i32, new: *const c_void, old: *mut c_void) -> i32 {
    if signal != SIGPROF || !ours() {
        // SAFETY: the program's own arguments.
        return unsafe { real::sigaction(signal, new, old) };
    }
    let (new, old): (*const Action, *mut Action) = (new.cast(), old.cast());
    // SAFETY: the program's own structures; read before either is written.
    unsafe {
        let handles = !new.is_null() && (*new).handler != SIG_DFL && (*new).handler != SIG_IGN;
        if !handles {
            // `old` and `new` may be the same.
            let kept = if new.is_null() { None } else { Some((*new).handler) };
            pretend(core::ptr::null(), old);
            if let Some(handler) = kept {
                (*PRETENDED.0.get()).handler = handler;
                (*PRETENDED.0.get()).flags = 0;
            }
            return 0;
        }
        stand_back();
        let result = real::sigaction(signal, new.cast(), core::ptr::null_mut());
        pretend(core::ptr::null(), old);
        result
    }
}

/// `signal`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn signal(signal: i32, handler: usize) -> usize {
    if signal != SIGPROF || !ours() {
        // SAFETY: the program's own arguments.
        return unsafe { real::signal(signal, handler) };
    }
    // SAFETY: the program's calls for this signal are in order.
    let pretended = unsafe { &mut *PRETENDED.0.get() };
    let before = pretended.handler;
    if handler == SIG_DFL || handler == SIG_IGN {
        pretended.handler = handler;
        return before;
    }
    stand_back();
    // SAFETY: the program's own arguments.
    if unsafe { real::signal(signal, handler) } == SIG_ERR { SIG_ERR } else { before }
}
