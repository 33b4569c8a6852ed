//! Allocators that are linked into the program under names of their own, as jemalloc and mimalloc
//! are: their callers go through slots of the program's global offset table. The parent has found
//! those slots in the file; here they are pointed at our functions.

use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use crate::arch::{self, hook};
use crate::config::number;
use crate::heap;
use crate::layout::{header, note, shape};
use crate::{capture, maps, sys};

/// What the slots pointed at.
static ORIGINAL: [[AtomicUsize; shape::EACH]; shape::COUNT] =
    [const { [const { AtomicUsize::new(0) }; shape::EACH] }; shape::COUNT];

/// One allocator's function of up to three arguments.
type Function = unsafe extern "C" fn(usize, usize, usize) -> usize;

/// Calls what a slot pointed at.
#[inline(always)]
unsafe fn original<const SHAPE: usize, const I: usize>(a: usize, b: usize, c: usize) -> usize {
    let at = ORIGINAL[SHAPE][I].load(Relaxed);
    // SAFETY: the slot held a function of this shape before it was redirected.
    unsafe { core::mem::transmute::<usize, Function>(at)(a, b, c) }
}

macro_rules! slots {
    ($($name:ident = $shape:ident: |$a:ident, $b:ident, $c:ident, $regs:ident, $i:ident| $do:expr;)*) => {
        $(
            mod $name {
                use super::*;
                /// Goes on with the caller's registers, for the function with this number.
                unsafe extern "C" fn body<const $i: usize>(
                    $a: usize,
                    $b: usize,
                    $c: usize,
                    sp: usize,
                    fp: usize,
                    lr: usize,
                ) -> usize {
                    // SAFETY: what the stub passes.
                    let $regs = || unsafe { arch::caller(sp, fp, lr) };
                    $do
                }
                hook!(@private f0, body::<0>);
                hook!(@private f1, body::<1>);
                hook!(@private f2, body::<2>);
                hook!(@private f3, body::<3>);
                hook!(@private f4, body::<4>);
                hook!(@private f5, body::<5>);
                hook!(@private f6, body::<6>);
                hook!(@private f7, body::<7>);
                pub fn functions() -> [usize; shape::EACH] {
                    [f0 as *const () as usize, f1 as *const () as usize, f2 as *const () as usize,
                     f3 as *const () as usize, f4 as *const () as usize, f5 as *const () as usize,
                     f6 as *const () as usize, f7 as *const () as usize]
                }
            }
        )*

        fn replacement(shape: usize, i: usize) -> Option<usize> {
            match shape {
                $(shape::$shape => $name::functions().get(i).copied(),)*
                _ => None,
            }
        }
    };
}

// SAFETY, for all of them: the program's own arguments go to the function that the slot held.
slots! {
    alloc = ALLOC: |size, b, c, regs, I|
        heap::allocate::<true>(size, regs, || unsafe {
            original::<{ shape::ALLOC }, I>(size, b, c) as *mut u8
        }) as usize;
    calloc = CALLOC: |count, size, c, regs, I|
        heap::allocate::<true>(count.saturating_mul(size), regs, || unsafe {
            original::<{ shape::CALLOC }, I>(count, size, c) as *mut u8
        }) as usize;
    memalign = MEMALIGN: |align, size, c, regs, I|
        heap::allocate::<true>(size, regs, || unsafe {
            original::<{ shape::MEMALIGN }, I>(align, size, c) as *mut u8
        }) as usize;
    posix_memalign = POSIX_MEMALIGN: |out, align, size, regs, I| {
        let mut result = 0;
        heap::allocate::<true>(size, regs, || unsafe {
            result = original::<{ shape::POSIX_MEMALIGN }, I>(out, align, size);
            if result as i32 == 0 { *(out as *const *mut u8) } else { core::ptr::null_mut() }
        });
        result
    };
    realloc = REALLOC: |old, size, c, regs, I|
        heap::reallocate::<true>(old as *mut u8, size, regs, || usable(old), || unsafe {
            original::<{ shape::REALLOC }, I>(old, size, c) as *mut u8
        }) as usize;
    free = FREE: |old, b, c, _regs, I| {
        if old != 0 {
            heap::release_counted(old as *mut u8);
        }
        unsafe { original::<{ shape::FREE }, I>(old, b, c) }
    };
}

/// Size of a block of the allocator in the program.
fn usable(block: usize) -> usize {
    if ORIGINAL[shape::USABLE][0].load(Relaxed) == 0 {
        return heap::UNKNOWN;
    }
    // SAFETY: the allocator's own function and block; further arguments mean no flags.
    unsafe { original::<{ shape::USABLE }, 0>(block, 0, 0) }
}

#[link(name = "c")]
unsafe extern "C" {
    fn getauxval(kind: u64) -> u64;
}

fn page_size() -> usize {
    const AT_PAGESZ: u64 = 6;
    // SAFETY: a plain call.
    unsafe { getauxval(AT_PAGESZ) as usize }
}

/// Redirects the slots: `ENTRY;SHAPE.SLOT.FUNCTION;…`, addresses as in the file, in hexadecimal.
pub fn redirect(text: &[u8]) {
    const AT_ENTRY: u64 = 9;
    let Some((entry, mut rest)) = number(text, 16) else { return };
    // SAFETY: a plain call.
    let bias = (unsafe { getauxval(AT_ENTRY) } as usize).wrapping_sub(entry as usize);
    while let Some(item) = rest.strip_prefix(b";") {
        let Some((shape, after)) = number(item, 16) else { return };
        let Some((slot, after)) = after.strip_prefix(b".").and_then(|t| number(t, 16)) else {
            return;
        };
        let Some((function, after)) = after.strip_prefix(b".").and_then(|t| number(t, 16)) else {
            return;
        };
        rest = after;
        let (slot, function) =
            (bias.wrapping_add(slot as usize), bias.wrapping_add(function as usize));
        if redirect_one(shape as usize, slot, function).is_some() {
            capture::add(header::SLOTS, 1);
        } else {
            capture::note(note::SLOT_REFUSED);
        }
    }
}

fn redirect_one(shape: usize, slot: usize, function: usize) -> Option<()> {
    let known = ORIGINAL.get(shape)?;
    if shape == shape::USABLE {
        // It is called, so it must be what the file said.
        if maps::protection(function)? & sys::PROT_EXEC == 0 {
            return None;
        }
        known.first()?.store(function, Relaxed);
        return Some(());
    }
    // The program may be another than the one whose file was read.
    let mut held = 0usize;
    let read = sys::read_memory((&raw mut held).cast(), slot, 8);
    let held = if read == 8 {
        held
    } else if maps::protection(slot)? & sys::PROT_READ != 0 {
        // SAFETY: readable by the kernel's list.
        unsafe { *(slot as *const usize) }
    } else {
        return None;
    };
    if held != function || slot % 8 != 0 {
        return None;
    }
    let i = known.iter().position(|f| [0, function].contains(&f.load(Relaxed)))?;
    let replacement = replacement(shape, i)?;
    known.get(i)?.store(function, Relaxed);
    let protection = maps::protection(slot)?;
    let page = slot & !(page_size() - 1);
    // SAFETY: the page stays readable throughout, and no other thread runs yet.
    unsafe {
        if protection & sys::PROT_WRITE == 0
            && sys::protect(page, page_size(), protection | sys::PROT_WRITE) < 0
        {
            return None;
        }
        *(slot as *mut usize) = replacement;
        if protection & sys::PROT_WRITE == 0 {
            sys::protect(page, page_size(), protection);
        }
    }
    Some(())
}
