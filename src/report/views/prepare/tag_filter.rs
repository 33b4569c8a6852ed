//! `tagfocus` and `tagignore`: samples by their labels, by expression or by range of numbers.

use std::collections::BTreeMap;

use regex::Regex;

use crate::model::profile::{Profile, Sample};
use crate::report::views::error::ViewError;
use crate::report::views::measure::scale;

/// The unit of each numeric label.
pub(crate) type Units = BTreeMap<String, String>;

/// The units of a profile's numeric labels: the first that is named, else guessed from the key.
pub(crate) fn units(profile: &Profile, warnings: &mut Vec<String>) -> Units {
    let mut units = Units::new();
    let mut ignored: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for label in profile.samples.iter().flat_map(|sample| &sample.labels) {
        if !label.text.is_empty() {
            continue;
        }
        match units.get_mut(&label.key) {
            None => {
                units.insert(label.key.clone(), label.unit.clone());
            }
            Some(unit) if unit.is_empty() => unit.clone_from(&label.unit),
            Some(unit) if *unit != label.unit && !label.unit.is_empty() => {
                let others = ignored.entry(label.key.clone()).or_default();
                if !others.contains(&label.unit) {
                    others.push(label.unit.clone());
                }
            }
            Some(_) => {}
        }
    }
    for (key, unit) in &mut units {
        if unit.is_empty() {
            let guess = if key == "alignment" || key == "request" { "bytes" } else { key };
            *unit = guess.to_owned();
        }
    }
    for (key, mut others) in ignored {
        others.sort();
        let used = &units[&key];
        let others = others.join(", ");
        warnings.push(format!("For tag {key} used unit {used}, also encountered unit(s) {others}"));
    }
    units
}

type Filter = Box<dyn Fn(&Sample) -> bool>;

/// Compiles `REGEX`, `KEY=REGEX`, `REGEX,REGEX…` or a range such as `4kb:1mb`, with or without key.
pub(crate) fn compile(
    option: &'static str,
    text: &str,
    units: &Units,
    warnings: &mut Vec<String>,
) -> Result<Option<Filter>, ViewError> {
    if text.is_empty() {
        return Ok(None);
    }
    let (key, value) = match text.split_once('=') {
        Some((key, value)) => (Some(key.to_owned()), value),
        None => (None, text),
    };
    if let Some(range) = Range::parse(value) {
        let name = option.trim_start_matches('-');
        warnings.push(format!("{name}:Interpreted '{value}' as range, not regexp"));
        let units = units.clone();
        return Ok(Some(Box::new(move |sample| {
            sample.labels.iter().any(|label| {
                label.text.is_empty()
                    && key.as_ref().is_none_or(|key| *key == label.key)
                    && range.contains(label.number, units.get(&label.key).map_or("", |u| u))
            })
        })));
    }
    let mut expressions = Vec::new();
    for part in value.split(',') {
        let regex = Regex::new(part)
            .map_err(|error| ViewError::BadPattern { option, what: error.to_string() })?;
        expressions.push(regex);
    }
    let texts = |sample: &Sample, test: &dyn Fn(&str, &str) -> bool| {
        sample.labels.iter().any(|label| !label.text.is_empty() && test(&label.key, &label.text))
    };
    Ok(Some(match key {
        Some(wanted) => Box::new(move |sample| {
            texts(sample, &|key, text| {
                key == wanted && expressions.iter().any(|regex| regex.is_match(text))
            })
        }),
        None => Box::new(move |sample| {
            expressions
                .iter()
                .all(|regex| texts(sample, &|key, text| regex.is_match(&format!("{key}:{text}"))))
        }),
    }))
}

/// Numbers from one to another, both included, in a unit.
struct Range {
    low: f64,
    high: f64,
    unit: String,
}

impl Range {
    /// `32kb`, `:64kb`, `4mb:` or `12kb:64mb`.
    fn parse(text: &str) -> Option<Range> {
        let number = Regex::new("([+-]?[0-9]+)([A-Za-z]+)?").ok()?;
        let found: Vec<_> = number.captures_iter(text).take(2).collect();
        let parse = |at: usize, to: Option<&str>| {
            let unit = found[at].get(2).map_or("", |unit| unit.as_str());
            let value = found[at][1].parse().ok()?;
            Some(scale(value, unit, to.unwrap_or(unit)))
        };
        if found.is_empty() {
            return None;
        }
        let (value, unit) = parse(0, None)?;
        let whole = &found[0][0];
        let (low, high) = match found.len() {
            1 if text == whole => (value, value),
            1 if text == format!("{whole}:") => (value, f64::INFINITY),
            1 if text == format!(":{whole}") => (f64::NEG_INFINITY, value),
            2 if text == format!("{whole}:{}", &found[1][0]) => {
                let (high, other) = parse(1, Some(&unit))?;
                if unit != other {
                    return None;
                }
                (value, high)
            }
            _ => return None,
        };
        Some(Range { low, high, unit })
    }

    fn contains(&self, value: i64, unit: &str) -> bool {
        let (scaled, scaled_unit) = scale(value, unit, &self.unit);
        scaled_unit == self.unit && (self.low..=self.high).contains(&scaled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_numbers_convert_units() {
        let within = |range: &str, value, unit| Range::parse(range).unwrap().contains(value, unit);
        assert!(within("4kb:1mb", 4096, "bytes"));
        assert!(!within("4kb:1mb", 4095, "bytes"));
        assert!(within(":64kb", 1, "bytes"));
        assert!(within("2ms:", 3, "ms"));
        assert!(!within("2ms:", 3, "bytes"));
        assert!(Range::parse("parse/long").is_none());
        assert!(Range::parse("v2").is_none());
    }
}
