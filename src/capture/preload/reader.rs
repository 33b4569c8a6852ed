//! Reads a capture file as a stream of events.
//!
//! A file is what a process left at the moment it ended, perhaps in the middle of a record, so a
//! record that was begun and not finished, or room that was never written, is no fault. What
//! makes no sense at all is skipped and counted in the [`Summary`].

use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::layout::{
    COUNTERS, HEADER_SIZE, MAGIC, RECORD_HEAD, RECORD_MARK, VERSION, header, record as kind, state,
};
use super::record::{self, Words};
use super::{Error, Summary};
use crate::capture::merge::Source;
use crate::capture::raw::{ClockRead, Event};

/// No record is as large.
const LARGEST: usize = 1 << 20;
/// Bytes read at once.
const CHUNK: usize = 256 << 10;

/// Reads a capture file as a stream of events.
pub struct Reader<R = File> {
    path: PathBuf,
    input: R,
    buffer: Vec<u8>,
    /// Start of what is not used yet in the buffer.
    start: usize,
    /// Offset in the file of the start.
    offset: u64,
    /// Where the records end.
    end: u64,
    finished: bool,
    current: Current,
    summary: Summary,
    /// Counters of each thread's previous clock read.
    clocks: HashMap<u32, [u64; 2 * COUNTERS]>,
    /// Events that are known only when all was read.
    last: VecDeque<Event<'static>>,
    newest: u64,
}

/// The event that was reached last.
enum Current {
    Nothing,
    /// A record of this kind, at this place of the buffer, of this size.
    Record(u8, usize, usize),
    /// One of those that are known when all was read.
    Last(Event<'static>),
}

/// What a record turned out to be.
enum Found {
    /// An event at this place of the buffer.
    Record(u8, usize),
    /// Nothing to tell.
    Nothing,
    End,
}

impl Reader {
    /// Opens a capture file.
    pub fn open(path: &Path) -> Result<Reader, Error> {
        let input =
            File::open(path).map_err(|error| Error::File { path: path.to_owned(), error })?;
        Reader::new(input, path)
    }
}

impl<R: Read> Reader<R> {
    /// Reads from anything; `path` is for messages.
    pub fn new(input: R, path: &Path) -> Result<Reader<R>, Error> {
        let mut reader = Reader {
            path: path.to_owned(),
            input,
            buffer: Vec::new(),
            start: 0,
            offset: 0,
            end: u64::MAX,
            finished: false,
            current: Current::Nothing,
            summary: Summary::default(),
            clocks: HashMap::new(),
            last: VecDeque::new(),
            newest: 0,
        };
        let refuse = |offset: usize, why| Error::NotACapture {
            path: path.to_owned(),
            offset: offset as u64,
            why,
        };
        if !reader.fill(HEADER_SIZE)? {
            return Err(refuse(reader.buffer.len(), "the header of a capture file is cut short"));
        }
        let word = |at: usize| -> u64 {
            let bytes = reader.buffer.get(at..at + 8).and_then(|bytes| bytes.try_into().ok());
            bytes.map_or(0, u64::from_ne_bytes)
        };
        if word(header::MAGIC) != MAGIC {
            return Err(refuse(header::MAGIC, "no capture file"));
        }
        if word(header::VERSION) != VERSION {
            return Err(refuse(header::VERSION, "a capture file of another version"));
        }
        let end = word(header::CURSOR).min(word(header::CAPACITY));
        let summary = Summary::from_header(word);
        reader.summary = summary;
        reader.end = end.max(HEADER_SIZE as u64);
        reader.skip(HEADER_SIZE);
        Ok(reader)
    }

    /// What the file says about itself. Complete when [`next`](Reader::next) has returned `None`.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Goes to the next event and returns its time; `None` at the end.
    ///
    /// Those of one thread come in the order of their times, those of several nearly so.
    pub fn advance(&mut self) -> Result<Option<u64>, Error> {
        loop {
            if self.finished {
                let Some(event) = self.last.pop_front() else {
                    self.current = Current::Nothing;
                    return Ok(None);
                };
                self.current = Current::Last(event);
                return Ok(Some(self.newest));
            }
            match self.find()? {
                Found::Nothing => {}
                Found::End => {
                    self.finished = true;
                    for event in &mut self.last {
                        if let Event::Exit { time, .. } = event {
                            *time = self.newest;
                        }
                    }
                    if self.summary.lost > 0 {
                        self.last.push_back(Event::Lost { events: self.summary.lost });
                    }
                }
                Found::Record(code, size) => {
                    let (at, offset) = (self.start, self.offset);
                    self.skip(size);
                    if let Some(time) = self.understand(code, at, size, offset) {
                        self.newest = self.newest.max(time);
                        self.current = Current::Record(code, at, size);
                        return Ok(Some(time));
                    }
                }
            }
        }
    }

    /// The event that [`advance`](Reader::advance) went to.
    pub fn event(&self) -> Option<Event<'_>> {
        match &self.current {
            Current::Nothing => None,
            Current::Record(code, at, size) => self.decode(*code, *at, *size),
            Current::Last(event) => Some(event.clone()),
        }
    }

