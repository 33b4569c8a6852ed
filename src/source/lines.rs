//! Where the lines of a text start: bytes to lines and back.

/// Byte offsets of line starts. Lines are 1-based, columns are 1-based and in bytes, as the
/// compiler writes them into debug info.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<u32>,
    length: u32,
}

impl LineIndex {
    /// Scans a text.
    pub fn new(text: &str) -> Self {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes());
        let starts = std::iter::once(0).chain(ends.map(|at| offset(at + 1))).collect();
        LineIndex { starts, length: offset(text.len()) }
    }

    /// The line a byte lies in.
    pub fn line(&self, byte: usize) -> usize {
        let byte = offset(byte);
        self.starts.partition_point(|&start| start <= byte)
    }

    /// Line and column of a byte.
    pub fn position(&self, byte: usize) -> (usize, usize) {
        let line = self.line(byte);
        (line, byte - self.starts[line - 1] as usize + 1)
    }

    /// The bytes of a line, with its line break; `None` past the end.
    pub fn range(&self, line: usize) -> Option<std::ops::Range<usize>> {
        let start = *self.starts.get(line.checked_sub(1)?)? as usize;
        let end = self.starts.get(line).map_or(self.length as usize, |&end| end as usize);
        Some(start..end)
    }

    /// The byte at a line and column, cut to the line.
    pub fn byte(&self, line: usize, column: usize) -> Option<usize> {
        let range = self.range(line)?;
        Some((range.start + column.saturating_sub(1)).min(range.end))
    }

    /// How many lines there are.
    pub fn count(&self) -> usize {
        self.starts.len()
    }
}

/// Offsets are kept in 32 bits; the loader refuses larger files.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_lines_map_both_ways() {
        let lines = LineIndex::new("ab\n\ncd");
        assert_eq!(lines.count(), 3);
        assert_eq!(lines.position(0), (1, 1));
        assert_eq!(lines.position(2), (1, 3));
        assert_eq!(lines.position(3), (2, 1));
        assert_eq!(lines.position(5), (3, 2));
        assert_eq!(lines.byte(3, 2), Some(5));
        assert_eq!(lines.range(1), Some(0..3));
        assert_eq!(lines.range(3), Some(4..6));
        assert_eq!(lines.range(4), None);
        assert_eq!(lines.byte(0, 1), None);
    }
}
