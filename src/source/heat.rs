//! What the profile measured at a place in the source, in its callees, and per bench.
//!
//! A stack counts once for a span, however many of its frames lie in it. A frame of a dependency
//! counts for the workspace line that called it, because that line is in the same stack.

mod call_sites;
mod rough;
mod ways;

pub use ways::Stop;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::model::callee;
use crate::model::profile::{BenchTotals, Function, Profile};

use super::file::SourceFile;
use super::paths;

use call_sites::CallSites;

/// Tells functions by their demangled name, [as the old mangling writes it](callee::in_old_style).
pub type NameTest = fn(&str) -> bool;

/// A profile, laid over the files of the workspace.
#[derive(Debug)]
pub struct Heat<'p> {
    profile: &'p Profile,
    benches: Vec<Bench<'p>>,
    /// Index into `benches` for each sample; `None` for samples outside every bench.
    bench_of: Vec<Option<u32>>,
    /// For each file, its places in the order of lines.
    places: Vec<Vec<Place>>,
    /// For each location, where it stands in which samples.
    occurrences: Vec<Vec<Occurrence>>,
    /// File and line of the frames that lie in the workspace, by location and inlined function.
    line_of: HashMap<(u32, u32), (usize, u32)>,
    tests: Mutex<HashMap<usize, Arc<Vec<bool>>>>,
}

#[derive(Debug)]
struct Bench<'p> {
    name: &'p str,
    totals: Option<&'p BenchTotals>,
    /// Sum over its samples, per sample type.
    sums: Vec<i64>,
}

/// A frame's place in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    line: u32,
    column: u32,
    location: u32,
    /// Which of the location's lines it is: 0 is the innermost inlined function.
    inlined: u32,
}

/// A place in the source: line and column 1-based, column 0 for the whole line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Spot {
    file: usize,
    line: u32,
    column: u32,
}

#[derive(Clone, Copy, Debug)]
struct Occurrence {
    sample: u32,
    depth: u32,
}

/// A part of a file: lines and columns 1-based, columns in bytes, the end exclusive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Index of the file, in the order given to [`Heat::new`].
    pub file: usize,
    /// Line and column of the first byte.
    pub start: (u32, u32),
    /// Line and column behind the last byte.
    pub end: (u32, u32),
}

/// What a sample type counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Quantity {
    /// CPU time.
    Cpu,
    /// Allocations.
    Allocations,
    /// Bytes allocated.
    Bytes,
    /// Reallocations that grew.
    Growths,
    /// Bytes these copied.
    GrowthBytes,
    /// Time waited for locks.
    LockDelay,
    /// System calls for input and output.
    IoCalls,
    /// Bytes in use at the end.
    InUse,
}

impl Quantity {
    /// The sample type's name, which is also that of the exact counter.
    pub fn sample_type(self) -> &'static str {
        match self {
            Quantity::Cpu => "cpu",
            Quantity::Allocations => "alloc_objects",
            Quantity::Bytes => "alloc_space",
            Quantity::Growths => "growths",
            Quantity::GrowthBytes => "growth_copied",
            Quantity::LockDelay => "lock_delay",
            Quantity::IoCalls => "io_calls",
            Quantity::InUse => "inuse_space",
        }
    }
}

/// The stacks that pass through a region.
#[derive(Clone, Debug)]
pub struct Measured<'h> {
    heat: &'h Heat<'h>,
    stacks: Vec<Through>,
}

/// A stack that passes through a region, with the first and last frame that lie in it.
#[derive(Clone, Copy, Debug)]
struct Through {
    sample: u32,
    innermost: FrameAt,
    outermost: FrameAt,
}

/// A frame of a stack: innermost first, and within a location innermost inlined first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct FrameAt {
    depth: u32,
    inlined: u32,
}

/// What one bench spent.
#[derive(Clone, Copy, Debug)]
pub struct Cost<'h> {
    /// Its name.
    pub bench: &'h str,
    /// Value of the quantity here.
    pub value: i64,
    /// Value of the quantity in the whole bench.
    pub total: i64,
}

impl Cost<'_> {
    /// Part of the whole; 0 where the bench has none of it.
    pub fn share(&self) -> f64 {
        if self.total > 0 { self.value as f64 / self.total as f64 } else { 0.0 }
    }
}