    /// The next event; it borrows the reader's buffer until the next call.
    #[expect(clippy::should_implement_trait, reason = "an iterator cannot lend its buffer")]
    pub fn next(&mut self) -> Result<Option<Event<'_>>, Error> {
        self.advance()?;
        Ok(self.event())
    }

    /// Finds the next record. Room that was never written is skipped.
    fn find(&mut self) -> Result<Found, Error> {
        if self.offset + RECORD_HEAD as u64 > self.end || !self.fill(RECORD_HEAD)? {
            return Ok(Found::End);
        }
        let head = self.buffer.get(self.start..self.start + RECORD_HEAD);
        let Some(head) = head.and_then(|head| head.try_into().ok()).map(u64::from_ne_bytes) else {
            return Ok(Found::End);
        };
        if head == 0 {
            self.skip(RECORD_HEAD);
            return Ok(Found::Nothing);
        }
        let size = (head & 0xffff_ffff) as usize;
        let (code, condition) = ((head >> 32) as u8, (head >> 40) as u8);
        let known = (head >> 48) as u16 == RECORD_MARK
            && (RECORD_HEAD..LARGEST).contains(&size)
            && size.is_multiple_of(8)
            && matches!(condition, state::BEGUN | state::COMPLETE);
        if !known {
            self.damaged(RECORD_HEAD as u64, self.offset);
            self.skip(RECORD_HEAD);
            return Ok(Found::Nothing);
        }
        if !self.fill(size)? {
            // The file ends within the record.
            return Ok(Found::End);
        }
        if condition == state::BEGUN {
            self.skip(size);
            return Ok(Found::Nothing);
        }
        Ok(Found::Record(code, size))
    }

    /// Takes in what a record says beside its event; the event's time, if there is one in it.
    fn understand(&mut self, code: u8, at: usize, size: usize, offset: u64) -> Option<u64> {
        let bytes = self.buffer.get(at..at + size)?;
        let words = Words(bytes);
        let time = match code {
            kind::BLOCK => {
                if let Some(block) = record::block(bytes, offset) {
                    self.summary.process = record::sum(&self.summary.process, &block.total);
                    if block.live {
                        self.last.push_back(Event::Exit {
                            pid: self.summary.pid,
                            tid: block.tid,
                            time: 0,
                            counters: block.thread,
                        });
                    }
                }
                return None;
            }
            kind::CLOCK => self.read_clock(at, size),
            kind::EXIT => {
                let understood = words.get(2 + COUNTERS - 1).and(words.pair(0));
                let time = words.get(1);
                understood.and_then(|(tid, _)| {
                    self.clocks.remove(&tid);
                    time
                })
            }
            kind::MAP => record::map(words, 0).map(|map| map.time),
            kind::NAME => record::name(words).and(words.get(1)),
            kind::STACK => record::stack(words, 0).map(|stack| stack.time),
            kind::FREE => record::free(words, 0).map(|free| free.time),
            _ => None,
        };
        if time.is_none() {
            self.damaged(size as u64, offset);
        }
        time
    }

    /// Brings a thread's counters up to its newest clock read, whose time is returned.
    fn read_clock(&mut self, at: usize, size: usize) -> Option<u64> {
        let words = Words(self.buffer.get(at..at + size)?);
        let (tid, mask) = words.pair(0)?;
        words.get(3 + mask.count_ones() as usize)?;
        let values = self.clocks.entry(tid).or_insert([0; 2 * COUNTERS]);
        let mut position = 4;
        for (i, value) in values.iter_mut().enumerate() {
            if mask >> i & 1 == 1 {
                *value = words.get(position).unwrap_or(*value);
                position += 1;
            }
        }
        words.get(1)
    }

    /// The event in a record that was understood.
    fn decode(&self, code: u8, at: usize, size: usize) -> Option<Event<'_>> {
        let words = Words(self.buffer.get(at..at + size)?);
        let pid = self.summary.pid;
        Some(match code {
            kind::MAP => Event::Map(record::map(words, pid)?),
            kind::NAME => {
                let (tid, name) = record::name(words)?;
                Event::Thread { pid, tid, name }
            }
            kind::STACK => Event::Stack(record::stack(words, pid)?),
            kind::FREE => Event::Stack(record::free(words, pid)?),
            kind::CLOCK => {
                let (tid, _) = words.pair(0)?;
                let values = self.clocks.get(&tid)?;
                let of = |i: usize| values.get(i).copied().unwrap_or(0);
                Event::Clock(ClockRead {
                    pid,
                    tid,
                    time: words.get(1)?,
                    caller: words.get(2)?,
                    sp: words.get(3)?,
                    counters: record::counters(of),
                    process: record::counters(|i| of(COUNTERS + i)),
                })
            }
            kind::EXIT => Event::Exit {
                pid,
                tid: words.pair(0)?.0,
                time: words.get(1)?,
                counters: record::counters(|i| words.get(2 + i).unwrap_or(0)),
            },
            _ => return None,
        })
    }

    fn damaged(&mut self, bytes: u64, offset: u64) {
        let (before, first) = self.summary.damaged.unwrap_or((0, offset));
        self.summary.damaged = Some((before + bytes, first));
    }

    fn skip(&mut self, bytes: usize) {
        self.start += bytes;
        self.offset += bytes as u64;
    }

    /// Makes `bytes` available in the buffer; false if the file is shorter.
    fn fill(&mut self, bytes: usize) -> Result<bool, Error> {
        while self.buffer.len() - self.start < bytes {
            self.buffer.drain(..self.start);
            self.start = 0;
            let used = self.buffer.len();
            self.buffer.resize(used + CHUNK.max(bytes), 0);
            let read = loop {
                let room = self.buffer.get_mut(used..).unwrap_or_default();
                match self.input.read(room) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    other => break other,
                }
            };
            let read = match read {
                Ok(read) => read,
                Err(error) => {
                    self.buffer.truncate(used);
                    return Err(Error::File { path: self.path.clone(), error });
                }
            };
            self.buffer.truncate(used + read);
            if read == 0 {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl<R: Read> Source for Reader<R> {
    fn advance(&mut self) -> Result<Option<u64>, crate::capture::Error> {
        Ok(Reader::advance(self)?)
    }

    fn event(&self) -> Event<'_> {
        // Only asked after `advance` found an event.
        Reader::event(self).unwrap_or(Event::Lost { events: 0 })
    }
}
