//! Lines of a file that was edited since the compiler saw it.
//!
//! Facts speak of lines as they were. An edit moves those below it; facts of the edited lines
//! themselves are given up.

use std::hash::{DefaultHasher, Hasher};

/// From a line as it is now to the line the compiler saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Drift {
    /// Lines at the top that are as they were.
    same_above: u32,
    /// Lines at the bottom that are as they were.
    same_below: u32,
    now: u32,
    then: u32,
}

impl Drift {
    /// Compares the lines the compiler saw with those of a text.
    pub(super) fn between(then: &[u32], now: &[u32]) -> Drift {
        let shorter = then.len().min(now.len());
        let above = then.iter().zip(now).take_while(|(a, b)| a == b).count();
        let below = then.iter().rev().zip(now.iter().rev()).take_while(|(a, b)| a == b).count();
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Drift {
            same_above: count(above),
            same_below: count(below.min(shorter - above)),
            now: count(now.len()),
            then: count(then.len()),
        }
    }

    /// The line that `line` was, both 1-based; `None` for an edited one.
    pub(super) fn before(&self, line: u32) -> Option<u32> {
        if line == 0 || line > self.now {
            return None;
        }
        if line <= self.same_above {
            return Some(line);
        }
        let from_below = self.now - line;
        (from_below < self.same_below).then(|| self.then - from_below)
    }
}

/// One hash per line. Spaces at line ends do not count.
pub(super) fn line_hashes(text: &str) -> Vec<u32> {
    text.lines()
        .map(|line| {
            let mut hasher = DefaultHasher::new();
            hasher.write(line.trim_end().as_bytes());
            // Half of the hash is enough to tell neighbouring lines apart.
            (hasher.finish() >> 32) as u32
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Drift, line_hashes};

    fn drift(then: &str, now: &str) -> Drift {
        Drift::between(&line_hashes(then), &line_hashes(now))
    }

    #[test]
    fn lines_below_an_insertion_are_found_above() {
        let drift = drift("a\nb\nc\n", "a\nnew\nb\nc\n");
        assert_eq!(
            [1, 2, 3, 4, 5].map(|line| drift.before(line)),
            [Some(1), None, Some(2), Some(3), None]
        );
    }

    #[test]
    fn an_edited_line_is_given_up() {
        let drift = drift("a\nb\nc", "a\nB\nc");
        assert_eq!([1, 2, 3].map(|line| drift.before(line)), [Some(1), None, Some(3)]);
    }

    #[test]
    fn a_repeated_line_is_not_counted_from_both_ends() {
        let drift = drift("a\na\na", "a\na");
        assert_eq!([1, 2, 3].map(|line| drift.before(line)), [Some(1), Some(2), None]);
        assert_eq!(super::Drift::between(&[], &[]).before(1), None);
    }
}
