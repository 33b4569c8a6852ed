//! Gathers what each thread did when, in as many slots as a reader can look at.

use std::collections::HashMap;

use crate::capture::raw::What;
use crate::model::profile::{Line, Profile};
use crate::model::timeline::{Activity, Cell, Place, ThreadTime, Timeline};
use crate::symbolize::{Builder, Occurrence};

/// More slots than this are joined two by two.
const MAX_SLOTS: u64 = 480;

/// Threads that are kept.
const MAX_THREADS: usize = 48;

/// Stacks of one slot that are told apart; what comes later counts, but is nobody's place.
const MAX_STACKS: usize = 8;

const FIRST_SLOT_NANOS: u64 = 1_000_000;

/// Takes what is measured, in any order.
#[derive(Debug)]
pub(super) struct Gathered {
    slot_nanos: u64,
    slots: u64,
    /// Where the recording that is being read begins on the common axis, and in its own time.
    begin: (u64, u64),
    end: u64,
    threads: Vec<ThreadTime>,
    /// Of the recording that is being read.
    known: HashMap<(u32, u32), usize>,
    cells: HashMap<(usize, u64, Activity), Spent>,
}

/// Time in one slot.
#[derive(Clone, Debug, Default)]
struct Spent {
    nanos: u64,
    stacks: Vec<(u32, u64)>,
}

impl Spent {
    fn add(&mut self, stack: u32, nanos: u64) {
        match self.stacks.iter().position(|(known, _)| *known == stack) {
            Some(at) => self.stacks[at].1 = self.stacks[at].1.saturating_add(nanos),
            None if self.stacks.len() < MAX_STACKS => self.stacks.push((stack, nanos)),
            None => {}
        }
    }
}

impl Gathered {
    pub(super) fn new() -> Self {
        Gathered {
            slot_nanos: FIRST_SLOT_NANOS,
            slots: 0,
            begin: (0, 0),
            end: 0,
            threads: Vec::new(),
            known: HashMap::new(),
            cells: HashMap::new(),
        }
    }

    /// A recording begins; it follows the one before it on the axis.
    pub(super) fn begin(&mut self, started: u64, nanos: u64) {
        self.begin = (self.end, started);
        self.end = self.end.saturating_add(nanos);
        self.known.clear();
    }

    /// Takes what was measured at a stack.
    pub(super) fn add(&mut self, occurrence: &Occurrence, stack: u32) {
        let (activity, nanos, weight_milli) = match occurrence.what {
            What::Cpu { nanos } => (Activity::Running, nanos, 1000),
            What::LockWait { nanos, weight_milli, .. } => (Activity::Waiting, nanos, weight_milli),
            What::Io { nanos, weight_milli, .. } => (Activity::Io, nanos, weight_milli),
            _ => return,
        };
        let (pid, tid) = (occurrence.pid, occurrence.tid);
        let threads = &mut self.threads;
        let thread = *self.known.entry((pid, tid)).or_insert_with(|| {
            threads.push(ThreadTime { pid, tid, name: String::new(), cells: Vec::new() });
            threads.len() - 1
        });
        // What lies before the recording's start or behind its end belongs to its edge.
        let (offset, started) = self.begin;
        let on_axis = |time: u64| {
            offset.saturating_add(time.saturating_sub(started)).min(self.end.saturating_sub(1))
        };
        let until = on_axis(occurrence.time);
        let from = on_axis(occurrence.time.saturating_sub(nanos)).min(until);
        while until / self.slot_nanos >= MAX_SLOTS {
            self.join();
        }
        // A sample that stands for several waits makes each part of the span weigh more.
        let weigh = |nanos: u64| (u128::from(nanos) * u128::from(weight_milli) / 1000) as u64;
        let (first, last) = (from / self.slot_nanos, until / self.slot_nanos);
        for slot in first..=last {
            let begin = (slot * self.slot_nanos).max(from);
            let end = ((slot + 1) * self.slot_nanos).min(until);
            // A sample of CPU time stands for what lies around it.
            let part = if first == last { nanos } else { end.saturating_sub(begin) };
            let spent = self.cells.entry((thread, slot, activity)).or_default();
            spent.nanos = spent.nanos.saturating_add(weigh(part));
            spent.add(stack, weigh(part));
        }
        self.slots = self.slots.max(last + 1);
    }

    /// The recording was read to its end: its threads' names are known.
    pub(super) fn finish_recording(&mut self, builder: &Builder) {
        for (&(pid, tid), &at) in &self.known {
            builder.thread_name(pid, tid).clone_into(&mut self.threads[at].name);
        }
    }

    fn join(&mut self) {
        self.slot_nanos *= 2;
        self.slots = self.slots.div_ceil(2);
        for ((thread, slot, activity), spent) in std::mem::take(&mut self.cells) {
            let joined = self.cells.entry((thread, slot / 2, activity)).or_default();
            joined.nanos = joined.nanos.saturating_add(spent.nanos);
            for (stack, nanos) in spent.stacks {
                joined.add(stack, nanos);
            }
        }
    }

