//! Collapsed stacks: one line per stack, frames from the outermost on separated by semicolons, a
//! space, a value.
//!
//! A place in a file is written as ` (FILE:LINE)` behind the name and read back from there; an
//! inlined frame carries `_[i]`. Some writers put two values, before and after.

use std::io::{self, Write};

use super::builder::Builder;
use super::error::FormatError;
use crate::model::profile::{Line, Location, Profile, ValueType};

const FORMAT: &str = "collapsed stacks";

/// Writes the values of one sample type.
pub fn write(profile: &Profile, sample_type: usize, out: &mut dyn Write) -> io::Result<()> {
    let frames: Vec<String> =
        profile.locations.iter().map(|location| frames(profile, location)).collect();
    for sample in &profile.samples {
        let value = sample.values.get(sample_type).copied().unwrap_or(0);
        if value == 0 || sample.stack.is_empty() {
            continue;
        }
        for (at, &location) in sample.stack.iter().rev().enumerate() {
            let separator = if at == 0 { "" } else { ";" };
            write!(out, "{separator}{}", frames[location as usize])?;
        }
        writeln!(out, " {value}")?;
    }
    Ok(())
}

/// The frames of a location, outermost first.
fn frames(profile: &Profile, location: &Location) -> String {
    if location.lines.is_empty() {
        return format!("{:#x}", location.address);
    }
    let outermost = location.lines.len() - 1;
    let frame = |(at, line): (usize, &Line)| {
        let function = &profile.functions[line.function as usize];
        let mut text = separated(&function.name);
        if text.is_empty() && !function.filename.is_empty() {
            text = separated(&function.filename);
        } else if line.line != 0 && !function.filename.is_empty() {
            text += &format!(" ({}:{})", separated(&function.filename), line.line);
        }
        if text.is_empty() {
            text = "[unknown]".to_owned();
        }
        if at == outermost { text } else { text + INLINED }
    };
    location.lines.iter().enumerate().rev().map(frame).collect::<Vec<_>>().join(";")
}

const INLINED: &str = "_[i]";

/// What would separate frames or lines does not survive the format.
fn separated(text: &str) -> String {
    text.replace(';', ":").replace(['\n', '\r'], " ")
}

/// Reads collapsed stacks.
pub fn read(text: &[u8]) -> Result<Profile, FormatError> {
    let mut builder = Builder::new(vec![ValueType::new("samples", "count")]);
    let mut stack = Vec::new();
    let mut known = rustc_hash::FxHashMap::default();
    for (line, number) in text.split(|&byte| byte == b'\n').zip(1..) {
        let line = line.trim_ascii();
        if line.is_empty() || line.starts_with(b"#") {
            continue;
        }
        let wrong = |what| FormatError::Text { format: FORMAT, line: number, what };
        let space = line.iter().rposition(|&byte| byte == b' ');
        let (frames, value) = line.split_at(space.ok_or_else(|| wrong("no value"))?);
        let value = parse_value(value.trim_ascii_start()).ok_or_else(|| wrong("no number"))?;
        stack.clear();
        for frame in frames.split(|&byte| byte == b';') {
            let location = *known
                .entry(frame)
                .or_insert_with(|| add_frame(&mut builder, &String::from_utf8_lossy(frame)));
            stack.push(location);
        }
        stack.reverse();
        builder.sample(&stack, &[value], &[])?;
    }
    Ok(builder.finish())
}

/// A whole number; a fraction is rounded.
fn parse_value(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?;
    text.parse().ok().or_else(|| {
        let value: f64 = text.parse().ok()?;
        value.is_finite().then_some(value.round() as i64)
    })
}

fn add_frame(builder: &mut Builder, frame: &str) -> u32 {
    let frame = frame.trim();
    let frame = frame.strip_suffix(INLINED).unwrap_or(frame);
    if let Some((name, file, line)) = with_place(frame) {
        let function = builder.function(name, file);
        return builder.line(function, line, 0);
    }
    let function = builder.function(frame, "");
    builder.line(function, 0, 0)
}

/// `NAME (FILE:LINE)`.
fn with_place(frame: &str) -> Option<(&str, &str, u32)> {
    let (rest, line) = frame.strip_suffix(')')?.rsplit_once(':')?;
    let (name, file) = rest.rsplit_once(" (")?;
    Some((name, file, line.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_sums_come_back() {
        let text = b"main;work (src/lib.rs:12) 7\nmain;work (src/lib.rs:12) 3\nmain 2.6\n";
        let profile = read(text).unwrap();
        assert_eq!(profile.samples.len(), 2);
        let mut written = Vec::new();
        write(&profile, 0, &mut written).unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), "main;work (src/lib.rs:12) 10\nmain 3\n");
    }

    #[test]
    fn names_keep_their_spaces_and_lose_what_separates_frames() {
        let profile = read(b"<A as B>::c;fn(u8) 1").unwrap();
        let names: Vec<&str> = profile.functions.iter().map(|f| f.name.as_str()).collect();
        assert_eq!(names, ["<A as B>::c", "fn(u8)"]);
        let mut hostile = profile;
        hostile.functions[0].name = "a;b\nc".to_owned();
        let mut written = Vec::new();
        write(&hostile, 0, &mut written).unwrap();
        assert_eq!(read(&written).unwrap().samples[0].stack.len(), 2);
    }

    #[test]
    fn a_line_without_a_value_is_named() {
        assert_eq!(
            read(b"a;b 1\n\nnothing\n").unwrap_err(),
            FormatError::Text { format: FORMAT, line: 3, what: "no value" }
        );
    }
}
