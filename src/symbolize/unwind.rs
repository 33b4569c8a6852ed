//! One stack copy to the addresses on it.

use std::collections::HashMap;
use std::sync::Arc;

use framehop::{FrameAddress, Unwinder as _};

use super::space::Space;
use crate::capture::raw::{Regs, Stack, What};

#[cfg(not(target_arch = "aarch64"))]
mod arch {
    use crate::capture::raw::Regs;

    pub(super) type Unwinder<D> = framehop::x86_64::UnwinderX86_64<D>;
    pub(super) type Cache = framehop::x86_64::CacheX86_64;
    pub(super) type UnwindRegs = framehop::x86_64::UnwindRegsX86_64;

    pub(super) fn regs(regs: Regs) -> UnwindRegs {
        UnwindRegs::new(regs.pc, regs.sp, regs.fp)
    }

    pub(super) fn outermost(_: &UnwindRegs, _: impl FnMut(u64) -> Result<u64, ()>) -> Option<u64> {
        None
    }
}

#[cfg(target_arch = "aarch64")]
mod arch {
    use framehop::FrameAddress;

    use crate::capture::raw::Regs;

    pub(super) type Unwinder<D> = framehop::aarch64::UnwinderAarch64<D>;
    pub(super) type Cache = framehop::aarch64::CacheAarch64;
    pub(super) type UnwindRegs = framehop::aarch64::UnwindRegsAarch64;

    pub(super) fn regs(regs: Regs) -> UnwindRegs {
        UnwindRegs::new(regs.lr, regs.sp, regs.fp)
    }

    /// What called the function at which framehop stopped, since the frame pointer that it had
    /// saved is zero: so the outermost function, which has no frame of its own, tells that it is.
    pub(super) fn outermost(
        regs: &UnwindRegs,
        mut read: impl FnMut(u64) -> Result<u64, ()>,
    ) -> Option<u64> {
        let saved = read(regs.fp()).ok()?;
        let caller = read(regs.fp().checked_add(8)?).ok()?;
        let caller = FrameAddress::from_return_address(caller)?;
        (saved == 0).then(|| caller.address_for_lookup())
    }
}

/// Unwinds through the modules of one process.
pub(super) type Unwinder = arch::Unwinder<Arc<[u8]>>;
/// Remembers how to unwind from an address.
pub(super) type Cache = arch::Cache;

/// The address that stands where a part of the stack was not copied.
pub(super) const GAP: u64 = u64::MAX;

/// More frames than the copied bytes can hold; a guard against going in circles.
const MOST_FRAMES: usize = 20_000;

/// Where unwinding ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// At a frame that has no caller, or for want of a way on; the last frame tells which.
    Frame,
    /// At the end of a copy that was cut.
    Cut,
}

/// Puts the addresses of a stack into `out`, innermost first; each lies within the instruction
/// that runs or calls.
pub(super) fn unwind(
    space: &Space,
    cache: &mut Cache,
    stack: &Stack<'_>,
    out: &mut Vec<u64>,
) -> End {
    out.clear();
    let sp = stack.regs.sp;
    // Below the stack pointer nothing holds: there lie leftovers, which the copy leaves out.
    let mut read = |address: u64| word(stack.bytes, sp, address).ok_or(());
    let first = match stack.what {
        What::Cpu { .. } => FrameAddress::from_instruction_pointer(stack.regs.pc),
        // The others are observed where a call returns to.
        _ => match FrameAddress::from_return_address(stack.regs.pc) {
            Some(first) => first,
            None => return End::Frame,
        },
    };
    let end = walk(space, cache, first, stack.regs, &mut read, out);
    match end {
        Walk::Stopped => End::Frame,
        Walk::OutOfBytes if stack.tail.is_none() => End::Frame,
        Walk::OutOfBytes => End::Cut,
    }
}

enum Walk {
    Stopped,
    OutOfBytes,
}

