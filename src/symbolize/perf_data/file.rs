//! The parts of the file: what was recorded, where the records are, which builds were seen.

use std::collections::HashMap;
use std::ops::Range;

use super::cursor::Cursor;
use super::{foreign, wrong};
use crate::formats::FormatError;

/// An event that was recorded.
#[derive(Clone, Debug, Default)]
pub(super) struct Attr {
    pub(super) name: String,
    /// What a sample stands for where it does not say so.
    pub(super) period: u64,
    /// Which fields a sample has.
    pub(super) sample_type: u64,
    pub(super) read_format: u64,
    pub(super) branch_sample_type: u64,
    pub(super) regs_user: u64,
    /// Records other than samples end with some of a sample's fields.
    pub(super) sample_id_all: bool,
}

/// The file, taken apart.
pub(super) struct File<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) attrs: Vec<Attr>,
    /// From a record's id to the place among the events.
    pub(super) ids: HashMap<u64, usize>,
    /// Where the records are.
    pub(super) data: Range<usize>,
    /// The build of each file that was run, in hexadecimal.
    pub(super) builds: HashMap<String, String>,
}

/// Places of the header's feature bits.
const BUILD_ID: u32 = 2;
const ARCH: u32 = 6;
const EVENT_DESC: u32 = 12;

/// The header of a file that could be written from its start to its end only.
const PIPE_HEADER: u64 = 16;

/// Bytes of an event's oldest description.
const LEAST_ATTR: u64 = 64;

impl<'a> File<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Result<File<'a>, FormatError> {
        let short = || wrong("it ends within its header");
        let mut cursor = Cursor(bytes);
        if cursor.take(8) != Some(b"PERFILE2") {
            return Err(foreign("it was written on a machine of another byte order"));
        }
        let header_size = cursor.u64().ok_or_else(short)?;
        if header_size == PIPE_HEADER {
            return Err(foreign("it was written into a pipe"));
        }
        let attr_size = cursor.u64().ok_or_else(short)?;
        let mut section = || Some((cursor.u64()?, cursor.u64()?));
        let attrs = section().ok_or_else(short)?;
        let data = section().ok_or_else(short)?;
        section().ok_or_else(short)?;
        let features = cursor.u64().ok_or_else(short)?;