impl<'p> Heat<'p> {
    /// Lays a profile over files, whose paths are relative to `root`.
    pub fn new(profile: &'p Profile, root: &Path, files: &[SourceFile]) -> Self {
        let (benches, bench_of) = benches(profile);
        let mut places: Vec<Vec<Place>> = vec![Vec::new(); files.len()];
        let paths: Vec<PathBuf> = files.iter().map(|file| file.path.clone()).collect();
        let names: Vec<&str> = profile.functions.iter().map(|f| f.filename.as_str()).collect();
        let file_of = by_distinct_name(&names, |names| paths::matched(root, &paths, names));
        let mut call_sites = CallSites::new(files);
        let mut spots: HashMap<(Spot, u32), Spot> = HashMap::new();
        let mut occurrences: Vec<Vec<Occurrence>> = vec![Vec::new(); profile.locations.len()];
        let mut is_ours = vec![false; profile.locations.len()];
        let mut line_of = HashMap::new();
        for (at, location) in profile.locations.iter().enumerate() {
            for (inlined, line) in location.lines.iter().enumerate() {
                let function = line.function as usize;
                let Some(file) = file_of.get(function).copied().flatten() else { continue };
                // Line 0 is code of the compiler's own making: it counts to the function.
                let (row, column) = match line.line {
                    0 => (profile.functions[function].start_line, 0),
                    row => (row, line.column),
                };
                if row > 0 {
                    let spot = Spot { file, line: row, column };
                    let Spot { file, line: row, column } =
                        *spots.entry((spot, line.function)).or_insert_with(|| {
                            let name = &profile.functions[function].name;
                            call_sites.of(spot, name).unwrap_or(spot)
                        });
                    is_ours[at] = true;
                    let (location, inlined) = (at as u32, inlined as u32);
                    line_of.insert((location, inlined), (file, row));
                    places[file].push(Place { line: row, column, location, inlined });
                }
            }
        }
        for list in &mut places {
            list.sort_unstable();
        }
        for (at, sample) in profile.samples.iter().enumerate() {
            for (depth, &location) in sample.stack.iter().enumerate() {
                if is_ours.get(location as usize) == Some(&true) {
                    let occurrence = Occurrence { sample: at as u32, depth: depth as u32 };
                    occurrences[location as usize].push(occurrence);
                }
            }
        }
        Heat { profile, benches, bench_of, places, occurrences, line_of, tests: Mutex::default() }
    }

    /// Whether a quantity was measured at all.
    pub fn has(&self, quantity: Quantity) -> bool {
        self.column(quantity).is_some()
    }

    /// The benches.
    pub fn bench_names(&self) -> impl Iterator<Item = &'p str> + '_ {
        self.benches.iter().map(|bench| bench.name)
    }

    /// The exact totals of a bench.
    pub fn totals(&self, bench: &str) -> Option<&'p BenchTotals> {
        self.benches.iter().find(|known| known.name == bench)?.totals
    }

    /// The stacks that pass through any of some regions.
    pub fn at<'h>(&'h self, regions: &[Region]) -> Measured<'h> {
        let mut frames: Vec<(u32, FrameAt)> = Vec::new();
        for region in regions {
            let places = self.places.get(region.file).map_or(&[][..], Vec::as_slice);
            let first = places.partition_point(|place| place.line < region.start.0);
            let inside = places[first..]
                .iter()
                .take_while(|place| place.line <= region.end.0)
                .filter(|place| region.covers(place.line, place.column));
            for place in inside {
                for occurrence in &self.occurrences[place.location as usize] {
                    let frame = FrameAt { depth: occurrence.depth, inlined: place.inlined };
                    frames.push((occurrence.sample, frame));
                }
            }
        }
        frames.sort_unstable();
        let mut stacks: Vec<Through> = Vec::new();
        for (sample, frame) in frames {
            match stacks.last_mut() {
                Some(last) if last.sample == sample => last.outermost = frame,
                _ => stacks.push(Through { sample, innermost: frame, outermost: frame }),
            }
        }
        Measured { heat: self, stacks }
    }

    /// Which functions pass a test, by index.
    fn tested(&self, test: NameTest) -> Arc<Vec<bool>> {
        let mut known = self.tests.lock().unwrap_or_else(PoisonError::into_inner);
        let passes = |function: &Function| test(&callee::in_old_style(&function.name));
        let evaluate = || Arc::new(self.profile.functions.iter().map(passes).collect());
        known.entry(test as usize).or_insert_with(evaluate).clone()
    }

    fn column(&self, quantity: Quantity) -> Option<usize> {
        let by_name = self.profile.sample_type(quantity.sample_type());
        // Profiles from elsewhere may count samples only; they stand for CPU time.
        by_name.or_else(|| match quantity {
            Quantity::Cpu => self.profile.sample_type("samples"),
            _ => None,
        })
    }
}

