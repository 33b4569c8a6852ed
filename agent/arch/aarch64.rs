//! AArch64, AAPCS64. Run under emulation only, where its answers are right; never timed.

use core::arch::{asm, global_asm};

use super::Regs;

/// System calls that are made by number.
pub mod nr {
    pub const READ: usize = 63;
    pub const CLOSE: usize = 57;
    pub const MMAP: usize = 222;
    pub const MPROTECT: usize = 226;
    pub const MUNMAP: usize = 215;
    pub const PWRITE64: usize = 68;
    pub const GETPID: usize = 172;
    pub const GETPPID: usize = 173;
    pub const PRCTL: usize = 167;
    pub const GETTID: usize = 178;
    pub const FUTEX: usize = 98;
    pub const TIMER_CREATE: usize = 107;
    pub const TIMER_SETTIME: usize = 110;
    pub const TIMER_DELETE: usize = 111;
    pub const OPENAT: usize = 56;
    pub const FALLOCATE: usize = 47;
    pub const PRLIMIT64: usize = 261;
    pub const PROCESS_VM_READV: usize = 270;
}

global_asm!(
    // Two words per thread: the address of its block, and its state.
    ".section .tbss.cargo_perf,\"awT\",@nobits",
    ".balign 16",
    ".globl cargo_perf_thread",
    ".hidden cargo_perf_thread",
    ".type cargo_perf_thread, @object",
    ".size cargo_perf_thread, 16",
    "cargo_perf_thread:",
    ".zero 16",
    ".text",
    // The language's start-up objects are left out, so nothing else defines it; never called,
    // because a panic aborts.
    ".globl rust_eh_personality",
    ".hidden rust_eh_personality",
    "rust_eh_personality:",
    "brk #1",
);

/// A system call without the C library: no interposition, no `errno`, no cancellation.
#[inline(always)]
pub unsafe fn syscall(n: usize, a: [usize; 6]) -> isize {
    let result;
    // SAFETY: the kernel keeps every register but x0; the arguments are the caller's promise.
    unsafe {
        asm!("svc 0", in("x8") n, inlateout("x0") a[0] as isize => result, in("x1") a[1],
            in("x2") a[2], in("x3") a[3], in("x4") a[4], in("x5") a[5], options(nostack));
    }
    result
}

/// Reads word `N` of the thread's two.
#[inline(always)]
pub fn thread_word<const N: usize>() -> usize {
    let value;
    // SAFETY: the initial-exec slot was filled by the loader; the words exist in every thread.
    unsafe {
        asm!("adrp {0}, :gottprel:cargo_perf_thread",
            "ldr {0}, [{0}, :gottprel_lo12:cargo_perf_thread]",
            "mrs {1}, tpidr_el0",
            "add {0}, {0}, {1}",
            "ldr {0}, [{0}, #{n}]",
            out(reg) value, out(reg) _, n = const N * 8,
            options(nostack, readonly, preserves_flags));
    }
    value
}

/// Writes word `N` of the thread's two.
#[inline(always)]
pub fn set_thread_word<const N: usize>(value: usize) {
    // SAFETY: as for reading.
    unsafe {
        asm!("adrp {0}, :gottprel:cargo_perf_thread",
            "ldr {0}, [{0}, :gottprel_lo12:cargo_perf_thread]",
            "mrs {1}, tpidr_el0",
            "add {0}, {0}, {1}",
            "str {2}, [{0}, #{n}]",
            out(reg) _, out(reg) _, in(reg) value, n = const N * 8,
            options(nostack, preserves_flags));
    }
}

/// Copies without calling anything that could be interposed.
#[inline(always)]
pub unsafe fn copy(to: *mut u8, from: *const u8, len: usize) {
    // SAFETY: the caller vouches for both ranges. One loop per width, in assembly so that it
    // cannot become a call.
    unsafe {
        asm!("cbz {n}, 3f",
            "2:", "ldr {t}, [{from}], #8", "str {t}, [{to}], #8", "subs {n}, {n}, #1", "b.ne 2b",
            "3:", "cbz {m}, 5f",
            "4:", "ldrb {t:w}, [{from}], #1", "strb {t:w}, [{to}], #1", "subs {m}, {m}, #1",
            "b.ne 4b", "5:",
            n = inout(reg) len / 8 => _, m = inout(reg) len & 7 => _, to = inout(reg) to => _,
            from = inout(reg) from => _, t = out(reg) _, options(nostack));
    }
}

/// Registers at the place where a signal struck.
pub unsafe fn interrupted(context: *const u8) -> Regs {
    // SAFETY: `context` is the kernel's ucontext, whose mcontext starts at 176 with the fault
    // address, x0 to x30, sp and pc.
    unsafe {
        let word = |offset: usize| *(context.add(offset) as *const usize);
        Regs { pc: word(440), sp: word(432), fp: word(416), lr: word(424) }
    }
}

/// Registers of a caller from what a [`hook!`] stub passed.
#[inline(always)]
pub unsafe fn caller(sp: usize, fp: usize, lr: usize) -> Regs {
    Regs { pc: lr, sp, fp, lr: 0 }
}

