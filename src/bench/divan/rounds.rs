//! Finds the clock reads behind the samples that divan counts.
//!
//! On the thread that runs a bench, each sample is a pair of reads, one pair after the other and
//! nothing in between: after one read of its own, first those that settle the sample size, which
//! doubles from 1 on, then those that count. The tree tells how many count and their fastest,
//! slowest and mean time. So the search goes backwards from the end, bench by bench.
//!
//! Times alone do not tell apart windows that are a pair apart. That divan prints a line after
//! each bench does: samples that count end where there was I/O before the next read, and those
//! that settle the size are as many as it has powers of two.
//!
//! From each sample divan takes off what its own loop costs, which it measures once per process
//! and which differs several times over between a quiet machine and a busy one. That measurement
//! is among the reads too, so that the columns can be worked out as divan does.

use std::ops::Range;

use super::tree::Leaf;
use crate::bench::{Pair, Reads, ThreadReads, View};

/// The samples of a bench.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Rounds {
    pub(super) pairs: Vec<(u32, Pair)>,
    pub(super) nanos: Vec<u64>,
}

/// The samples of each leaf, where the reads fit.
pub(super) fn locate(reads: &Reads, leaves: &[Leaf]) -> Vec<Option<Rounds>> {
    let mut found = vec![None; leaves.len()];
    let Some(main) = reads.main() else { return found };
    let others = Others::of(reads, main);
    let taken_off = loop_cost(main);
    let mut end = main.times.len();
    for (leaf, slot) in leaves.iter().zip(&mut found).rev() {
        for view in main.views() {
            let before = view.index.partition_point(|&index| index < end);
            let one = |taken_off| one(&others, main, &view, before, leaf, taken_off);
            let found = one(taken_off).or_else(|| taken_off.and_then(|_| one(None)));
            if let Some((rounds, begin)) = found {
                end = view.index[before_tuning(&view, begin, leaf.sample_size())];
                *slot = Some(rounds);
                break;
            }
        }
    }
    found
}

/// What divan takes off each iteration for its own loop, in nanoseconds: the least of 100 rounds
/// of 10,000 empty iterations, which are the first pairs of reads in a row that took this long.
fn loop_cost(main: &ThreadReads) -> Option<f64> {
    const READS: usize = 200;
    const ITERATIONS: u64 = 10_000;
    /// No processor does more than five empty iterations in a nanosecond.
    const LEAST: u64 = ITERATIONS / 5;
    let mut from = 0;
    for run in main.stack.chunk_by(|a, b| a == b) {
        if run.len() >= READS {
            let rounds = main.times[from..from + READS].as_chunks::<2>().0;
            let least = rounds.iter().map(|[start, end]| end.saturating_sub(*start)).min()?;
            if least >= LEAST {
                // Kept in whole picoseconds.
                return Some((least * 1000 / ITERATIONS) as f64 / 1000.0);
            }
        }
        from += run.len();
    }
    None
}

/// Where the reads of a bench begin whose samples begin at a place.
fn before_tuning(view: &View, begin: usize, size: u64) -> usize {
    let steps = if size.is_power_of_two() { size.ilog2() as usize } else { 0 };
    // The bench's start is read, unless it counts its own time only. Where its size was given,
    // nothing was settled.
    [2 * steps + 1, 1, 2 * steps]
        .into_iter()
        .filter_map(|reads| begin.checked_sub(reads))
        .find(|&place| view.may_part(place))
        .unwrap_or(begin)
}

/// The samples of one leaf that end nearest before `end`, and the place where they begin.
fn one(
    others: &Others<'_>,
    main: &ThreadReads,
    view: &View,
    end: usize,
    leaf: &Leaf,
    taken_off: Option<f64>,
) -> Option<(Rounds, usize)> {
    let size = leaf.sample_size();
    if size == 0 || leaf.iterations != size * leaf.samples {
        return None;
    }
    let admitted = Admitted::of(view, end, leaf, taken_off);
    others.counts(leaf).into_iter().find_map(|(threads, rounds)| {
        (2 * rounds..=end).rev().find_map(|end| {
            let start = end - 2 * rounds;
            let mean = || admitted.mean(start, end);
            if !view.may_part(end) || admitted.before(end) < rounds {
                return None;
            }
            if threads == 1 && !leaf.admits_mean(mean(), taken_off) {
                return None;
            }
            let until = view.times.get(end).copied().unwrap_or(u64::MAX);
            let helpers = others.helpers(view.times[start]..until, rounds, threads)?;
            let own = (start..end).step_by(2).map(|at| (main, view.pair(at, at + 1)));
            let mut samples = Rounds::default();
            for (thread, pair) in own.chain(helpers) {
                samples.pairs.push((thread.tid, pair));
                let nanos = thread.times[pair.end].saturating_sub(thread.times[pair.start]);
                samples.nanos.push(nanos);
            }
            leaf.explains(&samples.nanos, taken_off).then_some((samples, start))
        })
    })
}

