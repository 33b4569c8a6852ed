//! The functions that ours stand before, found behind us in the order of the loader.

use core::ffi::{c_char, c_void};
use core::sync::atomic::{AtomicPtr, Ordering::Relaxed};

#[link(name = "c")]
unsafe extern "C" {
    fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
    fn __errno_location() -> *mut i32;
}

/// Looks a symbol up behind us.
fn find(name: &core::ffi::CStr) -> *mut c_void {
    const RTLD_NEXT: *mut c_void = usize::MAX as *mut c_void;
    // SAFETY: the name ends with zero; the handle is the documented pseudo-handle.
    let found = unsafe { dlsym(RTLD_NEXT, name.as_ptr()) };
    // A call after it keeps this one from becoming a jump, which would hide who asks.
    core::hint::black_box(found)
}

/// Stands in for a function that this C library does not have.
unsafe extern "C" fn missing() -> isize {
    const ENOSYS: i32 = 38;
    // SAFETY: always valid; setting `errno` is what the missing function would do.
    unsafe { *__errno_location() = ENOSYS };
    -1
}

macro_rules! next {
    ($($name:ident($($arg:ident: $type:ty),*) -> $ret:ty, $fallback:expr;)*) => {
        $(
            #[inline(always)]
            pub unsafe fn $name($($arg: $type),*) -> $ret {
                type Function = unsafe extern "C" fn($($type),*) -> $ret;
                let mut at = table::$name.load(Relaxed);
                if at.is_null() {
                    at = first_use(&table::$name, &names::$name, $fallback as *mut c_void);
                }
                // SAFETY: the symbol has this type by its standard.
                let function: Function = unsafe { core::mem::transmute(at) };
                // SAFETY: the caller passes on what the program passed.
                unsafe { function($($arg),*) }
            }
        )*

        #[allow(non_upper_case_globals)]
        pub mod table {
            $(pub static $name: super::AtomicPtr<super::c_void> =
                super::AtomicPtr::new(core::ptr::null_mut());)*
        }

        #[allow(non_upper_case_globals)]
        mod names {
            $(pub static $name: &core::ffi::CStr =
                match core::ffi::CStr::from_bytes_with_nul(
                    concat!(stringify!($name), "\0").as_bytes())
                {
                    Ok(name) => name,
                    Err(_) => c"",
                };)*
        }

        /// Looks all of them up, so that no lookup happens later, in a signal handler perhaps.
        pub fn resolve() {
            $(if table::$name.load(Relaxed).is_null() {
                first_use(&table::$name, &names::$name, $fallback as *mut c_void);
            })*
        }
    };
}

#[cfg(full)]
use crate::boot;

/// The lookup may allocate itself; then the fallback serves, for that once.
#[cold]
#[inline(never)]
fn first_use(
    at: &AtomicPtr<c_void>,
    name: &&core::ffi::CStr,
    _fallback: *mut c_void,
) -> *mut c_void {
    #[cfg(full)]
    let _resolving = match boot::enter(_fallback) {
        Some(guard) => guard,
        None => return _fallback,
    };
    let mut found = find(name);
    if found.is_null() {
        found = missing as *mut c_void;
    }
    at.store(found, Relaxed);
    found
}

mod basic {
    use super::*;
    next! {
        clock_gettime(clock: i32, time: *mut [i64; 2]) -> i32, missing;
        pthread_create(thread: *mut u64, attr: *const c_void, start: *const c_void, arg: *mut c_void)
            -> i32, missing;
        pthread_setname_np(thread: u64, name: *const u8) -> i32, missing;
        sigaction(signal: i32, new: *const c_void, old: *mut c_void) -> i32, missing;
        signal(signal: i32, handler: usize) -> usize, missing;
    }
}

pub use basic::{clock_gettime, pthread_create, pthread_setname_np, sigaction, signal};

#[cfg(full)]
mod heap {
    use super::*;
    next! {
        malloc(size: usize, b: usize, c: usize) -> *mut u8, boot::malloc;
        calloc(count: usize, size: usize, c: usize) -> *mut u8, boot::calloc;
        realloc(block: *mut u8, size: usize, c: usize) -> *mut u8, boot::realloc;
        free(block: *mut u8, b: usize, c: usize) -> (), boot::free;
        malloc_usable_size(block: *mut u8) -> usize, missing;
        memalign(align: usize, size: usize, c: usize) -> *mut u8, missing;
        aligned_alloc(align: usize, size: usize, c: usize) -> *mut u8, missing;
        posix_memalign(out: *mut *mut u8, align: usize, size: usize) -> i32, missing;
        valloc(size: usize, b: usize, c: usize) -> *mut u8, missing;
        pvalloc(size: usize, b: usize, c: usize) -> *mut u8, missing;
    }
}
#[cfg(full)]
pub use heap::table;
#[cfg(full)]
pub use heap::{
    aligned_alloc, calloc, free, malloc, malloc_usable_size, memalign, posix_memalign, pvalloc,
    realloc, valloc,
};

