//! The timed regions of a run: which moments belong to which bench, and what its threads did in
//! them.

use std::collections::HashMap;

use super::{Measured, Reads, Timed};
use crate::model::clock::{ClockRead, Counters};

/// Whose work was counted between the clock reads of a bench.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The thread that read the clock; no other thread did anything in that time.
    Thread,
    /// All threads of the process: the timed code hands work to others.
    Process,
    /// Each of the threads that the harness itself runs the bench on.
    EachThread,
    /// The whole process, from start to end.
    Whole,
}

impl Rule {
    /// As a clause for people.
    pub fn text(self) -> &'static str {
        match self {
            Rule::Thread => "counted on the bench's own thread",
            Rule::Process => "counted over all threads of the process during the timed region",
            Rule::EachThread => "counted on each of the bench's threads",
            Rule::Whole => "counted over the whole process",
        }
    }
}

/// A stretch of time that belongs to a bench, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    start: u64,
    end: u64,
    bench: usize,
}

/// The timed regions of all benches of a run.
#[derive(Debug, Default)]
pub struct Regions {
    pid: u32,
    /// Disjoint, in order. Work of any thread in them is the bench's.
    stretches: Vec<Stretch>,
    /// Where no pairs are known: whatever lies in them and in no stretch.
    windows: Vec<Stretch>,
    /// Per thread, the reads at which pairs begin or end, in order.
    edges: HashMap<u32, Vec<Edge>>,
    tallies: Vec<Tally>,
}

#[derive(Clone, Copy, Debug)]
struct Edge {
    index: usize,
    bench: usize,
    begins: bool,
}

/// What is known of a bench's region before anything is counted.
#[derive(Clone, Debug, Default)]
struct Tally {
    nanos: u64,
    threads: Vec<u32>,
    whole: bool,
    paired: bool,
}

/// What the threads of a bench did in its timed region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    /// Nanoseconds of timed work, added up over the threads of the bench.
    pub nanos: u64,
    /// What was counted.
    pub counters: Counters,
    /// By which rule.
    pub rule: Rule,
}

impl Regions {
    /// The regions of these benches. `run` is the span of the recording and `monotonic` turns
    /// a time of the system's clock into the time of the events.
    pub fn new(
        reads: &Reads,
        benches: &[Measured],
        run: (u64, u64),
        monotonic: impl Fn(std::time::SystemTime) -> u64,
    ) -> Self {
        let mut regions = Regions { pid: reads.pid, ..Regions::default() };
        for (bench, measured) in benches.iter().enumerate() {
            let mut tally = Tally::default();
            match &measured.timed {
                Timed::Pairs(pairs) => {
                    tally.paired = true;
                    for (tid, pair) in pairs {
                        let Some(thread) = reads.threads.iter().find(|t| t.tid == *tid) else {
                            continue;
                        };
                        if !tally.threads.contains(tid) {
                            tally.threads.push(*tid);
                        }
                        let (start, end) = (thread.times[pair.start], thread.times[pair.end]);
                        tally.nanos += end.saturating_sub(start);
                        regions.stretches.push(Stretch { start, end, bench });
                        let edges = regions.edges.entry(*tid).or_default();
                        edges.push(Edge { index: pair.start, bench, begins: true });
                        edges.push(Edge { index: pair.end, bench, begins: false });
                    }
                }
                Timed::Within { after, before, .. } => {
                    let start = after.map_or(run.0, &monotonic);
                    let end = before.map_or(run.1, &monotonic);
                    regions.windows.push(Stretch { start, end, bench });
                }
                Timed::Whole => {
                    tally.whole = true;
                    tally.nanos = run.1.saturating_sub(run.0);
                    regions.windows.push(Stretch { start: run.0, end: u64::MAX, bench });
                }
            }
            regions.tallies.push(tally);
        }
        regions.close_windows();
        regions.stretches = disjoint(regions.stretches);
        for edges in regions.edges.values_mut() {
            edges.sort_by_key(|edge| (edge.index, edge.begins));
        }
        regions
    }

    /// The bench that this moment of this process belongs to.
    pub fn bench_at(&self, pid: u32, time: u64) -> Option<usize> {
        let whole = self.tallies.first().is_some_and(|tally| tally.whole);
        if pid != self.pid && !whole {
            return None;
        }
        let at = self.stretches.partition_point(|stretch| stretch.start <= time);
        let stretch = self.stretches[..at].last().filter(|stretch| time <= stretch.end);
        let holds = |window: &&Stretch| window.start <= time && time <= window.end;
        Some(stretch.or_else(|| self.windows.iter().find(holds))?.bench)
    }

    /// Benches run in order: a window begins after the pairs before it and ends before those
    /// that follow.
    fn close_windows(&mut self) {
        for window in &mut self.windows {
            let others = || self.stretches.iter();
            let before = others().filter(|stretch| stretch.bench < window.bench);
            let after = others().filter(|stretch| stretch.bench > window.bench);
            window.start =
                before.map(|s| s.end.saturating_add(1)).max().unwrap_or(0).max(window.start);
            window.end =
                after.map(|s| s.start.saturating_sub(1)).min().unwrap_or(u64::MAX).min(window.end);
        }
    }