/// An exported function of up to three arguments: adds the caller's sp, fp and lr as the fourth
/// to sixth and goes on in `$body`, which returns straight to the caller. With `@private`, one
/// that is not exported.
macro_rules! hook {
    (@private $name:ident, $body:path) => {
        #[unsafe(naked)]
        unsafe extern "C" fn $name() {
            core::arch::naked_asm!(
                ".cfi_startproc",
                "mov x3, sp",
                "mov x4, x29",
                "mov x5, x30",
                "b {body}",
                ".cfi_endproc",
                body = sym $body,
            )
        }
    };
    ($name:ident, $body:path) => {
        #[unsafe(no_mangle)]
        #[unsafe(naked)]
        pub unsafe extern "C" fn $name() {
            core::arch::naked_asm!(
                ".cfi_startproc",
                "mov x3, sp",
                "mov x4, x29",
                "mov x5, x30",
                "b {body}",
                ".cfi_endproc",
                body = sym $body,
            )
        }
    };
}

/// An exported function of up to six arguments: `$body` gets a pointer to a [`Frame`] as the
/// seventh.
///
/// [`Frame`]: super::Frame
macro_rules! hook_framed {
    ($name:ident, $body:path) => {
        #[unsafe(no_mangle)]
        #[unsafe(naked)]
        pub unsafe extern "C" fn $name() {
            core::arch::naked_asm!(
                ".cfi_startproc",
                "stp x29, x30, [sp, #-16]!",
                ".cfi_def_cfa_offset 16",
                ".cfi_offset x29, -16",
                ".cfi_offset x30, -8",
                "mov x29, sp",
                "mov x6, sp",
                "bl {body}",
                "ldp x29, x30, [sp], #16",
                ".cfi_def_cfa_offset 0",
                ".cfi_restore x29",
                ".cfi_restore x30",
                "ret",
                ".cfi_endproc",
                body = sym $body,
            )
        }
    };
}

/// The same for seven arguments; the pointer comes as the eighth.
#[cfg(full)]
macro_rules! hook_framed_7 {
    ($name:ident, $body:path) => {
        #[unsafe(no_mangle)]
        #[unsafe(naked)]
        pub unsafe extern "C" fn $name() {
            core::arch::naked_asm!(
                ".cfi_startproc",
                "stp x29, x30, [sp, #-16]!",
                ".cfi_def_cfa_offset 16",
                ".cfi_offset x29, -16",
                ".cfi_offset x30, -8",
                "mov x29, sp",
                "mov x7, sp",
                "bl {body}",
                "ldp x29, x30, [sp], #16",
                ".cfi_def_cfa_offset 0",
                ".cfi_restore x29",
                ".cfi_restore x30",
                "ret",
                ".cfi_endproc",
                body = sym $body,
            )
        }
    };
}

/// An exported function that goes on, with its arguments, at the address that `$prepare` returns:
/// for one that looks at who calls it.
macro_rules! hook_jump {
    ($name:ident, $prepare:path) => {
        #[unsafe(no_mangle)]
        #[unsafe(naked)]
        pub unsafe extern "C" fn $name() {
            core::arch::naked_asm!(
                ".cfi_startproc",
                "stp x29, x30, [sp, #-48]!",
                ".cfi_def_cfa_offset 48",
                ".cfi_offset x29, -48",
                ".cfi_offset x30, -40",
                "stp x0, x1, [sp, #16]",
                "str x2, [sp, #32]",
                "bl {prepare}",
                "mov x9, x0",
                "ldp x0, x1, [sp, #16]",
                "ldr x2, [sp, #32]",
                "ldp x29, x30, [sp], #48",
                ".cfi_def_cfa_offset 0",
                ".cfi_restore x29",
                ".cfi_restore x30",
                "br x9",
                ".cfi_endproc",
                prepare = sym $prepare,
            )
        }
    };
}

/// The start of a thread: `$begin(packet, sp)` returns function and argument, which then run as
/// if they had been started directly, with no frame of ours below them.
macro_rules! thread_entry {
    ($name:ident, $begin:path) => {
        #[unsafe(naked)]
        pub unsafe extern "C" fn $name() {
            core::arch::naked_asm!(
                ".cfi_startproc",
                "mov x1, sp",
                "stp x29, x30, [sp, #-16]!",
                ".cfi_def_cfa_offset 16",
                ".cfi_offset x29, -16",
                ".cfi_offset x30, -8",
                "bl {begin}",
                "ldp x29, x30, [sp], #16",
                ".cfi_def_cfa_offset 0",
                ".cfi_restore x29",
                ".cfi_restore x30",
                "mov x9, x0",
                "mov x0, x1",
                "br x9",
                ".cfi_endproc",
                begin = sym $begin,
            )
        }
    };
}

pub(crate) use hook;
pub(crate) use hook_framed;
#[cfg(full)]
pub(crate) use hook_framed_7;
pub(crate) use hook_jump;
pub(crate) use thread_entry;