impl Region {
    fn covers(&self, line: u32, column: u32) -> bool {
        if column == 0 {
            return (self.start.0..=self.end.0).contains(&line);
        }
        self.start <= (line, column) && (line, column) < self.end
    }
}

impl<'h> Measured<'h> {
    /// Whether no stack passes here.
    pub fn is_empty(&self) -> bool {
        self.stacks.is_empty()
    }

    /// Those of the stacks in which a function that passes the test stands below the region.
    #[must_use]
    pub fn below(&self, test: NameTest) -> Measured<'h> {
        let passes = self.heat.tested(test);
        let profile = self.heat.profile;
        let below = |&Through { sample, outermost, .. }: &Through| {
            let stack = &profile.samples[sample as usize].stack;
            stack.iter().take(outermost.depth as usize + 1).enumerate().any(|(depth, &location)| {
                let lines = profile.locations.get(location as usize).map(|l| l.lines.as_slice());
                let within = lines.unwrap_or_default().iter().enumerate();
                within
                    .take_while(|&(inlined, _)| {
                        let frame = FrameAt { depth: depth as u32, inlined: inlined as u32 };
                        frame < outermost
                    })
                    .any(|(_, line)| passes.get(line.function as usize) == Some(&true))
            })
        };
        let stacks = self.stacks.iter().filter(|stack| below(stack)).copied().collect();
        Measured { heat: self.heat, stacks }
    }

    /// Those of the stacks that come through a function that passes the test.
    #[must_use]
    pub fn above(&self, test: NameTest) -> Measured<'h> {
        let passes = self.heat.tested(test);
        let profile = self.heat.profile;
        let above = |&Through { sample, outermost, .. }: &Through| {
            let stack = &profile.samples[sample as usize].stack;
            stack.iter().skip(outermost.depth as usize).any(|&location| {
                let lines = profile.locations.get(location as usize).map(|l| l.lines.as_slice());
                let mut lines = lines.unwrap_or_default().iter();
                lines.any(|line| passes.get(line.function as usize) == Some(&true))
            })
        };
        let stacks = self.stacks.iter().filter(|stack| above(stack)).copied().collect();
        Measured { heat: self.heat, stacks }
    }

    /// Those of the stacks in which the region itself calls a function that passes the test.
    #[must_use]
    pub fn through(&self, test: NameTest) -> Measured<'h> {
        let passes = self.heat.tested(test);
        let profile = self.heat.profile;
        let lines = |sample: u32, depth: u32| {
            let stack = &profile.samples[sample as usize].stack;
            let location = stack.get(depth as usize).map(|&at| profile.locations.get(at as usize));
            location.flatten().map_or(&[][..], |location| location.lines.as_slice())
        };
        let called = |&Through { sample, innermost: FrameAt { depth, inlined }, .. }: &Through| {
            // The callee is the next inlined function, or the outermost one of the next location.
            let line = match (inlined.checked_sub(1), depth.checked_sub(1)) {
                (Some(inlined), _) => lines(sample, depth).get(inlined as usize),
                (None, Some(depth)) => lines(sample, depth).last(),
                (None, None) => None,
            };
            line.is_some_and(|line| passes.get(line.function as usize) == Some(&true))
        };
        let stacks = self.stacks.iter().filter(|stack| called(stack)).copied().collect();
        Measured { heat: self.heat, stacks }
    }

    /// Those of the stacks whose innermost frame lies in the region: its own code.
    #[must_use]
    pub fn own(&self) -> Measured<'h> {
        let innermost = FrameAt { depth: 0, inlined: 0 };
        let own = |stack: &&Through| stack.innermost == innermost;
        let stacks = self.stacks.iter().filter(own).copied().collect();
        Measured { heat: self.heat, stacks }
    }

    /// What each bench spent here, in the order of the benches; `None` where that was not measured.
    pub fn costs(&self, quantity: Quantity) -> Option<Vec<Cost<'h>>> {
        let column = self.heat.column(quantity)?;
        let mut values = vec![0_i64; self.heat.benches.len()];
        for Through { sample, .. } in &self.stacks {
            if let Some(bench) = self.heat.bench_of[*sample as usize] {
                let value = self.heat.profile.samples[*sample as usize].values.get(column);
                let sum = &mut values[bench as usize];
                *sum = sum.saturating_add(value.copied().unwrap_or(0));
            }
        }
        let benches = self.heat.benches.iter().zip(values);
        Some(
            benches
                .map(|(bench, value)| Cost { bench: bench.name, value, total: bench.sums[column] })
                .collect(),
        )
    }

    /// How many blocks of which size were allocated here, or have grown to it, smallest first, per
    /// bench.
    pub fn block_sizes(&self, quantity: Quantity) -> Vec<BTreeMap<u64, i64>> {
        let mut sizes = vec![BTreeMap::new(); self.heat.benches.len()];
        let Some(column) = self.heat.column(quantity) else { return sizes };
        for Through { sample, .. } in &self.stacks {
            let Some(bench) = self.heat.bench_of[*sample as usize] else { continue };
            let sample = &self.heat.profile.samples[*sample as usize];
            let (Some(size), Some(&value)) = (sample.block_size(), sample.values.get(column))
            else {
                continue;
            };
            if value > 0 {
                let blocks: &mut i64 = sizes[bench as usize].entry(size).or_default();
                *blocks = blocks.saturating_add(value);
            }
        }
        sizes
    }

    /// CPU samples per bench.
    pub fn samples(&self) -> Vec<u64> {
        let profile = self.heat.profile;
        let column = profile.sample_type("samples");
        let cpu = self.heat.column(Quantity::Cpu);
        let mut counts = vec![0_u64; self.heat.benches.len()];
        for Through { sample, .. } in &self.stacks {
            let Some(bench) = self.heat.bench_of[*sample as usize] else { continue };
            let values = &profile.samples[*sample as usize].values;
            let value = |column: Option<usize>| column.and_then(|at| values.get(at)).copied();
            let count = match (value(column), value(cpu)) {
                (Some(count), _) => count.max(0) as u64,
                (None, Some(time)) => u64::from(time > 0),
                (None, None) => 0,
            };
            counts[bench as usize] = counts[bench as usize].saturating_add(count);
        }
        counts
    }
}

