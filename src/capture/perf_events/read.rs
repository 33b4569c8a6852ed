//! The records of a ring buffer: as they are put into a file, and as they are read back.
//!
//! A record keeps the kernel's form (`linux/perf_event.h`), except that of a sample's stack copy
//! only the thread's stack is kept.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use super::base::Bases;
use super::{STACK_BYTES, regs};
use crate::capture::Error;
use crate::capture::merge::Source;
use crate::capture::raw::{Event, Map, Regs, Stack, What};

const MMAP: u32 = 1;
pub(super) const LOST: u32 = 2;
const COMM: u32 = 3;
const FORK: u32 = 7;
pub(super) const SAMPLE: u32 = 9;

/// In a `COMM` record: the name changed because of an `exec`.
const MISC_COMM_EXEC: u16 = 1 << 13;

/// Bytes of a record's header: type, misc, size.
const HEADER: usize = 8;
/// Bytes of a sample before its registers: pid, tid, time, register form.
const SAMPLE_HEAD: usize = 24;
/// Bytes at the end of every other record: pid, tid, time.
const SAMPLE_ID: usize = 16;

/// Bytes next to the base of the stack of the sample that follows; not a type of the kernel's.
const TAIL: u32 = 0x7461_696c;

/// Puts a record into a file: a sample without what its stack copy holds besides the stack, and
/// after what is at the base of a stack that was cut.
pub(super) fn write_record(
    file: &mut impl Write,
    kind: u32,
    misc: u16,
    body: &[u8],
    bases: &mut Bases,
) -> io::Result<()> {
    let Some(sample) = (kind == SAMPLE).then(|| Sample::parse(body)).flatten() else {
        return write(file, kind, misc, body, &[]);
    };
    let Sample { pid, tid, regs, stack_at, copied } = sample;
    let copy = &body[stack_at..stack_at + copied];
    let used = bases.within(pid, tid, regs.sp, copy);
    if !is_cut(used) {
        bases.shallow(tid);
    } else if let Some((start, bytes)) = bases.tail(pid, tid, regs.sp) {
        write(file, TAIL, 0, &start.to_ne_bytes(), bytes)?;
    }
    write(file, kind, misc, &body[..stack_at], &copy[..used])
}

fn write(file: &mut impl Write, kind: u32, misc: u16, body: &[u8], more: &[u8]) -> io::Result<()> {
    let size = u16::try_from(HEADER + body.len() + more.len())
        .map_err(|_| io::Error::other("a perf record is larger than its size field"))?;
    file.write_all(&kind.to_ne_bytes())?;
    file.write_all(&misc.to_ne_bytes())?;
    file.write_all(&size.to_ne_bytes())?;
    file.write_all(body)?;
    file.write_all(more)
}

/// Whether a stack copy has the size that was asked for, so that there may be more.
fn is_cut(copied: usize) -> bool {
    // The kernel may round down to whole words and leave room for the record's size.
    copied + 64 >= STACK_BYTES as usize
}

/// The parts of a sample as the kernel wrote it.
struct Sample {
    pid: u32,
    tid: u32,
    regs: Regs,
    stack_at: usize,
    copied: usize,
}

impl Sample {
    /// `None` where the kernel had no registers to give, as for a process that is ending.
    fn parse(body: &[u8]) -> Option<Sample> {
        let regs = sample_regs(body)?;
        let size_at = SAMPLE_HEAD + regs::COUNT * 8;
        let reserved = usize::try_from(u64_at(body, size_at)?).ok()?;
        let stack_at = size_at + 8;
        let copied = match reserved {
            0 => 0,
            _ => usize::try_from(u64_at(body, stack_at + reserved)?).ok()?.min(reserved),
        };
        body.get(stack_at..stack_at + copied)?;
        Some(Sample { pid: u32_at(body, 0)?, tid: u32_at(body, 4)?, regs, stack_at, copied })
    }
}

fn sample_regs(body: &[u8]) -> Option<Regs> {
    if u64_at(body, SAMPLE_HEAD - 8)? == 0 {
        return None;
    }
    let mut words = [0; regs::COUNT];
    for (at, word) in words.iter_mut().enumerate() {
        *word = u64_at(body, SAMPLE_HEAD + at * 8)?;
    }
    Some(regs::from(words))
}

/// How many events a `LOST` record stands for.
pub(super) fn lost_count(body: &[u8]) -> u64 {
    u64_at(body, 8).unwrap_or(0)
}

/// A file of records.
pub(in crate::capture) struct PerfFile {
    path: PathBuf,
    file: BufReader<File>,
    kind: u32,
    misc: u16,
    body: Vec<u8>,
    tail: Vec<u8>,
    period: u64,
    only: Option<u32>,
}

impl PerfFile {
    /// Opens a file whose samples are `period` nanoseconds apart; with `only`, just the events of
    /// that process are seen.
    pub(in crate::capture) fn open(
        path: &Path,
        period: u64,
        only: Option<u32>,
    ) -> Result<PerfFile, Error> {
        let file =
            File::open(path).map_err(|error| Error::File { path: path.to_owned(), error })?;
        Ok(PerfFile {
            path: path.to_owned(),
            file: BufReader::with_capacity(256 << 10, file),
            kind: 0,
            misc: 0,
            body: Vec::new(),
            tail: Vec::new(),
            period,
            only,
        })
    }

