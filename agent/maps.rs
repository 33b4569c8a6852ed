//! Executable mappings of the process, read from the kernel.

use core::cell::UnsafeCell;
use core::ffi::c_void;
use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, Ordering::*};

use crate::arch::hook_jump;
use crate::capture::Record;
use crate::config::number;
use crate::layout::{RECORD_HEAD, record};
use crate::{real, sys};

const BUFFER: usize = 16 * 1024;
const SEEN: usize = 1024;

struct State {
    buffer: [u8; BUFFER],
    /// Mappings that are recorded: their start, and their end and path mixed.
    seen: [(u64, u64); SEEN],
    count: usize,
}

struct Shared(UnsafeCell<State>);
// SAFETY: used by whoever holds BUSY.
unsafe impl Sync for Shared {}

static STATE: Shared =
    Shared(UnsafeCell::new(State { buffer: [0; BUFFER], seen: [(0, 0); SEEN], count: 0 }));
static BUSY: AtomicBool = AtomicBool::new(false);
/// Samples taken since the last `dlopen`, plus 1; 0 if there was none.
static SINCE_LOAD: AtomicU64 = AtomicU64::new(0);

/// Notes that a library is being loaded: the next samples look for it.
///
/// `dlopen` cannot be called from here, because it looks at who calls it; so nobody knows when it
/// has finished, and the mappings are read at the 1st, 2nd, 4th, 8th … sample from now on.
extern "C" fn loading() -> usize {
    static DLOPEN: AtomicPtr<c_void> = AtomicPtr::new(core::ptr::null_mut());
    SINCE_LOAD.store(1, Relaxed);
    real::address(&DLOPEN, c"dlopen")
}

hook_jump!(dlopen, loading);

/// Reads the mappings again if a library was loaded lately.
#[inline]
pub fn refresh() {
    if SINCE_LOAD.load(Relaxed) != 0 {
        let n = SINCE_LOAD.fetch_add(1, Relaxed);
        if n.is_power_of_two() {
            scan();
        }
    }
}

/// Reads the mappings for the last time.
pub fn finish() {
    if SINCE_LOAD.load(Relaxed) != 0 {
        scan();
    }
}

/// Forgets what is recorded, in a forked child.
pub fn forget() {
    BUSY.store(false, Relaxed);
    SINCE_LOAD.store(0, Relaxed);
    // SAFETY: the child has one thread.
    unsafe { (*STATE.0.get()).count = 0 };
}

/// One line of the kernel's list.
struct Line<'a> {
    start: u64,
    end: u64,
    protection: usize,
    offset: u64,
    path: &'a [u8],
}

fn parse(line: &[u8]) -> Option<Line<'_>> {
    let (start, rest) = number(line, 16)?;
    let (end, rest) = number(rest.strip_prefix(b"-")?, 16)?;
    let rest = rest.strip_prefix(b" ")?;
    let (flags, rest) = rest.split_at_checked(5)?;
    let has = |letter: u8, bit: usize| if flags.contains(&letter) { bit } else { 0 };
    let protection =
        has(b'r', sys::PROT_READ) | has(b'w', sys::PROT_WRITE) | has(b'x', sys::PROT_EXEC);
    let (offset, rest) = number(rest, 16)?;
    let path = rest.iter().position(|&byte| byte == b'/' || byte == b'[');
    let path = path.and_then(|at| rest.get(at..)).unwrap_or(b"");
    Some(Line { start, end, protection, offset, path })
}

/// Runs `f` on every mapping until it returns true. Skipped if somebody else is reading.
fn each(mut f: impl FnMut(&Line<'_>, &mut [(u64, u64); SEEN], &mut usize) -> bool) {
    if BUSY.swap(true, Acquire) {
        return;
    }
    // SAFETY: BUSY is ours.
    let State { buffer, seen, count } = unsafe { &mut *STATE.0.get() };
    let fd = sys::open(b"/proc/self/maps\0", sys::O_RDONLY);
    if fd >= 0 {
        let mut filled = 0;
        'reading: loop {
            let n = match buffer.get_mut(filled..) {
                Some(room) if !room.is_empty() => sys::read(fd, room),
                _ => 0,
            };
            if n <= 0 {
                break;
            }
            filled += n as usize;
            let mut at = 0;
            while let Some(rest) = buffer.get(at..filled) {
                let Some(len) = rest.iter().position(|&byte| byte == b'\n') else { break };
                let line = rest.get(..len).and_then(parse);
                if line.is_some_and(|line| f(&line, seen, count)) {
                    break 'reading;
                }
                at += len + 1;
            }
            // Keeps the line that is not complete.
            let mut to = 0;
            while at < filled {
                let byte = buffer.get(at).copied().unwrap_or(0);
                if let Some(slot) = buffer.get_mut(to) {
                    *slot = byte;
                }
                at += 1;
                to += 1;
            }
            filled = to;
        }
        sys::close(fd);
    }
    BUSY.store(false, Release);
}

/// Records the executable mappings that are not recorded yet.
pub fn scan() {
    // Those of the start are there for everything that follows.
    let mut first = true;
    let mut time = 0;
    each(|line, seen, count| {
        if core::mem::take(&mut first) && *count > 0 {
            time = real::now();
        }
        if line.protection & sys::PROT_EXEC == 0 || line.path.is_empty() {
            return false;
        }
        let mut mixed = line.end;
        for &byte in line.path {
            mixed = (mixed ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        let known = (line.start, mixed);
        let recorded = seen.get(..*count).unwrap_or(&[]);
        if recorded.contains(&known) {
            return false;
        }
        if let Some(slot) = seen.get_mut(*count) {
            *slot = known;
            *count += 1;
        }
        if let Some(mut to) = Record::begin(record::MAP, RECORD_HEAD + 40 + line.path.len()) {
            to.put(time).put(line.start).put(line.end).put(line.offset);
            to.put(line.path.len() as u64);
            // SAFETY: a slice.
            unsafe { to.bytes(line.path.as_ptr(), line.path.len()) };
            to.end();
        }
        false
    });
}

/// The stack around `sp`: its mapping, cut where the C library's own data about the thread begin.
pub fn stack_around(sp: usize) -> (usize, usize) {
    let mut found = (0, 0);
    each(|line, _, _| {
        if (line.start..line.end).contains(&(sp as u64)) {
            found = (line.start as usize, line.end as usize);
        }
        line.end > sp as u64
    });
    let own = sys::thread_handle();
    if found.0 <= own && own < found.1 && own > sp {
        found.1 = own;
    }
    found
}

/// Protection of the page at an address.
#[cfg(full)]
pub fn protection(address: usize) -> Option<usize> {
    let mut found = None;
    each(|line, _, _| {
        if (line.start..line.end).contains(&(address as u64)) {
            found = Some(line.protection);
        }
        line.end > address as u64
    });
    found
}