    /// Reads and exits to be counted: give it every one of the run, in order.
    pub fn counting(&self) -> Counting<'_> {
        let counted = vec![Counted::default(); self.tallies.len()];
        Counting { regions: self, threads: HashMap::new(), counted, calls: HashMap::new() }
    }
}

/// Stretches in order without overlap: those of one bench are joined; of two benches, the later
/// one begins where the earlier one ends.
fn disjoint(mut stretches: Vec<Stretch>) -> Vec<Stretch> {
    stretches.sort_by_key(|stretch| (stretch.start, stretch.end));
    let mut joined: Vec<Stretch> = Vec::with_capacity(stretches.len());
    for mut stretch in stretches {
        match joined.last_mut() {
            Some(last) if last.bench == stretch.bench && stretch.start <= last.end => {
                last.end = last.end.max(stretch.end);
                continue;
            }
            Some(last) if stretch.start <= last.end => {
                stretch.start = last.end.saturating_add(1);
            }
            _ => {}
        }
        if stretch.start <= stretch.end {
            joined.push(stretch);
        }
    }
    joined
}

/// Counts what was done between the pairs of reads, as the reads pass by once more.
#[derive(Debug)]
pub struct Counting<'a> {
    regions: &'a Regions,
    threads: HashMap<u32, Passing>,
    counted: Vec<Counted>,
    calls: HashMap<(usize, usize), Called>,
}

/// Calls of a function in the timed region of a bench.
#[derive(Clone, Copy, Debug, Default)]
struct Called {
    /// By a thread within a pair of its own reads.
    thread: u64,
    /// By any.
    process: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counted {
    thread: Counters,
    process: Counters,
}

#[derive(Clone, Copy, Debug, Default)]
struct Passing {
    /// Reads seen.
    index: usize,
    /// Edges passed.
    edge: usize,
    /// Counters at the last beginning.
    began: Counted,
    /// The bench of the pair whose beginning was passed and whose end was not.
    open: Option<usize>,
}

impl Counting<'_> {
    /// Takes one read.
    pub fn read(&mut self, read: &ClockRead) {
        if read.pid != self.regions.pid {
            return;
        }
        let passing = self.threads.entry(read.tid).or_default();
        let edges = self.regions.edges.get(&read.tid).map_or(&[][..], Vec::as_slice);
        while let Some(edge) = edges.get(passing.edge).filter(|edge| edge.index == passing.index) {
            passing.open = edge.begins.then_some(edge.bench);
            if edge.begins {
                passing.began = Counted { thread: read.counters, process: read.process };
            } else if let Some(counted) = self.counted.get_mut(edge.bench) {
                let began = &passing.began;
                counted.thread = counted.thread.plus(&read.counters.since(&began.thread));
                counted.process = counted.process.plus(&read.process.since(&began.process));
            }
            passing.edge += 1;
        }
        passing.index += 1;
    }

    /// Takes a call of a function, in order among the reads.
    pub fn call(&mut self, pid: u32, tid: u32, function: usize) {
        if pid != self.regions.pid {
            return;
        }
        let open = self.threads.values().filter_map(|passing| passing.open);
        let own = self.threads.get(&tid).and_then(|passing| passing.open);
        let Some(bench) = own.or_else(|| open.max()) else { return };
        let called = self.calls.entry((bench, function)).or_default();
        called.thread += u64::from(own.is_some());
        called.process += 1;
    }

    /// Calls of a function in the timed region of a bench, by the rule of its totals.
    pub fn calls(&self, bench: usize, function: usize) -> u64 {
        let called = self.calls.get(&(bench, function)).copied().unwrap_or_default();
        let several = self.regions.tallies.get(bench).is_some_and(|tally| tally.threads.len() > 1);
        if several { called.thread } else { called.process }
    }

    /// Takes the last counters of a thread: they count for a bench that is the whole process.
    pub fn exit(&mut self, counters: &Counters) {
        for (tally, counted) in self.regions.tallies.iter().zip(&mut self.counted) {
            if tally.whole {
                counted.process = counted.process.plus(counters);
            }
        }
    }

    /// The totals of a bench; `None` where its timed region is not known exactly.
    pub fn totals(&self, bench: usize) -> Option<Totals> {
        let tally = self.regions.tallies.get(bench)?;
        let counted = self.counted.get(bench)?;
        let (counters, rule) = if tally.whole {
            (counted.process, Rule::Whole)
        } else if !tally.paired {
            return None;
        } else if tally.threads.len() > 1 {
            (counted.thread, Rule::EachThread)
        } else if counted.process == counted.thread {
            (counted.thread, Rule::Thread)
        } else {
            (counted.process, Rule::Process)
        };
        Some(Totals { nanos: tally.nanos, counters, rule })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Collector, Pair};
    use super::*;

    fn read(tid: u32, time: u64, own: u64, process: u64) -> ClockRead {
        ClockRead {
            pid: 1,
            tid,
            time,
            caller: 0,
            sp: 0,
            counters: Counters { allocs: own, ..Counters::default() },
            process: Counters { allocs: process, ..Counters::default() },
        }
    }

