//! x86-64, System V calling convention.

use core::arch::{asm, global_asm};

use super::Regs;

/// System calls that are made by number.
pub mod nr {
    pub const READ: usize = 0;
    pub const CLOSE: usize = 3;
    pub const MMAP: usize = 9;
    pub const MPROTECT: usize = 10;
    pub const MUNMAP: usize = 11;
    pub const PWRITE64: usize = 18;
    pub const GETPID: usize = 39;
    pub const GETPPID: usize = 110;
    pub const PRCTL: usize = 157;
    pub const GETTID: usize = 186;
    pub const FUTEX: usize = 202;
    pub const TIMER_CREATE: usize = 222;
    pub const TIMER_SETTIME: usize = 223;
    pub const TIMER_DELETE: usize = 226;
    pub const OPENAT: usize = 257;
    pub const FALLOCATE: usize = 285;
    pub const PRLIMIT64: usize = 302;
    pub const PROCESS_VM_READV: usize = 310;
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
    "ud2",
);

/// A system call without the C library: no interposition, no `errno`, no cancellation.
#[inline(always)]
pub unsafe fn syscall(n: usize, a: [usize; 6]) -> isize {
    let result;
    // SAFETY: the kernel clobbers rcx and r11 alone; the arguments are the caller's promise.
    unsafe {
        asm!("syscall", inlateout("rax") n as isize => result, in("rdi") a[0], in("rsi") a[1],
            in("rdx") a[2], in("r10") a[3], in("r8") a[4], in("r9") a[5],
            lateout("rcx") _, lateout("r11") _, options(nostack));
    }
    result
}

/// Reads word `N` of the thread's two.
#[inline(always)]
pub fn thread_word<const N: usize>() -> usize {
    let value;
    // SAFETY: the initial-exec slot was filled by the loader; the words exist in every thread.
    unsafe {
        asm!("mov {0}, qword ptr [rip + cargo_perf_thread@GOTTPOFF]",
            "mov {0}, qword ptr fs:[{0} + {n}]",
            out(reg) value, n = const N * 8, options(nostack, readonly, preserves_flags));
    }
    value
}

/// Writes word `N` of the thread's two.
#[inline(always)]
pub fn set_thread_word<const N: usize>(value: usize) {
    // SAFETY: as for reading.
    unsafe {
        asm!("mov {0}, qword ptr [rip + cargo_perf_thread@GOTTPOFF]",
            "mov qword ptr fs:[{0} + {n}], {1}",
            out(reg) _, in(reg) value, n = const N * 8, options(nostack, preserves_flags));
    }
}

/// Copies without calling anything that could be interposed.
#[inline(always)]
pub unsafe fn copy(to: *mut u8, from: *const u8, len: usize) {
    // SAFETY: the caller vouches for both ranges; the direction flag is clear by the ABI, and the
    // kernel clears it before a signal handler.
    unsafe {
        asm!("rep movsq", inout("rdi") to => _, inout("rsi") from => _, inout("rcx") len / 8 => _,
            options(nostack, preserves_flags));
        let done = len & !7;
        asm!("rep movsb", inout("rdi") to.add(done) => _, inout("rsi") from.add(done) => _,
            inout("rcx") len & 7 => _, options(nostack, preserves_flags));
    }
}

/// Registers at the place where a signal struck.
pub unsafe fn interrupted(context: *const u8) -> Regs {
    // SAFETY: `context` is the kernel's ucontext; these are gregs 16, 15 and 10 of its mcontext.
    unsafe {
        let word = |offset: usize| *(context.add(offset) as *const usize);
        Regs { pc: word(168), sp: word(160), fp: word(120), lr: 0 }
    }
}

/// Registers of a caller from what a [`hook!`] stub passed.
#[inline(always)]
pub unsafe fn caller(sp: usize, fp: usize, _lr: usize) -> Regs {
    // SAFETY: at the entry of a function the stack pointer is at the return address.
    Regs { pc: unsafe { *(sp as *const usize) }, sp: sp + 8, fp, lr: 0 }
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
                "mov rcx, rsp",
                "mov r8, rbp",
                "jmp {body}",
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
                "mov rcx, rsp",
                "mov r8, rbp",
                "jmp {body}",
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
                "push rbp",
                ".cfi_def_cfa_offset 16",
                ".cfi_offset rbp, -16",
                "mov rbp, rsp",
                ".cfi_def_cfa_register rbp",
                "sub rsp, 8",
                "push rbp",
                "call {body}",
                "leave",
                ".cfi_def_cfa rsp, 8",
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
                "push rbp",
                ".cfi_def_cfa_offset 16",
                ".cfi_offset rbp, -16",
                "mov rbp, rsp",
                ".cfi_def_cfa_register rbp",
                "push rbp",
                "push qword ptr [rbp + 16]",
                "call {body}",
                "leave",
                ".cfi_def_cfa rsp, 8",
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
                "push rdi",
                ".cfi_def_cfa_offset 16",
                "push rsi",
                ".cfi_def_cfa_offset 24",
                "push rdx",
                ".cfi_def_cfa_offset 32",
                "call {prepare}",
                "pop rdx",
                ".cfi_def_cfa_offset 24",
                "pop rsi",
                ".cfi_def_cfa_offset 16",
                "pop rdi",
                ".cfi_def_cfa_offset 8",
                "jmp rax",
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
                "mov rsi, rsp",
                "sub rsp, 8",
                ".cfi_def_cfa_offset 16",
                "call {begin}",
                "add rsp, 8",
                ".cfi_def_cfa_offset 8",
                "mov rdi, rdx",
                "jmp rax",
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