    /// The timeline, with the frames of each place still to be named.
    pub(super) fn close(self, builder: &Builder) -> Unnamed {
        let mut did = vec![0u64; self.threads.len()];
        for (&(thread, _, _), spent) in &self.cells {
            did[thread] = did[thread].saturating_add(spent.nanos);
        }
        let mut busiest: Vec<usize> = (0..self.threads.len()).collect();
        busiest.sort_by_key(|&thread| (std::cmp::Reverse(did[thread]), thread));
        busiest.truncate(MAX_THREADS);
        busiest.sort_unstable();
        let left_out = self.threads.len() - busiest.len();
        let place: HashMap<usize, usize> =
            busiest.iter().enumerate().map(|(at, &thread)| (thread, at)).collect();
        let mut threads: Vec<ThreadTime> = Vec::with_capacity(busiest.len());
        threads.extend(busiest.iter().map(|&thread| self.threads[thread].clone()));
        let mut stacks: Vec<u32> = Vec::new();
        let mut of_stack: HashMap<u32, u32> = HashMap::new();
        let mut cells: Vec<_> = self.cells.into_iter().collect();
        cells.sort_unstable_by_key(|&(key, _)| key);
        for ((thread, slot, activity), spent) in cells {
            let Some(&at) = place.get(&thread) else { continue };
            let most = spent.stacks.iter().max_by_key(|&&(stack, nanos)| (nanos, stack));
            let place = most.map(|&(stack, _)| {
                *of_stack.entry(stack).or_insert_with(|| {
                    stacks.push(stack);
                    stacks.len() as u32 - 1
                })
            });
            // A wait that several samples tell of may seem longer than the slot.
            let nanos = spent.nanos.min(self.slot_nanos);
            threads[at].cells.push(Cell { slot: slot as u32, activity, nanos, place });
        }
        let places = stacks.iter().map(|&stack| builder.frames(stack).to_vec()).collect();
        let (slot_nanos, slots) = (self.slot_nanos, self.slots as u32);
        Unnamed {
            timeline: Timeline { slot_nanos, slots, threads, left_out, places: Vec::new() },
            places,
        }
    }
}

/// A timeline whose places are stacks, as places among the profile's locations.
pub(super) struct Unnamed {
    timeline: Timeline,
    places: Vec<Vec<u32>>,
}

impl Unnamed {
    /// Names the places; `None` where nothing was seen.
    pub(super) fn named(self, profile: &Profile) -> Option<Timeline> {
        let mut timeline = self.timeline;
        timeline.places = self.places.iter().map(|stack| place(stack, profile)).collect();
        (!timeline.threads.is_empty()).then_some(timeline)
    }
}

/// Where a thread was, for people: the innermost line that is neither of std nor of a package from
/// the registry; else the innermost.
fn place(stack: &[u32], profile: &Profile) -> Place {
    let lines = || {
        let locations = stack.iter().filter_map(|&at| profile.locations.get(at as usize));
        locations.flat_map(|location| &location.lines)
    };
    let file = |line: &Line| profile.functions[line.function as usize].filename.as_str();
    let is_own = |line: &&Line| {
        let file = file(line);
        file.ends_with(".rs")
            && line.line > 0
            && !file.starts_with("/rustc/")
            && !file.contains("/lib/rustlib/")
            && !file.contains("/registry/src/")
            && !file.contains("/library/")
    };
    let Some(line) = lines().find(is_own).or_else(|| lines().next()) else {
        return Place::default();
    };
    let function = &profile.functions[line.function as usize];
    Place { function: function.name.clone(), file: function.filename.clone(), line: line.line }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::Kind;

    fn at(time: u64, what: What) -> Occurrence {
        Occurrence { pid: 1, tid: 1, time, what }
    }

    fn closed(gathered: Gathered) -> Timeline {
        gathered.close(&Builder::new(&Kind::ALL)).timeline
    }

    #[test]
    fn a_wait_covers_the_slots_it_lasted() {
        let mut gathered = Gathered::new();
        gathered.begin(1_000_000, 10_000_000);
        let what = What::LockWait { nanos: 2_500_000, address: 8, weight_milli: 1000 };
        gathered.add(&at(4_500_000, what), 7);
        let timeline = closed(gathered);
        let cells: Vec<_> =
            timeline.threads[0].cells.iter().map(|cell| (cell.slot, cell.nanos)).collect();
        assert_eq!(cells, [(1, 1_000_000), (2, 1_000_000), (3, 500_000)]);
    }

    #[test]
    fn a_long_recording_keeps_its_number_of_slots_and_its_sum() {
        let mut gathered = Gathered::new();
        gathered.begin(0, 3_600_000_000_000);
        for second in 0..3600 {
            gathered.add(&at(second * 1_000_000_000, What::Cpu { nanos: 1_000_000 }), 1);
        }
        let timeline = closed(gathered);
        assert!(u64::from(timeline.slots) <= MAX_SLOTS);
        let sum: u64 = timeline.threads[0].cells.iter().map(|cell| cell.nanos).sum();
        assert_eq!(sum, 3_600_000_000);
    }

    #[test]
    fn the_next_recording_lies_behind_the_one_before() {
        let mut gathered = Gathered::new();
        gathered.begin(500, 2_000_000);
        gathered.add(&at(500, What::Cpu { nanos: 10 }), 1);
        gathered.begin(0, 2_000_000);
        gathered.add(&at(0, What::Cpu { nanos: 10 }), 1);
        let timeline = closed(gathered);
        let slots: Vec<u32> = timeline
            .threads
            .iter()
            .flat_map(|thread| &thread.cells)
            .map(|cell| cell.slot)
            .collect();
        assert_eq!(slots, [0, 2]);
    }
}
