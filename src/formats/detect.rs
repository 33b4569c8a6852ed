//! Which format bytes are in, told by the bytes alone.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::MultiGzDecoder;

use super::{FormatError, collapsed, firefox, perf_script, pprof, speedscope};
use crate::model::profile::Profile;

/// Text formats may inflate to this.
const MAX_INFLATED: u64 = 1 << 30;

/// Reads a profile in any format that is read, gzipped or not.
pub fn read(bytes: &[u8]) -> Result<Profile, FormatError> {
    if bytes.is_empty() {
        return Err(FormatError::Empty);
    }
    if bytes.starts_with(b"PERFILE2") || bytes.starts_with(b"2ELIFREP") {
        return Err(FormatError::PerfData);
    }
    let zipped = bytes.starts_with(&[0x1f, 0x8b]);
    let mut start = Cow::Borrowed(&bytes[..bytes.len().min(SNIFFED)]);
    if zipped {
        let mut inflated = Vec::new();
        // Damage is reported by whoever reads the whole.
        let _ = MultiGzDecoder::new(bytes).take(SNIFFED as u64).read_to_end(&mut inflated);
        start = Cow::Owned(inflated);
    }
    let Some(kind) = Kind::of(&start) else {
        return if looks_like_protobuf(&start) || zipped {
            Ok(pprof::read(bytes)?)
        } else {
            Err(FormatError::Unknown)
        };
    };
    let mut text = Cow::Borrowed(bytes);
    if zipped {
        let mut inflated = Vec::new();
        let read = MultiGzDecoder::new(bytes).take(MAX_INFLATED + 1).read_to_end(&mut inflated);
        if let Err(error) = read {
            let format = "gzip";
            return Err(FormatError::Binary { format, what: error.to_string() });
        }
        if inflated.len() as u64 > MAX_INFLATED {
            return Err(FormatError::TooLarge);
        }
        text = Cow::Owned(inflated);
    }
    match kind {
        Kind::Json => {
            if is_speedscope(&text) {
                speedscope::read(&text)
            } else {
                firefox::read(&text)
            }
        }
        Kind::PerfScript => perf_script::read(&text),
        Kind::Collapsed => collapsed::read(&text),
    }
}

/// Enough of a file to know it by.
const SNIFFED: usize = 1 << 16;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Json,
    PerfScript,
    Collapsed,
}

impl Kind {
    /// A text format, by its beginning.
    fn of(start: &[u8]) -> Option<Self> {
        let trimmed = start.trim_ascii_start();
        if trimmed.starts_with(b"{") {
            return Some(Kind::Json);
        }
        // Control characters are in no text format, and all over in protobuf.
        if start.iter().any(|byte| *byte < b' ' && !byte.is_ascii_whitespace()) {
            return None;
        }
        let lines = || start.split(|&byte| byte == b'\n').take(200);
        let text = || lines().filter(|line| !line.is_empty() && line[0] != b'#');
        let value = |line: &[u8]| {
            let last = line.trim_ascii().rsplit(|&byte| byte == b' ').next();
            line.contains(&b' ')
                && last.is_some_and(|word| {
                    !word.is_empty()
                        && word.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
                })
        };
        let indented = |line: &[u8]| matches!(line.first(), Some(b' ' | b'\t'));
        if lines().any(indented) {
            return Some(Kind::PerfScript);
        }
        if text().next().is_some_and(value) {
            return Some(Kind::Collapsed);
        }
        // One line per event, with the frame on the line.
        let is_event = |line: &[u8]| line.windows(2).any(|pair| pair == b": ");
        text().next().is_some_and(is_event).then_some(Kind::PerfScript)
    }
}

/// The first byte is the tag of one of the message's fields, and not all is text.
fn looks_like_protobuf(start: &[u8]) -> bool {
    let is_text = start.iter().all(|byte| *byte >= b' ' || byte.is_ascii_whitespace());
    !is_text
        && start.first().is_some_and(|tag| {
            let (field, wire) = (tag >> 3, tag & 7);
            (1..=15).contains(&field) && matches!(wire, 0 | 2)
        })
}

/// Told by the keys at the top of the object.
fn is_speedscope(json: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Keys {
        profiles: Option<serde::de::IgnoredAny>,
        shared: Option<serde::de::IgnoredAny>,
        threads: Option<serde::de::IgnoredAny>,
    }
    serde_json::from_slice::<Keys>(json).is_ok_and(|keys| {
        keys.profiles.is_some() && keys.shared.is_some() && keys.threads.is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_known_by_its_beginning() {
        assert_eq!(Kind::of(b" {\"meta\": 1}"), Some(Kind::Json));
        assert_eq!(Kind::of(b"main;work here 12\n"), Some(Kind::Collapsed));
        assert_eq!(Kind::of(b"app 12 1.2: cycles: \n\tff main (x)\n"), Some(Kind::PerfScript));
        assert_eq!(Kind::of(b"app 12 1.2: 10 cycles: ff main (x)\n"), Some(Kind::PerfScript));
        assert_eq!(Kind::of(b"\x0a\x04\x08\x01\x10\x02"), None);
    }

    #[test]
    fn what_is_no_profile_says_so() {
        assert_eq!(read(b"hello world\n").unwrap_err(), FormatError::Unknown);
        assert_eq!(read(b"").unwrap_err(), FormatError::Empty);
        let perf_data = read(b"PERFILE2\x68\0\0\0\0\0\0\0").unwrap_err();
        assert!(perf_data.to_string().contains("perf script -i"));
        assert!(matches!(read(b"{\"a\": 1}").unwrap_err(), FormatError::Json { .. }));
        assert!(matches!(read(b"\x1f\x8b\x08\0\0").unwrap_err(), FormatError::Pprof(_)));
    }
}
