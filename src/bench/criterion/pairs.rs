//! Finds the clock reads behind criterion's samples.
//!
//! Each sample is the time between two reads, or the sum over many such pairs in a row where a
//! batch is timed alone; criterion reads the clock nowhere in between. Times are whole
//! nanoseconds, so a run of samples is found again exactly or not at all.

use std::cell::Cell;
use std::ops::RangeInclusive;

use crate::bench::View;

/// How many reads may lie between two samples, and be the same number each time: criterion's own
/// two, and those of the bench's code around its loop.
const STEADY_GAP: usize = 16;
/// The same where the number varies. Times of neighbouring samples are much alike, so a wider
/// search would find a pair that fits by accident.
const VARYING_GAP: usize = 64;

/// How often a further place is tried where the first one led nowhere: without a bound, a clock
/// of coarse steps, in which everything fits everywhere, would keep one for ever.
const SPARE: usize = 100_000;

/// Where a sample may lie: pairs, each a step behind the other, up to an end.
#[derive(Clone, Copy, Debug)]
struct Fit {
    start: usize,
    step: usize,
    /// Where the next sample may begin.
    end: usize,
}

impl Fit {
    fn pairs(self) -> impl Iterator<Item = (usize, usize)> {
        (self.start..self.end).step_by(self.step).map(move |at| (at, at + self.step - 1))
    }
}

/// The reads of a thread, prepared for sums over pairs in a row.
pub(super) struct Sums<'a> {
    view: &'a View,
    /// `sums[n]`: the reads before `n`, added and subtracted in turn. Between two places an even
    /// number of reads apart, the difference is the time within the pairs between them.
    sums: Vec<i64>,
}

impl<'a> Sums<'a> {
    pub(super) fn of(view: &'a View) -> Self {
        let mut sums = Vec::with_capacity(view.times.len() + 1);
        let mut sum = 0i64;
        sums.push(sum);
        for (n, &time) in view.times.iter().enumerate() {
            let time = time as i64;
            sum = if n.is_multiple_of(2) { sum.wrapping_sub(time) } else { sum.wrapping_add(time) };
            sums.push(sum);
        }
        Sums { view, sums }
    }

    /// The pairs behind all samples, in order, at or after `from`.
    pub(super) fn find(&self, samples: &[u64], from: usize) -> Option<Vec<(usize, usize)>> {
        let (&first, rest) = samples.split_first()?;
        let spare = Cell::new(SPARE);
        let begins = || (from..self.view.times.len()).flat_map(|start| self.fits(start, first));
        let all = |fit: &Fit, gap: RangeInclusive<usize>| {
            let mut pairs: Vec<_> = fit.pairs().collect();
            self.follow(&mut pairs, fit.end, rest, gap, &spare).then_some(pairs)
        };
        let steady = begins().find_map(|fit| (0..=STEADY_GAP).find_map(|gap| all(&fit, gap..=gap)));
        steady.or_else(|| {
            let mut pairs = begins().find_map(|fit| all(&fit, 0..=VARYING_GAP))?;
            self.prefer_nearest_first(first, &mut pairs, rest.is_empty());
            Some(pairs)
        })
    }

    /// Adds the pairs of further samples, each so many reads behind the one before it; false if
    /// there are none. One that fits by accident leads nowhere, and the next one is tried.
    fn follow(
        &self,
        pairs: &mut Vec<(usize, usize)>,
        end: usize,
        samples: &[u64],
        gap: RangeInclusive<usize>,
        spare: &Cell<usize>,
    ) -> bool {
        let Some((&sample, rest)) = samples.split_first() else { return true };
        let fits = gap.clone().flat_map(|gap| self.fits(end + gap, sample));
        for (tried, fit) in fits.enumerate() {
            if tried > 0 {
                let Some(left) = spare.get().checked_sub(1) else { return false };
                spare.set(left);
            }
            let known = pairs.len();
            pairs.extend(fit.pairs());
            if self.follow(pairs, fit.end, rest, gap.clone(), spare) {
                return true;
            }
            pairs.truncate(known);
        }
        false
    }

    /// The warm-up before the first sample may hold a pair of the same length: of several, the
    /// one nearest to the second sample is the first sample.
    fn prefer_nearest_first(&self, first: u64, pairs: &mut Vec<(usize, usize)>, only: bool) {
        let Some(&(start, _)) = pairs.first() else { return };
        let Some(fit) = self.fits(start, first).next().filter(|_| !only) else { return };
        let Some(&(second, _)) = pairs.get(fit.pairs().count()) else { return };
        let length = fit.end - start;
        let nearer = (start + 1..second).rev().find_map(|at| {
            self.fits(at, first).next().filter(|nearer| {
                nearer.end == at + length && nearer.end <= second && nearer.step == fit.step
            })
        });
        if let Some(nearer) = nearer {
            pairs.splice(..fit.pairs().count(), nearer.pairs());
        }
    }

