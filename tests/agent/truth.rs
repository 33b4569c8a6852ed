//! Exact counters.

use std::time::Duration;

use cargo_perf::capture::preload::Wanted;
use cargo_perf::capture::raw::{Counters, IoCall, What};

use crate::recorded::{everything, minus, run};

/// Heap counters of a timed region.
fn heap(work: &str) -> Counters {
    let run = run(&everything(), &[work]);
    assert!(run.output.status.success());
    run.first().timed()
}

#[test]
fn boxes_are_counted_exactly() {
    let counters = heap("boxes");
    let expected =
        Counters { allocs: 1000, alloc_bytes: 40_000, frees: 1000, ..Counters::default() };
    assert_eq!(counters, expected);
}

#[test]
fn pushes_grow_a_vector_as_often_as_it_doubles() {
    let counters = heap("push");
    assert_eq!((counters.allocs, counters.alloc_bytes), (1, 32));
    assert_eq!((counters.frees, counters.growths), (1, 8));
    assert_eq!(counters.growth_added, 8192 - 32);
    assert!(counters.growth_copied <= (32..=4096).sum::<u64>());
}

#[test]
fn growth_within_the_smallest_block_is_growth() {
    let counters = heap("bytes");
    assert_eq!((counters.allocs, counters.alloc_bytes), (100, 800));
    assert_eq!((counters.frees, counters.growths), (100, 200));
}

#[test]
fn giving_room_back_is_no_growth() {
    let counters = heap("shrink");
    assert_eq!((counters.allocs, counters.growths), (100, 0));
    assert_eq!(counters.frees, 100);
}

#[test]
fn zeroed_and_aligned_blocks_are_counted() {
    let zeroed = heap("zeroed");
    assert_eq!((zeroed.allocs, zeroed.alloc_bytes, zeroed.frees), (10, 1_000_000, 10));
    let aligned = heap("aligned");
    assert_eq!((aligned.allocs, aligned.alloc_bytes, aligned.frees), (10, 640, 10));
}

#[test]
fn io_calls_and_bytes_are_counted_exactly() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("file");
    let run = run(&everything(), &["io", file.to_str().expect("text")]);
    let pairs = run.first().pairs();
    let regions: Vec<Counters> =
        pairs.iter().map(|(start, end)| minus(&end.counters, &start.counters)).collect();
    // The first, what lies between them, the second.
    assert_eq!((regions[0].io_calls, regions[0].io_bytes), (8, 21));
    assert_eq!((regions[2].io_calls, regions[2].io_bytes), (6, 20));
    let writes = run.first().samples.iter().filter(|sample| {
        matches!(sample.what, What::Io { call: IoCall::Write, bytes: 3, weight_milli: 1000, .. })
    });
    assert_eq!(writes.count(), 7);
}

#[test]
fn waits_are_as_long_as_the_holder_sleeps() {
    for work in ["mutex", "rwlock", "condvar", "channel"] {
        let run = run(&everything(), &[work]);
        let process = run.first();
        // The region does nothing but wait, so the clock itself says how long that is.
        let pairs = process.pairs();
        let timed = pairs.iter().max_by_key(|(start, end)| end.time - start.time);
        let (start, end) = timed.expect("a timed region");
        let truth = end.time - start.time;
        let near = |nanos: u64| (0.95..=1.0).contains(&(nanos as f64 / truth as f64));
        let counters = minus(&end.counters, &start.counters);
        assert!(near(counters.lock_nanos), "{work}: {} of {truth}", counters.lock_nanos);
        let any = |test: &dyn Fn(What) -> bool| process.samples.iter().any(|s| test(s.what));
        assert!(
            any(&|what| matches!(what, What::LockWait { nanos, .. } if near(nanos))),
            "{work}: the wait has a stack"
        );
        // From there the waiter still has to get a processor, so the wake comes earlier.
        let released = |nanos: u64| (truth / 4 * 3..=truth).contains(&nanos);
        assert!(
            any(&|what| matches!(what, What::LockWake { nanos, woken: 1, .. } if released(nanos))),
            "{work}: who ended the wait has a stack"
        );
    }
}

#[test]
fn short_threads_are_all_seen() {
    let run = run(&everything(), &["threads"]);
    let process = run.first();
    let starts = process.samples.iter().filter(|s| matches!(s.what, What::ThreadStart { .. }));
    assert_eq!(starts.count(), 2000);
    // The threads, and the main thread that was alive at the end.
    assert_eq!(process.exits.len(), 2001);
    let names = process.names.iter().filter(|(_, name)| name.starts_with("short-"));
    assert_eq!(names.count(), 2000);
    let boxes = process
        .samples
        .iter()
        .filter(|sample| matches!(sample.what, What::Alloc { bytes: 40, .. }));
    assert!(boxes.count() >= 2000);
}

#[test]
fn many_short_threads_leave_few_stacks() {
    let wanted = Wanted { first: Wanted::default().first, ..everything() };
    let run = run(&wanted, &["threads"]);
    let weights: Vec<u64> = run
        .first()
        .samples
        .iter()
        .filter_map(|sample| match sample.what {
            What::ThreadStart { weight_milli } => Some(weight_milli),
            _ => None,
        })
        .collect();
    // The first of the process, then one of 64: 27 are expected, and 5 make one standard error.
    assert!((256..=400).contains(&weights.len()), "{} stacks", weights.len());
    let starts = weights.iter().sum::<u64>() / 1000;
    assert!((800..=3200).contains(&starts), "they stand for {starts} of 2000");
}

#[test]
fn counters_of_threads_add_up_to_those_of_the_process() {
    let run = run(&everything(), &["threads"]);
    let process = run.first();
    let allocs: u64 = process.exits.iter().map(|(_, counters)| counters.allocs).sum();
    assert_eq!(allocs, process.summary.process.allocs);
}

/// How many boxes of 40 bytes the samples stand for, and how many samples there are.
fn estimate(wanted: &Wanted, boxes: &str) -> (f64, usize) {
    let run = run(wanted, &["boxes", boxes]);
    let weights = run.first().samples.iter().filter_map(|sample| match sample.what {
        What::Alloc { bytes: 40, weight_milli, .. } => Some(weight_milli as f64 / 1000.0),
        _ => None,
    });
    (weights.clone().sum(), weights.count())
}

#[test]
fn samples_stand_for_all_events() {
    let wanted = Wanted { heap_mean: 400, pace: Duration::ZERO, ..everything() };
    let (estimated, samples) = estimate(&wanted, "100000");
    // One in 10.5: the estimate's standard deviation is 1 %.
    assert!((8500..10500).contains(&samples), "{samples} samples");
    assert!((95_000.0..105_000.0).contains(&estimated), "{estimated} of 100,000");
}

#[test]
fn a_program_that_does_nothing_but_allocate_is_sampled_at_a_bounded_pace() {
    let wanted = Wanted { heap_mean: 400, ..everything() };
    let (estimated, samples) = estimate(&wanted, "30000000");
    // It takes tenths of a second, in which the mean alone would take 3 million samples.
    assert!(samples < 30_000, "{samples} samples");
    // Some hundred samples: the estimate's standard deviation is a few percent.
    assert!((20e6..40e6).contains(&estimated), "{estimated} of 30,000,000");
}
