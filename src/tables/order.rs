//! Named sort orders.

use std::cmp::Ordering;
use std::sync::LazyLock;

use regex::Regex;

use crate::formats::benchfmt::parse_float;

/// A sort order that a projection may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// By the bytes of the text.
    Alpha,
    /// By the number that the text begins with, prefixes such as `k` and `Mi` understood.
    Num,
}

impl Named {
    pub(super) fn parse(name: &str) -> Option<Named> {
        match name {
            "alpha" => Some(Named::Alpha),
            "num" => Some(Named::Num),
            _ => None,
        }
    }

    /// Compares two values; those that the order does not tell apart are equal.
    pub(super) fn compare(self, a: &str, b: &str) -> Ordering {
        match self {
            Named::Alpha => a.cmp(b),
            Named::Num => match (number(a), number(b)) {
                // What is not a number comes after the numbers, NaN after the others.
                (Some(a), Some(b)) => {
                    a.partial_cmp(&b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
                }
                (a, b) => b.is_some().cmp(&a.is_some()),
            },
        }
    }
}

const PREFIXES: &str = "KMGTPEZY";

static NUMBER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new("([0-9.]+)([kKMGTPEZY]i?)?[bB]?").ok());

/// The first number within the text, scaled by its prefix.
fn number(text: &str) -> Option<f64> {
    if let Ok(number) = parse_float(text) {
        return Some(number);
    }
    let found = NUMBER.as_ref()?.captures(text)?;
    let number = parse_float(found.get(1)?.as_str()).ok()?;
    let prefix = found.get(2).map_or("", |m| m.as_str());
    let letter = prefix.chars().next().map(|c| c.to_ascii_uppercase());
    let power = letter.and_then(|c| PREFIXES.find(c)).map_or(0, |at| at as i32 + 1);
    let base: f64 = if prefix.ends_with('i') { 1024.0 } else { 1000.0 };
    Some(number * base.powi(power))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_sort_by_size_and_before_words() {
        let mut values = ["x", "2k", "1Mi", "10", "1e3", "NaN", "1M", "0x10p0", "3kB"];
        values.sort_by(|a, b| Named::Num.compare(a, b));
        assert_eq!(values, ["10", "0x10p0", "1e3", "2k", "3kB", "1M", "1Mi", "NaN", "x"]);
    }
}
