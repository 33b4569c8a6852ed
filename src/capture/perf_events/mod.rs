//! CPU samples from the kernel's perf events: one software clock per CPU, inherited by whatever
//! the recorded program starts, with user registers and a copy of the stack in each sample.
//!
//! The events are opened on our own thread, disabled, and begin with the next `exec` of a child.
//! So the program is started as any other, without a step between `fork` and `exec`.

mod base;
mod calls;
mod drain;
mod open;
mod read;

pub(super) use calls::Calls;
pub(super) use drain::{Drain, Drained};
pub(super) use open::{Clocks, can_open, open};
pub(super) use read::{CallFile, PerfFile};

/// Bytes of stack copied with each sample. A record's size is 16 bits wide, so this is near the
/// most that the kernel can give.
const STACK_BYTES: u32 = 63 * 1024;

/// Which registers ride in a sample, as the kernel numbers them, lowest first.
#[cfg(not(target_arch = "aarch64"))]
mod regs {
    use crate::capture::raw::Regs;

    // bp, sp, ip
    pub(super) const MASK: u64 = 1 << 6 | 1 << 7 | 1 << 8;
    pub(super) const COUNT: usize = 3;

    pub(super) fn from(words: [u64; COUNT]) -> Regs {
        let [fp, sp, pc] = words;
        Regs { pc, sp, fp, lr: 0 }
    }
}

/// Which registers ride in a sample, as the kernel numbers them, lowest first.
#[cfg(target_arch = "aarch64")]
mod regs {
    use crate::capture::raw::Regs;

    // x29, lr, sp, pc
    pub(super) const MASK: u64 = 1 << 29 | 1 << 30 | 1 << 31 | 1 << 32;
    pub(super) const COUNT: usize = 4;

    pub(super) fn from(words: [u64; COUNT]) -> Regs {
        let [fp, lr, sp, pc] = words;
        Regs { pc, sp, fp, lr }
    }
}
