//! Records: where each is, when it was, and what those other than samples say.

use super::cursor::Cursor;
use super::file::{Attr, File};
use super::sample::{ADDR, CPU, ID, IDENTIFIER, IP, STREAM_ID, TID, TIME};
use super::{foreign, wrong};
use crate::formats::FormatError;

const MMAP: u32 = 1;
const COMM: u32 = 3;
const FORK: u32 = 7;
const SAMPLE: u32 = 9;
const MMAP2: u32 = 10;
/// From here on records are perf's own, without the fields of a sample at their end.
const FIRST_OF_PERF: u32 = 64;
const AUXTRACE: u32 = 71;
const COMPRESSED: [u32; 2] = [81, 83];

const HEADER: usize = 8;

/// A record as it lies in the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Raw<'a> {
    kind: u32,
    misc: u16,
    pub(super) body: &'a [u8],
}

impl Raw<'_> {
    /// The sample was taken in code of a program, not of the kernel.
    pub(super) fn is_users(&self) -> bool {
        const WHOSE: u16 = 0b111;
        const KERNEL: [u16; 3] = [1, 3, 4];
        !KERNEL.contains(&(self.misc & WHOSE))
    }
}

/// What a record says.
#[derive(Clone, Debug)]
pub(super) enum Record {
    /// A file was mapped for its code.
    Map {
        pid: u32,
        start: u64,
        end: u64,
        offset: u64,
        path: String,
        build: Option<String>,
    },
    /// A thread has a new name; perhaps because another program runs in its process.
    Name {
        pid: u32,
        tid: u32,
        name: String,
        is_exec: bool,
    },
    /// A process or a thread began.
    Fork {
        pid: u32,
        parent: u32,
        tid: u32,
        parent_tid: u32,
    },
    Sample,
    Other,
}

/// Time and place of each record, in the order of time: each processor wrote its own.
pub(super) fn sorted(file: &File<'_>) -> Result<Vec<(u64, usize)>, FormatError> {
    let mut records = Vec::new();
    let mut at = file.data.start;
    while at < file.data.end {
        let here = at;
        let damaged = || wrong(format!("the record at byte {here} is damaged"));
        let (raw, size) = raw(file, at).ok_or_else(damaged)?;
        if COMPRESSED.contains(&raw.kind) {
            return Err(foreign("its records are compressed"));
        }
        if raw.kind < FIRST_OF_PERF {
            let attr = &file.attrs[event(file, raw)];
            records.push((time(raw, attr).unwrap_or(0), at));
        }
        at += size;
        if raw.kind == AUXTRACE {
            let extra = Cursor(raw.body).u64().and_then(|size| usize::try_from(size).ok());
            at = extra.and_then(|extra| at.checked_add(extra)).ok_or_else(damaged)?;
        }
    }
    // Records of one time, such as those without any, stay as they are.
    records.sort_by_key(|&(time, _)| time);
    Ok(records)
}

/// The record at a place, and its size.
pub(super) fn raw<'a>(file: &File<'a>, at: usize) -> Option<(Raw<'a>, usize)> {
    let bytes = &file.bytes[at..file.data.end];
    let mut cursor = Cursor(bytes);
    let (kind, misc, size) = (cursor.u32()?, cursor.u16()?, usize::from(cursor.u16()?));
    Some((Raw { kind, misc, body: bytes.get(HEADER..size)? }, size))
}

/// Which event a record is of: a place among the file's.
pub(super) fn event(file: &File<'_>, raw: Raw<'_>) -> usize {
    let first = &file.attrs[0];
    if file.attrs.len() == 1 {
        return 0;
    }
    let id = if first.sample_type & IDENTIFIER != 0 {
        if raw.kind == SAMPLE { Cursor(raw.body).u64() } else { from_end(raw.body, 8) }
    } else if raw.kind == SAMPLE {
        from_start(raw.body, first.sample_type, [IP, TID, TIME, ADDR])
    } else {
        from_end(raw.body, trailer(first.sample_type, [ID, STREAM_ID, CPU, IDENTIFIER]))
    };
    id.and_then(|id| file.ids.get(&id)).copied().unwrap_or(0)
}

fn time(raw: Raw<'_>, attr: &Attr) -> Option<u64> {
    if attr.sample_type & TIME == 0 {
        return None;
    }
    if raw.kind == SAMPLE {
        return from_start(raw.body, attr.sample_type, [IDENTIFIER, IP, TID, 0]);
    }
    let behind = trailer(attr.sample_type, [ID, STREAM_ID, CPU, IDENTIFIER]);
    if attr.sample_id_all { from_end(raw.body, behind + 8) } else { None }
}

/// Bytes of those fields that are there.
fn trailer(sample_type: u64, fields: [u64; 4]) -> usize {
    fields.iter().filter(|&&field| sample_type & field != 0).count() * 8
}

fn from_start(body: &[u8], sample_type: u64, before: [u64; 4]) -> Option<u64> {
    Cursor(body.get(trailer(sample_type, before)..)?).u64()
}

fn from_end(body: &[u8], bytes: usize) -> Option<u64> {
    Cursor(body.get(body.len().checked_sub(bytes)?..)?).u64()
}

/// Takes a record apart.
pub(super) fn parse(raw: Raw<'_>) -> Option<Record> {
    const OF_DATA: u16 = 1 << 13;
    const IS_EXEC: u16 = 1 << 13;
    const HAS_BUILD_ID: u16 = 1 << 14;
    const EXECUTABLE: u32 = 4;
    let mut cursor = Cursor(raw.body);
    match raw.kind {
        SAMPLE => Some(Record::Sample),
        COMM => {
            let (pid, tid) = (cursor.u32()?, cursor.u32()?);
            Some(Record::Name { pid, tid, name: cursor.text(), is_exec: raw.misc & IS_EXEC != 0 })
        }
        FORK => {
            let (pid, parent) = (cursor.u32()?, cursor.u32()?);
            Some(Record::Fork { pid, parent, tid: cursor.u32()?, parent_tid: cursor.u32()? })
        }
        MMAP | MMAP2 => {
            let pid = cursor.u32()?;
            cursor.u32()?;
            let (start, length, offset) = (cursor.u64()?, cursor.u64()?, cursor.u64()?);
            let mut build = None;
            let mut is_code = raw.misc & OF_DATA == 0;
            if raw.kind == MMAP2 {
                let id = cursor.take(24)?;
                if raw.misc & HAS_BUILD_ID != 0 {
                    let id = &id[4..4 + usize::from(id[0]).min(20)];
                    build = Some(id.iter().map(|byte| format!("{byte:02x}")).collect());
                }
                is_code = cursor.u32()? & EXECUTABLE != 0;
                cursor.u32()?;
            }
            let end = start.checked_add(length)?;
            let path = cursor.text();
            Some(if is_code {
                Record::Map { pid, start, end, offset, path, build }
            } else {
                Record::Other
            })
        }
        _ => Some(Record::Other),
    }
}