    /// Reads the next record; false at the end, also where the file was cut within a record.
    fn read(&mut self) -> Result<bool, Error> {
        let mut header = [0; HEADER];
        let [t0, t1, t2, t3, m0, m1, s0, s1] = match self.file.read_exact(&mut header) {
            Ok(()) => header,
            Err(error) => return self.end_or(error),
        };
        self.kind = u32::from_ne_bytes([t0, t1, t2, t3]);
        self.misc = u16::from_ne_bytes([m0, m1]);
        let size = usize::from(u16::from_ne_bytes([s0, s1]));
        self.body.resize(size.saturating_sub(HEADER), 0);
        match self.file.read_exact(&mut self.body) {
            Ok(()) => Ok(true),
            Err(error) => self.end_or(error),
        }
    }

    fn end_or(&self, error: io::Error) -> Result<bool, Error> {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            return Ok(false);
        }
        Err(Error::File { path: self.path.clone(), error })
    }

    /// Process and time of the record, where it is one that becomes an event.
    fn who_and_when(&self) -> Option<(u32, u64)> {
        let body = &self.body;
        match self.kind {
            SAMPLE => {
                self.stack()?;
                Some((u32_at(body, 0)?, u64_at(body, 8)?))
            }
            MMAP | LOST | COMM | FORK => {
                let id = body.len().checked_sub(SAMPLE_ID)?;
                let pid = u32_at(body, id)?;
                // A thread's start has the form of a process's.
                if self.kind == FORK && u32_at(body, 0)? == u32_at(body, 4)? {
                    return None;
                }
                Some((pid, u64_at(body, id + 8)?))
            }
            _ => None,
        }
    }

    /// Registers and stack bytes of a sample; `None` where the kernel had none to give.
    fn stack(&self) -> Option<(Regs, &[u8])> {
        let regs = sample_regs(&self.body)?;
        Some((regs, self.body.get(SAMPLE_HEAD + regs::COUNT * 8 + 8..)?))
    }

    fn tail(&self) -> (u64, &[u8]) {
        let bytes = self.tail.get(8..).unwrap_or_default();
        (u64_at(&self.tail, 0).unwrap_or(0), bytes)
    }

    fn decode(&self) -> Option<Event<'_>> {
        let body = &self.body;
        Some(match self.kind {
            SAMPLE => {
                let (regs, bytes) = self.stack()?;
                Event::Stack(Stack {
                    pid: u32_at(body, 0)?,
                    tid: u32_at(body, 4)?,
                    time: u64_at(body, 8)?,
                    what: What::Cpu { nanos: self.period },
                    regs,
                    bytes,
                    tail: is_cut(bytes.len()).then(|| self.tail()),
                })
            }
            MMAP => {
                let (start, length) = (u64_at(body, 8)?, u64_at(body, 16)?);
                let path = body.get(32..body.len().checked_sub(SAMPLE_ID)?)?;
                Event::Map(Map {
                    pid: u32_at(body, 0)?,
                    time: u64_at(body, body.len() - 8)?,
                    start,
                    end: start.checked_add(length)?,
                    offset: u64_at(body, 24)?,
                    path: text(path),
                })
            }
            COMM => {
                let (pid, tid) = (u32_at(body, 0)?, u32_at(body, 4)?);
                if self.misc & MISC_COMM_EXEC != 0 {
                    Event::Exec { pid, name: text(body.get(8..body.len() - SAMPLE_ID)?) }
                } else {
                    Event::Thread { pid, tid, name: text(body.get(8..body.len() - SAMPLE_ID)?) }
                }
            }
            FORK => Event::Fork { pid: u32_at(body, 0)?, parent: u32_at(body, 4)? },
            LOST => Event::Lost { events: lost_count(body) },
            _ => return None,
        })
    }
}

impl Source for PerfFile {
    fn advance(&mut self) -> Result<Option<u64>, Error> {
        self.tail.clear();
        while self.read()? {
            if self.kind == TAIL {
                std::mem::swap(&mut self.tail, &mut self.body);
                continue;
            }
            if let Some((pid, time)) = self.who_and_when() {
                let wanted = self.only.is_none_or(|only| only == pid) || self.kind == LOST;
                if wanted && self.decode().is_some() {
                    return Ok(Some(time));
                }
            }
            // It belonged to the record that is passed over.
            self.tail.clear();
        }
        self.kind = 0;
        Ok(None)
    }

    fn event(&self) -> Event<'_> {
        // Only asked after `advance` found an event.
        self.decode().unwrap_or(Event::Lost { events: 0 })
    }
}

/// A file of records that each stand for a call of one function.
pub(in crate::capture) struct CallFile {
    records: PerfFile,
    function: usize,
}

impl CallFile {
    /// Opens a file; with `only`, just the calls in that process are seen.
    pub(in crate::capture) fn open(
        path: &Path,
        function: usize,
        only: Option<u32>,
    ) -> Result<CallFile, Error> {
        Ok(CallFile { records: PerfFile::open(path, 0, only)?, function })
    }
}

impl Source for CallFile {
    fn advance(&mut self) -> Result<Option<u64>, Error> {
        while self.records.read()? {
            let PerfFile { kind, body, only, .. } = &self.records;
            let pid = u32_at(body, 0);
            if *kind == SAMPLE && only.is_none_or(|only| pid == Some(only)) {
                return Ok(u64_at(body, 8));
            }
        }
        Ok(None)
    }

    fn event(&self) -> Event<'_> {
        let body = &self.records.body;
        let (pid, tid) = (u32_at(body, 0).unwrap_or(0), u32_at(body, 4).unwrap_or(0));
        Event::Call { pid, tid, function: self.function }
    }
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_ne_bytes(bytes.get(at..)?.first_chunk().copied()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_ne_bytes(bytes.get(at..)?.first_chunk().copied()?))
}

/// Text up to the zero that ends it.
fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}
