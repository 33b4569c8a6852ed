//! Reading: the stream of fields into tables whose ids and string indices are still open.

use std::io::{BufRead, BufReader};

use flate2::read::MultiGzDecoder;

use super::read_error::ReadError;
use super::resolve::{Ids, RawFunction, RawLabel, RawLocation, RawMapping, RawType, Tables};
use super::wire::{Fields, Stream, Value};
use crate::model::profile::{Line, Profile, Sample};

/// What a profile may cost to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes after inflating.
    pub inflated: u64,
    /// Bytes of the tables built from them, roughly.
    pub memory: u64,
}

impl Default for Limits {
    /// Room for some millions of samples.
    fn default() -> Self {
        Limits { inflated: 1 << 30, memory: 2 << 30 }
    }
}

/// Reads a profile under the default [`Limits`].
pub fn read(bytes: &[u8]) -> Result<Profile, ReadError> {
    read_with(bytes, Limits::default())
}

/// Reads a profile, gzipped or not.
pub fn read_with(bytes: &[u8], limits: Limits) -> Result<Profile, ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::Empty);
    }
    let mut reader = Reader { tables: Tables::default(), memory: limits.memory, limits };
    if bytes.starts_with(&[0x1f, 0x8b]) {
        reader.fields(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(bytes)))?;
    } else {
        reader.fields(bytes)?;
    }
    reader.tables.resolve()
}

struct Reader {
    tables: Tables,
    limits: Limits,
    memory: u64,
}

impl Reader {
    fn fields(&mut self, input: impl BufRead) -> Result<(), ReadError> {
        let mut stream = Stream::new(input, self.limits.inflated);
        let mut any = false;
        while let Some((field, offset, value)) = stream.next()? {
            any = true;
            self.field(field, offset, value)?;
        }
        if any { Ok(()) } else { Err(ReadError::Empty) }
    }

    fn field(&mut self, field: u64, offset: u64, value: Value<'_>) -> Result<(), ReadError> {
        match field {
            1 => {
                let kind = value_type(value.bytes(offset)?, offset)?;
                self.spend(64)?;
                self.tables.sample_types.push(kind);
            }
            2 => self.sample(value.bytes(offset)?, offset)?,
            3 => {
                let mapping = mapping(value.bytes(offset)?, offset)?;
                self.spend(128)?;
                self.tables.mappings.push(mapping);
            }
            4 => self.location(value.bytes(offset)?, offset)?,
            5 => {
                let function = function(value.bytes(offset)?, offset)?;
                self.spend(192)?;
                self.tables.functions.push(function);
            }
            6 => self.string(value.bytes(offset)?, offset)?,
            7 => self.tables.drop_frames = value.number(offset)?,
            8 => self.tables.keep_frames = value.number(offset)?,
            9 => self.tables.time_nanos = value.number(offset)? as i64,
            10 => self.tables.duration_nanos = value.number(offset)? as i64,
            11 => self.tables.period_type = Some(value_type(value.bytes(offset)?, offset)?),
            12 => self.tables.period = value.number(offset)? as i64,
            13 => value.numbers(offset, |index| {
                self.spend(8)?;
                self.tables.comments.push(index);
                Ok(())
            })?,
            14 => self.tables.default_sample_type = value.number(offset)?,
            15 => self.tables.doc_url = value.number(offset)?,
            _ => {}
        }
        Ok(())
    }

    fn spend(&mut self, bytes: usize) -> Result<(), ReadError> {
        match self.memory.checked_sub(bytes as u64) {
            Some(left) => {
                self.memory = left;
                Ok(())
            }
            None => Err(ReadError::TooLarge { limit: self.limits.memory }),
        }
    }

    fn string(&mut self, bytes: &[u8], offset: u64) -> Result<(), ReadError> {
        if self.tables.strings.is_empty() && !bytes.is_empty() {
            return Err(ReadError::Malformed { offset, what: "first string not empty" });
        }
        self.spend(bytes.len() + size_of::<String>())?;
        self.tables.strings.push(String::from_utf8_lossy(bytes).into_owned());
        Ok(())
    }

