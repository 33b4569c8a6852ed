//! Protobuf's wire format: a stream of top-level fields, and the fields of a message held in memory.

use std::io::{BufRead, ErrorKind, Read};

use super::read_error::ReadError;

/// The value of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// A number: varint or fixed.
    Number(u64),
    /// Bytes of a string, a message, or packed numbers.
    Bytes(&'a [u8]),
}

impl<'a> Value<'a> {
    pub(super) fn number(self, offset: u64) -> Result<u64, ReadError> {
        match self {
            Value::Number(number) => Ok(number),
            Value::Bytes(_) => Err(ReadError::Malformed { offset, what: "text for a number" }),
        }
    }

    pub(super) fn bytes(self, offset: u64) -> Result<&'a [u8], ReadError> {
        match self {
            Value::Bytes(bytes) => Ok(bytes),
            Value::Number(_) => Err(ReadError::Malformed { offset, what: "number for a message" }),
        }
    }

    /// Numbers of a repeated field, which a writer may pack into one field or not.
    pub(super) fn numbers(
        self,
        offset: u64,
        mut each: impl FnMut(u64) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        match self {
            Value::Number(number) => each(number),
            Value::Bytes(bytes) => {
                let mut fields = Fields::new(bytes, offset);
                while !fields.rest.is_empty() {
                    let number = fields.varint()?;
                    each(number)?;
                }
                Ok(())
            }
        }
    }
}

/// Fields of a message in memory.
pub(super) struct Fields<'a> {
    /// What is left to read.
    pub(super) rest: &'a [u8],
    end: u64,
}

impl<'a> Fields<'a> {
    /// `offset` is that of the first byte, for the errors.
    pub(super) fn new(bytes: &'a [u8], offset: u64) -> Self {
        Fields { rest: bytes, end: offset + bytes.len() as u64 }
    }

    /// Offset of the next byte.
    pub(super) fn offset(&self) -> u64 {
        self.end - self.rest.len() as u64
    }

    /// The next field's number and value.
    pub(super) fn next(&mut self) -> Result<Option<(u64, Value<'a>)>, ReadError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let offset = self.offset();
        let tag = self.varint()?;
        let value = match tag & 7 {
            0 => Value::Number(self.varint()?),
            1 => Value::Number(u64::from_le_bytes(self.fixed()?)),
            2 => {
                let length = self.varint()?;
                let length = usize::try_from(length).unwrap_or(usize::MAX);
                Value::Bytes(self.take(length)?)
            }
            5 => Value::Number(u32::from_le_bytes(self.fixed()?).into()),
            _ => return Err(ReadError::Malformed { offset, what: "unknown wire type" }),
        };
        match tag >> 3 {
            0 => Err(ReadError::Malformed { offset, what: "field number 0" }),
            field => Ok(Some((field, value))),
        }
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], ReadError> {
        match self.rest.split_at_checked(length) {
            Some((taken, rest)) => {
                self.rest = rest;
                Ok(taken)
            }
            None => Err(ReadError::Truncated { offset: self.end }),
        }
    }

    fn fixed<const N: usize>(&mut self) -> Result<[u8; N], ReadError> {
        match self.rest.split_first_chunk::<N>() {
            Some((taken, rest)) => {
                self.rest = rest;
                Ok(*taken)
            }
            None => Err(ReadError::Truncated { offset: self.end }),
        }
    }

    fn varint(&mut self) -> Result<u64, ReadError> {
        let mut number = 0u64;
        for (index, &byte) in self.rest.iter().take(10).enumerate() {
            number |= u64::from(byte & 0x7f) << (7 * index);
            if byte < 0x80 {
                self.rest = &self.rest[index + 1..];
                return Ok(number);
            }
        }
        Err(if self.rest.len() < 10 {
            ReadError::Truncated { offset: self.end }
        } else {
            ReadError::Malformed { offset: self.offset(), what: "number longer than ten bytes" }
        })
    }
}