    /// How a sample may begin at this read: as pairs in a row, or as one pair with reads of the
    /// measured code in it.
    fn fits(&self, start: usize, time: u64) -> impl Iterator<Item = Fit> + use<> {
        let in_a_row = self.pairs_in_a_row(start, time).map(|count| Fit {
            start,
            step: 2,
            end: start + 2 * count,
        });
        let around = || {
            let later = self.view.times.get(start..)?;
            let wanted = later.first()?.checked_add(time)?;
            let end = start + later.binary_search(&wanted).ok()?;
            (end > start + 1).then(|| Fit { start, step: end + 1 - start, end: end + 1 })
        };
        in_a_row.into_iter().chain(around())
    }

    /// How many pairs from `start` on add up to exactly this time.
    fn pairs_in_a_row(&self, start: usize, time: u64) -> Option<usize> {
        let most = self.view.times.len().checked_sub(start)? / 2;
        let sum = |pairs: usize| {
            let sum = self.sums[start + 2 * pairs].wrapping_sub(self.sums[start]);
            if start.is_multiple_of(2) { sum } else { sum.wrapping_neg() }
        };
        let time = i64::try_from(time).ok()?;
        // Sums grow with the number of pairs: search by halves.
        let (mut low, mut high) = (1, most + 1);
        while low < high {
            let middle = low + (high - low) / 2;
            if sum(middle) < time { low = middle + 1 } else { high = middle }
        }
        (low <= most && sum(low) == time).then_some(low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::reads::thread;

    fn find(times: &[u64], samples: &[u64]) -> Option<Vec<(usize, usize)>> {
        let view = thread(times, &[]).views().last().unwrap();
        Sums::of(&view).find(samples, 0)
    }

    #[test]
    fn what_fits_by_accident_and_leads_nowhere_is_put_back() {
        // Two samples of 100, whose code reads the clock. Three pairs from the first read on are
        // 40 + 50 + 10.
        let times = [1000, 1040, 1050, 1100, 1110, 1120, 1130, 1210];
        assert_eq!(find(&times, &[100, 100]), Some(vec![(0, 3), (4, 7)]));
        // The same, with 30 + 60 + 10, where the number of reads between samples varies.
        let times = [1000, 1030, 1040, 1100, 1110, 1120, 1220, 1225, 1325];
        assert_eq!(find(&times, &[100, 100, 100]), Some(vec![(0, 3), (5, 6), (7, 8)]));
    }

    #[test]
    fn a_sample_is_the_time_between_two_neighbouring_reads() {
        // Outer read, start, end, outer read; twice; then reads of the analysis.
        let times = [1000, 1010, 1510, 1520, 2000, 2007, 3107, 3110, 9000, 9900];
        assert_eq!(find(&times, &[500, 1100]), Some(vec![(1, 2), (5, 6)]));
    }

    #[test]
    fn batches_that_are_timed_alone_add_up_to_a_sample() {
        let times = [1000, 1010, 1110, 1200, 1300, 1400, 1550, 1560, 1570, 1580, 1980, 2000];
        // 100 + 100 + 150, then 400.
        assert_eq!(find(&times, &[350, 400]), Some(vec![(1, 2), (3, 4), (5, 6), (9, 10)]));
    }

    #[test]
    fn code_that_reads_the_clock_itself_does_not_hide_the_sample() {
        let times = [1000, 1010, 1111, 1234, 1510, 1520, 2000, 2007, 2008, 3107, 3110];
        assert_eq!(find(&times, &[500, 1100]), Some(vec![(1, 4), (7, 9)]));
    }

    #[test]
    fn warm_up_of_the_same_length_is_not_taken_for_the_first_sample() {
        let times =
            [0, 10, 510, 520, 600, 610, 1110, 1120, 2000, 2007, 3107, 3110, 3120, 3130, 3830, 3840];
        assert_eq!(find(&times, &[500, 1100, 700]), Some(vec![(5, 6), (9, 10), (13, 14)]));
    }

    #[test]
    fn among_many_reads_a_pair_that_fits_by_accident_is_passed_over() {
        // Three samples of two calls timed alone, 100 each; between the first two samples lie
        // two reads, as between the others, of which one is 200 from a later read.
        let mut times = Vec::new();
        for sample in 0..3u64 {
            let at = 10_000 * sample;
            times.extend([at, at + 10, at + 110, at + 150, at + 250, at + 260]);
        }
        times.extend([30_060, 30_160]);
        let pairs = find(&times, &[200, 200, 200]).unwrap();
        assert_eq!(pairs, [(1, 2), (3, 4), (7, 8), (9, 10), (13, 14), (15, 16)]);
    }

    #[test]
    fn a_bench_that_reads_the_clock_in_its_set_up_now_and_then_is_found() {
        let times =
            [0, 10, 510, 520, 530, 540, 550, 1650, 1660, 1700, 1705, 1710, 1720, 3020, 3030];
        let pairs = find(&times, &[500, 1100, 1300]).unwrap();
        assert_eq!(pairs, [(1, 2), (6, 7), (12, 13)]);
    }

    #[test]
    fn samples_that_no_reads_explain_are_not_found() {
        assert_eq!(find(&[1000, 1010, 1510, 1520], &[501]), None);
        assert_eq!(find(&[1000, 1010, 1510, 1520], &[500, 7]), None);
        assert_eq!(find(&[], &[1]), None);
        assert_eq!(find(&[1000], &[1]), None);
        assert_eq!(find(&[1000, 1010], &[]), None);
    }
}