    fn sample(&mut self, bytes: &[u8], offset: u64) -> Result<(), ReadError> {
        let mut sample = Sample::default();
        let index = self.tables.samples.len();
        let ids = &mut self.tables.location_ids;
        let labels = &mut self.tables.labels;
        let labels_before = labels.len();
        let mut fields = Fields::new(bytes, offset);
        while let Some((field, value)) = fields.next()? {
            let offset = fields.offset();
            match field {
                1 => value.numbers(offset, |id| {
                    sample.stack.push(ids.index(id));
                    Ok(())
                })?,
                2 => value.numbers(offset, |number| {
                    sample.values.push(number as i64);
                    Ok(())
                })?,
                3 => labels.push((index, label(value.bytes(offset)?, offset)?)),
                _ => {}
            }
        }
        sample.stack.shrink_to_fit();
        sample.values.shrink_to_fit();
        // A label ends as four strings and a number of its own.
        let labels = (labels.len() - labels_before) * 160;
        let heap = 4 * sample.stack.len() + 8 * sample.values.len();
        self.spend(size_of::<Sample>() + 32 + heap + labels)?;
        self.tables.samples.push(sample);
        Ok(())
    }

    fn location(&mut self, bytes: &[u8], offset: u64) -> Result<(), ReadError> {
        let mut raw = RawLocation::default();
        let mut fields = Fields::new(bytes, offset);
        while let Some((field, value)) = fields.next()? {
            let offset = fields.offset();
            match field {
                1 => raw.id = value.number(offset)?,
                2 => raw.mapping = value.number(offset)?,
                3 => raw.address = value.number(offset)?,
                4 => raw.lines.push(line(
                    value.bytes(offset)?,
                    offset,
                    &mut self.tables.function_ids,
                )?),
                5 => raw.is_folded = value.number(offset)? != 0,
                _ => {}
            }
        }
        self.spend(size_of::<RawLocation>() + 32 + raw.lines.len() * size_of::<Line>())?;
        self.tables.locations.push(raw);
        Ok(())
    }
}

fn value_type(bytes: &[u8], offset: u64) -> Result<RawType, ReadError> {
    let mut raw = RawType::default();
    let mut fields = Fields::new(bytes, offset);
    while let Some((field, value)) = fields.next()? {
        let offset = fields.offset();
        match field {
            1 => raw.name = value.number(offset)?,
            2 => raw.unit = value.number(offset)?,
            _ => {}
        }
    }
    Ok(raw)
}

fn label(bytes: &[u8], offset: u64) -> Result<RawLabel, ReadError> {
    let mut raw = RawLabel::default();
    let mut fields = Fields::new(bytes, offset);
    while let Some((field, value)) = fields.next()? {
        let offset = fields.offset();
        match field {
            1 => raw.key = value.number(offset)?,
            2 => raw.text = value.number(offset)?,
            3 => raw.number = value.number(offset)? as i64,
            4 => raw.unit = value.number(offset)?,
            _ => {}
        }
    }
    Ok(raw)
}

fn line(bytes: &[u8], offset: u64, functions: &mut Ids) -> Result<Line, ReadError> {
    let mut line = Line::default();
    let mut function = 0;
    let mut fields = Fields::new(bytes, offset);
    while let Some((field, value)) = fields.next()? {
        let offset = fields.offset();
        match field {
            1 => function = value.number(offset)?,
            2 => line.line = natural(value.number(offset)?),
            3 => line.column = natural(value.number(offset)?),
            _ => {}
        }
    }
    line.function = functions.index(function);
    Ok(line)
}

fn function(bytes: &[u8], offset: u64) -> Result<RawFunction, ReadError> {
    let mut raw = RawFunction::default();
    let mut fields = Fields::new(bytes, offset);
    while let Some((field, value)) = fields.next()? {
        let offset = fields.offset();
        match field {
            1 => raw.id = value.number(offset)?,
            2 => raw.name = value.number(offset)?,
            3 => raw.system_name = value.number(offset)?,
            4 => raw.filename = value.number(offset)?,
            5 => raw.start_line = natural(value.number(offset)?),
            _ => {}
        }
    }
    Ok(raw)
}

fn mapping(bytes: &[u8], offset: u64) -> Result<RawMapping, ReadError> {
    let mut raw = RawMapping::default();
    let mut fields = Fields::new(bytes, offset);
    while let Some((field, value)) = fields.next()? {
        let offset = fields.offset();
        match field {
            1 => raw.id = value.number(offset)?,
            2 => raw.start = value.number(offset)?,
            3 => raw.limit = value.number(offset)?,
            4 => raw.offset = value.number(offset)?,
            5 => raw.filename = value.number(offset)?,
            6 => raw.build_id = value.number(offset)?,
            7..=10 => raw.has[field as usize - 7] = value.number(offset)? != 0,
            _ => {}
        }
    }
    Ok(raw)
}

/// Lines and columns: the format's numbers are signed and wider than any source file.
fn natural(number: u64) -> u32 {
    u32::try_from(number as i64).unwrap_or(if (number as i64) < 0 { 0 } else { u32::MAX })
}