/// For each place between reads, how many pairs in a row before it can be samples of a leaf.
struct Admitted {
    runs: Vec<usize>,
    /// Time within the pairs before a place, pair by pair.
    sums: Vec<u64>,
}

impl Admitted {
    fn of(view: &View, end: usize, leaf: &Leaf, taken_off: Option<f64>) -> Self {
        let (least, most) = leaf.bounds(taken_off);
        let mut admitted = Admitted { runs: vec![0; end + 1], sums: vec![0; end + 1] };
        for place in 2..=end {
            let nanos = view.between(place - 2, place - 1);
            if (least..=most).contains(&nanos) {
                admitted.runs[place] = admitted.runs[place - 2] + 1;
            }
            admitted.sums[place] = admitted.sums[place - 2].saturating_add(nanos);
        }
        admitted
    }

    fn before(&self, place: usize) -> usize {
        self.runs[place]
    }

    fn mean(&self, start: usize, end: usize) -> f64 {
        let pairs = (end - start) / 2;
        (self.sums[end] - self.sums[start]) as f64 / pairs as f64
    }
}

/// What the threads beside the main one read.
struct Others<'a> {
    /// The busiest reader first.
    threads: Vec<&'a ThreadReads>,
    /// When one of them read, in order.
    times: Vec<u64>,
}

impl<'a> Others<'a> {
    fn of(reads: &'a Reads, main: &ThreadReads) -> Self {
        let threads: Vec<_> = reads.threads.iter().filter(|t| t.tid != main.tid).collect();
        let mut times: Vec<u64> =
            threads.iter().flat_map(|thread| &thread.times).copied().collect();
        times.sort_unstable();
        Others { threads, times }
    }

    /// Those that read often enough for as many rounds.
    fn taking(&self, rounds: usize) -> &[&'a ThreadReads] {
        &self.threads[..self.threads.partition_point(|thread| thread.times.len() >= 2 * rounds)]
    }

    /// On how many threads a leaf may have run, and in how many rounds. What it measured may have
    /// started thousands, of which none read often enough.
    fn counts(&self, leaf: &Leaf) -> Vec<(usize, usize)> {
        let threads = match leaf.threads {
            Some(threads) => threads..=threads,
            // Every thread of a bench reads the clock.
            None => 1..=leaf.samples.min(self.threads.len() as u64 + 1),
        };
        let rounds = |threads: u64| {
            let rounds = leaf.samples.checked_div(threads)?;
            let (threads, rounds) = (usize::try_from(threads).ok()?, usize::try_from(rounds).ok()?);
            let may_be = threads * rounds == leaf.samples as usize
                && (threads == 1 || self.taking(rounds).len() + 1 >= threads);
            may_be.then_some((threads, rounds))
        };
        threads.filter_map(rounds).collect()
    }

    /// What they did in the rounds of a time, where there are as many threads as the bench has.
    fn helpers(
        &self,
        time: Range<u64>,
        rounds: usize,
        threads: usize,
    ) -> Option<impl Iterator<Item = (&'a ThreadReads, Pair)> + use<'a>> {
        let wanted = threads - 1;
        let [from, to] = [time.start, time.end].map(|end| self.times.partition_point(|&t| t < end));
        if to.saturating_sub(from) < wanted {
            return None;
        }
        let took_part = self.taking(rounds).iter().filter_map(|&thread| {
            let end = thread.times.partition_point(|&at| at < time.end);
            let start = end.checked_sub(2 * rounds)?;
            let last = thread.times[..end].last()?;
            (*last >= time.start).then_some((thread, start..end))
        });
        let found: Vec<_> = took_part.take(wanted).collect();
        let pairs = |(thread, reads): (&'a ThreadReads, Range<usize>)| {
            reads.step_by(2).map(move |at| (thread, Pair { start: at, end: at + 1 }))
        };
        (found.len() == wanted).then(|| found.into_iter().flat_map(pairs))
    }
}

impl Leaf {
    /// What divan may have taken off each iteration, at most: for its own loop, where that is not
    /// known, and for its allocator's counting.
    fn most_overhead(&self, taken_off: Option<f64>) -> f64 {
        let counting = if self.counts_allocations { 50.0 + self.fastest } else { 0.0 };
        taken_off.unwrap_or(3.0 + 0.25 * self.fastest) + counting
    }

