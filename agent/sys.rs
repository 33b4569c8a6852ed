//! System calls, made directly: they cannot be interposed and leave `errno` alone.

use crate::arch::{nr, syscall};

pub const EINTR: isize = -4;
const AT_FDCWD: isize = -100;
pub const O_RDONLY: usize = 0;
pub const O_RDWR: usize = 2;
const O_CREAT: usize = 0o100;
const O_EXCL: usize = 0o200;
const O_CLOEXEC: usize = 0o2000000;
pub const PROT_READ: usize = 1;
pub const PROT_WRITE: usize = 2;
pub const PROT_EXEC: usize = 4;
const MAP_SHARED: usize = 1;
const MAP_PRIVATE: usize = 2;
const MAP_ANONYMOUS: usize = 0x20;
pub const RLIMIT_FSIZE: usize = 1;
pub const RLIMIT_STACK: usize = 3;

/// Opens a file; `path` ends with a zero byte.
pub fn open(path: &[u8], flags: usize) -> isize {
    let path = path.as_ptr() as usize;
    // SAFETY: the path ends with zero.
    unsafe { syscall(nr::OPENAT, [AT_FDCWD as usize, path, flags | O_CLOEXEC, 0, 0, 0]) }
}

/// Creates a file that must not exist, for its owner alone.
pub fn create(path: &[u8]) -> isize {
    let path = path.as_ptr() as usize;
    let flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC;
    // SAFETY: the path ends with zero.
    unsafe { syscall(nr::OPENAT, [AT_FDCWD as usize, path, flags, 0o600, 0, 0]) }
}

pub fn close(fd: isize) {
    // SAFETY: the descriptor is ours.
    unsafe { syscall(nr::CLOSE, [fd as usize, 0, 0, 0, 0, 0]) };
}

/// Reads into `to`; 0 at the end, negative on failure.
pub fn read(fd: isize, to: &mut [u8]) -> isize {
    loop {
        // SAFETY: the buffer is borrowed for the call.
        let n = unsafe {
            syscall(nr::READ, [fd as usize, to.as_mut_ptr() as usize, to.len(), 0, 0, 0])
        };
        if n != EINTR {
            return n;
        }
    }
}

/// Writes at an offset.
pub fn pwrite(fd: isize, from: &[u8], offset: usize) -> isize {
    // SAFETY: the buffer is borrowed for the call.
    unsafe {
        syscall(nr::PWRITE64, [fd as usize, from.as_ptr() as usize, from.len(), offset, 0, 0])
    }
}

/// Grants space in a file, growing it.
pub fn fallocate(fd: isize, offset: usize, len: usize) -> isize {
    loop {
        // SAFETY: no memory is passed.
        let n = unsafe { syscall(nr::FALLOCATE, [fd as usize, 0, offset, len, 0, 0]) };
        if n != EINTR {
            return n;
        }
    }
}

/// Maps a file for reading and writing, shared with it.
pub fn map_file(fd: isize, len: usize) -> Option<*mut u8> {
    map(len, MAP_SHARED, fd as usize)
}

/// Maps zeroed memory.
pub fn map_memory(len: usize) -> Option<*mut u8> {
    map(len, MAP_PRIVATE | MAP_ANONYMOUS, usize::MAX)
}

fn map(len: usize, flags: usize, fd: usize) -> Option<*mut u8> {
    // SAFETY: a new mapping at an address of the kernel's choice touches nothing that exists.
    let at = unsafe { syscall(nr::MMAP, [0, len, PROT_READ | PROT_WRITE, flags, fd, 0]) };
    (at > 0 || at < -4095).then_some(at as *mut u8)
}

/// Removes a mapping.
///
/// # Safety
///
/// Nothing uses it any more.
pub unsafe fn unmap(at: *mut u8, len: usize) {
    // SAFETY: the caller's promise.
    unsafe { syscall(nr::MUNMAP, [at as usize, len, 0, 0, 0, 0]) };
}

/// Changes the protection of whole pages.
///
/// # Safety
///
/// Whoever uses the pages can bear it.
#[cfg(full)]
pub unsafe fn protect(at: usize, len: usize, protection: usize) -> isize {
    // SAFETY: the caller's promise.
    unsafe { syscall(nr::MPROTECT, [at, len, protection, 0, 0, 0]) }
}

pub fn pid() -> u32 {
    // SAFETY: no arguments.
    unsafe { syscall(nr::GETPID, [0; 6]) as u32 }
}

pub fn parent_pid() -> u32 {
    // SAFETY: no arguments.
    unsafe { syscall(nr::GETPPID, [0; 6]) as u32 }
}

pub fn tid() -> u32 {
    // SAFETY: no arguments.
    unsafe { syscall(nr::GETTID, [0; 6]) as u32 }
}

/// The calling thread's name.
pub fn thread_name() -> [u64; 2] {
    const PR_GET_NAME: usize = 16;
    let mut name = [0u64; 2];
    // SAFETY: the kernel writes 16 bytes.
    unsafe { syscall(nr::PRCTL, [PR_GET_NAME, name.as_mut_ptr() as usize, 0, 0, 0, 0]) };
    name
}

/// The C library's handle of the calling thread: the address of its own data about it, which lies
/// above the stack that it made.
pub fn thread_handle() -> usize {
    #[link(name = "c")]
    unsafe extern "C" {
        fn pthread_self() -> usize;
    }
    // SAFETY: always valid.
    unsafe { pthread_self() }
}

/// A soft resource limit.
pub fn limit(resource: usize) -> u64 {
    let mut limits = [u64::MAX; 2];
    // SAFETY: the kernel writes two words.
    unsafe { syscall(nr::PRLIMIT64, [0, resource, 0, limits.as_mut_ptr() as usize, 0, 0]) };
    limits[0]
}

/// Reads memory that may not be there; returns how much was.
pub fn read_memory(to: *mut u8, from: usize, len: usize) -> isize {
    let local = [to as usize, len];
    let remote = [from, len];
    let (local, remote) = (local.as_ptr() as usize, remote.as_ptr() as usize);
    // SAFETY: the kernel checks `from`; `to` is the caller's room for `len` bytes.
    unsafe { syscall(nr::PROCESS_VM_READV, [pid() as usize, local, 1, remote, 1, 0]) }
}

/// Ends the process at once.
pub fn abort() -> ! {
    loop {
        // SAFETY: an instruction that always traps.
        unsafe {
            #[cfg(target_arch = "x86_64")]
            core::arch::asm!("ud2");
            #[cfg(target_arch = "aarch64")]
            core::arch::asm!("brk #1");
        }
    }
}
