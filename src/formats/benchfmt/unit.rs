//! Units: base units, what prefixes they take, and what an input says of them.

use std::collections::HashMap;

/// Which prefixes a unit's values take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Powers of 1000: k, M, G.
    Decimal,
    /// Powers of 1024: Ki, Mi, Gi.
    Binary,
}

/// Whether more is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// More is better: a throughput.
    Higher,
    /// Less is better: a cost.
    Lower,
}

/// What a unit's values are taken to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Assume {
    /// Draws of an unknown distribution.
    #[default]
    Nothing,
    /// The same in each run.
    Exact,
}

/// The words of a unit with where each begins and whether it stands below a `/`.
fn words(unit: &str) -> impl Iterator<Item = (usize, &str, bool)> {
    let separates = |c: char| matches!(c, '*' | '/' | '-') || c.is_whitespace();
    let mut at = 0;
    let mut below = false;
    std::iter::from_fn(move || {
        while let Some(c) = unit[at..].chars().next().filter(|&c| separates(c)) {
            match c {
                '*' => below = false,
                '/' => below = true,
                _ => {}
            }
            at += c.len_utf8();
        }
        let rest = &unit[at..];
        let word = &rest[..rest.find(separates).unwrap_or(rest.len())];
        let start = at;
        at += word.len();
        (!word.is_empty()).then_some((start, word, below))
    })
}

/// The base unit and the factor from the given unit to it: `ns` becomes `sec` and `MB` becomes
/// `B`, above the line only.
pub fn tidy(unit: &str) -> (String, f64) {
    let mut tidied = String::with_capacity(unit.len());
    let mut factor = 1.0;
    let mut copied = 0;
    for (start, word, below) in words(unit) {
        let base = match word {
            _ if below => continue,
            "ns" => {
                factor /= 1e9;
                "sec"
            }
            "MB" => {
                factor *= 1e6;
                "B"
            }
            _ => continue,
        };
        tidied.push_str(&unit[copied..start]);
        tidied.push_str(base);
        copied = start + word.len();
    }
    tidied.push_str(&unit[copied..]);
    (tidied, factor)
}

/// Units with bytes above the line take binary prefixes.
pub fn class_of(unit: &str) -> Class {
    let has_bytes =
        words(unit).any(|(_, word, below)| !below && matches!(word, "B" | "MB" | "bytes"));
    if has_bytes { Class::Binary } else { Class::Decimal }
}

/// What `Unit` lines said, by base unit and key. It holds across files.
#[derive(Clone, Debug, Default)]
pub struct UnitTable {
    entries: HashMap<(String, String), String>,
}

impl UnitTable {
    /// Notes `key=value` of a unit. Gives back the value it was already set to, if another.
    pub fn insert(&mut self, unit: &str, key: &str, value: &str) -> Result<(), String> {
        let entry =
            self.entries.entry((tidy(unit).0, key.to_owned())).or_insert_with(|| value.to_owned());
        if entry == value { Ok(()) } else { Err(entry.clone()) }
    }

    /// What was said of a unit under a key.
    pub fn get(&self, unit: &str, key: &str) -> Option<&str> {
        self.entries.get(&(tidy(unit).0, key.to_owned())).map(String::as_str)
    }

    /// What the unit's values are taken to be.
    pub fn assume(&self, unit: &str) -> Assume {
        match self.get(unit, "assume") {
            Some("exact") => Assume::Exact,
            _ => Assume::Nothing,
        }
    }

    /// Whether more is better, as said or as known of common units.
    pub fn better(&self, unit: &str) -> Option<Better> {
        match (self.get(unit, "better"), unit) {
            (Some("higher"), _) => Some(Better::Higher),
            (Some("lower"), _) => Some(Better::Lower),
            (Some(_), _) => None,
            (None, "B/s" | "MB/s") => Some(Better::Higher),
            (None, "sec/op" | "ns/op" | "B/op" | "allocs/op") => Some(Better::Lower),
            (None, _) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nanoseconds_and_megabytes_become_base_units_above_the_line_only() {
        for (unit, tidied, factor) in [
            ("ns/op", "sec/op", 1e-9),
            ("MB/s", "B/s", 1e6),
            ("p99-ns", "p99-sec", 1e-9),
            ("op/ns", "op/ns", 1.0),
            ("x/op*ns", "x/op*sec", 1e-9),
            ("MB*MB/ns", "B*B/ns", 1e12),
            ("ns-MB", "sec-B", 1e-3),
            ("nsx", "nsx", 1.0),
            ("", "", 1.0),
        ] {
            let (got, by) = tidy(unit);
            assert_eq!(got, tidied);
            assert!((by / factor - 1.0).abs() < 1e-12, "{unit}: {by}");
        }
        // The common ones scale by exactly these factors, so that sums agree to the last digit.
        assert_eq!(tidy("ns/op").1, 1e-9);
        assert_eq!(tidy("MB/s").1, 1e6);
    }

    #[test]
    fn bytes_above_the_line_take_binary_prefixes() {
        assert_eq!(class_of("B/op"), Class::Binary);
        assert_eq!(class_of("peak-bytes"), Class::Binary);
        assert_eq!(class_of("ns/B"), Class::Decimal);
        assert_eq!(class_of("sec/op"), Class::Decimal);
    }

    #[test]
    fn the_first_word_about_a_unit_stands() {
        let mut units = UnitTable::default();
        assert_eq!(units.insert("ns/op", "better", "higher"), Ok(()));
        assert_eq!(units.insert("sec/op", "better", "higher"), Ok(()));
        assert_eq!(units.insert("ns/op", "better", "lower"), Err("higher".to_owned()));
        assert_eq!(units.better("sec/op"), Some(Better::Higher));
        assert_eq!(units.better("B/op"), Some(Better::Lower));
        assert_eq!(units.assume("sec/op"), Assume::Nothing);
    }
}
