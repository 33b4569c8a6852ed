//! The capture file: shared memory over a file, so that what was written stays when the process
//! is killed at any instruction.
//!
//! Room is handed out with one atomic addition. The file grows in steps that the file system has
//! granted before they are touched, so that a full disk shows as an error here and not as a
//! signal in the program. No descriptor is kept: a program may close or reuse any it sees.

use core::sync::atomic::{AtomicPtr, AtomicU64, Ordering::*};

use crate::layout::{HEADER_SIZE, MAGIC, RECORD_HEAD, RECORD_MARK, VERSION, header, note, state};
use crate::{arch, config, real, sys};

/// The file grows by this much.
const STEP: u64 = 4 << 20;

static FILE: AtomicPtr<u8> = AtomicPtr::new(core::ptr::null_mut());
/// Bytes mapped.
static MAPPED: AtomicU64 = AtomicU64::new(0);
/// Directory of the files, then the name of this process's, ended by zero.
static PATH: Path = Path(core::cell::UnsafeCell::new([0; 4096]));
/// Length of the directory.
static DIRECTORY: AtomicU64 = AtomicU64::new(0);

struct Path(core::cell::UnsafeCell<[u8; 4096]>);
// SAFETY: written while the process has one thread: at the start and after a fork.
unsafe impl Sync for Path {}

/// Remembers where files go.
pub fn set_directory(directory: &[u8]) -> bool {
    // SAFETY: called once, at the start.
    let path = unsafe { &mut *PATH.0.get() };
    if directory.is_empty() || directory.len() + 64 > path.len() {
        return false;
    }
    for (to, from) in path.iter_mut().zip(directory) {
        *to = *from;
    }
    DIRECTORY.store(directory.len() as u64, Relaxed);
    true
}

/// Creates this process's file. Does nothing if that fails: the parent finds no file.
pub fn create() {
    // SAFETY: the process has one thread.
    let path = unsafe { &mut *PATH.0.get() };
    let pid = sys::pid();
    let mut attempt = 0;
    let fd = loop {
        name(path, DIRECTORY.load(Relaxed) as usize, pid, attempt);
        let fd = sys::create(path);
        const EEXIST: isize = -17;
        if fd != EEXIST || attempt == 1000 {
            break fd;
        }
        // The same process after an exec, or the number of one that has ended.
        attempt += 1;
    };
    if fd < 0 {
        return;
    }
    // Growing a file past this limit raises a signal.
    let limit = sys::limit(sys::RLIMIT_FSIZE);
    let capacity = config::CAPACITY.load(Relaxed).min(limit).max(STEP) & !(STEP - 1);
    let granted = grant(fd, 0, STEP);
    let mapped = if granted && limit >= STEP { sys::map_file(fd, capacity as usize) } else { None };
    sys::close(fd);
    let Some(file) = mapped else { return };
    MAPPED.store(capacity, Relaxed);
    FILE.store(file, Release);
    field(file, header::VERSION).store(VERSION, Relaxed);
    field(file, header::PID).store(u64::from(pid), Relaxed);
    field(file, header::PARENT).store(u64::from(sys::parent_pid()), Relaxed);
    field(file, header::STARTED).store(real::now(), Relaxed);
    field(file, header::KINDS).store(config::KINDS.load(Relaxed), Relaxed);
    field(file, header::CAPACITY).store(capacity, Relaxed);
    field(file, header::CURSOR).store(HEADER_SIZE as u64, Relaxed);
    field(file, header::GRANTED).store(STEP, Relaxed);
    field(file, header::MAGIC).store(MAGIC, Release);
}

/// Forgets the file, in a forked child.
pub fn leave() {
    let file = FILE.swap(core::ptr::null_mut(), Relaxed);
    if !file.is_null() {
        // SAFETY: the child has one thread, and its block has been forgotten.
        unsafe { sys::unmap(file, MAPPED.load(Relaxed) as usize) };
    }
}

/// Appends `/PID-ATTEMPT.capture` and a zero.
fn name(path: &mut [u8; 4096], mut at: usize, pid: u32, attempt: u32) {
    let mut put = |byte: u8| {
        if let Some(to) = path.get_mut(at) {
            *to = byte;
        }
        at += 1;
    };
    put(b'/');
    decimal(pid, &mut put);
    put(b'-');
    decimal(attempt, &mut put);
    for &byte in b".capture\0" {
        put(byte);
    }
}

fn decimal(value: u32, put: &mut impl FnMut(u8)) {
    let mut scale = 1_000_000_000;
    while scale > 1 && value < scale {
        scale /= 10;
    }
    while scale > 0 {
        put(b'0' + (value / scale % 10) as u8);
        scale /= 10;
    }
}

/// Asks the file system for space; where it cannot promise any, by writing zeros.
fn grant(fd: isize, from: u64, to: u64) -> bool {
    const EOPNOTSUPP: isize = -95;
    const ENOSYS: isize = -38;
    match sys::fallocate(fd, from as usize, (to - from) as usize) {
        0 => true,
        EOPNOTSUPP | ENOSYS => {
            static ZEROS: [u8; 4096] = [0; 4096];
            let mut at = from;
            while at < to {
                let n = sys::pwrite(fd, &ZEROS, at as usize);
                if n <= 0 && n != sys::EINTR {
                    return false;
                }
                at += n.max(0) as u64;
            }
            true
        }
        _ => false,
    }
}

/// A number in the header.
#[inline(always)]
fn field(file: *mut u8, offset: usize) -> &'static AtomicU64 {
    // SAFETY: `file` is a whole mapping that stays; the offsets lie in its first page.
    unsafe { &*(file.add(offset) as *const AtomicU64) }
}