#[cfg(full)]
mod calls {
    use super::*;
    type Word = usize;
    next! {
        syscall(n: Word, a: Word, b: Word, c: Word, d: Word, e: Word, f: Word) -> isize, missing;
        pthread_mutex_lock(mutex: *mut u8) -> i32, missing;
        pthread_mutex_trylock(mutex: *mut u8) -> i32, missing;
        pthread_mutex_unlock(mutex: *mut u8) -> i32, missing;
        read(a: Word, b: Word, c: Word, d: Word, e: Word, f: Word) -> isize, missing;
        write(a: Word, b: Word, c: Word, d: Word, e: Word, f: Word) -> isize, missing;
        readv(a: Word, b: Word, c: Word, d: Word, e: Word, f: Word) -> isize, missing;
        writev(a: Word, b: Word, c: Word, d: Word, e: Word, f: Word) -> isize, missing;
        pread(a: Word, b: Word, c: Word, d: Word, e: Word, f: Word) -> isize, missing;
        pread64(a: Word, b: Word, c: Word, d: Word, e: Word, f: Word) -> isize, missing;
        pwrite(a: Word, b: Word, c: Word, d: Word, e: Word, f: Word) -> isize, missing;
        pwrite64(a: Word, b: Word, c: Word, d: Word, e: Word, f: Word) -> isize, missing;
        preadv(a: Word, b: Word, c: Word, d: Word, e: Word, f: Word) -> isize, missing;
        preadv64(a: Word, b: Word, c: Word, d: Word, e: Word, f: Word) -> isize, missing;
        pwritev(a: Word, b: Word, c: Word, d: Word, e: Word, f: Word) -> isize, missing;
        pwritev64(a: Word, b: Word, c: Word, d: Word, e: Word, f: Word) -> isize, missing;
        recv(a: Word, b: Word, c: Word, d: Word, e: Word, f: Word) -> isize, missing;
        recvfrom(a: Word, b: Word, c: Word, d: Word, e: Word, f: Word) -> isize, missing;
        recvmsg(a: Word, b: Word, c: Word, d: Word, e: Word, f: Word) -> isize, missing;
        send(a: Word, b: Word, c: Word, d: Word, e: Word, f: Word) -> isize, missing;
        sendto(a: Word, b: Word, c: Word, d: Word, e: Word, f: Word) -> isize, missing;
        sendmsg(a: Word, b: Word, c: Word, d: Word, e: Word, f: Word) -> isize, missing;
        sendfile(a: Word, b: Word, c: Word, d: Word, e: Word, f: Word) -> isize, missing;
        sendfile64(a: Word, b: Word, c: Word, d: Word, e: Word, f: Word) -> isize, missing;
        copy_file_range(a: Word, b: Word, c: Word, d: Word, e: Word, f: Word) -> isize, missing;
        splice(a: Word, b: Word, c: Word, d: Word, e: Word, f: Word) -> isize, missing;
        fsync(a: Word, b: Word, c: Word, d: Word, e: Word, f: Word) -> isize, missing;
        fdatasync(a: Word, b: Word, c: Word, d: Word, e: Word, f: Word) -> isize, missing;
        open(a: Word, b: Word, c: Word, d: Word, e: Word, f: Word) -> isize, missing;
        open64(a: Word, b: Word, c: Word, d: Word, e: Word, f: Word) -> isize, missing;
        openat(a: Word, b: Word, c: Word, d: Word, e: Word, f: Word) -> isize, missing;
        openat64(a: Word, b: Word, c: Word, d: Word, e: Word, f: Word) -> isize, missing;
    }
}
#[cfg(full)]
pub use calls::*;

/// Where a function is that has to be jumped to instead of called.
pub fn address(at: &AtomicPtr<c_void>, name: &core::ffi::CStr) -> usize {
    let mut found = at.load(Relaxed);
    if found.is_null() {
        found = find(name);
        if found.is_null() {
            found = missing as *mut c_void;
        }
        at.store(found, Relaxed);
    }
    found as usize
}

/// Whether the allocator behind us is the GNU C library's.
#[cfg(full)]
pub fn gnu_allocator() -> bool {
    let own = find(c"__libc_malloc");
    !own.is_null() && own == table::malloc.load(Relaxed)
}

/// Looks everything up.
pub fn resolve() {
    basic::resolve();
    #[cfg(full)]
    heap::resolve();
    #[cfg(full)]
    calls::resolve();
}

/// Nanoseconds of `CLOCK_MONOTONIC`.
#[inline]
pub fn now() -> u64 {
    const CLOCK_MONOTONIC: i32 = 1;
    nanos(CLOCK_MONOTONIC)
}

/// Nanoseconds that the thread has used a processor.
pub fn cpu_time() -> u64 {
    const CLOCK_THREAD_CPUTIME_ID: i32 = 3;
    nanos(CLOCK_THREAD_CPUTIME_ID)
}

#[inline]
fn nanos(clock: i32) -> u64 {
    let mut time = [0i64; 2];
    // SAFETY: the time is ours to be written.
    unsafe { clock_gettime(clock, &mut time) };
    (time[0] as u64).wrapping_mul(1_000_000_000).wrapping_add(time[1] as u64)
}
