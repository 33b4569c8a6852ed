//! The end of a [`Builder`]: addresses get their names, and stacks become samples.

use std::collections::{BTreeMap, BTreeSet};

use super::resolve::{self, Functions};
use super::root;
use super::space::Modules;
use super::stacks::StackId;
use super::values::{Layout, Values};
use super::{Builder, Quality};
use crate::model::profile::{Label, Location, Mapping, Profile, Sample};

impl Builder {
    /// Resolves the addresses. Times, period, comments and bench totals are the caller's.
    pub fn finish(mut self) -> (Profile, Quality) {
        let mut functions = Functions::default();
        let frames = self.stacks.frames();
        let locations =
            resolve::resolve(frames, self.modules.all(), &mut functions, self.ahead.take());
        self.count_complete(&locations, &functions);
        let layout = Layout::new(&self.kinds, self.saw_thread_start);
        let values = self.without_allocator(&locations, &functions);
        let pids: BTreeSet<u32> = values.keys().map(|key| key.pid).collect();
        let samples = values
            .into_iter()
            .map(|(key, values)| {
                let mut labels = self.label_sets[key.labels.0 as usize].clone();
                labels.push(Label::text("thread", &self.thread_names.all[key.thread as usize]));
                if pids.len() > 1 {
                    labels.push(Label::number("pid", i64::from(key.pid)));
                }
                if key.lock != 0 {
                    labels.push(Label::text("lock", &format!("{:#x}", key.lock)));
                }
                if key.size != 0 {
                    labels.push(Label::bytes(key.size));
                }
                let stack = self.stacks.stacks()[key.stack as usize].to_vec();
                Sample { stack, values: layout.values(&values), labels }
            })
            // All that was allocated there was freed, and nothing else was measured.
            .filter(|sample| sample.values.iter().any(|&value| value != 0))
            .collect();
        let profile = Profile {
            sample_types: layout.types(),
            default_sample_type: layout.default_type(),
            samples,
            locations,
            functions: functions.all,
            mappings: mappings(&self.modules),
            ..Profile::default()
        };
        (profile, self.quality)
    }

    /// Counts the stacks whose last frame has no caller.
    fn count_complete(&mut self, locations: &[Location], functions: &Functions) {
        for (stack, copies) in self.stacks.stacks().iter().zip(&self.copies) {
            let Some(&last) = stack.last() else { continue };
            let is_root = *self.roots.entry(last).or_insert_with(|| {
                let frame = self.stacks.frames()[last as usize];
                let module = frame.module.and_then(|id| self.modules.get(id));
                let outermost = locations[last as usize].lines.last();
                module.is_some_and(|module| root::has_no_caller(module, frame.address))
                    || outermost.is_some_and(|line| {
                        root::is_root_name(&functions.all[line.function as usize].system_name)
                    })
            });
            if is_root {
                self.quality.complete += copies;
            }
        }
    }

    /// The values by key, in order; of what was allocated, the stacks begin at the code that
    /// asked for memory, not at the functions that only pass the question on.
    fn without_allocator(
        &mut self,
        locations: &[Location],
        functions: &Functions,
    ) -> BTreeMap<super::builder::Key, Values> {
        let passes_on: Vec<bool> =
            functions.all.iter().map(|function| is_allocator(&function.name)).collect();
        let passes_on: Vec<bool> = locations
            .iter()
            .map(|location| location.lines.iter().all(|line| passes_on[line.function as usize]))
            .collect();
        let mut trimmed: BTreeMap<StackId, StackId> = BTreeMap::new();
        let mut sums: BTreeMap<super::builder::Key, Values> = BTreeMap::new();
        for (mut key, values) in std::mem::take(&mut self.values) {
            if values.are_of_memory() {
                key.stack = *trimmed.entry(key.stack).or_insert_with(|| {
                    let stack = &self.stacks.stacks()[key.stack as usize];
                    let top = stack.iter().take_while(|&&at| passes_on[at as usize]).count();
                    let rest = stack[if top < stack.len() { top } else { 0 }..].to_vec();
                    self.stacks.stack(&rest)
                });
            }
            sums.entry(key).or_default().add(&values);
        }
        sums
    }
}

/// Whether a function only hands a request for memory to the allocator.
fn is_allocator(name: &str) -> bool {
    let last = name.strip_prefix("__rustc::").unwrap_or(name);
    last.starts_with("__rust_alloc")
        || last.starts_with("__rust_realloc")
        || last.starts_with("__rdl_")
        || last.starts_with("__rg_")
        || name.starts_with("std::sys::alloc::")
        || name.starts_with("<std::alloc::System as core::alloc::global::GlobalAlloc>::")
        || name.contains("<impl core::alloc::global::GlobalAlloc for std::alloc::System>::")
}

pub(super) fn mappings(modules: &Modules) -> Vec<Mapping> {
    let mapping = |module: &super::space::Module| {
        let (start, limit, offset) = module.first;
        Mapping {
            start,
            limit,
            offset,
            filename: module.path.clone(),
            build_id: module.image.build_id.clone(),
            has: [true; 4],
        }
    };
    modules.all().iter().map(mapping).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_that_only_pass_a_request_on_are_known() {
        for name in [
            "__rust_alloc",
            "__rustc::__rust_alloc_zeroed",
            "__rustc::__rdl_realloc",
            "std::sys::alloc::unix::<impl core::alloc::global::GlobalAlloc for std::alloc::System>::alloc",
            "std::sys::alloc::realloc_fallback",
        ] {
            assert!(is_allocator(name), "{name}");
        }
        for name in ["alloc::alloc::alloc", "alloc::raw_vec::finish_grow", "my::__rust_alloc_log"] {
            assert!(!is_allocator(name), "{name}");
        }
    }
}
