//! Finds the clock reads behind libtest's benches.
//!
//! libtest times one call alone. From that it derives how many calls take a millisecond, `n`,
//! and then times blocks: fifty samples of `n` calls and fifty of `5 n`, doubling `n` from block
//! to block until the median is stable. It reads the clock around each sample and around each
//! block. What it prints is the median of the last block's second half, so a number of blocks
//! fits or does not.

use super::Line;
use crate::bench::{Pair, Reads, Sample, View};

/// Samples of each kind in a block.
const SAMPLES: usize = 50;
/// Clock reads of a block: its start, two for each sample, its end.
const BLOCK: usize = 2 + 2 * 2 * SAMPLES;
/// Clock reads around the one call at the beginning.
const SINGLE: usize = 2;
/// libtest stops after three seconds; each doubling is a block.
const MOST_BLOCKS: usize = 64;

/// More reads than libtest makes for a bench.
const MOST_READS: usize = 4 * BLOCK * MOST_BLOCKS;

/// The samples of a bench.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Blocks {
    pub(super) pairs: Vec<(u32, Pair)>,
    pub(super) samples: Vec<Sample>,
}

/// The samples of each line, where the reads fit. They are looked for from the end.
pub(super) fn locate(reads: &Reads, lines: &[Line]) -> Vec<Option<Blocks>> {
    let mut found = vec![None; lines.len()];
    // Benches run on the main thread, but where the platform is odd they do not.
    for thread in reads.main().into_iter().chain(&reads.threads) {
        let mut end = thread.times.len();
        for (line, slot) in lines.iter().zip(&mut found).rev() {
            for view in thread.views().filter(|view| view.times.len() <= MOST_READS * lines.len()) {
                let before = view.index.partition_point(|&index| index < end);
                if let Some((start, blocks)) = bench(&view, before, line) {
                    end = view.index[start];
                    *slot = Some(samples(&view, start, blocks, thread.tid));
                    break;
                }
            }
        }
        if found.iter().any(Option::is_some) {
            break;
        }
    }
    found
}

/// Where a bench begins and how many blocks it has, so that its end is the nearest before `end`.
fn bench(view: &View, end: usize, line: &Line) -> Option<(usize, usize)> {
    (SINGLE + BLOCK..=end).rev().find_map(|end| {
        let median = last_median(view, end);
        let most = ((end - SINGLE) / BLOCK).min(MOST_BLOCKS);
        (1..=most).find_map(|blocks| {
            let start = end - blocks * BLOCK - SINGLE;
            let calls = 5 * calls_of_block(view, start, blocks - 1)?;
            let fits = (median / calls as f64 - line.median).abs() <= line.slack;
            fits.then_some((start, blocks))
        })
    })
}

/// `n` of a block, counted from 0.
fn calls_of_block(view: &View, start: usize, block: usize) -> Option<u64> {
    const MILLISECOND: u64 = 1_000_000;
    let single = view.between(start, start + 1).max(1);
    (MILLISECOND / single).max(1).checked_shl(u32::try_from(block).ok()?)
}

/// The median of the last fifty samples of a block that ends before `end`.
fn last_median(view: &View, end: usize) -> f64 {
    let first = end - 1 - 2 * SAMPLES;
    let mut nanos: Vec<u64> =
        (0..SAMPLES).map(|n| view.between(first + 2 * n, first + 2 * n + 1)).collect();
    let (below, &mut middle, _) = nanos.select_nth_unstable(SAMPLES / 2);
    let below = below.iter().max().copied().unwrap_or(middle);
    (below as f64 + middle as f64) / 2.0
}

fn samples(view: &View, start: usize, blocks: usize, tid: u32) -> Blocks {
    let mut found = Blocks { pairs: Vec::new(), samples: Vec::new() };
    let mut push = |at: usize, iterations: u64| {
        found.pairs.push((tid, view.pair(at, at + 1)));
        let nanos = view.between(at, at + 1) as f64;
        found.samples.push(Sample { iterations, nanos });
    };
    push(start, 1);
    for block in 0..blocks {
        let calls = calls_of_block(view, start, block).unwrap_or(0);
        let first = start + SINGLE + block * BLOCK + 1;
        for n in 0..2 * SAMPLES {
            push(first + 2 * n, if n < SAMPLES { calls } else { 5 * calls });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::reads::thread;

    /// The reads of a bench whose calls take `each` nanoseconds, begun at `*now`.
    fn run(now: &mut u64, each: u64, blocks: u32, times: &mut Vec<u64>) {
        let mut read = |after: u64| {
            *now += after;
            times.push(*now);
        };
        read(7);
        read(each);
        for block in 0..blocks {
            let calls = (1_000_000 / each) << block;
            read(5);
            for n in 0..100 {
                read(3);
                read(each * if n < 50 { calls } else { 5 * calls });
            }
            read(4);
        }
    }

    fn a_line(median: f64) -> Line {
        Line { bench: "b".to_owned(), median, slack: 0.0051 }
    }

    #[test]
    fn iterations_follow_from_the_first_call_and_the_number_of_blocks() {
        let (mut now, mut times) = (1000, vec![1000]);
        run(&mut now, 250, 2, &mut times);
        run(&mut now, 400, 1, &mut times);
        times.push(now + 50);
        let reads = Reads { pid: 1, threads: vec![thread(&times)] };
        let found = locate(&reads, &[a_line(250.0), a_line(400.0)]);
        let iterations: Vec<u64> = found
            .iter()
            .map(|f| f.as_ref().unwrap().samples.iter().map(|s| s.iterations).sum())
            .collect();
        assert_eq!(iterations, [1 + 300 * 4000 + 300 * 8000, 1 + 300 * 2500]);
    }

    #[test]
    fn a_median_that_no_number_of_blocks_explains_is_not_found() {
        let (mut now, mut times) = (1000, vec![]);
        run(&mut now, 250, 1, &mut times);
        let reads = Reads { pid: 1, threads: vec![thread(&times)] };
        assert_eq!(locate(&reads, &[a_line(260.0)]), [None]);
        assert_eq!(locate(&Reads::default(), &[a_line(1.0)]), [None]);
    }
}