    fn regions(reads: &[ClockRead], pairs: Vec<(u32, Pair)>) -> Regions {
        let mut collector = Collector::of(1);
        reads.iter().for_each(|read| collector.push(read));
        let bench = Measured {
            bench: "b".to_owned(),
            iterations: Some(1),
            samples: Vec::new(),
            timed: Timed::Pairs(pairs),
        };
        Regions::new(&collector.finish(), &[bench], (0, 1000), |_| 0)
    }

    fn totals(reads: &[ClockRead], pairs: Vec<(u32, Pair)>) -> Totals {
        let regions = regions(reads, pairs);
        let mut counting = regions.counting();
        reads.iter().for_each(|read| counting.read(read));
        counting.totals(0).unwrap()
    }

    #[test]
    fn only_what_happens_between_a_pair_counts() {
        let reads =
            [read(1, 100, 5, 5), read(1, 200, 8, 8), read(1, 300, 90, 90), read(1, 400, 94, 94)];
        let pairs = vec![(1, Pair { start: 0, end: 1 }), (1, Pair { start: 2, end: 3 })];
        let counted = totals(&reads, pairs.clone());
        assert_eq!((counted.counters.allocs, counted.nanos), (7, 200));
        assert_eq!(counted.rule, Rule::Thread);
        let regions = regions(&reads, pairs);
        assert_eq!(regions.bench_at(1, 100), Some(0));
        assert_eq!(regions.bench_at(1, 250), None);
        assert_eq!(regions.bench_at(1, 400), Some(0));
        assert_eq!(regions.bench_at(1, 401), None);
        assert_eq!(regions.bench_at(2, 150), None);
    }

    #[test]
    fn work_that_was_handed_to_other_threads_counts_by_the_process() {
        let reads = [read(1, 100, 5, 5), read(2, 150, 30, 35), read(1, 200, 6, 40)];
        let counted = totals(&reads, vec![(1, Pair { start: 0, end: 1 })]);
        assert_eq!((counted.counters.allocs, counted.rule), (35, Rule::Process));
    }

    #[test]
    fn a_bench_on_several_threads_counts_each_of_them_once() {
        let reads =
            [read(1, 100, 0, 0), read(2, 101, 0, 0), read(1, 200, 10, 19), read(2, 201, 10, 20)];
        let pairs = vec![(1, Pair { start: 0, end: 1 }), (2, Pair { start: 0, end: 1 })];
        let counted = totals(&reads, pairs);
        assert_eq!((counted.counters.allocs, counted.rule), (20, Rule::EachThread));
    }

    #[test]
    fn calls_count_between_the_reads_of_a_pair() {
        let reads =
            [read(1, 100, 0, 0), read(2, 101, 0, 0), read(1, 200, 0, 0), read(2, 300, 0, 0)];
        let counted = |pairs: Vec<(u32, Pair)>| {
            let regions = regions(&reads, pairs);
            let mut counting = regions.counting();
            for at in &reads {
                counting.read(at);
                // The third thread only helps, and the last process is another one.
                for (pid, tid) in [(1, 1), (1, 2), (1, 2), (1, 3), (2, 1)] {
                    counting.call(pid, tid, 7);
                }
            }
            (counting.calls(0, 7), counting.calls(0, 8))
        };
        let own = (1, Pair { start: 0, end: 1 });
        assert_eq!(counted(vec![own]), (8, 0), "all threads, as long as one pair is open");
        let each = counted(vec![own, (2, Pair { start: 0, end: 1 })]);
        assert_eq!(each, (2 + 4, 0), "each thread in its own pair");
    }

    #[test]
    fn a_bench_without_pairs_has_what_lies_between_its_neighbours() {
        let reads =
            [read(1, 100, 0, 0), read(1, 200, 0, 0), read(1, 700, 0, 0), read(1, 800, 0, 0)];
        let mut collector = Collector::of(1);
        reads.iter().for_each(|read| collector.push(read));
        let bench = |timed| Measured {
            bench: "b".to_owned(),
            iterations: None,
            samples: Vec::new(),
            timed,
        };
        let benches = [
            bench(Timed::Pairs(vec![(1, Pair { start: 0, end: 1 })])),
            bench(Timed::Within { after: None, before: None, why: "" }),
            bench(Timed::Pairs(vec![(1, Pair { start: 2, end: 3 })])),
        ];
        let regions = Regions::new(&collector.finish(), &benches, (0, 1000), |_| 0);
        let at = |time| regions.bench_at(1, time);
        assert_eq!(
            (at(50), at(150), at(400), at(750), at(900)),
            (None, Some(0), Some(1), Some(2), None)
        );
        assert_eq!(regions.counting().totals(1), None);
    }

    #[test]
    fn stretches_of_two_benches_do_not_overlap() {
        let stretch = |start, end, bench| Stretch { start, end, bench };
        assert_eq!(
            disjoint(vec![stretch(50, 90, 1), stretch(0, 60, 0), stretch(60, 70, 1)]),
            [stretch(0, 60, 0), stretch(61, 90, 1)]
        );
    }
}
