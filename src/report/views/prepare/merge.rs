//! Profiles put together: equal stacks become one sample, and what nothing refers to is dropped.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};

use crate::model::profile::{Function, Label, Line, Location, Mapping, Profile, Sample, ValueType};
use crate::report::views::error::ViewError;
use crate::report::views::measure::{convertible, scale};

/// A profile to compare with.
#[derive(Debug)]
pub struct Base {
    /// Its profiles.
    pub profiles: Vec<Profile>,
    /// Percentages are of the base, not of the difference.
    pub diff: bool,
    /// The source is scaled to the base's totals first.
    pub normalize: bool,
}

/// The label that marks samples of the base in a difference.
const BASE_LABEL: &str = "pprof::base";

/// Puts the sources together and takes the base away from them.
pub fn combine(mut sources: Vec<Profile>, base: Option<Base>) -> Result<Profile, ViewError> {
    sources.iter_mut().for_each(give_mapping);
    let mut source = merge(sources)?;
    let Some(mut base) = base else { return Ok(source) };
    let (diff, normalize) = (base.diff, base.normalize);
    base.profiles.iter_mut().for_each(give_mapping);
    let mut base = merge(base.profiles)?;
    if diff {
        for sample in &mut base.samples {
            sample.labels.retain(|label| label.key != BASE_LABEL);
            sample.labels.push(Label::text(BASE_LABEL, "true"));
        }
    }
    if normalize {
        let ratios = normal_ratios(&source, &base)?;
        scale_values(&mut source, &ratios);
    }
    let minus = vec![-1.0; base.sample_types.len()];
    scale_values(&mut base, &minus);
    merge(vec![source, base])
}

/// A profile that names no executable is one of a single executable without a name.
fn give_mapping(profile: &mut Profile) {
    if profile.mappings.is_empty() {
        profile.mappings.push(Mapping::default());
        for location in &mut profile.locations {
            location.mapping = Some(0);
        }
    }
}

/// Whether a sample belongs to the base of a difference.
pub(crate) fn is_base(sample: &Sample) -> bool {
    sample.labels.iter().any(|label| label.key == BASE_LABEL && label.text == "true")
}

/// Merges profiles of the same kind into one.
pub fn merge(mut profiles: Vec<Profile>) -> Result<Profile, ViewError> {
    if profiles.len() > 1 {
        keep_common_types(&mut profiles)?;
        scale_units(&mut profiles)?;
    }
    let mut merger = Merger::of_headers(&profiles);
    for profile in profiles {
        merger.add(profile);
    }
    let out = merger.out;
    // Values that cancelled out leave stacks of nothing behind.
    if out.samples.iter().any(is_zero) { merge(vec![out]) } else { Ok(out) }
}

fn is_zero(sample: &Sample) -> bool {
    sample.values.iter().all(|&value| value == 0)
}

/// Keeps the sample types that all profiles have, in the order of the first.
fn keep_common_types(profiles: &mut [Profile]) -> Result<(), ViewError> {
    let names: Vec<String> = profiles[0]
        .sample_types
        .iter()
        .map(|kind| kind.name.clone())
        .filter(|name| profiles.iter().all(|profile| profile.sample_type(name).is_some()))
        .collect();
    if names.is_empty() {
        return Err(ViewError::Incompatible("they have no sample type in common".to_owned()));
    }
    for profile in profiles {
        let order: Vec<usize> = names.iter().filter_map(|name| profile.sample_type(name)).collect();
        if order.len() == profile.sample_types.len() && order.iter().zip(0..).all(|(&a, b)| a == b)
        {
            continue;
        }
        let default = profile.default_sample_type;
        profile.default_sample_type =
            Some(order.iter().position(|&at| Some(at) == default).unwrap_or(0));
        profile.sample_types = order.iter().map(|&at| profile.sample_types[at].clone()).collect();
        for sample in &mut profile.samples {
            sample.values = order.iter().map(|&at| sample.values[at]).collect();
        }
    }
    Ok(())
}

/// Brings values to the finest unit any of the profiles uses.
fn scale_units(profiles: &mut [Profile]) -> Result<(), ViewError> {
    let periods: Vec<&ValueType> =
        profiles.iter().filter_map(|profile| profile.period_type.as_ref()).collect();
    let period = finest(&periods)?.map(|kind| kind.unit.clone());
    let mut units = Vec::new();
    for at in 0..profiles[0].sample_types.len() {
        let kinds: Vec<&ValueType> =
            profiles.iter().map(|profile| &profile.sample_types[at]).collect();
        units.push(finest(&kinds)?.map(|kind| kind.unit.clone()));
    }
    for profile in profiles {
        if let (Some(kind), Some(unit)) = (&mut profile.period_type, &period) {
            profile.period = scale(profile.period, &kind.unit, unit).0 as i64;
            kind.unit.clone_from(unit);
        }
        let mut ratios = Vec::new();
        for (kind, unit) in profile.sample_types.iter_mut().zip(&units) {
            let unit = unit.as_ref().unwrap_or(&kind.unit);
            ratios.push(scale(1, &kind.unit, unit).0);
            kind.unit = unit.clone();
        }
        scale_values(profile, &ratios);
    }
    Ok(())
}

