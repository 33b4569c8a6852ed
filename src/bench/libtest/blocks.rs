//! Finds the clock reads behind libtest's benches.
//!
//! libtest times one call alone. From that it derives how many calls take a millisecond, `n`,
//! and then times blocks: fifty samples of `n` calls and fifty of `5 n`, doubling `n` from block
//! to block until the median is stable. It reads the clock around each sample and around each
//! block. What it prints is the median of the last block's second half, and it prints something
//! between any two benches; so a number of blocks fits or does not.
//!
//! A timing ends with `elapsed`, which may read the clock a call deeper than `now` does. Code that
//! reads the clock itself then does so from where `elapsed` does; in a view without those reads
//! only the starts are left, and a timing ends with the last read before what follows. A harness that
//! reads it around a block from higher on the stack leaves the ends of blocks, too.

use super::Line;
use crate::bench::{Begun, Pair, Reads, Sample, ThreadReads, View};

/// Samples of each kind in a block.
const SAMPLES: usize = 50;
/// Timings of a block: of all of it, and of each sample.
const BLOCK: usize = 1 + 2 * SAMPLES;
/// libtest stops after three seconds; each doubling is a block.
const MOST_BLOCKS: usize = 64;

/// Fewer samples of a bench that was ended in the middle tell neither where it began nor how fast
/// it is.
const ENOUGH: usize = 10;

/// A tenth of the nanoseconds that libtest aims at for its first samples.
const LEAST: f64 = 100_000.0;

/// More reads than libtest makes before a bench.
const FIRST_READS: usize = 8;

/// More reads than libtest makes for a bench.
const MOST_READS: usize = 8 * BLOCK * MOST_BLOCKS;

