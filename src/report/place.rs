//! From bytes of a file to lines and columns as rustc counts them.

use std::ops::Range;

/// A range of a file in lines and columns: 1-based, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// First line.
    pub line_start: usize,
    /// Last line.
    pub line_end: usize,
    /// Column of the first character.
    pub column_start: usize,
    /// Column behind the last character.
    pub column_end: usize,
    /// Bytes of the file, cut to its length and to character boundaries.
    pub bytes: Range<usize>,
}

/// One line of a range, with the part of it that the range covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered<'a> {
    /// The line without its end.
    pub text: &'a str,
    /// Column of the first covered character.
    pub start: usize,
    /// Column behind the last one.
    pub end: usize,
}

/// The range within the text as it is now: sources change under a profile, and a report must not
/// fail for that.
pub fn clipped(text: &str, bytes: &Range<usize>) -> Range<usize> {
    let start = floor(text, bytes.start);
    start..floor(text, bytes.end.max(bytes.start)).max(start)
}

/// Where a range of bytes lies, [clipped] to the text.
pub fn place(text: &str, bytes: &Range<usize>) -> Place {
    let Range { start, end } = clipped(text, bytes);
    let (line_start, column_start) = position(text, start);
    let (line_end, column_end) = position(text, end);
    Place { line_start, line_end, column_start, column_end, bytes: start..end }
}

/// The lines a place covers.
pub fn covered<'a>(text: &'a str, place: &Place) -> Vec<Covered<'a>> {
    let count = place.line_end - place.line_start + 1;
    text.split('\n')
        .skip(place.line_start - 1)
        .take(count)
        .enumerate()
        .map(|(at, line)| {
            let line = line.strip_suffix('\r').unwrap_or(line);
            let whole = line.chars().count() + 1;
            Covered {
                text: line,
                start: if at == 0 { place.column_start } else { 1 },
                end: if at + 1 == count { place.column_end.min(whole) } else { whole },
            }
        })
        .collect()
}

fn position(text: &str, at: usize) -> (usize, usize) {
    let before = &text.as_bytes()[..at];
    let line = memchr::memchr_iter(b'\n', before).count() + 1;
    let line_start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    // rustc does not count a byte order mark as a column.
    let first = text[line_start..at].trim_start_matches('\u{feff}');
    (line, first.chars().count() + 1)
}

/// The border of a character at or before a byte.
pub(super) fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_not_bytes() {
        let place = place("fn ä() {\r\n\té();\r\n}", &(12..16));
        assert_eq!((place.line_start, place.column_start, place.column_end), (2, 2, 5));
    }

    #[test]
    fn a_range_over_lines_covers_each_to_its_end() {
        let text = "ab\ncd\nef";
        let place = place(text, &(1..7));
        let lines = covered(text, &place);
        let spans: Vec<_> = lines.iter().map(|line| (line.text, line.start, line.end)).collect();
        assert_eq!(spans, [("ab", 2, 3), ("cd", 1, 3), ("ef", 1, 2)]);
    }

    #[test]
    fn a_range_past_the_end_is_cut() {
        let place = place("é", &(1..99));
        assert_eq!(place.bytes, 0..2);
    }
}