    /// The shortest and the longest that one sample can have been.
    fn bounds(&self, taken_off: Option<f64>) -> (u64, u64) {
        let size = self.sample_size() as f64;
        let least = (self.fastest - digits(self.fastest)) * size;
        let longest = self.slowest + digits(self.slowest) + self.most_overhead(taken_off);
        (least.max(0.0).floor() as u64, (longest * size).ceil() as u64)
    }

    /// Whether this can be the mean of all samples.
    fn admits_mean(&self, nanos: f64, taken_off: Option<f64>) -> bool {
        let each = nanos / self.sample_size() as f64;
        each >= self.mean - digits(self.mean)
            && each <= self.mean + digits(self.mean) + self.most_overhead(taken_off)
    }

    /// Whether the columns sum up exactly these samples.
    fn explains(&self, samples: &[u64], taken_off: Option<f64>) -> bool {
        let size = self.sample_size() as f64;
        let (Some(&least), Some(&most)) = (samples.iter().min(), samples.iter().max()) else {
            return false;
        };
        if let (Some(taken_off), false) = (taken_off, self.counts_allocations) {
            // A sample of which nothing is left counts as long as the clock's precision, which
            // then is the shortest.
            let left = |&nanos: &u64| {
                let left = nanos as f64 / size - taken_off;
                if left > 0.0 { left } else { self.fastest }
            };
            let mean = samples.iter().map(left).sum::<f64>() / samples.len() as f64;
            let same = |nanos: f64, printed: f64| (nanos - printed).abs() <= digits(printed);
            return same(left(&least), self.fastest)
                && same(left(&most), self.slowest)
                && same(mean, self.mean);
        }
        let mean = samples.iter().sum::<u64>() as f64 / samples.len() as f64;
        let overhead = least as f64 / size - self.fastest;
        let most_overhead = self.most_overhead(taken_off);
        let spread = if self.counts_allocations { most_overhead } else { 0.0 };
        let same = |nanos: f64, printed: f64| {
            let slack = digits(self.fastest) + digits(printed) + spread;
            (nanos / size - printed - overhead).abs() <= slack
        };
        overhead >= -digits(self.fastest)
            && overhead <= most_overhead
            && same(most as f64, self.slowest)
            && same(mean, self.mean)
    }
}

/// Four digits are printed, the rest is cut off.
fn digits(printed: f64) -> f64 {
    let magnitude = 10f64.powf(printed.max(0.001).log10().floor());
    (magnitude * 1.01e-3).max(0.0011)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::reads::thread;

    fn leaf(fastest: f64, slowest: f64, mean: f64, samples: u64, iterations: u64) -> Leaf {
        Leaf {
            path: "b".to_owned(),
            fastest,
            slowest,
            mean,
            samples,
            iterations,
            threads: None,
            counts_allocations: false,
        }
    }

    #[test]
    fn benches_are_found_backwards_and_tuning_is_left_out() {
        // A start, tuning 1 and 2, samples of 4 iterations: 400, 420; then another bench.
        let times = [
            10, 20, 120, 200, 400, 500, 900, 1000, 1420, //
            2000, 2100, 2200, 2300, 2420,
        ];
        let main = thread(&times, &[0, 9]);
        let reads = Reads { pid: 1, threads: vec![main] };
        let leaves = [leaf(100.0, 105.0, 102.5, 2, 8), leaf(100.0, 120.0, 110.0, 2, 2)];
        let found = locate(&reads, &leaves);
        let nanos: Vec<Vec<u64>> = found.into_iter().map(|f| f.unwrap().nanos).collect();
        assert_eq!(nanos, [[400, 420], [100, 120]]);
    }

    #[test]
    fn samples_are_not_confused_with_the_next_bench_settling_its_size() {
        // Two samples of one iteration; a start, sizes 1, 2, 4, and two samples of 4: the sample
        // of size 1 takes as long as those of the bench before it.
        let times = [
            10, 100, 200, 300, 400, //
            500, 600, 700, 710, 850, 860, 1260, 1300, 1700,
        ];
        let leaves = [leaf(100.0, 100.0, 100.0, 2, 2), leaf(100.0, 100.0, 100.0, 2, 8)];
        let reads = Reads { pid: 1, threads: vec![thread(&times, &[0, 5])] };
        let first = locate(&reads, &leaves).swap_remove(0).unwrap();
        let pairs: Vec<_> = first.pairs.iter().map(|(_, pair)| (pair.start, pair.end)).collect();
        assert_eq!(pairs, [(1, 2), (3, 4)]);
    }

    #[test]
    fn what_divan_takes_off_is_known_from_the_reads() {
        // The clock's precision, a start, the loop's cost of 7.1234 ns, sizes 1, 2, and two
        // samples of 4 of which 1.127 and 22.877 ns an iteration are left.
        let mut times = vec![0, 60, 120, 180, 5000];
        let mut stack = vec![0x1000; 4];
        stack.push(0x3000);
        for round in 0..100 {
            let start = 10_000 + round * 100_000;
            times.extend([start, start + 71_234 + 5 * round]);
            stack.extend([0x2000; 2]);
        }
        let begin = 20_000_000;
        let samples = [0, 9, 20, 38, 50, 83, 100, 220];
        times.extend(samples.map(|time| begin + time));
        stack.extend([0x2800; 8]);
        let mut main = thread(&times, &[4]);
        main.stack = stack;
        assert_eq!(loop_cost(&main), Some(7.123));
        let reads = Reads { pid: 1, threads: vec![main] };
        let found = locate(&reads, &[leaf(1.126, 22.87, 12.0, 2, 8)]);
        assert_eq!(found[0].as_ref().map(|rounds| &rounds.nanos[..]), Some(&[33, 120][..]));
        let other = locate(&reads, &[leaf(1.126, 23.87, 12.5, 2, 8)]);
        assert_eq!(other, [None]);
    }

    #[test]
    fn the_other_threads_of_a_bench_are_found_too() {
        let main = thread(&[10, 100, 200, 300, 410], &[0]);
        let mut helper = thread(&[20, 30, 105, 195, 310, 420], &[]);
        helper.tid = 2;
        let reads = Reads { pid: 1, threads: vec![helper, main] };
        let found = locate(&reads, &[leaf(90.0, 110.0, 102.5, 4, 4)]);
        let rounds = found.into_iter().next().flatten().unwrap();
        assert_eq!(rounds.pairs.len(), 4);
        assert_eq!(rounds.pairs[2], (2, Pair { start: 2, end: 3 }));
    }

    #[test]
    fn threads_that_read_too_seldom_are_no_threads_of_a_bench() {
        let mut threads = vec![thread(&[0; 400], &[])];
        threads.extend((2..2000).map(|tid| ThreadReads { tid, ..thread(&[0; 3], &[]) }));
        threads.insert(1, ThreadReads { tid: 3000, ..thread(&[0; 210], &[]) });
        let reads = Reads { pid: 1, threads };
        let others = Others::of(&reads, &reads.threads[0]);
        let samples = |samples| others.counts(&leaf(1.0, 1.0, 1.0, samples, samples));
        assert_eq!(samples(200), [(1, 200), (2, 100), (200, 1)]);
        assert_eq!(samples(4002), [(1, 4002)]);
        let told = Leaf { threads: Some(4), ..leaf(1.0, 1.0, 1.0, 200, 200) };
        assert_eq!(others.counts(&told), []);
    }

    #[test]
    fn reads_that_do_not_fit_are_not_taken() {
        let reads = Reads { pid: 1, threads: vec![thread(&[10, 20, 120, 200, 400], &[])] };
        assert_eq!(locate(&reads, &[leaf(300.0, 300.0, 300.0, 1, 1)]), [None]);
        assert_eq!(locate(&Reads::default(), &[leaf(1.0, 1.0, 1.0, 1, 1)]), [None]);
    }
}
