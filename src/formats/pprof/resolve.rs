//! Ids and string indices of the file into indices and text of the model.

use std::collections::HashMap;

use super::benches;
use super::read_error::ReadError;
use crate::model::profile::{
    BenchTotals, Function, Label, Line, Location, Mapping, Profile, Sample, ValueType,
};
use crate::model::timeline::Timeline;

/// The comments, and what rode in them.
#[derive(Default)]
struct Comments {
    comments: Vec<String>,
    benches: Vec<BenchTotals>,
    timeline: Option<Timeline>,
}

/// A value type by its string indices.
#[derive(Clone, Copy, Default)]
pub(super) struct RawType {
    pub name: u64,
    pub unit: u64,
}

#[derive(Clone, Copy, Default)]
pub(super) struct RawLabel {
    pub key: u64,
    pub text: u64,
    pub number: i64,
    pub unit: u64,
}

#[derive(Default)]
pub(super) struct RawMapping {
    pub id: u64,
    pub start: u64,
    pub limit: u64,
    pub offset: u64,
    pub filename: u64,
    pub build_id: u64,
    pub has: [bool; 4],
}

#[derive(Default)]
pub(super) struct RawFunction {
    pub id: u64,
    pub name: u64,
    pub system_name: u64,
    pub filename: u64,
    pub start_line: u32,
}

#[derive(Default)]
pub(super) struct RawLocation {
    pub id: u64,
    pub mapping: u64,
    pub address: u64,
    /// Their functions are places in the order of first mention.
    pub lines: Vec<Line>,
    pub is_folded: bool,
}

/// Ids in the order of their first mention: a table may come after what refers to it.
#[derive(Default)]
pub(super) struct Ids {
    small: Vec<u32>,
    large: HashMap<u64, u32>,
    mentioned: Vec<u64>,
}

/// Ids below this are looked up in a vector: writers count from 1.
const SMALL: u64 = 1 << 20;
const NONE: u32 = u32::MAX;

impl Ids {
    /// The place of an id.
    pub(super) fn index(&mut self, id: u64) -> u32 {
        let next = self.mentioned.len() as u32;
        let slot = if id < SMALL {
            let at = id as usize;
            if at >= self.small.len() {
                self.small.resize((at + 1).next_power_of_two(), NONE);
            }
            &mut self.small[at]
        } else {
            self.large.entry(id).or_insert(NONE)
        };
        if *slot == NONE {
            *slot = next;
            self.mentioned.push(id);
        }
        *slot
    }

    /// Where each place ended up, given the ids of a table in its order.
    fn table(
        mut self,
        what: &'static str,
        ids: impl Iterator<Item = u64>,
    ) -> Result<Places, ReadError> {
        let mut places = vec![NONE; self.mentioned.len()];
        for (at, id) in ids.enumerate() {
            let place = self.index(id) as usize;
            if place >= places.len() {
                places.resize(place + 1, NONE);
            }
            if id == 0 || places[place] != NONE {
                return Err(ReadError::BadId { what, id });
            }
            places[place] = at as u32;
        }
        Ok(Places { what, places, ids: self.mentioned })
    }
}

/// From the order of mention to the order of the table.
struct Places {
    what: &'static str,
    places: Vec<u32>,
    ids: Vec<u64>,
}

impl Places {
    fn get(&self, place: u32) -> Result<u32, ReadError> {
        match self.places[place as usize] {
            NONE => Err(ReadError::Dangling { what: self.what, id: self.ids[place as usize] }),
            at => Ok(at),
        }
    }
}

/// What was read, as it stands in the file.
#[derive(Default)]
pub(super) struct Tables {
    pub sample_types: Vec<RawType>,
    /// Stacks are places in the order of first mention; the labels wait in `labels`.
    pub samples: Vec<Sample>,
    /// Each with the sample it belongs to.
    pub labels: Vec<(usize, RawLabel)>,
    pub mappings: Vec<RawMapping>,
    pub locations: Vec<RawLocation>,
    pub location_ids: Ids,
    pub functions: Vec<RawFunction>,
    pub function_ids: Ids,
    pub strings: Vec<String>,
    pub drop_frames: u64,
    pub keep_frames: u64,
    pub time_nanos: i64,
    pub duration_nanos: i64,
    pub period_type: Option<RawType>,
    pub period: i64,
    pub comments: Vec<u64>,
    pub default_sample_type: u64,
    pub doc_url: u64,
}

