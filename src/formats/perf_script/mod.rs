//! The text of `perf script`: a line per event, its stack below it, innermost frame first.
//!
//! The text is cut into parts at empty lines, and each part is read by a thread of its own. A line
//! is looked at closely once, however often it comes.

use std::collections::HashSet;

mod frame;
mod header;
mod part;

use super::builder::Builder;
use super::error::FormatError;
use crate::model::profile::{Label, Profile, ValueType};
pub(crate) use header::value_type as event_value_type;
use part::Part;

/// Parts below this size are not worth a thread.
const LEAST: usize = 4 << 20;

/// Reads the text.
pub fn read(text: &[u8]) -> Result<Profile, FormatError> {
    let parts = read_parts(text);
    let mut known: HashSet<&[u8]> = HashSet::new();
    let headers = parts.iter().flat_map(|part| &part.headers);
    let new = headers.map(|header| header.event).filter(|&event| known.insert(event));
    let events: Vec<&[u8]> = new.collect();
    if events.is_empty() {
        let what = "no event with a stack";
        return Err(FormatError::Text { format: "`perf script`", line: 1, what });
    }
    let mut types = vec![ValueType::new("samples", "count")];
    types.extend(events.iter().map(|event| header::value_type(event)));
    let mut builder = Builder::new(types);
    let mut frames = frame::Frames::default();
    for part in &parts {
        add_part(part, &events, &mut frames, &mut builder)?;
    }
    let mut profile = builder.finish();
    let has_periods = profile.samples.iter().any(|sample| sample.values[1] != 0);
    profile.default_sample_type = Some(usize::from(has_periods));
    Ok(profile)
}

fn add_part(
    part: &Part<'_>,
    events: &[&[u8]],
    frames: &mut frame::Frames,
    builder: &mut Builder,
) -> Result<(), FormatError> {
    let mut known = frame::Known::default();
    let mut stack = Vec::new();
    for (key, totals) in &part.stacks {
        let Some((&header, lines)) = key.split_first() else { continue };
        let header = &part.headers[header as usize];
        stack.clear();
        frames.stack(lines, &part.lines, &mut known, builder, &mut stack);
        let mut values = vec![0; events.len() + 1];
        values[0] = totals.samples;
        if let Some(at) = events.iter().position(|event| *event == header.event) {
            values[at + 1] = totals.period;
        }
        let thread = String::from_utf8_lossy(header.command);
        builder.sample(&stack, &values, &[Label::text("thread", &thread)])?;
    }
    Ok(())
}

fn read_parts(text: &[u8]) -> Vec<Part<'_>> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let count = (text.len() / LEAST).clamp(1, threads);
    let mut pieces = Vec::new();
    let mut rest = text;
    for left in (1..=count).rev() {
        let end = if left == 1 { rest.len() } else { cut(rest, rest.len() / left) };
        let (piece, after) = rest.split_at(end);
        pieces.push(piece);
        rest = after;
    }
    std::thread::scope(|scope| {
        let readers: Vec<_> =
            pieces.into_iter().map(|piece| scope.spawn(|| Part::read(piece))).collect();
        readers.into_iter().filter_map(|reader| reader.join().ok()).collect()
    })
}

/// The first end of an event at or after a place.
fn cut(text: &[u8], near: usize) -> usize {
    memchr::memmem::find(&text[near..], b"\n\n").map_or(text.len(), |at| near + at + 2)
}

#[cfg(test)]
mod tests;