/// The samples of each line, where the reads fit. They are looked for from the end.
pub(super) fn locate(reads: &Reads, lines: &[Line]) -> Vec<Option<Begun>> {
    let mut found = vec![None; lines.len()];
    // Benches run on the main thread, but where the platform is odd they do not.
    for thread in reads.main().into_iter().chain(&reads.threads) {
        let mut end = thread.times.len();
        for (line, slot) in lines.iter().zip(&mut found).rev() {
            for view in thread.views().filter(|view| view.times.len() <= MOST_READS * lines.len()) {
                let before = view.index.partition_point(|&index| index < end);
                if let Some((start, blocks)) = bench(thread, &view, (before, end), line) {
                    end = start;
                    *slot = Some(blocks);
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

/// How the timings of a bench lie in a view.
#[derive(Clone, Copy, Debug)]
enum Form {
    /// Start and end of each are there.
    Both,
    /// Only the starts are.
    Starts,
    /// The starts are, and the ends of blocks.
    StartsAndBlocks,
}

impl Form {
    /// Reads in the view for a bench of so many blocks, whose first call is timed alone.
    fn reads(self, blocks: usize) -> usize {
        match self {
            Form::Both => 2 * (1 + blocks * BLOCK),
            Form::Starts => 1 + blocks * BLOCK,
            Form::StartsAndBlocks => 1 + blocks * (BLOCK + 1),
        }
    }

    /// The timings of the first call and of all samples: those of a bench that begins at a place
    /// of the view and is over before that read of the thread.
    fn timings(
        self,
        thread: &ThreadReads,
        view: &View,
        (place, limit): (usize, usize),
        blocks: usize,
    ) -> Option<Vec<Pair>> {
        let samples = |block| (0..2 * SAMPLES).map(move |n| (block, n));
        let samples = || (0..blocks).flat_map(samples);
        match self {
            Form::Both => {
                let at = |(block, n)| place + 2 + sample(block, n);
                let starts = std::iter::once(place).chain(samples().map(at));
                Some(starts.map(|start| view.pair(start, start + 1)).collect())
            }
            Form::Starts | Form::StartsAndBlocks => {
                let timing = |start: usize, ends_with_block: bool| {
                    let next = view.index.get(start + 1).map_or(limit, |&next| next.min(limit));
                    let lacks_end = ends_with_block && matches!(self, Form::Starts);
                    let end = next.checked_sub(1 + usize::from(lacks_end))?;
                    let start = view.index[start];
                    (end > start).then_some(Pair { start, end })
                };
                let first = timing(place, false)?;
                let mut pairs = vec![first];
                for (block, n) in samples() {
                    let start = place + self.reads(block) + 1 + n;
                    pairs.push(timing(start, n + 1 == 2 * SAMPLES)?);
                }
                // The same line of libtest's ends each sample.
                let level = thread.stack[pairs[1].end];
                pairs[1..].iter().all(|pair| thread.stack[pair.end] == level).then_some(pairs)
            }
        }
    }
}

/// The samples of the bench that ends nearest before a place of the view, which is that read of
/// the thread, and the read with which it begins.
fn bench(
    thread: &ThreadReads,
    view: &View,
    (place, limit): (usize, usize),
    line: &Line,
) -> Option<(usize, Begun)> {
    let ends = || (0..=place).rev().filter(|&end| view.may_part(end));
    let at = |end: usize, form: Form| {
        let starts = (1..=MOST_BLOCKS)
            .map_while(move |blocks| Some((end.checked_sub(form.reads(blocks))?, blocks)));
        starts.filter(|&(start, _)| view.may_part(start)).find_map(|(start, blocks)| {
            let timings = form.timings(thread, view, (start, limit), blocks)?;
            let found = samples(thread, &timings)?;
            let holds = fits(&found, line) && are_alike(&found);
            holds.then_some((view.index[start], found))
        })
    };
    ends().find_map(|end| {
        [Form::Both, Form::Starts, Form::StartsAndBlocks].into_iter().find_map(|form| at(end, form))
    })
}

/// `n` of a block, counted from 0, after a first call that took so long.
fn calls_of_block(single: u64, block: usize) -> Option<u64> {
    const MILLISECOND: u64 = 1_000_000;
    (MILLISECOND / single.max(1)).max(1).checked_shl(u32::try_from(block).ok()?)
}

/// Whether the line says what these samples say.
pub(super) fn fits(found: &Begun, line: &Line) -> bool {
    median(found, line).is_some_and(|median| (median - line.median).abs() <= line.slack)
}

/// The median time per call in the last fifty samples, as the line tells it.
fn median(blocks: &Begun, line: &Line) -> Option<f64> {
    let last = &blocks.samples[blocks.samples.len().checked_sub(SAMPLES)?..];
    let each = |sample: &Sample| match sample.nanos / sample.iterations as f64 {
        nanos if line.of_whole_samples => nanos.floor(),
        nanos => nanos,
    };
    let mut nanos: Vec<f64> = last.iter().map(each).collect();
    nanos.sort_unstable_by(f64::total_cmp);
    Some((nanos[SAMPLES / 2 - 1] + nanos[SAMPLES / 2]) / 2.0)
}

/// The samples of a bench that may have been ended in the middle, the only one of its process.
///
/// It begins where libtest had just printed its name, which is among the first reads unless its
/// set-up makes some. Nothing that was printed tells whether that is so: the time between the
/// samples does, of which libtest needs next to none. How long the first call took is all that tells
/// how many calls a sample is of, so that a timing of the bench's own must not be taken for it: that
/// would make a sample of what libtest does between the first call and the first block.
///
/// The earliest place that fits is taken, whatever the view: where the first call is timed from deeper
/// on the stack, some views lack it, and a block's start or end stands in its place.
pub(in crate::bench) fn begun(reads: &Reads) -> Option<Begun> {
    reads.main().into_iter().chain(&reads.threads).find_map(|thread| {
        let mut earliest: Option<(usize, Begun)> = None;
        for view in thread.views().filter(|view| view.times.len() <= MOST_READS) {
            let limit = earliest.as_ref().map_or(usize::MAX, |&(index, _)| index);
            // The first that fits: between two samples it fits again.
            let mut starts = (0..view.times.len())
                .take_while(|&place| view.index[place] < limit)
                .filter(|&place| place < FIRST_READS || view.may_part(place));
            let found =
                starts.find_map(|place| Some((view.index[place], begun_at(thread, &view, place)?)));
            earliest = found.or(earliest);
        }
        earliest.map(|(_, begun)| begun)
    })
}

fn begun_at(thread: &ThreadReads, view: &View, place: usize) -> Option<Begun> {
    let last = view.times.len().checked_sub(1)?;
    let of_block = |block| (0..2 * SAMPLES).map(move |n| place + 2 + sample(block, n));
    let starts = std::iter::once(place).chain((0..MOST_BLOCKS).flat_map(of_block));
    let pairs: Vec<Pair> =
        starts.take_while(|&start| start < last).map(|at| view.pair(at, at + 1)).collect();
    if pairs.len() < ENOUGH {
        return None;
    }
    let begun = samples(thread, &pairs)?;
    let (alone, first) = (pairs[0], pairs[1]);
    // The first call is timed by the same function, which may be inlined here and not there, and in
    // which a timing's end may be read a call deeper than its start.
    let depth = |at: usize| thread.stack[at];
    let deeper = |pair: Pair| depth(pair.start).cmp(&depth(pair.end));
    let from_where = depth(alone.start) <= depth(first.start) && deeper(alone) == deeper(first);
    // It reads no clock between two samples of a block, whatever their code does.
    let follow = pairs[1..]
        .chunks(2 * SAMPLES)
        .all(|block| block.windows(2).all(|two| two[1].start == two[0].end + 1));
    let nanos = |start: usize, end: usize| thread.times[end].saturating_sub(thread.times[start]);
    let timed = median_of(pairs[1..].iter().map(|pair| nanos(pair.start, pair.end)).collect());
    let between = pairs[1..].windows(2).map(|two| nanos(two[0].end, two[1].start));
    // Not their sums: where others keep the processor busy, one wait for it outweighs all else.
    // Between the first call and the first sample lies no other sample: of calls that take no longer
    // than a wait for the processor, what is read there may well take a tenth of one.
    let next_to_none =
        median_of(between.collect()) <= timed / 10 && nanos(alone.end, first.start) <= timed / 2;
    (from_where && follow && next_to_none && are_alike(&begun)).then_some(begun)
}

fn median_of(mut nanos: Vec<u64>) -> u64 {
    nanos.sort_unstable();
    nanos[nanos.len() / 2]
}

/// Whether none of the samples after the first call is far faster than the others. Read from a wrong
/// place, what lies between them would be taken for some, or one of another size would be.
fn are_alike(begun: &Begun) -> bool {
    let samples = begun.samples[1..].iter();
    // Where others keep the processor busy, most may take fifty times as long as the fastest, which
    // still is as long as libtest wants it.
    let size = |sample: &Sample| sample.iterations as f64 / begun.samples[1].iterations as f64;
    if samples.clone().all(|sample| sample.nanos >= LEAST * size(sample)) {
        return true;
    }
    let mut each: Vec<f64> =
        samples.map(|sample| sample.nanos / sample.iterations as f64).collect();
    each.sort_unstable_by(f64::total_cmp);
    each[0] >= each[each.len() / 2] / 10.0
}

/// Where a sample of a block begins: a block's own reads are around those of its samples.
fn sample(block: usize, n: usize) -> usize {
    2 * block * BLOCK + 1 + 2 * n
}

/// The first call and the samples with their numbers of calls.
fn samples(thread: &ThreadReads, timings: &[Pair]) -> Option<Begun> {
    let nanos = |pair: &Pair| thread.times[pair.end].saturating_sub(thread.times[pair.start]);
    let single = nanos(timings.first()?);
    let calls = |at: usize| {
        let Some(at) = at.checked_sub(1) else { return Some(1) };
        let calls = calls_of_block(single, at / (2 * SAMPLES))?;
        Some(if at % (2 * SAMPLES) < SAMPLES { calls } else { calls.checked_mul(5)? })
    };
    let counted = |(at, pair)| Some(Sample { iterations: calls(at)?, nanos: nanos(pair) as f64 });
    Some(Begun {
        samples: timings.iter().enumerate().map(counted).collect::<Option<_>>()?,
        pairs: timings.iter().map(|&pair| (thread.tid, pair)).collect(),
    })
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
        Line { bench: "b".to_owned(), median, slack: 0.0051, of_whole_samples: false }
    }

    #[test]
    fn a_median_of_whole_numbers_is_told_from_one_of_fractions() {
        let sample = |nanos| Sample { iterations: 10, nanos };
        // Half of them take 2.9 ns per call, half 3.2.
        let samples = (0..SAMPLES).map(|n| sample(if n % 2 == 0 { 29.0 } else { 32.0 })).collect();
        let found = Begun { pairs: Vec::new(), samples };
        let whole = |median| a_line(median).of_whole_samples();
        assert!(fits(&found, &whole(2.5)) && !fits(&found, &whole(3.05)));
        assert!(fits(&found, &a_line(3.05)) && !fits(&found, &a_line(2.5)));
    }

    #[test]
    fn iterations_follow_from_the_first_call_and_the_number_of_blocks() {
        let (mut now, mut times) = (1000, vec![1000]);
        run(&mut now, 250, 2, &mut times);
        let second = times.len();
        run(&mut now, 400, 1, &mut times);
        let end = times.len();
        times.push(now + 50);
        let reads = Reads { pid: 1, threads: vec![thread(&times, &[1, second, end])] };
        let found = locate(&reads, &[a_line(250.0), a_line(400.0)]);
        let iterations: Vec<u64> = found
            .iter()
            .map(|f| f.as_ref().unwrap().samples.iter().map(|s| s.iterations).sum())
            .collect();
        assert_eq!(iterations, [1 + 300 * 4000 + 300 * 8000, 1 + 300 * 2500]);
    }

    #[test]
    fn code_that_reads_the_clock_where_a_timing_ends_is_told_apart() {
        let (mut now, mut times) = (1000, vec![]);
        run(&mut now, 250_000, 2, &mut times);
        // A timing begins at one level, and ends a level below.
        let (begins, ends) = (0x1000, 0xff0);
        // A block's begins with it, or is read around all samples from a level above.
        told_apart(&times, [begins, ends], begins, ends);
        told_apart(&times, [begins + 0x10, begins + 0x8], begins, ends);
    }

    /// `of_block`: from where a block's start and end are read.
    fn told_apart(times: &[u64], of_block: [u64; 2], begins: u64, ends: u64) {
        let mut plain = thread(times, &[]);
        let level = |at: usize| match at.checked_sub(2).map(|at| at % 202) {
            None => [begins, ends][at],
            Some(0) => of_block[0],
            Some(201) => of_block[1],
            Some(in_block) => [ends, begins][in_block % 2],
        };
        plain.stack = (0..times.len()).map(level).collect();
        // The timed code reads it in the middle, from where a timing ends.
        let mut mixed = ThreadReads { tid: 1, ..ThreadReads::default() };
        for at in 0..times.len() {
            mixed.times.push(times[at]);
            mixed.stack.push(plain.stack[at]);
            mixed.io_calls.push(0);
            if level(at) == begins && at + 1 < times.len() && level(at + 1) == ends {
                mixed.times.push(times[at] + 100);
                mixed.stack.push(ends);
                mixed.io_calls.push(0);
            }
        }
        let found = |thread| {
            let reads = Reads { pid: 1, threads: vec![thread] };
            locate(&reads, &[a_line(250_000.0)]).swap_remove(0).unwrap()
        };
        assert_eq!(found(mixed).samples, found(plain).samples);
    }

    #[test]
    fn a_bench_that_was_ended_in_the_middle_shows_its_samples_until_then() {
        // libtest reads the clock before it prints the name.
        let (mut now, mut times) = (1000, vec![1000]);
        run(&mut now, 250, 2, &mut times);
        let reads = Reads { pid: 1, threads: vec![thread(&times, &[1])] };
        let all = begun(&reads).unwrap().samples;
        assert_eq!(all.iter().map(|s| s.iterations).sum::<u64>(), 1 + 300 * 4000 + 300 * 8000);
        assert!(all.iter().all(|s| s.nanos == 250.0 * s.iterations as f64));
        for end in [24, 25, 100, 202, 203, 204, 205, 206, 300] {
            let reads = Reads { pid: 1, threads: vec![thread(&times[..end], &[1])] };
            let seen = begun(&reads).unwrap().samples;
            assert_eq!(seen, all[..seen.len()]);
            assert!(seen.len() >= (end - 2) / 2 - 2, "{end}: {}", seen.len());
        }
        let all = begun(&reads).unwrap();
        assert!(fits(&all, &a_line(250.0)) && !fits(&all, &a_line(260.0)));
        for end in 0..24 - 2 {
            assert_eq!(begun(&Reads { pid: 1, threads: vec![thread(&times[..end], &[1])] }), None);
        }
    }

    #[test]
    fn a_timing_of_the_benchs_own_is_not_taken_for_the_first_call() {
        // Its set-up reads the clock twice and more often.
        for set_up in [2, 4, 20] {
            let (mut now, mut times) = (1000, (0..set_up).map(|n| 900 + n).collect::<Vec<_>>());
            run(&mut now, 250, 1, &mut times);
            let reads = Reads { pid: 1, threads: vec![thread(&times, &[])] };
            let iterations = |begun: Begun| begun.samples[1].iterations;
            let expected = (set_up < FIRST_READS as u64).then_some(4000);
            assert_eq!(begun(&reads).map(iterations), expected, "{set_up}");
            // Something was printed after that.
            let reads = Reads { pid: 1, threads: vec![thread(&times, &[set_up as usize])] };
            assert_eq!(begun(&reads).map(iterations), Some(4000), "{set_up}");
        }
    }

    #[test]
    fn the_first_call_may_be_timed_from_deeper_on_the_stack_and_not_from_higher() {
        let (mut now, mut times) = (1000, vec![]);
        run(&mut now, 250, 1, &mut times);
        let found = |first: u64| {
            let mut thread = thread(&times, &[]);
            let ends = |at: usize| at == 1 || at > 2 && at.is_multiple_of(2) || at == 203;
            thread.stack = (0..times.len()).map(|at| 0x1000 - 8 * u64::from(ends(at))).collect();
            thread.stack[0] = first;
            thread.stack[1] = first - 8;
            begun(&Reads { pid: 1, threads: vec![thread] }).is_some()
        };
        assert_eq!((found(0x1000), found(0xf00), found(0x1100)), (true, true, false));
    }

    #[test]
    fn a_first_call_that_a_view_lacks_is_found_in_another() {
        // Calls that do I/O, of which the first is timed from deeper than the others.
        let (mut now, mut times) = (1000, vec![900]);
        run(&mut now, 250_000, 2, &mut times);
        for end in [60, times.len()] {
            let io: Vec<usize> = (1..end).collect();
            let mut thread = thread(&times[..end], &io);
            thread.stack[0] = 0x2000;
            thread.stack[1..3].fill(0xf00);
            let seen = begun(&Reads { pid: 1, threads: vec![thread] }).unwrap();
            assert_eq!((seen.pairs[0].1.start, seen.samples[1].iterations), (1, 4), "{end}");
        }
    }

    #[test]
    fn what_lies_between_the_samples_is_not_taken_for_them() {
        let (mut now, mut times) = (1000, vec![]);
        run(&mut now, 250, 2, &mut times);
        // The bench has read the clock several times before libtest did.
        times.splice(0..0, 900..915);
        assert_eq!(begun(&Reads { pid: 1, threads: vec![thread(&times, &[])] }), None);
        // It reads the clock in each iteration.
        let often: Vec<u64> = (0..500).map(|n| 1000 + 100 * n).collect();
        assert_eq!(begun(&Reads { pid: 1, threads: vec![thread(&often, &[])] }), None);
        assert_eq!(begun(&Reads::default()), None);
    }

    #[test]
    fn a_processor_that_others_keep_busy_hides_no_samples() {
        // Calls of three milliseconds, of which all but two wait for their turn.
        let (mut now, mut times) = (0, vec![]);
        for call in 0..60 {
            for after in [3, if call == 7 || call == 8 { 3_000_000 } else { 150_000_000 }] {
                now += after;
                times.push(now);
            }
        }
        // The first call, then the start of the block.
        times.insert(2, times[1] + 1);
        let seen = begun(&Reads { pid: 1, threads: vec![thread(&times, &[])] }).unwrap();
        assert_eq!(seen.samples.len(), 60);
        assert!(seen.samples.iter().all(|sample| sample.nanos >= 3_000_000.0));
    }

    #[test]
    fn of_starts_alone_no_two_are_taken_for_a_sample() {
        // Where only the starts are looked at, every second sample lies between two of them; those
        // wait for the processor, and all other time is nothing beside that.
        let (mut times, mut stack) = (vec![0], vec![0x2000]);
        let mut now = 1000;
        let mut read = |after: u64, level: u64| {
            now += after;
            times.push(now);
            stack.push(level);
        };
        let (starts, ends) = (0x1000, 0xff0);
        read(0, starts);
        read(701, ends);
        read(300, starts);
        for n in 0..61 {
            read(if n == 0 { 311 } else { 150 }, starts);
            let waited = if n > 0 && n % 2 == 0 { 10_000_000 } else { 0 };
            read(1426 * if n < 50 { 60 } else { 300 } + waited, ends);
        }
        let mut thread = thread(&times, &[]);
        thread.stack = stack;
        let seen = begun(&Reads { pid: 1, threads: vec![thread] }).unwrap().samples;
        let iterations: Vec<u64> = seen.iter().map(|sample| sample.iterations).collect();
        assert_eq!(iterations, [&[1][..], &[1426; 50], &[5 * 1426; 11]].concat());
    }

    #[test]
    fn a_median_that_no_number_of_blocks_explains_is_not_found() {
        let (mut now, mut times) = (1000, vec![]);
        run(&mut now, 250, 1, &mut times);
        let reads = Reads { pid: 1, threads: vec![thread(&times, &[])] };
        assert_eq!(locate(&reads, &[a_line(260.0)]), [None]);
        // The same run with another read before it: whose is it?
        times.insert(0, 900);
        let reads = Reads { pid: 1, threads: vec![thread(&times, &[])] };
        assert_eq!(locate(&reads, &[a_line(250.0)]), [None]);
        assert_eq!(locate(&Reads::default(), &[a_line(1.0)]), [None]);
    }
}