/// Top-level fields, read one at a time.
pub(super) struct Stream<R> {
    inner: R,
    offset: u64,
    limit: u64,
    body: Vec<u8>,
}

impl<R: BufRead> Stream<R> {
    /// At most `limit` bytes are read.
    pub(super) fn new(inner: R, limit: u64) -> Self {
        Stream { inner, offset: 0, limit, body: Vec::new() }
    }

    /// The next field: its number, the offset of its value, and its value.
    pub(super) fn next(&mut self) -> Result<Option<(u64, u64, Value<'_>)>, ReadError> {
        let start = self.offset;
        if self.peek()?.is_none() {
            return Ok(None);
        }
        if start >= self.limit {
            return Err(ReadError::TooLarge { limit: self.limit });
        }
        let tag = self.varint()?;
        let field = match tag >> 3 {
            0 => return Err(ReadError::Malformed { offset: start, what: "field number 0" }),
            field => field,
        };
        match tag & 7 {
            0 => {
                let offset = self.offset;
                Ok(Some((field, offset, Value::Number(self.varint()?))))
            }
            wire @ (1 | 5) => {
                let offset = self.offset;
                self.read_body(if wire == 1 { 8 } else { 4 })?;
                let mut wide = [0; 8];
                wide[..self.body.len()].copy_from_slice(&self.body);
                Ok(Some((field, offset, Value::Number(u64::from_le_bytes(wide)))))
            }
            2 => {
                let length = self.varint()?;
                let offset = self.offset;
                self.read_body(length)?;
                Ok(Some((field, offset, Value::Bytes(&self.body))))
            }
            _ => Err(ReadError::Malformed { offset: start, what: "unknown wire type" }),
        }
    }

    fn peek(&mut self) -> Result<Option<u8>, ReadError> {
        loop {
            match self.inner.fill_buf() {
                Ok(buffer) => return Ok(buffer.first().copied()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(broken(self.offset, &error)),
            }
        }
    }

    fn varint(&mut self) -> Result<u64, ReadError> {
        let start = self.offset;
        let mut number = 0u64;
        for index in 0..10 {
            let byte = self.peek()?.ok_or(ReadError::Truncated { offset: self.offset })?;
            self.inner.consume(1);
            self.offset += 1;
            number |= u64::from(byte & 0x7f) << (7 * index);
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(ReadError::Malformed { offset: start, what: "number longer than ten bytes" })
    }

    /// A false length costs nothing: the buffer grows with what is really there.
    fn read_body(&mut self, length: u64) -> Result<(), ReadError> {
        if length > self.limit.saturating_sub(self.offset) {
            return self.refuse(length);
        }
        self.body.clear();
        match (&mut self.inner).take(length).read_to_end(&mut self.body) {
            Ok(read) => {
                self.offset += read as u64;
                if (read as u64) < length {
                    return Err(ReadError::Truncated { offset: self.offset });
                }
                Ok(())
            }
            Err(error) => Err(broken(self.offset + self.body.len() as u64, &error)),
        }
    }

    /// Over the limit by its own word: tells a lie about the length from a file that is too large.
    fn refuse(&mut self, length: u64) -> Result<(), ReadError> {
        let (offset, limit) = (self.offset, self.limit);
        let room = limit.saturating_sub(offset);
        let there = std::io::copy(&mut (&mut self.inner).take(room + 1), &mut std::io::sink())
            .map_err(|error| broken(offset, &error))?;
        debug_assert!(length > room);
        Err(if there <= room {
            ReadError::Truncated { offset: offset + there }
        } else {
            ReadError::TooLarge { limit }
        })
    }
}

/// Only the gzip decoder can fail to read.
fn broken(offset: u64, error: &std::io::Error) -> ReadError {
    if error.kind() == ErrorKind::UnexpectedEof {
        ReadError::Truncated { offset }
    } else {
        ReadError::Gzip { offset, what: error.to_string() }
    }
}