fn finest<'a>(kinds: &[&'a ValueType]) -> Result<Option<&'a ValueType>, ViewError> {
    let Some((&first, rest)) = kinds.split_first() else { return Ok(None) };
    let mut finest = first;
    for kind in rest {
        let singular = |kind: &'a ValueType| kind.name.strip_suffix('s').unwrap_or(&kind.name);
        if singular(finest) != singular(kind) || !convertible(&finest.unit, &kind.unit) {
            return Err(ViewError::Incompatible(format!(
                "{}/{} is not {}/{}",
                finest.name, finest.unit, kind.name, kind.unit
            )));
        }
        if scale(1, &kind.unit, &finest.unit).0 < 1.0 {
            finest = kind;
        }
    }
    Ok(Some(finest))
}

fn normal_ratios(source: &Profile, base: &Profile) -> Result<Vec<f64>, ViewError> {
    if source.sample_types != base.sample_types {
        return Err(ViewError::Incompatible("they have other sample types".to_owned()));
    }
    let sums = |profile: &Profile| {
        let mut sums = vec![0i64; profile.sample_types.len()];
        for sample in &profile.samples {
            for (sum, &value) in sums.iter_mut().zip(&sample.values) {
                *sum = sum.wrapping_add(value);
            }
        }
        sums
    };
    let ratio = |(of_source, of_base): (i64, i64)| {
        if of_source == 0 { 0.0 } else { of_base as f64 / of_source as f64 }
    };
    Ok(sums(source).into_iter().zip(sums(base)).map(ratio).collect())
}

/// Multiplies values, and drops the samples of which nothing is left.
fn scale_values(profile: &mut Profile, ratios: &[f64]) {
    if ratios.iter().all(|&ratio| ratio == 1.0) {
        return;
    }
    profile.samples.retain_mut(|sample| {
        let mut keep = false;
        for (value, &ratio) in sample.values.iter_mut().zip(ratios) {
            if ratio != 1.0 {
                *value = (*value as f64 * ratio).round() as i64;
                keep |= *value != 0;
            }
        }
        keep
    });
}

const NONE: u32 = u32::MAX;

struct Merger {
    out: Profile,
    /// The first sample of a hash; `next` chains those that share it.
    samples: FxHashMap<u64, u32>,
    next: Vec<u32>,
    locations: FxHashMap<LocationKey, u32>,
    functions: FxHashMap<Function, u32>,
    mappings: FxHashMap<MappingKey, u32>,
}

#[derive(PartialEq, Eq, Hash)]
struct LocationKey {
    /// Relative to the mapping: it may lie elsewhere in each process.
    address: u64,
    mapping: Option<u32>,
    lines: Vec<Line>,
    is_folded: bool,
}

#[derive(PartialEq, Eq, Hash)]
struct MappingKey {
    size: u64,
    offset: u64,
    /// The build id, else the file name.
    file: String,
}

/// Where the tables of one source ended up.
struct Moved {
    locations: Vec<u32>,
    functions: Vec<u32>,
    /// With the distance its addresses move by.
    mappings: Vec<(u32, u64)>,
}

impl Merger {
    fn of_headers(profiles: &[Profile]) -> Self {
        let mut out = Profile::default();
        if let Some(first) = profiles.first() {
            out.sample_types.clone_from(&first.sample_types);
            out.drop_frames.clone_from(&first.drop_frames);
            out.keep_frames.clone_from(&first.keep_frames);
            out.period_type.clone_from(&first.period_type);
        }
        for profile in profiles {
            if out.time_nanos == 0 || profile.time_nanos < out.time_nanos {
                out.time_nanos = profile.time_nanos;
            }
            out.duration_nanos = out.duration_nanos.wrapping_add(profile.duration_nanos);
            if out.period == 0 || out.period < profile.period {
                out.period = profile.period;
            }
            for comment in &profile.comments {
                if !out.comments.contains(comment) {
                    out.comments.push(comment.clone());
                }
            }
            out.default_sample_type = out.default_sample_type.or(profile.default_sample_type);
            if out.doc_url.is_empty() {
                out.doc_url.clone_from(&profile.doc_url);
            }
            out.benches.extend(profile.benches.iter().cloned());
        }
        // Several recordings have no time in common.
        if let [one] = profiles {
            out.timeline.clone_from(&one.timeline);
        }
        Merger {
            out,
            samples: FxHashMap::default(),
            next: Vec::new(),
            locations: FxHashMap::default(),
            functions: FxHashMap::default(),
            mappings: FxHashMap::default(),
        }
    }

