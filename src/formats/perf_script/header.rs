//! The line of an event: `COMMAND PID/TID [CPU] TIME: PERIOD EVENT:`, much of it optional.

use crate::model::profile::ValueType;

/// What the line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header<'a> {
    pub command: &'a [u8],
    pub event: &'a [u8],
    pub period: i64,
    /// A frame on the line itself, where there are no stacks.
    pub frame: Option<&'a [u8]>,
}

/// Takes a line apart; `None` where it is no event's.
pub(super) fn parse(line: &[u8]) -> Option<Header<'_>> {
    let mut rest = line;
    let mut command_end = None;
    // The command may hold spaces: it ends before the first word that is a process id.
    let mut at = 0;
    while let Some((start, end)) = word(line, at) {
        if start > 0 && is_id(&line[start..end]) {
            command_end = Some(start);
            rest = &line[end..];
            break;
        }
        at = end;
    }
    let command = line[..command_end?].trim_ascii();
    let mut period = None;
    let mut at = 0;
    while let Some((start, end)) = word(rest, at) {
        let found = &rest[start..end];
        at = end;
        if found.starts_with(b"[") {
            continue;
        }
        if let Some(name) = found.strip_suffix(b":") {
            if is_time(name) {
                continue;
            }
            let frame = Some(rest[end..].trim_ascii()).filter(|text| is_frame(text));
            return Some(Header { command, event: name, period: period.unwrap_or(0), frame });
        }
        period = std::str::from_utf8(found).ok().and_then(|text| text.parse().ok());
    }
    None
}

/// Start and end of the next word.
fn word(text: &[u8], from: usize) -> Option<(usize, usize)> {
    let start = from + text.get(from..)?.iter().position(|byte| !byte.is_ascii_whitespace())?;
    let length = text[start..].iter().position(u8::is_ascii_whitespace);
    Some((start, length.map_or(text.len(), |length| start + length)))
}

/// `12` or `12/34`; the process may be −1.
fn is_id(word: &[u8]) -> bool {
    let digits = |part: &[u8]| {
        let part = part.strip_prefix(b"-").unwrap_or(part);
        !part.is_empty() && part.iter().all(u8::is_ascii_digit)
    };
    word.split(|&byte| byte == b'/').all(digits)
}

/// `ADDRESS SYMBOL (FILE)`; what a tracepoint tells stands in the same place.
fn is_frame(text: &[u8]) -> bool {
    let address = text.split(|&byte| byte == b' ').next().unwrap_or_default();
    text.ends_with(b")") && !address.is_empty() && address.iter().all(u8::is_ascii_hexdigit)
}

fn is_time(word: &[u8]) -> bool {
    word.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
}

/// What an event's periods count.
pub(crate) fn value_type(event: &[u8]) -> ValueType {
    let event = String::from_utf8_lossy(event);
    match event.split(':').next().unwrap_or(&event) {
        "cpu-clock" | "task-clock" => ValueType::new("cpu", "nanoseconds"),
        name if !name.is_empty() && name.len() < event.len() && event.contains("::") => {
            ValueType::new(name, "count")
        }
        // A tracepoint is named by its group and its name; modifiers are short.
        name => match event.split_once(':') {
            Some((_, rest)) if rest.len() > 5 => ValueType::new(&event, "count"),
            _ => ValueType::new(name, "count"),
        },
    }
}
