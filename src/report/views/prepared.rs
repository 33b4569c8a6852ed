//! A profile made ready for one view: merged, filtered, aggregated, with its total and its units.

use std::path::Path;

use super::error::ViewError;
use super::graph::Graph;
use super::measure;
use super::prepare::{self, Base, Units};
use super::settings::{Granularity, Settings, View};
use crate::model::profile::{Profile, Sample};
use crate::report::inert::inert;

/// A profile made ready for one view.
#[derive(Debug)]
pub struct Prepared {
    pub(super) profile: Profile,
    pub(super) settings: Settings,
    pub(super) view: View,
    /// What percentages are of.
    pub(super) total: i64,
    /// The sample type's name and unit.
    pub(super) kind: String,
    pub(super) unit: String,
    /// The unit numbers are printed in, once chosen.
    pub(super) output_unit: String,
    pub(super) label_units: Units,
    /// What matched nothing, and the like.
    pub warnings: Vec<String>,
    index: usize,
    mean: bool,
}

impl Prepared {
    /// Puts the sources together and makes them ready.
    pub fn new(
        sources: Vec<Profile>,
        base: Option<Base>,
        settings: &Settings,
        view: View,
    ) -> Result<Self, ViewError> {
        let mut profile = prepare::combine(sources, base)?;
        prepare::simplify_names(&mut profile);
        defuse(&mut profile);
        prepare::remove_uninteresting(&mut profile);
        if !settings.benches.is_empty() {
            prepare::keep_benches(&mut profile, &settings.benches)?;
        }

        let mut warnings = Vec::new();
        let label_units = prepare::units(&profile, &mut warnings);
        let settings = settings.clone().for_view(view);
        let (root, leaf) = (&settings.tagroot, &settings.tagleaf);
        prepare::add_tag_nodes(&mut profile, root, leaf, &settings.unit, &mut warnings);
        if settings.divide_by == 0.0 {
            return Err(ViewError::ZeroDivisor);
        }
        let index = sample_index(&profile, &settings.sample_index)?;
        let kind = &profile.sample_types[index];
        let mut prepared = Prepared {
            kind: if settings.mean { format!("mean_{}", kind.name) } else { kind.name.clone() },
            unit: kind.unit.clone(),
            output_unit: settings.unit.clone(),
            mean: settings.mean,
            total: 0,
            profile,
            settings,
            view,
            label_units,
            warnings,
            index,
        };
        if prepared.settings.relative_percentages {
            prepared.filter()?;
            prepared.total = prepared.sum();
        } else {
            prepared.total = prepared.sum();
            prepared.filter()?;
        }
        prepared.aggregate();
        if !matches!(view, View::Raw | View::Traces | View::Tags) {
            prepared.trim_paths();
        }
        Ok(prepared)
    }

    /// The profile as the view has it.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The place of the sample type shown.
    pub fn sample_index(&self) -> usize {
        self.index
    }

    /// A sample's value, and what to divide it by for a mean.
    pub(super) fn value(&self, sample: &Sample) -> (i64, i64) {
        (sample.values[self.index], if self.mean { sample.values[0] } else { 0 })
    }

    /// A value as the view prints it.
    pub(super) fn format(&self, value: i64) -> String {
        measure::label(self.ratio(value), &self.unit, &self.output_unit)
    }

    fn ratio(&self, value: i64) -> i64 {
        let ratio = 1.0 / self.settings.divide_by;
        if ratio > 0.0 && ratio != 1.0 { measure::whole(value as f64 * ratio) } else { value }
    }

    /// Share of the total.
    pub(super) fn share(&self, value: i64) -> String {
        measure::percentage(value, self.total)
    }

    /// The program's name.
    pub fn title(&self) -> &str {
        self.profile.mappings.first().map_or("", |mapping| base_name(&mapping.filename))
    }

    /// Chooses the unit that suits the smallest and the largest of the values shown: own costs, and
    /// where they are 0, those with callees.
    pub(super) fn choose_unit(&mut self, graph: &Graph) {
        if self.output_unit != "minimum" || graph.order.is_empty() {
            return;
        }
        let smallest = graph
            .live()
            .map(|node| match node.flat_value() {
                0 => node.cum_value(),
                flat => flat,
            })
            .map(i64::wrapping_abs)
            .filter(|&value| value > 0)
            .min();
        let low = self.ratio(smallest.unwrap_or(self.total));
        let high = self.ratio(self.total);
        let unit_of = |value: i64| measure::scale(value, &self.unit, "minimum").1;
        let mut unit = unit_of(low);
        // Two decimals carry the smallest value into a larger unit; Callgrind has none.
        let larger = low.wrapping_mul(100);
        if unit != unit_of(high) && larger < high && self.view != View::Callgrind {
            unit = unit_of(larger);
        }
        self.output_unit = if unit.is_empty() { self.unit.clone() } else { unit };
    }

    /// Sum of the absolute values; of the base's alone where one is compared with.
    fn sum(&self) -> i64 {
        let mut all = (0i64, 0i64);
        let mut base = (0i64, 0i64);
        for sample in &self.profile.samples {
            let (value, divisor) = self.value(sample);
            let value = value.wrapping_abs();
            all = (all.0.wrapping_add(value), all.1.wrapping_add(divisor));
            if prepare::is_base(sample) {
                base = (base.0.wrapping_add(value), base.1.wrapping_add(divisor));
            }
        }
        let (total, divisor) = if base.0 > 0 { base } else { all };
        if divisor == 0 { total } else { total.wrapping_div(divisor) }
    }

