//! One record of a capture file, taken apart.

use super::layout::{self, RECORD_HEAD, STACK_HEAD, counter, io_call, what};
use crate::capture::raw::{Counters, IoCall, Map, Regs, Stack, What};

/// Reads numbers from a record; what is not there reads as `None`.
#[derive(Clone, Copy)]
pub struct Words<'a>(pub &'a [u8]);

impl<'a> Words<'a> {
    /// The number at a position counted in words after the head.
    pub fn get(self, position: usize) -> Option<u64> {
        let at = RECORD_HEAD + 8 * position;
        let bytes = self.0.get(at..at + 8)?;
        Some(u64::from_ne_bytes(bytes.try_into().ok()?))
    }

    /// The two halves of a word.
    pub fn pair(self, position: usize) -> Option<(u32, u32)> {
        let word = self.get(position)?;
        Some((word as u32, (word >> 32) as u32))
    }

    fn bytes(self, at: usize, len: usize) -> Option<&'a [u8]> {
        self.0.get(at..at.checked_add(len)?)
    }
}

/// Counters from their positions.
pub fn counters(of: impl Fn(usize) -> u64) -> Counters {
    Counters {
        allocs: of(counter::ALLOCS),
        alloc_bytes: of(counter::ALLOC_BYTES),
        frees: of(counter::FREES),
        growths: of(counter::GROWTHS),
        growth_copied: of(counter::GROWTH_COPIED),
        growth_added: of(counter::GROWTH_ADDED),
        lock_waits: of(counter::LOCK_WAITS),
        lock_nanos: of(counter::LOCK_NANOS),
        io_calls: of(counter::IO_CALLS),
        io_bytes: of(counter::IO_BYTES),
        io_nanos: of(counter::IO_NANOS),
    }
}

/// Adds counters up.
pub fn sum(a: &Counters, b: &Counters) -> Counters {
    Counters {
        allocs: a.allocs.wrapping_add(b.allocs),
        alloc_bytes: a.alloc_bytes.wrapping_add(b.alloc_bytes),
        frees: a.frees.wrapping_add(b.frees),
        growths: a.growths.wrapping_add(b.growths),
        growth_copied: a.growth_copied.wrapping_add(b.growth_copied),
        growth_added: a.growth_added.wrapping_add(b.growth_added),
        lock_waits: a.lock_waits.wrapping_add(b.lock_waits),
        lock_nanos: a.lock_nanos.wrapping_add(b.lock_nanos),
        io_calls: a.io_calls.wrapping_add(b.io_calls),
        io_bytes: a.io_bytes.wrapping_add(b.io_bytes),
        io_nanos: a.io_nanos.wrapping_add(b.io_nanos),
    }
}

pub fn map(words: Words<'_>, pid: u32) -> Option<Map> {
    let len = usize::try_from(words.get(4)?).ok()?;
    let path = words.bytes(RECORD_HEAD + 40, len)?;
    Some(Map {
        pid,
        time: words.get(0)?,
        start: words.get(1)?,
        end: words.get(2)?,
        offset: words.get(3)?,
        path: String::from_utf8_lossy(path).into_owned(),
    })
}

/// Thread and its name.
pub fn name(words: Words<'_>) -> Option<(u32, String)> {
    let (tid, _) = words.pair(0)?;
    let name = words.bytes(RECORD_HEAD + 16, 16)?;
    let name = name.split(|&byte| byte == 0).next()?;
    Some((tid, String::from_utf8_lossy(name).into_owned()))
}

pub fn stack(words: Words<'_>, pid: u32) -> Option<Stack<'_>> {
    let (tid, code) = words.pair(0)?;
    let mut values = [0; 4];
    for (i, value) in values.iter_mut().enumerate() {
        *value = words.get(6 + i)?;
    }
    let weight = weight_milli(words.get(10)?, words.get(11)?);
    let (len, tail_len) = words.pair(12)?;
    let bytes = words.bytes(STACK_HEAD, len as usize)?;
    let tail = words.bytes(STACK_HEAD + len as usize, tail_len as usize)?;
    Some(Stack {
        pid,
        tid,
        time: words.get(1)?,
        what: measured(code, values, weight)?,
        regs: Regs { pc: words.get(2)?, sp: words.get(3)?, fp: words.get(4)?, lr: words.get(5)? },
        bytes,
        tail: if tail.is_empty() { None } else { Some((words.get(13)?, tail)) },
    })
}

/// The free of a sampled block, which carries no stack.
pub fn free<'a>(words: Words<'_>, pid: u32) -> Option<Stack<'a>> {
    Some(Stack {
        pid,
        tid: words.pair(0)?.0,
        time: words.get(1)?,
        what: What::Free { address: words.get(2)? },
        regs: Regs::default(),
        bytes: &[],
        tail: None,
    })
}

/// How many events a sample stands for, times 1000: one over the chance that it was kept.
fn weight_milli(amount: u64, mean: u64) -> u64 {
    if mean == 0 {
        return 1000;
    }
    let chance = -(-(amount.max(1) as f64) / mean as f64).exp_m1();
    (1000.0 / chance).round() as u64
}

fn measured(code: u32, [a, b, c, d]: [u64; 4], weight_milli: u64) -> Option<What> {
    Some(match code {
        what::CPU => What::Cpu { nanos: a },
        what::ALLOC => What::Alloc { address: a, bytes: b, weight_milli },
        what::GROWTH => What::Growth { address: a, old: b, new: c, copied: d, weight_milli },
        what::LOCK_WAIT => What::LockWait { nanos: a, address: b, weight_milli },
        what::LOCK_WAKE => What::LockWake { address: a, woken: b, nanos: c, weight_milli },
        what::IO => What::Io { call: io(c)?, bytes: a, nanos: b, weight_milli },
        what::THREAD_START => What::ThreadStart { weight_milli },
        _ => return None,
    })
}

fn io(call: u64) -> Option<IoCall> {
    Some(match call {
        io_call::READ => IoCall::Read,
        io_call::WRITE => IoCall::Write,
        io_call::COPY => IoCall::Copy,
        io_call::SYNC => IoCall::Sync,
        io_call::OPEN => IoCall::Open,
        _ => return None,
    })
}

/// A thread's own state as it stood at the end.
pub struct Block {
    pub tid: u32,
    pub live: bool,
    /// Of all threads that used the block.
    pub total: Counters,
    /// Of the thread that uses it.
    pub thread: Counters,
}

/// Takes a block apart. `offset` is where the record stands in the file.
pub fn block(record: &[u8], offset: u64) -> Option<Block> {
    use layout::block as at;
    let after = offset.checked_add(RECORD_HEAD as u64)?;
    let aligned = after.next_multiple_of(at::ALIGN as u64);
    let start = RECORD_HEAD + usize::try_from(aligned - after).ok()?;
    let word = |position: usize| -> Option<u64> {
        let at = start + position;
        Some(u64::from_ne_bytes(record.get(at..at + 8)?.try_into().ok()?))
    };
    // A block that was never filled counts nothing.
    if word(at::MARKED)? != at::MARK {
        return None;
    }
    let left = word(at::BYTES_LEFT)?;
    let of = |base: usize, i: usize| word(base + 8 * i).unwrap_or(0);
    let total = |i: usize| match i {
        counter::ALLOC_BYTES => of(at::COUNTERS, i).wrapping_sub(left),
        _ => of(at::COUNTERS, i),
    };
    Some(Block {
        tid: word(at::TID)? as u32,
        live: word(at::LIVE)? == 1,
        total: counters(total),
        thread: counters(|i| total(i).wrapping_sub(of(at::BASE, i))),
    })
}