    fn add(&mut self, mut source: Profile) {
        let mut moved = Moved {
            locations: vec![NONE; source.locations.len()],
            functions: vec![NONE; source.functions.len()],
            mappings: vec![(NONE, 0); source.mappings.len()],
        };
        // The first mapping is the program itself, and stays the first.
        if self.mappings.is_empty() && !source.mappings.is_empty() {
            self.mapping(&mut source, &mut moved, 0);
        }
        for mut sample in std::mem::take(&mut source.samples) {
            if is_zero(&sample) {
                continue;
            }
            for location in &mut sample.stack {
                *location = self.location(&mut source, &mut moved, *location);
            }
            // By key, as viewers take labels; several values of one key keep their order.
            sample
                .labels
                .sort_by(|a, b| (!a.text.is_empty(), &a.key).cmp(&(!b.text.is_empty(), &b.key)));
            self.sample(sample);
        }
    }

    fn sample(&mut self, sample: Sample) {
        let mut hasher = FxHasher::default();
        sample.stack.hash(&mut hasher);
        sample.labels.hash(&mut hasher);
        let new = self.out.samples.len() as u32;
        let first = *self.samples.entry(hasher.finish()).or_insert(new);
        let mut at = first;
        while at != new {
            let there = &mut self.out.samples[at as usize];
            if there.stack == sample.stack && there.labels == sample.labels {
                for (sum, value) in there.values.iter_mut().zip(&sample.values) {
                    *sum = sum.wrapping_add(*value);
                }
                return;
            }
            let next = &mut self.next[at as usize];
            if *next == NONE {
                *next = new;
            }
            at = *next;
        }
        self.out.samples.push(sample);
        self.next.push(NONE);
    }

    fn location(&mut self, source: &mut Profile, moved: &mut Moved, index: u32) -> u32 {
        let known = moved.locations[index as usize];
        if known != NONE {
            return known;
        }
        let mut location = std::mem::take(&mut source.locations[index as usize]);
        let mut start = 0;
        if let Some(mapping) = location.mapping {
            let (place, distance) = self.mapping(source, moved, mapping);
            location.mapping = Some(place);
            location.address = location.address.wrapping_add(distance);
            start = self.out.mappings[place as usize].start;
        }
        for line in &mut location.lines {
            line.function = self.function(source, moved, line.function);
        }
        let key = LocationKey {
            address: location.address.wrapping_sub(start),
            mapping: location.mapping,
            lines: location.lines.clone(),
            is_folded: location.is_folded,
        };
        let locations: &mut Vec<Location> = &mut self.out.locations;
        let place = *self.locations.entry(key).or_insert_with(|| {
            locations.push(location);
            locations.len() as u32 - 1
        });
        moved.locations[index as usize] = place;
        place
    }

    fn function(&mut self, source: &mut Profile, moved: &mut Moved, index: u32) -> u32 {
        let known = moved.functions[index as usize];
        if known != NONE {
            return known;
        }
        let function = std::mem::take(&mut source.functions[index as usize]);
        let functions = &mut self.out.functions;
        let place = match self.functions.get(&function) {
            Some(&place) => place,
            None => {
                let place = functions.len() as u32;
                functions.push(function.clone());
                self.functions.insert(function, place);
                place
            }
        };
        moved.functions[index as usize] = place;
        place
    }

    fn mapping(&mut self, source: &mut Profile, moved: &mut Moved, index: u32) -> (u32, u64) {
        let known = moved.mappings[index as usize];
        if known.0 != NONE {
            return known;
        }
        let mapping = std::mem::take(&mut source.mappings[index as usize]);
        let start = mapping.start;
        let mappings: &mut Vec<Mapping> = &mut self.out.mappings;
        let place = *self.mappings.entry(mapping_key(&mapping)).or_insert_with(|| {
            mappings.push(mapping);
            mappings.len() as u32 - 1
        });
        let distance = mappings[place as usize].start.wrapping_sub(start);
        moved.mappings[index as usize] = (place, distance);
        (place, distance)
    }
}

/// The same file mapped at the same offset, whatever the address; sizes are rounded to pages.
fn mapping_key(mapping: &Mapping) -> MappingKey {
    let size = mapping.limit.wrapping_sub(mapping.start).wrapping_add(0xfff);
    let file = if mapping.build_id.is_empty() { &mapping.filename } else { &mapping.build_id };
    MappingKey { size: size - size % 0x1000, offset: mapping.offset, file: file.clone() }
}