/// A number in the header of this process's file.
#[inline(always)]
pub fn header(offset: usize) -> Option<&'static AtomicU64> {
    let file = FILE.load(Acquire);
    if file.is_null() { None } else { Some(field(file, offset)) }
}

/// Adds to a number in the header.
pub fn add(offset: usize, n: u64) {
    if let Some(field) = header(offset) {
        field.fetch_add(n, Relaxed);
    }
}

/// Notes that something happened.
pub fn note(bit: u64) {
    if let Some(notes) = header(header::NOTES) {
        notes.fetch_or(bit, Relaxed);
    }
}

/// How often the room that is left has been halved: sampling doubles its distances as often, so
/// that a long run becomes sparser instead of ending.
#[inline]
pub fn scarcity() -> u32 {
    let (Some(cursor), Some(capacity)) = (header(header::CURSOR), header(header::CAPACITY)) else {
        return 0;
    };
    let capacity = capacity.load(Relaxed);
    let left = capacity.saturating_sub(cursor.load(Relaxed)).max(1);
    // Nothing until half is used, one doubling per halving from there.
    (left.leading_zeros() - capacity.leading_zeros()).saturating_sub(1).min(20)
}

/// Hands out `size` bytes (a multiple of 8), or counts what is lost.
fn reserve(size: usize) -> Option<*mut u8> {
    let file = FILE.load(Acquire);
    if file.is_null() {
        return None;
    }
    let capacity = field(file, header::CAPACITY).load(Relaxed);
    let cursor = field(file, header::CURSOR);
    let size = size as u64;
    if cursor.load(Relaxed) + size > capacity {
        field(file, header::LOST).fetch_add(1, Relaxed);
        note(note::FULL);
        return None;
    }
    let at = cursor.fetch_add(size, Relaxed);
    if at + size > field(file, header::GRANTED).load(Relaxed) && !extend(file, at + size) {
        field(file, header::LOST).fetch_add(1, Relaxed);
        return None;
    }
    // SAFETY: within the mapping, and granted.
    Some(unsafe { file.add(at as usize) })
}

/// Grows the file to hold `end`. Two threads may ask for the same step: that is harmless.
#[cold]
#[inline(never)]
fn extend(file: *mut u8, end: u64) -> bool {
    let capacity = field(file, header::CAPACITY).load(Relaxed);
    if end > capacity {
        note(note::FULL);
        return false;
    }
    let granted = field(file, header::GRANTED);
    let from = granted.load(Relaxed);
    if end <= from {
        return true;
    }
    let to = ((end + STEP - 1) & !(STEP - 1)).min(capacity);
    // SAFETY: the path is complete since the file was created.
    let fd = sys::open(unsafe { &*PATH.0.get() }, sys::O_RDWR);
    let ok = fd >= 0 && grant(fd, from, to);
    if fd >= 0 {
        sys::close(fd);
    }
    if ok {
        granted.fetch_max(to, Relaxed);
    } else {
        note(note::NO_SPACE);
    }
    ok
}

/// A record that is being written.
pub struct Record {
    start: *mut u8,
    at: *mut u8,
    size: usize,
    kind: u8,
}

impl Record {
    /// Takes room for a record of `size` bytes, its head included.
    #[inline]
    pub fn begin(kind: u8, size: usize) -> Option<Record> {
        let size = (size + 7) & !7;
        let start = reserve(size)?;
        // SAFETY: the room is ours.
        let mut record = Record { start, at: unsafe { start.add(RECORD_HEAD) }, size, kind };
        record.head(state::BEGUN);
        Some(record)
    }

    fn head(&mut self, state: u8) {
        let word = self.size as u64
            | u64::from(self.kind) << 32
            | u64::from(state) << 40
            | u64::from(RECORD_MARK) << 48;
        // SAFETY: the head is ours, and aligned because all sizes are multiples of 8.
        unsafe { (*(self.start as *const AtomicU64)).store(word, Release) };
    }

    /// Room that is left.
    fn left(&self) -> usize {
        self.start as usize + self.size - self.at as usize
    }

    /// Appends a number.
    #[inline(always)]
    pub fn put(&mut self, value: u64) -> &mut Self {
        if self.left() >= 8 {
            // SAFETY: there is room, and every field before this one was 8 bytes.
            unsafe {
                *(self.at as *mut u64) = value;
                self.at = self.at.add(8);
            }
        }
        self
    }

    /// Appends two numbers in one word.
    #[inline(always)]
    pub fn pair(&mut self, low: u32, high: u32) -> &mut Self {
        self.put(u64::from(low) | u64::from(high) << 32)
    }

    /// Appends memory that is known to be there.
    ///
    /// # Safety
    ///
    /// `from` is readable for `len` bytes.
    #[inline]
    pub unsafe fn bytes(&mut self, from: *const u8, len: usize) -> &mut Self {
        let len = len.min(self.left());
        // SAFETY: the caller's promise, and there is room.
        unsafe {
            arch::copy(self.at, from, len);
            self.at = self.at.add(len);
        }
        self
    }

    /// The room behind what was appended.
    pub fn room(&mut self) -> (*mut u8, usize) {
        (self.at, self.left())
    }

    /// Marks the record as complete.
    #[inline]
    pub fn end(mut self) {
        self.head(state::COMPLETE);
    }

    /// Keeps the record as room for a structure that is written as long as the process lives.
    pub fn keep(mut self) -> *mut u8 {
        self.head(state::COMPLETE);
        self.at
    }
}
