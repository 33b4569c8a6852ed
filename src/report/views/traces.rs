//! `traces`: every stack with its value and its labels.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::graph::Frames;
use super::prepared::Prepared;
use super::{header, measure};
use crate::model::profile::Sample;

const SEPARATOR: &str = "-----------+-------------------------------------------------------";

/// Writes the stacks, innermost frame first.
pub fn write(prepared: &Prepared, out: &mut dyn Write) -> io::Result<()> {
    for line in header::profile_lines(prepared) {
        writeln!(out, "{line}")?;
    }
    let frames = Frames::of(&prepared.profile, false);
    for sample in prepared.profile.samples.iter().filter(|sample| !sample.stack.is_empty()) {
        writeln!(out, "{SEPARATOR}")?;
        write_labels(prepared, sample, out)?;
        let (value, divisor) = prepared.value(sample);
        let value = if divisor == 0 { value } else { value.wrapping_div(divisor) };
        let mut value = prepared.format(value);
        for &location in &sample.stack {
            let of_location = frames.of_location(location);
            for (at, &frame) in of_location.iter().enumerate() {
                let inline = if at + 1 == of_location.len() { "" } else { " (inline)" };
                let name = &frames.printable[frame as usize];
                writeln!(out, "{value:>10}   {name}{inline}")?;
                value.clear();
            }
        }
    }
    writeln!(out, "{SEPARATOR}")
}

fn write_labels(prepared: &Prepared, sample: &Sample, out: &mut dyn Write) -> io::Result<()> {
    let mut texts: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut numbers: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for label in &sample.labels {
        if label.text.is_empty() {
            let unit = prepared.label_units.get(&label.key).map_or("", String::as_str);
            let number = measure::auto_label(label.number, unit);
            numbers.entry(&label.key).or_default().push(number);
        } else {
            texts.entry(&label.key).or_default().push(label.text.clone());
        }
    }
    for labels in [texts, numbers] {
        let line =
            |(key, values): (&str, Vec<String>)| format!("{key:>10}:  {}\n", values.join(" "));
        let mut lines: Vec<String> = labels.into_iter().map(line).collect();
        // By the padded text, as it stands there.
        lines.sort();
        out.write_all(lines.concat().as_bytes())?;
    }
    Ok(())
}
