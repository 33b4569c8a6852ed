//! speedscope's file format: frames in one table, a profile per sample type.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use super::builder::Builder;
use super::error::FormatError;
use crate::model::profile::{Profile, ValueType};

const FORMAT: &str = "a speedscope file";
const SCHEMA: &str = "https://www.speedscope.app/file-format-schema.json";

#[derive(Serialize, Deserialize)]
struct File {
    #[serde(rename = "$schema", default)]
    schema: String,
    shared: Shared,
    profiles: Vec<OfType>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(rename = "activeProfileIndex", default, skip_serializing_if = "Option::is_none")]
    active: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    exporter: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Shared {
    frames: Vec<Frame>,
}

#[derive(Clone, Serialize, Deserialize, PartialEq, Eq, Hash)]
struct Frame {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    col: Option<u32>,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum OfType {
    #[serde(rename_all = "camelCase")]
    Sampled {
        name: String,
        unit: String,
        start_value: f64,
        end_value: f64,
        /// Outermost frame first.
        samples: Vec<Vec<usize>>,
        weights: Vec<f64>,
    },
    #[serde(rename_all = "camelCase")]
    Evented { name: String, unit: String, start_value: f64, end_value: f64, events: Vec<Event> },
}

#[derive(Serialize, Deserialize)]
struct Event {
    #[serde(rename = "type")]
    kind: String,
    frame: usize,
    at: f64,
}

/// Writes all sample types.
pub fn write(profile: &Profile, name: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut places = rustc_hash::FxHashMap::default();
    let mut frames: Vec<Frame> = Vec::new();
    let mut of_location: Vec<Vec<usize>> = Vec::with_capacity(profile.locations.len());
    for location in &profile.locations {
        let mut found: Vec<Frame> = location
            .lines
            .iter()
            .rev()
            .map(|line| {
                let function = &profile.functions[line.function as usize];
                let some = |number: u32| (number != 0).then_some(number);
                Frame {
                    name: function.name.clone(),
                    file: Some(function.filename.clone()).filter(|file| !file.is_empty()),
                    line: some(line.line),
                    col: some(line.column),
                }
            })
            .collect();
        if found.is_empty() {
            let name = format!("{:#x}", location.address);
            found.push(Frame { name, file: None, line: None, col: None });
        }
        let place = |frame: Frame| {
            *places.entry(frame).or_insert_with_key(|frame: &Frame| {
                frames.push(frame.clone());
                frames.len() - 1
            })
        };
        of_location.push(found.into_iter().map(place).collect());
    }
    let profiles =
        (0..profile.sample_types.len()).map(|at| of_type(profile, at, &of_location)).collect();
    let file = File {
        schema: SCHEMA.to_owned(),
        shared: Shared { frames },
        profiles,
        name: Some(name.to_owned()),
        active: profile.default_sample_type.or(profile.sample_types.len().checked_sub(1)),
        exporter: Some(concat!("cargo-perf@", env!("CARGO_PKG_VERSION")).to_owned()),
    };
    serde_json::to_writer(&mut *out, &file).map_err(io::Error::from)
}

fn of_type(profile: &Profile, at: usize, of_location: &[Vec<usize>]) -> OfType {
    let kind = &profile.sample_types[at];
    let (mut samples, mut weights) = (Vec::new(), Vec::new());
    let mut end = 0.0;
    for sample in profile.samples.iter().filter(|sample| sample.values[at] != 0) {
        let frames = sample.stack.iter().rev().flat_map(|&place| &of_location[place as usize]);
        samples.push(frames.copied().collect());
        let weight = sample.values[at] as f64;
        end += weight;
        weights.push(weight);
    }
    let unit = match kind.unit.as_str() {
        known @ ("nanoseconds" | "microseconds" | "milliseconds" | "seconds" | "bytes") => known,
        _ => "none",
    };
    OfType::Sampled {
        name: kind.name.clone(),
        unit: unit.to_owned(),
        start_value: 0.0,
        end_value: end,
        samples,
        weights,
    }
}

/// Reads a file; each of its profiles becomes a sample type, unless all are alike as threads are.
pub fn read(json: &[u8]) -> Result<Profile, FormatError> {
    let wrong = |what: String| FormatError::Json { format: FORMAT, what };
    let file: File = serde_json::from_slice(json).map_err(|error| wrong(error.to_string()))?;
    let kinds: Vec<ValueType> = file.profiles.iter().map(kind).collect();
    // Threads of one program: profiles of one unit whose names are no sample types.
    let ours = file.exporter.as_deref().is_some_and(|name| name.starts_with("cargo-perf"));
    let threads = !ours && kinds.len() > 1 && kinds.iter().all(|kind| kind.unit == kinds[0].unit);
    let sample_types = if threads {
        vec![match kinds[0].unit.as_str() {
            "count" => ValueType::new("samples", "count"),
            "bytes" => ValueType::new("space", "bytes"),
            unit => ValueType::new("time", unit),
        }]
    } else {
        kinds.clone()
    };
    let width = sample_types.len();
    let mut builder = Builder::new(sample_types);
    let frames: Vec<u32> = file
        .shared
        .frames
        .iter()
        .map(|frame| {
            let function = builder.function(&frame.name, frame.file.as_deref().unwrap_or(""));
            builder.line(function, frame.line.unwrap_or(0), frame.col.unwrap_or(0))
        })
        .collect();
    for (at, of_type) in file.profiles.iter().enumerate() {
        let labels = match of_type {
            OfType::Sampled { name, .. } | OfType::Evented { name, .. } if threads => {
                vec![crate::model::profile::Label::text("thread", name)]
            }
            _ => Vec::new(),
        };
        let mut add = |stack: &mut dyn Iterator<Item = &usize>, weight: f64| {
            let mut locations = Vec::new();
            for &frame in stack {
                let location = frames.get(frame);
                let missing = || wrong(format!("frame {frame} of {} frames", frames.len()));
                locations.push(*location.ok_or_else(missing)?);
            }
            let mut values = vec![0; width];
            values[if threads { 0 } else { at }] = weight.round() as i64;
            builder.sample(&locations, &values, &labels).map_err(FormatError::from)
        };
        match of_type {
            OfType::Sampled { samples, weights, .. } => {
                for (index, stack) in samples.iter().enumerate() {
                    let weight = weights.get(index).copied().unwrap_or(1.0);
                    add(&mut stack.iter().rev(), weight)?;
                }
            }
            OfType::Evented { events, .. } => {
                let mut open: Vec<usize> = Vec::new();
                let mut since = events.first().map_or(0.0, |event| event.at);
                for event in events {
                    if !open.is_empty() && event.at > since {
                        add(&mut open.iter().rev(), event.at - since)?;
                    }
                    since = event.at;
                    if event.kind == "O" {
                        open.push(event.frame);
                    } else if open.pop() != Some(event.frame) {
                        return Err(wrong(format!("frame {} ends but is not open", event.frame)));
                    }
                }
            }
        }
    }
    let mut profile = builder.finish();
    profile.default_sample_type = file.active.filter(|&at| !threads && at < width);
    Ok(profile)
}

fn kind(of_type: &OfType) -> ValueType {
    let (OfType::Sampled { name, unit, .. } | OfType::Evented { name, unit, .. }) = of_type;
    ValueType::new(name, if unit == "none" { "count" } else { unit })
}
