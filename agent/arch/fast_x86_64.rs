//! The two hooks that run most often, by hand: a compiler puts the registers aside for the rare
//! ways before it has looked whether one is needed.
//!
//! Each begins with a cache line and branches as little as can be: at another place, or with one
//! branch more, it costs a program that only allocates another three to five hundredths. Where a
//! function begins cannot be said in `naked_asm!`; but each has a section of its own, and an
//! alignment at the end of the code is one of the section.
//!
//! What is left is not the number of instructions: six fewer for each pair of calls (no test for a
//! missing block, no look at what is remembered) gained nothing, nor did any other place of the
//! branches. Half of the cost is passing on at all; about a third comes with the first sample, it
//! seems because a processor need not know of branches that were never taken. One jump whose target
//! is chosen instead costs four times as much.

use core::arch::naked_asm;
use core::mem::offset_of;

use crate::block::Block;
use crate::layout::counter;
use crate::{heap, live, real};

const ALLOCS: usize = offset_of!(Block, counters) + 8 * counter::ALLOCS;
const FREES: usize = offset_of!(Block, counters) + 8 * counter::FREES;
const LEFT: usize = offset_of!(Block, heap);

/// `malloc`: counts, and jumps on to the real one. Otherwise goes on in a body of its own, with
/// the caller's sp and fp as the fourth and fifth argument.
#[unsafe(no_mangle)]
#[unsafe(naked)]
pub unsafe extern "C" fn malloc() {
    naked_asm!(
        ".cfi_startproc",
        "mov rax, qword ptr [rip + cargo_perf_thread@GOTTPOFF]",
        "mov rax, qword ptr fs:[rax]",
        "test rax, rax",
        "jz 2f",
        "cmp rdi, qword ptr [rip + {remembered}]",
        "jb {small}",
        "add qword ptr [rax + {allocs}], 1",
        "sub qword ptr [rax + {left}], rdi",
        "js 3f",
        "jmp qword ptr [rip + {real}]",
        "2:",
        "mov rcx, rsp",
        "mov r8, rbp",
        "jmp {whole}",
        "3:",
        "mov rcx, rsp",
        "mov r8, rbp",
        "jmp {due}",
        ".cfi_endproc",
        ".balign 64",
        remembered = sym heap::REMEMBERED,
        allocs = const ALLOCS,
        left = const LEFT,
        small = sym small,
        real = sym real::table::malloc,
        whole = sym heap::malloc_body,
        due = sym heap::malloc_due,
    )
}

/// The same for small blocks whose sizes are remembered.
#[unsafe(naked)]
unsafe extern "C" fn small() {
    naked_asm!(
        ".cfi_startproc",
        "add qword ptr [rax + {allocs}], 1",
        "sub qword ptr [rax + {left}], rdi",
        "js 3f",
        "push rdi",
        ".cfi_def_cfa_offset 16",
        "call qword ptr [rip + {real}]",
        "pop rdi",
        ".cfi_def_cfa_offset 8",
        "mov rdx, qword ptr [rip + cargo_perf_thread@GOTTPOFF]",
        "mov rdx, qword ptr fs:[rdx]",
        "mov ecx, eax",
        "and ecx, {mask}",
        "mov qword ptr [rdx + rcx + {recent}], rax",
        "mov qword ptr [rdx + rcx + {recent} + 8], rdi",
        "ret",
        "3:",
        "mov rcx, rsp",
        "mov r8, rbp",
        "jmp {due}",
        ".cfi_endproc",
        allocs = const ALLOCS,
        left = const LEFT,
        // Blocks are 16 bytes apart, as entries are.
        mask = const (crate::block::RECENT - 1) * 16,
        recent = const offset_of!(Block, recent),
        real = sym real::table::malloc,
        due = sym heap::malloc_due,
    )
}

/// `free`: counts, and jumps on to the real one. What the filter knows goes on in a body of its
/// own, null among it.
#[unsafe(no_mangle)]
#[unsafe(naked)]
pub unsafe extern "C" fn free() {
    naked_asm!(
        ".cfi_startproc",
        "mov rax, qword ptr [rip + cargo_perf_thread@GOTTPOFF]",
        "mov rax, qword ptr fs:[rax]",
        "mov ecx, edi",
        "lea r8, [rip + {filters}]",
        "shr ecx, {unit}",
        "movzx ecx, cx",
        "test rax, rax",
        "jz {whole}",
        "cmp byte ptr [r8 + rcx], 0",
        "jne {whole}",
        "add qword ptr [rax + {frees}], 1",
        "jmp qword ptr [rip + {real}]",
        ".cfi_endproc",
        ".balign 64",
        frees = const FREES,
        unit = const live::UNIT,
        filters = sym live::FILTERS,
        real = sym real::table::free,
        whole = sym heap::free_body,
    )
}

const _: () = assert!(live::FILTER == 1 << 16, "the filter is indexed with 16 bits");
const _: () = assert!(size_of::<(usize, usize)>() == 16);
