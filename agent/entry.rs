//! The start: runs in the loader before the program's own constructors and `main`.

use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering::*};

use crate::config::{self, VARIABLE};
use crate::{capture, fork, maps, real, sigprof, sys, thread};

#[used]
#[unsafe(link_section = ".init_array")]
static START: unsafe extern "C" fn(i32, *mut *mut u8, *mut *mut u8) = start;

static STARTED: AtomicBool = AtomicBool::new(false);
/// Whether the process is a fork and has no file yet.
static FORKED: AtomicBool = AtomicBool::new(false);
/// Bounds of the stack of the thread that forked it.
static FORKED_LOW: AtomicUsize = AtomicUsize::new(0);
static FORKED_HIGH: AtomicUsize = AtomicUsize::new(0);

/// Whether the process is recorded.
#[inline(always)]
pub fn started() -> bool {
    STARTED.load(Relaxed)
}

unsafe extern "C" fn start(_: i32, argv: *mut *mut u8, env: *mut *mut u8) {
    real::resolve();
    // SAFETY: the loader passes the program's environment.
    let Some(value) = (unsafe { variable(env, VARIABLE) }) else { return };
    let Some(rest) = config::parse(value) else { return };
    if !capture::set_directory(rest.directory) {
        return;
    }
    capture::create();
    if capture::header(0).is_some() {
        thread::prepare();
        fork::prepare();
        STARTED.store(true, Relaxed);
        sigprof::claim();
        // Above the arguments' pointers lies no frame; the stack below is as large as its limit.
        let high = argv as usize;
        let size = sys::limit(sys::RLIMIT_STACK).min(1 << 30) as usize;
        if let Some(block) = thread::adopt((high.saturating_sub(size), high)) {
            thread::record_name(block, sys::thread_name());
        }
        maps::scan();
        #[cfg(full)]
        {
            crate::heap::prepare();
            crate::got::redirect(rest.slots);
        }
    }
    if config::CHILDREN.load(Relaxed) == 0 {
        // SAFETY: the program has not looked at its environment yet. `rest` ends here.
        unsafe {
            remove(env, VARIABLE, false);
            remove(env, b"LD_PRELOAD=", true);
        }
    }
}

/// The text behind a variable's name and its equals sign.
unsafe fn variable<'a>(mut env: *mut *mut u8, name: &[u8]) -> Option<&'a [u8]> {
    // SAFETY: the environment ends with null, its strings with zero.
    unsafe {
        while !(*env).is_null() {
            if starts_with(*env, name) {
                let value = (*env).add(name.len());
                return Some(core::slice::from_raw_parts(value, length(value)));
            }
            env = env.add(1);
        }
    }
    None
}

unsafe fn starts_with(text: *const u8, name: &[u8]) -> bool {
    // SAFETY: stops at the zero, because no name holds one.
    name.iter().enumerate().all(|(i, &byte)| unsafe { *text.add(i) } == byte)
}

unsafe fn length(text: *const u8) -> usize {
    let mut n = 0;
    // SAFETY: the text ends with zero.
    while unsafe { *text.add(n) } != 0 {
        n += 1;
    }
    n
}

/// Removes a variable; if it is a list, only its first member.
unsafe fn remove(mut env: *mut *mut u8, name: &[u8], list: bool) {
    // SAFETY: as in `variable`; strings of the environment are the process's own to write.
    unsafe {
        while !(*env).is_null() && !starts_with(*env, name) {
            env = env.add(1);
        }
        if (*env).is_null() {
            return;
        }
        if list {
            let value = (*env).add(name.len());
            let len = length(value);
            let members = core::slice::from_raw_parts_mut(value, len + 1);
            let end = members.iter().position(|&byte| byte == b':' || byte == b' ');
            if let Some(end) = end {
                let mut to = 0;
                for from in end + 1..=len {
                    let byte = members.get(from).copied().unwrap_or(0);
                    if let Some(slot) = members.get_mut(to) {
                        *slot = byte;
                    }
                    to += 1;
                }
                return;
            }
        }
        loop {
            *env = *env.add(1);
            if (*env).is_null() {
                return;
            }
            env = env.add(1);
        }
    }
}

/// Notes that the process is a fork, with the bounds of its stack or zeros.
pub fn set_forked((low, high): (usize, usize)) {
    FORKED.store(true, Relaxed);
    FORKED_LOW.store(low, Relaxed);
    FORKED_HIGH.store(high, Relaxed);
}

/// In a forked child without a file: opens it, and returns the bounds of its stack if known.
pub fn open_forked() -> Option<(usize, usize)> {
    if !FORKED.swap(false, Relaxed) {
        return None;
    }
    capture::create();
    if capture::header(0).is_none() {
        STARTED.store(false, Relaxed);
    } else {
        maps::scan();
    }
    let high = FORKED_HIGH.load(Relaxed);
    (high != 0).then(|| (FORKED_LOW.load(Relaxed), high))
}
