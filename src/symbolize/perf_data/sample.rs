//! A sample: which fields it has, its event says.

use super::cursor::Cursor;
use super::file::Attr;

pub(super) const IP: u64 = 1 << 0;
pub(super) const TID: u64 = 1 << 1;
pub(super) const TIME: u64 = 1 << 2;
pub(super) const ADDR: u64 = 1 << 3;
const READ: u64 = 1 << 4;
const CALLCHAIN: u64 = 1 << 5;
pub(super) const ID: u64 = 1 << 6;
pub(super) const CPU: u64 = 1 << 7;
const PERIOD: u64 = 1 << 8;
pub(super) const STREAM_ID: u64 = 1 << 9;
const RAW: u64 = 1 << 10;
const BRANCH_STACK: u64 = 1 << 11;
const REGS_USER: u64 = 1 << 12;
const STACK_USER: u64 = 1 << 13;
pub(super) const IDENTIFIER: u64 = 1 << 16;

/// What is used of a sample.
#[derive(Clone, Debug, Default)]
pub(super) struct Sample<'a> {
    pub(super) ip: Option<u64>,
    pub(super) pid: u32,
    pub(super) tid: u32,
    pub(super) time: u64,
    pub(super) period: u64,
    /// Addresses and the marks that tell whose they are, innermost first, as bytes.
    pub(super) chain: &'a [u8],
    /// The registers that were asked for, in the order of their bits.
    pub(super) regs: &'a [u8],
    /// The bytes at the stack pointer, and whether there were more.
    pub(super) stack: &'a [u8],
    pub(super) is_cut: bool,
}

impl Sample<'_> {
    /// The value of a register, by the kernel's number.
    pub(super) fn register(&self, attr: &Attr, number: u32) -> Option<u64> {
        let bit = 1_u64.checked_shl(number)?;
        if attr.regs_user & bit == 0 {
            return None;
        }
        let place = (attr.regs_user & (bit - 1)).count_ones() as usize;
        Cursor(self.regs.get(place * 8..)?).u64()
    }
}

/// Reads a sample's body.
pub(super) fn parse<'a>(body: &'a [u8], attr: &Attr) -> Option<Sample<'a>> {
    let has = |field: u64| attr.sample_type & field != 0;
    let mut cursor = Cursor(body);
    let mut sample = Sample { period: attr.period, ..Sample::default() };
    if has(IDENTIFIER) {
        cursor.u64()?;
    }
    if has(IP) {
        sample.ip = Some(cursor.u64()?);
    }
    if has(TID) {
        (sample.pid, sample.tid) = (cursor.u32()?, cursor.u32()?);
    }
    if has(TIME) {
        sample.time = cursor.u64()?;
    }
    for field in [ADDR, ID, STREAM_ID, CPU] {
        if has(field) {
            cursor.u64()?;
        }
    }
    if has(PERIOD) {
        sample.period = cursor.u64()?;
    }
    if has(READ) {
        skip_counts(&mut cursor, attr.read_format)?;
    }
    if has(CALLCHAIN) {
        let length = cursor.u64()?;
        sample.chain = cursor.u64s(length)?;
    }
    if has(RAW) {
        let length = cursor.u32()?;
        cursor.take(u64::from(length))?;
    }
    if has(BRANCH_STACK) {
        skip_branches(&mut cursor, attr.branch_sample_type)?;
    }
    if has(REGS_USER) && cursor.u64()? != 0 {
        sample.regs = cursor.take(u64::from(attr.regs_user.count_ones()) * 8)?;
    }
    if has(STACK_USER) {
        let length = cursor.u64()?;
        let bytes = cursor.take(length)?;
        let copied = if length == 0 { 0 } else { cursor.u64()? };
        sample.stack = &bytes[..usize::try_from(copied).ok()?.min(bytes.len())];
        sample.is_cut = copied >= length;
    }
    Some(sample)
}

/// The counts of the event, or of all of its group.
fn skip_counts(cursor: &mut Cursor<'_>, format: u64) -> Option<()> {
    const GROUP: u64 = 1 << 3;
    let times = u64::from((format & 0b11).count_ones());
    // An id, and how many were lost.
    let beside = u64::from((format & 0b1_0100).count_ones());
    let counts = if format & GROUP != 0 { cursor.u64()? } else { 1 };
    let numbers = counts.checked_mul(1 + beside)?.checked_add(times)?;
    cursor.u64s(numbers).map(|_| ())
}

fn skip_branches(cursor: &mut Cursor<'_>, kind: u64) -> Option<()> {
    const HARDWARE_INDEX: u64 = 1 << 17;
    const COUNTERS: u64 = 1 << 19;
    let branches = cursor.u64()?;
    if kind & HARDWARE_INDEX != 0 {
        cursor.u64()?;
    }
    let numbers = if kind & COUNTERS != 0 { 4 } else { 3 };
    cursor.u64s(branches.checked_mul(numbers)?).map(|_| ())
}
