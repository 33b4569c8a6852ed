//! A part of the text: its distinct lines, and its distinct stacks of lines.

use rustc_hash::FxHashMap;

use super::header::{self, Header};

/// What was added up for a stack.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Totals {
    pub samples: i64,
    pub period: i64,
}

/// The command and the event of stacks.
pub(super) struct Kind<'a> {
    pub command: &'a [u8],
    pub event: &'a [u8],
}

#[derive(Default)]
pub(super) struct Part<'a> {
    pub headers: Vec<Kind<'a>>,
    /// The lines of frames, without the space around them.
    pub lines: Vec<&'a [u8]>,
    /// By the place of the header and those of the lines.
    pub stacks: FxHashMap<Vec<u32>, Totals>,
    header_places: FxHashMap<(&'a [u8], &'a [u8]), u32>,
    line_places: FxHashMap<&'a [u8], u32>,
}

impl<'a> Part<'a> {
    pub(super) fn read(text: &'a [u8]) -> Self {
        let mut part = Part::default();
        let mut current: Option<Header<'a>> = None;
        let mut stack: Vec<u32> = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (line, after) = match memchr::memchr(b'\n', rest) {
                Some(end) => (&rest[..end], &rest[end + 1..]),
                None => (rest, &rest[rest.len()..]),
            };
            rest = after;
            match line.first() {
                None | Some(b'\r') => part.end(&mut current, &mut stack),
                Some(b' ' | b'\t') if current.is_some() => {
                    let line = line.trim_ascii();
                    if line.is_empty() {
                        part.end(&mut current, &mut stack);
                    } else {
                        stack.push(part.line(line));
                    }
                }
                Some(b'#') => {}
                // A short command is padded at its left.
                Some(_) => {
                    part.end(&mut current, &mut stack);
                    if let Some(header) = header::parse(line) {
                        let place = part.header(header.command, header.event);
                        stack.push(place);
                        current = Some(header);
                        if let Some(frame) = header.frame {
                            stack.push(part.line(frame));
                            part.end(&mut current, &mut stack);
                        }
                    }
                }
            }
        }
        part.end(&mut current, &mut stack);
        part
    }

    fn line(&mut self, line: &'a [u8]) -> u32 {
        let lines = &mut self.lines;
        *self.line_places.entry(line).or_insert_with(|| {
            lines.push(line);
            lines.len() as u32 - 1
        })
    }

    fn header(&mut self, command: &'a [u8], event: &'a [u8]) -> u32 {
        let headers = &mut self.headers;
        *self.header_places.entry((command, event)).or_insert_with(|| {
            headers.push(Kind { command, event });
            headers.len() as u32 - 1
        })
    }

    fn end(&mut self, current: &mut Option<Header<'a>>, stack: &mut Vec<u32>) {
        if let Some(header) = current.take()
            && stack.len() > 1
        {
            let totals = match self.stacks.get_mut(stack.as_slice()) {
                Some(totals) => totals,
                None => self.stacks.entry(stack.clone()).or_default(),
            };
            totals.samples += 1;
            totals.period = totals.period.wrapping_add(header.period);
        }
        stack.clear();
    }
}
