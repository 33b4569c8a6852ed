//! What differs between processors: system calls, the thread's own word, copying without calls,
//! and the stubs that note a caller's registers.

#[cfg(target_arch = "aarch64")]
mod aarch64;
#[cfg(all(full, target_arch = "x86_64"))]
mod fast_x86_64;
#[cfg(target_arch = "x86_64")]
mod x86_64;

#[cfg(target_arch = "aarch64")]
pub use aarch64::*;
#[cfg(target_arch = "x86_64")]
pub use x86_64::*;

/// Registers that unwinding starts from.
#[derive(Clone, Copy)]
pub struct Regs {
    pub pc: usize,
    pub sp: usize,
    pub fp: usize,
    pub lr: usize,
}

/// A frame record: the caller's frame pointer and the address it continues at.
#[repr(C)]
pub struct Frame {
    pub fp: usize,
    pub ret: usize,
}

impl Frame {
    /// Registers of the caller after the call.
    pub fn caller(&self) -> Regs {
        let sp = self as *const Frame as usize + size_of::<Frame>();
        Regs { pc: self.ret, sp, fp: self.fp, lr: 0 }
    }
}
