//! Writing: one message at a time, the string table last.

use std::collections::HashMap;
use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::comments_on_disk;
use crate::model::profile::{Function, Label, Location, Mapping, Profile, Sample, ValueType};

/// Writes a profile, gzipped. The same profile gives the same bytes.
pub fn write(profile: &Profile, out: impl Write) -> io::Result<()> {
    let mut gzip = GzEncoder::new(out, Compression::default());
    write_uncompressed(profile, &mut gzip)?;
    gzip.finish().map(drop)
}

/// Writes a profile without compression.
pub fn write_uncompressed(profile: &Profile, out: impl Write) -> io::Result<()> {
    let comments = comments_on_disk(profile);
    let mut writer = Writer { out, strings: Strings::new(), message: Vec::new() };
    for kind in &profile.sample_types {
        writer.put(1, |message, strings| value_type(message, strings, kind))?;
    }
    for item in &profile.samples {
        writer.put(2, |message, strings| sample(message, strings, item))?;
    }
    for (item, id) in profile.mappings.iter().zip(1..) {
        writer.put(3, |message, strings| mapping(message, strings, item, id))?;
    }
    for (item, id) in profile.locations.iter().zip(1..) {
        writer.put(4, |message, _| location(message, item, id))?;
    }
    for (item, id) in profile.functions.iter().zip(1..) {
        writer.put(5, |message, strings| function(message, strings, item, id))?;
    }
    if let Some(kind) = &profile.period_type {
        writer.put(11, |message, strings| value_type(message, strings, kind))?;
    }
    writer.finish(profile, &comments)
}

struct Writer<'a, W> {
    out: W,
    strings: Strings<'a>,
    message: Vec<u8>,
}

impl<'a, W: Write> Writer<'a, W> {
    fn put(
        &mut self,
        field: u64,
        fill: impl FnOnce(&mut Vec<u8>, &mut Strings<'a>),
    ) -> io::Result<()> {
        self.message.clear();
        fill(&mut self.message, &mut self.strings);
        bytes_field(&mut self.out, field, &self.message)
    }

    fn finish(mut self, profile: &'a Profile, comments: &'a [String]) -> io::Result<()> {
        let mut tail = Vec::new();
        let strings = &mut self.strings;
        number(&mut tail, 7, strings.index(&profile.drop_frames));
        number(&mut tail, 8, strings.index(&profile.keep_frames));
        number(&mut tail, 9, profile.time_nanos as u64);
        number(&mut tail, 10, profile.duration_nanos as u64);
        number(&mut tail, 12, profile.period as u64);
        let indices: Vec<u64> = comments.iter().map(|text| strings.index(text)).collect();
        packed(&mut tail, 13, indices.into_iter());
        let default = profile.default_sample_type.and_then(|at| profile.sample_types.get(at));
        number(&mut tail, 14, default.map_or(0, |kind| strings.index(&kind.name)));
        number(&mut tail, 15, strings.index(&profile.doc_url));
        self.out.write_all(&tail)?;
        for text in &self.strings.table {
            bytes_field(&mut self.out, 6, text.as_bytes())?;
        }
        self.out.flush()
    }
}

struct Strings<'a> {
    table: Vec<&'a str>,
    places: HashMap<&'a str, u64>,
}

impl<'a> Strings<'a> {
    fn new() -> Self {
        Strings { table: vec![""], places: HashMap::from([("", 0)]) }
    }

    fn index(&mut self, text: &'a str) -> u64 {
        let table = &mut self.table;
        *self.places.entry(text).or_insert_with(|| {
            table.push(text);
            table.len() as u64 - 1
        })
    }
}

fn value_type<'a>(message: &mut Vec<u8>, strings: &mut Strings<'a>, kind: &'a ValueType) {
    number(message, 1, strings.index(&kind.name));
    number(message, 2, strings.index(&kind.unit));
}

fn sample<'a>(message: &mut Vec<u8>, strings: &mut Strings<'a>, sample: &'a Sample) {
    packed(message, 1, sample.stack.iter().map(|&index| u64::from(index) + 1));
    packed(message, 2, sample.values.iter().map(|&value| value as u64));
    for item in &sample.labels {
        nested(message, 3, |message| label(message, strings, item));
    }
}

fn label<'a>(message: &mut Vec<u8>, strings: &mut Strings<'a>, label: &'a Label) {
    number(message, 1, strings.index(&label.key));
    if label.text.is_empty() {
        number(message, 3, label.number as u64);
        number(message, 4, strings.index(&label.unit));
    } else {
        number(message, 2, strings.index(&label.text));
    }
}

fn mapping<'a>(message: &mut Vec<u8>, strings: &mut Strings<'a>, mapping: &'a Mapping, id: u64) {
    number(message, 1, id);
    number(message, 2, mapping.start);
    number(message, 3, mapping.limit);
    number(message, 4, mapping.offset);
    number(message, 5, strings.index(&mapping.filename));
    number(message, 6, strings.index(&mapping.build_id));
    for (&flag, field) in mapping.has.iter().zip(7..) {
        number(message, field, flag.into());
    }
}

fn location(message: &mut Vec<u8>, location: &Location, id: u64) {
    number(message, 1, id);
    number(message, 2, location.mapping.map_or(0, |index| u64::from(index) + 1));
    number(message, 3, location.address);
    for line in &location.lines {
        nested(message, 4, |message| {
            number(message, 1, u64::from(line.function) + 1);
            number(message, 2, line.line.into());
            number(message, 3, line.column.into());
        });
    }
    number(message, 5, location.is_folded.into());
}

fn function<'a>(message: &mut Vec<u8>, strings: &mut Strings<'a>, function: &'a Function, id: u64) {
    number(message, 1, id);
    number(message, 2, strings.index(&function.name));
    number(message, 3, strings.index(&function.system_name));
    number(message, 4, strings.index(&function.filename));
    number(message, 5, function.start_line.into());
}

/// A number; 0 is what a reader assumes, and is left out.
fn number(out: &mut Vec<u8>, field: u64, value: u64) {
    if value != 0 {
        varint(out, field << 3);
        varint(out, value);
    }
}

/// Repeated numbers, packed into one field.
fn packed(out: &mut Vec<u8>, field: u64, values: impl Iterator<Item = u64>) {
    let mut body = Vec::new();
    let mut any = false;
    for value in values {
        varint(&mut body, value);
        any = true;
    }
    if any {
        varint(out, field << 3 | 2);
        varint(out, body.len() as u64);
        out.extend_from_slice(&body);
    }
}

fn nested(out: &mut Vec<u8>, field: u64, fill: impl FnOnce(&mut Vec<u8>)) {
    let mut body = Vec::new();
    fill(&mut body);
    varint(out, field << 3 | 2);
    varint(out, body.len() as u64);
    out.extend_from_slice(&body);
}

fn bytes_field(out: &mut impl Write, field: u64, bytes: &[u8]) -> io::Result<()> {
    let mut head = Vec::with_capacity(12);
    varint(&mut head, field << 3 | 2);
    varint(&mut head, bytes.len() as u64);
    out.write_all(&head)?;
    out.write_all(bytes)
}

fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
