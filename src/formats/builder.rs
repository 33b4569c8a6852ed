//! A profile put together from frames and stacks as other formats have them.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};

use crate::model::profile::{Function, Label, Line, Location, Mapping, Profile, Sample, ValueType};

/// Stack entries beyond this are refused: files can describe far more than they hold.
const MAX_ENTRIES: usize = 1 << 28;

/// Stack entries looked at beyond this are refused: equal stacks cost time, though no memory.
const MAX_WORK: u64 = 1 << 33;

/// What the file describes does not fit into memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

/// Interns frames and adds up equal stacks.
#[derive(Debug, Default)]
pub struct Builder {
    profile: Profile,
    functions: FxHashMap<Function, u32>,
    mappings: FxHashMap<Mapping, u32>,
    locations: FxHashMap<Location, u32>,
    /// The first sample of a hash; `next` chains those that share it.
    samples: FxHashMap<u64, u32>,
    next: Vec<u32>,
    entries: usize,
    work: u64,
}

const NONE: u32 = u32::MAX;

impl Builder {
    /// A profile of these sample types.
    pub fn new(sample_types: Vec<ValueType>) -> Self {
        Builder { profile: Profile { sample_types, ..Profile::default() }, ..Builder::default() }
    }

    /// A function's place.
    pub fn function(&mut self, name: &str, filename: &str) -> u32 {
        self.function_as(Function {
            name: name.to_owned(),
            filename: filename.to_owned(),
            ..Function::default()
        })
    }

    /// The same with all that is known of it.
    pub fn function_as(&mut self, function: Function) -> u32 {
        let functions = &mut self.profile.functions;
        *self.functions.entry(function).or_insert_with_key(|function| {
            functions.push(function.clone());
            functions.len() as u32 - 1
        })
    }

    /// A mapping's place.
    pub fn mapping(&mut self, mapping: Mapping) -> u32 {
        let mappings = &mut self.profile.mappings;
        *self.mappings.entry(mapping).or_insert_with_key(|mapping| {
            mappings.push(mapping.clone());
            mappings.len() as u32 - 1
        })
    }

    /// A location's place.
    pub fn location(&mut self, location: Location) -> u32 {
        let locations = &mut self.profile.locations;
        *self.locations.entry(location).or_insert_with_key(|location| {
            locations.push(location.clone());
            locations.len() as u32 - 1
        })
    }

    /// The location of one line of a function, without an address.
    pub fn line(&mut self, function: u32, line: u32, column: u32) -> u32 {
        let lines = vec![Line { function, line, column }];
        self.location(Location { lines, ..Location::default() })
    }

    /// Adds a stack, innermost frame first.
    pub fn sample(
        &mut self,
        stack: &[u32],
        values: &[i64],
        labels: &[Label],
    ) -> Result<(), TooLarge> {
        self.work += stack.len() as u64;
        if self.work > MAX_WORK {
            return Err(TooLarge);
        }
        let mut hasher = FxHasher::default();
        stack.hash(&mut hasher);
        labels.hash(&mut hasher);
        let samples = &mut self.profile.samples;
        let new = samples.len() as u32;
        let mut at = *self.samples.entry(hasher.finish()).or_insert(new);
        while at != new {
            let there = &mut samples[at as usize];
            if there.stack == stack && there.labels == labels {
                for (sum, value) in there.values.iter_mut().zip(values) {
                    *sum = sum.wrapping_add(*value);
                }
                return Ok(());
            }
            let next = &mut self.next[at as usize];
            if *next == NONE {
                *next = new;
            }
            at = *next;
        }
        self.entries += stack.len() + 2 * values.len() + 32;
        if self.entries > MAX_ENTRIES {
            return Err(TooLarge);
        }
        samples.push(Sample {
            stack: stack.to_vec(),
            values: values.to_vec(),
            labels: labels.to_vec(),
        });
        self.next.push(NONE);
        Ok(())
    }

    /// The profile, and what is to be set besides.
    pub fn finish(self) -> Profile {
        self.profile
    }
}
