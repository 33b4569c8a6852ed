//! `raw`: the whole profile as text.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::clock;
use super::prepared::Prepared;
use crate::formats::pprof::comments_on_disk;
use crate::model::profile::{Location, Mapping, Profile, Sample};

/// Writes it.
pub fn write(prepared: &Prepared, out: &mut dyn Write) -> io::Result<()> {
    let profile = &prepared.profile;
    for comment in comments_on_disk(profile) {
        writeln!(out, "Comment: {comment}")?;
    }
    let kind = profile.period_type.clone().unwrap_or_default();
    writeln!(out, "PeriodType: {} {}", kind.name, kind.unit)?;
    writeln!(out, "Period: {}", profile.period)?;
    if profile.time_nanos != 0 {
        writeln!(out, "Time: {}", clock::full(profile.time_nanos))?;
    }
    if profile.duration_nanos != 0 {
        // Four characters, whatever they are.
        let duration: String = clock::duration(profile.duration_nanos).chars().take(4).collect();
        writeln!(out, "Duration: {duration}")?;
    }
    writeln!(out, "Samples:")?;
    let types: Vec<String> = profile
        .sample_types
        .iter()
        .enumerate()
        .map(|(at, kind)| {
            let default = if profile.default_sample_type == Some(at) { "[dflt]" } else { "" };
            format!("{}/{}{default}", kind.name, kind.unit)
        })
        .collect();
    writeln!(out, "{}", types.join(" "))?;
    for sample in &profile.samples {
        write_sample(sample, out)?;
    }
    writeln!(out, "Locations")?;
    for (location, id) in profile.locations.iter().zip(1..) {
        write_location(profile, location, id, out)?;
    }
    writeln!(out, "Mappings")?;
    for (mapping, id) in profile.mappings.iter().zip(1..) {
        write_mapping(mapping, id, out)?;
    }
    Ok(())
}

fn write_sample(sample: &Sample, out: &mut dyn Write) -> io::Result<()> {
    for value in &sample.values {
        write!(out, " {value:>10}")?;
    }
    write!(out, ": ")?;
    for location in &sample.stack {
        write!(out, "{} ", location + 1)?;
    }
    writeln!(out)?;
    let mut texts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut numbers: BTreeMap<&str, Vec<(i64, &str)>> = BTreeMap::new();
    for label in &sample.labels {
        if label.text.is_empty() {
            numbers.entry(&label.key).or_default().push((label.number, &label.unit));
        } else {
            texts.entry(&label.key).or_default().push(&label.text);
        }
    }
    let number = |values: Vec<(i64, &str)>| {
        let with_unit = values.iter().any(|(_, unit)| !unit.is_empty());
        let text = |(number, unit): (i64, &str)| {
            if with_unit { format!("{number} {unit}") } else { number.to_string() }
        };
        values.into_iter().map(text).collect::<Vec<_>>().join(" ")
    };
    let texts = texts.into_iter().map(|(key, values)| format!("{key}:[{}]", values.join(" ")));
    let numbers = numbers.into_iter().map(|(key, values)| format!("{key}:[{}]", number(values)));
    for mut parts in [texts.collect::<Vec<_>>(), numbers.collect()] {
        if !parts.is_empty() {
            parts.sort();
            writeln!(out, "{:16}{}", "", parts.join(" "))?;
        }
    }
    Ok(())
}

fn write_location(
    profile: &Profile,
    location: &Location,
    id: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut head = format!("{id:>6}: {:#x} ", location.address);
    if let Some(mapping) = location.mapping {
        head += &format!("M={} ", mapping + 1);
    }
    if location.is_folded {
        head += "[F] ";
    }
    if location.lines.is_empty() {
        return writeln!(out, "{head}");
    }
    for line in &location.lines {
        let function = &profile.functions[line.function as usize];
        let (name, file) = (&function.name, &function.filename);
        write!(out, "{head}{name} {file}:{} s={}", line.line, function.start_line)?;
        if *name != function.system_name {
            write!(out, "({})", function.system_name)?;
        }
        writeln!(out)?;
        head = " ".repeat(13);
    }
    Ok(())
}

fn write_mapping(mapping: &Mapping, id: usize, out: &mut dyn Write) -> io::Result<()> {
    let bits: String = ["[FN]", "[FL]", "[LN]", "[IN]"]
        .into_iter()
        .zip(mapping.has)
        .filter_map(|(bit, has)| has.then_some(bit))
        .collect();
    let Mapping { start, limit, offset, filename, build_id, .. } = mapping;
    writeln!(out, "{id}: {start:#x}/{limit:#x}/{offset:#x} {filename} {build_id} {bits}")
}