    fn filter(&mut self) -> Result<(), ViewError> {
        let filters = &self.settings.filters;
        prepare::apply(&mut self.profile, filters, &self.label_units, &mut self.warnings)?;
        if self.settings.fold {
            prepare::fold(&mut self.profile);
        }
        Ok(())
    }

    /// Takes the prefixes off source paths that say nothing here.
    fn trim_paths(&mut self) {
        let settings = &self.settings;
        for function in &mut self.profile.functions {
            let kept = trimmed(&function.filename, &settings.trim_path, &settings.source_path);
            if kept.len() < function.filename.len() {
                function.filename = kept.to_owned();
            }
        }
    }

    /// Forgets what the granularity does not tell apart.
    fn aggregate(&mut self) {
        let inlines = !self.settings.noinlines;
        let (function, file, line, address) = match self.settings.granularity {
            Granularity::Addresses if inlines => return,
            Granularity::Addresses => (true, true, true, true),
            Granularity::Lines => (true, true, true, false),
            Granularity::Files => (false, true, false, false),
            Granularity::FileFunctions => (true, true, false, false),
            Granularity::Functions => (true, false, false, false),
        };
        for mapping in &mut self.profile.mappings {
            let kept = [function, file, line, inlines];
            for (has, kept) in mapping.has.iter_mut().zip(kept) {
                *has &= kept;
            }
        }
        for item in &mut self.profile.functions {
            if !function {
                item.name.clear();
                item.system_name.clear();
            }
            if !file {
                item.filename.clear();
            }
        }
        for location in &mut self.profile.locations {
            if !inlines && location.lines.len() > 1 {
                location.lines.drain(..location.lines.len() - 1);
            }
            for place in &mut location.lines {
                place.column = 0;
                if !line {
                    place.line = 0;
                }
            }
            if !address {
                location.address = 0;
            }
        }
    }
}

/// The sample type asked for: by number, by name, by name without `inuse_`.
fn sample_index(profile: &Profile, name: &str) -> Result<usize, ViewError> {
    let types = &profile.sample_types;
    let last = types.len().checked_sub(1).ok_or(ViewError::NoSampleTypes)?;
    if name.is_empty() {
        return Ok(profile.default_sample_type.filter(|&at| at <= last).unwrap_or(last));
    }
    let found = match name.parse::<usize>() {
        Ok(at) => Some(at).filter(|&at| at <= last),
        Err(_) => {
            let legacy = name.strip_prefix("inuse_").unwrap_or(name);
            types.iter().position(|kind| kind.name == name || kind.name == legacy)
        }
    };
    found.ok_or_else(|| ViewError::UnknownSampleType {
        name: name.to_owned(),
        known: types.iter().map(|kind| kind.name.clone()).collect(),
    })
}

/// Spells out control characters and marks that reorder text, wherever a profile may hide them.
fn defuse(profile: &mut Profile) {
    let clean = |text: &mut String| {
        if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
            return;
        }
        if let std::borrow::Cow::Owned(harmless) = inert(text) {
            *text = harmless;
        }
    };
    for function in &mut profile.functions {
        clean(&mut function.name);
        clean(&mut function.system_name);
        clean(&mut function.filename);
    }
    for mapping in &mut profile.mappings {
        clean(&mut mapping.filename);
        clean(&mut mapping.build_id);
    }
    let types = profile.sample_types.iter_mut().chain(&mut profile.period_type);
    for kind in types {
        clean(&mut kind.name);
        clean(&mut kind.unit);
    }
    for label in profile.samples.iter_mut().flat_map(|sample| &mut sample.labels) {
        clean(&mut label.key);
        clean(&mut label.text);
        clean(&mut label.unit);
    }
    profile.comments.iter_mut().for_each(clean);
    for totals in &mut profile.benches {
        clean(&mut totals.bench);
        clean(&mut totals.package);
        clean(&mut totals.target);
        clean(&mut totals.harness);
    }
    if let Some(timeline) = &mut profile.timeline {
        timeline.threads.iter_mut().for_each(|thread| clean(&mut thread.name));
        for place in &mut timeline.places {
            clean(&mut place.function);
            clean(&mut place.file);
        }
    }
}

/// Without a prefix that was named; where none was, without what stands before a directory called
/// as one of the source directories.
fn trimmed<'a>(path: &'a str, trim_path: &str, source_path: &str) -> &'a str {
    if trim_path.is_empty() {
        for dir in source_path.split(':').filter(|dir| !dir.is_empty()) {
            let wanted = format!("/{}/", base_name(dir));
            if let Some(found) = path.find(&wanted) {
                return &path[found + wanted.len()..];
            }
        }
    }
    let prefixes = trim_path.split(':').filter(|prefix| !prefix.is_empty());
    for prefix in prefixes.chain(["/proc/self/cwd/./", "/proc/self/cwd/"]) {
        let slash = if prefix.ends_with('/') { "" } else { "/" };
        if let Some(rest) = path.strip_prefix(prefix).and_then(|rest| rest.strip_prefix(slash)) {
            return rest;
        }
    }
    path
}

/// The last component of a path.
pub(super) fn base_name(path: &str) -> &str {
    Path::new(path).file_name().and_then(|name| name.to_str()).unwrap_or(path)
}