fn walk(
    space: &Space,
    cache: &mut Cache,
    first: FrameAddress,
    regs: Regs,
    read: &mut impl FnMut(u64) -> Result<u64, ()>,
    out: &mut Vec<u64>,
) -> Walk {
    let mut regs = arch::regs(regs);
    let mut address = first;
    let top = out.len();
    loop {
        out.push(address.address_for_lookup());
        if out.len() - top >= MOST_FRAMES {
            return Walk::Stopped;
        }
        match space.unwinder.unwind_frame(address, &mut regs, cache, read) {
            Ok(Some(caller)) => match FrameAddress::from_return_address(caller) {
                Some(caller) => address = caller,
                None => return Walk::Stopped,
            },
            Err(framehop::Error::CouldNotReadStack(_)) => return Walk::OutOfBytes,
            Ok(None) => {
                out.extend(arch::outermost(&regs, read));
                return Walk::Stopped;
            }
            Err(_) => return Walk::Stopped,
        }
    }
}

/// The word at an address within bytes that begin at `start`.
fn word(bytes: &[u8], start: u64, address: u64) -> Option<u64> {
    let offset = usize::try_from(address.checked_sub(start)?).ok()?;
    Some(u64::from_ne_bytes(bytes.get(offset..)?.first_chunk().copied()?))
}

/// The frames next to the base of each thread's stack, as found last.
#[derive(Debug, Default)]
pub(super) struct BaseFrames {
    found: HashMap<(u32, u32), Base>,
}

#[derive(Debug, Default)]
struct Base {
    start: u64,
    bytes: Vec<u8>,
    addresses: Vec<u64>,
    // The frames reach down to where the bytes begin, so the stack went on below them.
    goes_on: bool,
}

/// How far above the start of the bytes a frame may lie for the stack to go on below them.
const GOES_ON_WITHIN: u64 = 2 << 10;

impl BaseFrames {
    /// Joins the base of a stack whose middle was not copied: adds a gap and the frames next to
    /// the base, up to one that `is_root` takes for an outermost one.
    pub(super) fn join(
        &mut self,
        space: &Space,
        cache: &mut Cache,
        stack: &Stack<'_>,
        out: &mut Vec<u64>,
        is_root: impl FnMut(u64) -> bool,
    ) {
        out.push(GAP);
        let Some((start, bytes)) = stack.tail else { return };
        let base = self.found.entry((stack.pid, stack.tid)).or_default();
        // While a recursion goes on, its base stays as it is.
        if (base.start, &*base.bytes) != (start, bytes) {
            let mut addresses = Vec::new();
            let lowest = find_base(space, cache, start, bytes, &mut addresses, is_root);
            let goes_on = lowest.is_some_and(|slot| slot - start < GOES_ON_WITHIN);
            // Bytes may be read a moment after the stack was copied, when the recursion has
            // returned already; those that were read while it went on are this stack's.
            if goes_on || !base.goes_on || base.start != start {
                base.addresses = addresses;
                base.goes_on = goes_on;
            }
            base.start = start;
            bytes.clone_into(&mut base.bytes);
        }
        out.extend_from_slice(&base.addresses);
    }
}

/// The frames in the bytes next to the base of a stack.
///
/// No register tells where a frame begins there. So each word that could be a return address is
/// tried, with each pair of words that could be what a frame pointer points to; the lowest from
/// which unwinding comes to a root is taken.
fn find_base(
    space: &Space,
    cache: &mut Cache,
    start: u64,
    bytes: &[u8],
    out: &mut Vec<u64>,
    mut is_root: impl FnMut(u64) -> bool,
) -> Option<u64> {
    let mut read = |address: u64| word(bytes, start, address).ok_or(());
    let slots: Vec<(u64, FrameAddress)> = (start..)
        .step_by(8)
        .zip(bytes.chunks_exact(8))
        .filter_map(|(slot, chunk)| {
            let address =
                FrameAddress::from_return_address(u64::from_ne_bytes(*chunk.first_chunk()?))?;
            space.find(address.address_for_lookup()).module?;
            Some((slot, address))
        })
        .collect();
    for (at, &(slot, first)) in slots.iter().enumerate() {
        // The frame pointer of a caller points to the word below the caller's return address.
        let pointers = slots[at + 1..].iter().map(|(slot, _)| slot - 8);
        for fp in [0].into_iter().chain(pointers) {
            let regs = Regs { pc: first.address(), sp: slot + 8, fp, lr: 0 };
            walk(space, cache, first, regs, &mut read, out);
            if out.len() > 1 && out.last().is_some_and(|&last| is_root(last)) {
                return Some(slot);
            }
            out.clear();
        }
    }
    None
}