impl Tables {
    pub(super) fn resolve(mut self) -> Result<Profile, ReadError> {
        let sample_types =
            self.sample_types.iter().map(|&raw| self.kind(raw)).collect::<Result<Vec<_>, _>>()?;
        let default_name = self.text(self.default_sample_type)?;
        let default_sample_type = if default_name.is_empty() {
            None
        } else {
            sample_types.iter().position(|kind| kind.name == default_name)
        };
        let Comments { comments, benches, timeline } = self.comments()?;
        Ok(Profile {
            default_sample_type,
            samples: self.samples(sample_types.len())?,
            locations: self.locations()?,
            functions: self.functions()?,
            mappings: self.mappings()?,
            time_nanos: self.time_nanos,
            duration_nanos: self.duration_nanos,
            period_type: self.period_type.map(|raw| self.kind(raw)).transpose()?,
            period: self.period,
            comments,
            drop_frames: self.text(self.drop_frames)?.to_owned(),
            keep_frames: self.text(self.keep_frames)?.to_owned(),
            doc_url: self.text(self.doc_url)?.to_owned(),
            benches,
            timeline,
            sample_types,
        })
    }

    fn text(&self, index: u64) -> Result<&str, ReadError> {
        match self.strings.get(usize::try_from(index).unwrap_or(usize::MAX)) {
            Some(text) => Ok(text),
            None if index == 0 => Ok(""),
            None => Err(ReadError::Dangling { what: "string", id: index }),
        }
    }

    fn kind(&self, raw: RawType) -> Result<ValueType, ReadError> {
        Ok(ValueType::new(self.text(raw.name)?, self.text(raw.unit)?))
    }

    fn comments(&self) -> Result<Comments, ReadError> {
        let mut all = Comments::default();
        for &index in &self.comments {
            let text = self.text(index)?;
            if let Some(found) = benches::from_comment(text) {
                all.benches.extend(found);
            } else if let Some(found) = benches::timeline_from_comment(text) {
                all.timeline.get_or_insert(found);
            } else {
                all.comments.push(text.to_owned());
            }
        }
        Ok(all)
    }

    fn samples(&mut self, types: usize) -> Result<Vec<Sample>, ReadError> {
        let places = std::mem::take(&mut self.location_ids)
            .table("location", self.locations.iter().map(|raw| raw.id))?;
        let mut samples = std::mem::take(&mut self.samples);
        for (index, sample) in samples.iter_mut().enumerate() {
            if sample.values.len() != types {
                let values = sample.values.len();
                return Err(ReadError::ValueCount { sample: index, values, types });
            }
            for location in &mut sample.stack {
                *location = places.get(*location)?;
            }
        }
        for (sample, raw) in std::mem::take(&mut self.labels) {
            // Neither text nor number: pprof does not know such a label either.
            if raw.text == 0 && raw.number == 0 && raw.unit == 0 {
                continue;
            }
            let label = Label {
                key: self.text(raw.key)?.to_owned(),
                text: self.text(raw.text)?.to_owned(),
                number: if raw.text == 0 { raw.number } else { 0 },
                unit: if raw.text == 0 { self.text(raw.unit)?.to_owned() } else { String::new() },
            };
            samples[sample].labels.push(label);
        }
        Ok(samples)
    }

    fn locations(&mut self) -> Result<Vec<Location>, ReadError> {
        let functions = std::mem::take(&mut self.function_ids)
            .table("function", self.functions.iter().map(|raw| raw.id))?;
        let mappings: HashMap<u64, u32> =
            self.mappings.iter().zip(0..).map(|(raw, index)| (raw.id, index)).collect();
        std::mem::take(&mut self.locations)
            .into_iter()
            .map(|raw| {
                let mut lines = raw.lines;
                for line in &mut lines {
                    line.function = functions.get(line.function)?;
                }
                Ok(Location {
                    // As pprof has it, a mapping that is not there is no mapping.
                    mapping: mappings.get(&raw.mapping).copied().filter(|_| raw.mapping != 0),
                    address: raw.address,
                    lines,
                    is_folded: raw.is_folded,
                })
            })
            .collect()
    }

    fn functions(&self) -> Result<Vec<Function>, ReadError> {
        let function = |raw: &RawFunction| {
            Ok(Function {
                name: self.text(raw.name)?.to_owned(),
                system_name: self.text(raw.system_name)?.to_owned(),
                filename: self.text(raw.filename)?.to_owned(),
                start_line: raw.start_line,
            })
        };
        self.functions.iter().map(function).collect()
    }

    fn mappings(&self) -> Result<Vec<Mapping>, ReadError> {
        let mut seen = std::collections::HashSet::new();
        self.mappings
            .iter()
            .map(|raw| {
                if raw.id == 0 || !seen.insert(raw.id) {
                    return Err(ReadError::BadId { what: "mapping", id: raw.id });
                }
                Ok(Mapping {
                    start: raw.start,
                    limit: raw.limit,
                    offset: raw.offset,
                    filename: self.text(raw.filename)?.to_owned(),
                    build_id: self.text(raw.build_id)?.to_owned(),
                    has: raw.has,
                })
            })
            .collect()
    }
}