fn benches(profile: &Profile) -> (Vec<Bench<'_>>, Vec<Option<u32>>) {
    let labelled = profile.samples.iter().any(|sample| sample.label("bench").is_some());
    // A profile from elsewhere knows no benches: the whole of it is one.
    let only = profile.benches.first().map_or("", |bench| bench.bench.as_str());
    let mut index: HashMap<&str, u32> = HashMap::new();
    let mut benches: Vec<Bench<'_>> = Vec::new();
    let mut bench_of = Vec::with_capacity(profile.samples.len());
    for sample in &profile.samples {
        let Some(name) = (if labelled { sample.label("bench") } else { Some(only) }) else {
            bench_of.push(None);
            continue;
        };
        let at = *index.entry(name).or_insert_with(|| {
            let totals = profile.benches.iter().find(|totals| totals.bench == name);
            benches.push(Bench { name, totals, sums: vec![0; profile.sample_types.len()] });
            benches.len() as u32 - 1
        });
        let sums = &mut benches[at as usize].sums;
        for (sum, value) in sums.iter_mut().zip(&sample.values) {
            *sum = sum.saturating_add(*value);
        }
        bench_of.push(Some(at));
    }
    (benches, bench_of)
}

/// Applies a function to the distinct names only.
fn by_distinct_name(
    names: &[&str],
    apply: impl FnOnce(&[&str]) -> Vec<Option<usize>>,
) -> Vec<Option<usize>> {
    let mut index: HashMap<&str, usize> = HashMap::new();
    let mut distinct = Vec::new();
    let positions: Vec<usize> = names
        .iter()
        .map(|name| {
            *index.entry(name).or_insert_with(|| {
                distinct.push(*name);
                distinct.len() - 1
            })
        })
        .collect();
    let results = apply(&distinct);
    positions.into_iter().map(|at| results[at]).collect()
}