        let data_range = if data.1 == 0 {
            // perf was ended before it came to write down how much there is.
            usize::try_from(data.0).ok().filter(|&at| at <= bytes.len()).map(|at| at..bytes.len())
        } else {
            range(bytes, data)
        };
        let data_range = data_range.ok_or_else(|| wrong("its records go on beyond its end"))?;
        let attrs = range(bytes, attrs).ok_or_else(|| wrong("its events lie beyond its end"))?;
        let mut file = File {
            bytes,
            attrs: Vec::new(),
            ids: HashMap::new(),
            data: data_range,
            builds: HashMap::new(),
        };
        file.read_attrs(&bytes[attrs], attr_size).ok_or_else(|| wrong("its events are damaged"))?;
        if file.attrs.is_empty() {
            return Err(wrong("it says of no event how it was recorded"));
        }
        file.check_ids()?;
        if data.1 != 0 {
            file.read_features(features)?;
        }
        Ok(file)
    }

    fn read_attrs(&mut self, bytes: &[u8], attr_size: u64) -> Option<()> {
        let mut rest = Cursor(bytes);
        while !rest.0.is_empty() {
            let mut entry = Cursor(rest.take(attr_size)?);
            let attr = attr(entry.take(attr_size.checked_sub(16)?)?)?;
            let ids = range(self.bytes, (entry.u64()?, entry.u64()?))?;
            let place = self.attrs.len();
            self.attrs.push(attr);
            let chunks = self.bytes[ids].as_chunks().0.iter();
            self.ids.extend(chunks.map(|id| (u64::from_le_bytes(*id), place)));
        }
        Some(())
    }

    /// With several events, a record must tell which it is of, at one place for all.
    fn check_ids(&self) -> Result<(), FormatError> {
        let Some((first, rest)) = self.attrs.split_first() else { return Ok(()) };
        let tells = |attr: &Attr| {
            attr.sample_type & super::sample::IDENTIFIER != 0
                || attr.sample_type == first.sample_type
        };
        let alike = rest.iter().all(|attr| attr.sample_id_all == first.sample_id_all);
        if rest.is_empty() || (self.attrs.iter().all(tells) && alike) {
            return Ok(());
        }
        Err(foreign("it holds several events whose samples do not tell which they are of"))
    }

    fn read_features(&mut self, features: u64) -> Result<(), FormatError> {
        let mut table = Cursor(&self.bytes[self.data.end..]);
        for bit in (0..64).filter(|bit| features & (1 << bit) != 0) {
            // A file that ends here still has its records.
            let Some(section) = table.u64().zip(table.u64()) else { return Ok(()) };
            let Some(range) = range(self.bytes, section) else { continue };
            let mut section = Cursor(&self.bytes[range]);
            match bit {
                BUILD_ID => while self.read_build_id(&mut section).is_some() {},
                EVENT_DESC => self.read_names(&mut section).unwrap_or_default(),
                ARCH => {
                    section.u32();
                    let arch = section.text();
                    if !arch.is_empty() && arch != std::env::consts::ARCH {
                        return Err(foreign(&format!("it was recorded on {arch}")));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn read_build_id(&mut self, section: &mut Cursor<'_>) -> Option<()> {
        let mut header = *section;
        let (_, misc, size) = (header.u32()?, header.u16()?, header.u16()?);
        let mut event = Cursor(section.take(u64::from(size))?);
        event.take(8 + 4)?;
        let id = event.take(24)?;
        const HAS_LENGTH: u16 = 1 << 15;
        let length = if misc & HAS_LENGTH != 0 { usize::from(id[20]).min(20) } else { 20 };
        let id = id[..length].iter().map(|byte| format!("{byte:02x}")).collect();
        self.builds.insert(event.text(), id);
        Some(())
    }

    /// The names that the events have for people, in the order of the events.
    fn read_names(&mut self, section: &mut Cursor<'_>) -> Option<()> {
        let (count, attr_size) = (section.u32()?, section.u32()?);
        for attr in self.attrs.iter_mut().take(usize::try_from(count).ok()?) {
            section.take(u64::from(attr_size))?;
            let ids = section.u32()?;
            let length = section.u32()?;
            let name = Cursor(section.take(u64::from(length))?).text();
            if !name.is_empty() {
                attr.name = name;
            }
            section.u64s(u64::from(ids))?;
        }
        Some(())
    }
}

/// The bytes of a section that lies within the file.
fn range(bytes: &[u8], (offset, size): (u64, u64)) -> Option<Range<usize>> {
    let end = usize::try_from(offset.checked_add(size)?).ok()?;
    (end <= bytes.len()).then_some(offset as usize..end)
}

/// The kernel's description of an event, which grew with its versions.
fn attr(bytes: &[u8]) -> Option<Attr> {
    if (bytes.len() as u64) < LEAST_ATTR {
        return None;
    }
    let number = |at: usize| Cursor(bytes.get(at..).unwrap_or_default()).u64().unwrap_or(0);
    let flags = number(40);
    const FREQUENCY: u64 = 1 << 10;
    const SAMPLE_ID_ALL: u64 = 1 << 18;
    Some(Attr {
        name: name(number(0) as u32, number(8)).to_owned(),
        period: if flags & FREQUENCY != 0 { 1 } else { number(16) },
        sample_type: number(24),
        read_format: number(32),
        branch_sample_type: number(72),
        regs_user: number(80),
        sample_id_all: flags & SAMPLE_ID_ALL != 0,
    })
}

/// Where the file does not name its events.
fn name(kind: u32, config: u64) -> &'static str {
    match (kind, config) {
        (0, 0) => "cycles",
        (0, 1) => "instructions",
        (0, 3) => "cache-misses",
        (0, 5) => "branch-misses",
        (1, 0) => "cpu-clock",
        (1, 1) => "task-clock",
        (1, 2) => "page-faults",
        (1, 3) => "context-switches",
        _ => "events",
    }
}
