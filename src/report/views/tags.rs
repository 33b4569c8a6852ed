//! `tags`: what the samples' labels say, with the cost of each value.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::graph::{Tag, sort_tags};
use super::measure;
use super::prepared::Prepared;

/// Writes a table per label.
pub fn write(prepared: &Prepared, out: &mut dyn Write) -> io::Result<()> {
    let mut by_key: BTreeMap<&str, BTreeMap<String, i64>> = BTreeMap::new();
    for sample in &prepared.profile.samples {
        let (value, _) = prepared.value(sample);
        for label in &sample.labels {
            let text = if label.text.is_empty() {
                let unit = prepared.label_units.get(&label.key).map_or("", String::as_str);
                measure::label(label.number, unit, &prepared.output_unit)
            } else {
                label.text.clone()
            };
            let sum = by_key.entry(&label.key).or_default().entry(text).or_default();
            *sum = sum.wrapping_add(value);
        }
    }
    let number = |value: i64| {
        let (scaled, unit) = measure::scale(value, &prepared.unit, &prepared.output_unit);
        format!("{scaled:.1}{unit}")
    };
    for (key, values) in by_key {
        let total = values.values().fold(0i64, |sum, &value| sum.wrapping_add(value));
        let mut tags: Vec<Tag> =
            values.into_iter().map(|(name, flat)| Tag { name, flat, ..Tag::default() }).collect();
        sort_tags(&mut tags, true);
        let costs: Vec<String> = tags
            .iter()
            .map(|tag| match total {
                1.. => format!("{} ({}):", number(tag.flat), measure::percentage(tag.flat, total)),
                _ => format!("{}:", number(tag.flat)),
            })
            .collect();
        let indent = key.chars().count() + 2;
        let width = costs.iter().map(|cost| cost.chars().count()).max().unwrap_or(0) + 1;
        writeln!(out, " {key}: Total {}", number(total))?;
        for (tag, cost) in tags.iter().zip(costs) {
            writeln!(out, "{:indent$}{cost:>width$} {}", "", tag.name)?;
        }
        writeln!(out)?;
    }
    Ok(())
}
