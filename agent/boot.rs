//! Memory for the one moment when the allocator behind us is being looked up and the lookup
//! itself allocates.

use core::cell::UnsafeCell;
use core::ffi::c_void;
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering::*};

use crate::{live, real};

const SIZE: usize = 64 * 1024;

#[repr(align(16))]
struct Arena(UnsafeCell<[u8; SIZE]>);
// SAFETY: parts are handed out once each, by an atomic addition.
unsafe impl Sync for Arena {}

static ARENA: Arena = Arena(UnsafeCell::new([0; SIZE]));
static USED: AtomicUsize = AtomicUsize::new(0);
static RESOLVING: AtomicBool = AtomicBool::new(false);

/// Held while a function of the allocator is looked up.
pub struct Resolving(bool);

impl Drop for Resolving {
    fn drop(&mut self) {
        if self.0 {
            RESOLVING.store(false, Release);
        }
    }
}

/// Enters a lookup; `None` if this is an allocation made by the lookup of the allocator.
pub fn enter(fallback: *mut c_void) -> Option<Resolving> {
    let ours = [malloc as *mut c_void, calloc as _, realloc as _, free as _];
    if !ours.contains(&fallback) {
        return Some(Resolving(false));
    }
    if RESOLVING.swap(true, AcqRel) { None } else { Some(Resolving(true)) }
}

/// Whether the block is one of ours.
pub fn owns(block: *const u8) -> bool {
    let start = ARENA.0.get() as usize;
    (start..start + SIZE).contains(&(block as usize))
}

/// Hands out zeroed memory; its size stands in the 16 bytes before it.
pub unsafe extern "C" fn malloc(size: usize, _: usize, _: usize) -> *mut u8 {
    let whole = size.saturating_add(31) & !15;
    let at = USED.fetch_add(whole, Relaxed);
    if at > SIZE || whole > SIZE - at {
        return core::ptr::null_mut();
    }
    // SAFETY: this part of the arena is now ours alone.
    let block = unsafe {
        let start = (ARENA.0.get() as *mut u8).add(at);
        *(start as *mut usize) = size;
        start.add(16)
    };
    // Makes every later free look closer.
    live::mark_for_ever(block as usize);
    block
}

pub unsafe extern "C" fn calloc(count: usize, size: usize, _: usize) -> *mut u8 {
    // SAFETY: as for malloc.
    unsafe { malloc(count.saturating_mul(size), 0, 0) }
}

pub unsafe extern "C" fn realloc(block: *mut u8, size: usize, _: usize) -> *mut u8 {
    // SAFETY: blocks that exist during a lookup are ours.
    unsafe {
        let new = malloc(size, 0, 0);
        if owns(block) && !new.is_null() {
            crate::arch::copy(new, block, held(block).min(size));
        }
        new
    }
}

pub unsafe extern "C" fn free(_: *mut u8, _: usize, _: usize) {}

/// Size of a block of ours.
unsafe fn held(block: *mut u8) -> usize {
    // SAFETY: `malloc` wrote it there.
    unsafe { *(block.sub(16) as *const usize) }
}

/// Moves a block of ours to the real allocator.
pub unsafe fn migrate(block: *mut u8, size: usize) -> *mut u8 {
    // SAFETY: both blocks are valid for the smaller of the sizes.
    unsafe {
        let new = real::malloc(size, 0, 0);
        if !new.is_null() {
            crate::arch::copy(new, block, held(block).min(size));
        }
        new
    }
}
