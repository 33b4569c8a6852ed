//! How long the exact tests take: `cargo bench --bench statistics`.

#![allow(clippy::print_stdout, missing_docs)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use cargo_perf::stats::{hodges_lehmann, mann_whitney, median_interval, sort};

/// The median over many calls.
fn time(name: &str, mut call: impl FnMut()) {
    let mut times: Vec<Duration> = (0..201)
        .map(|_| {
            let start = Instant::now();
            call();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    println!("{name:<52} {:>9.1} µs", times[times.len() / 2].as_secs_f64() * 1e6);
}

/// A sorted sample; a coarse `step` makes ties.
fn sample(count: usize, seed: u64, step: f64) -> Vec<f64> {
    let mut state = seed;
    let mut draw = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let mut values: Vec<f64> = (0..count).map(|_| (draw() / step).floor() * step).collect();
    sort(&mut values);
    values
}

fn main() {
    let (a, b) = (sample(50, 1, 1e-15), sample(50, 2, 1e-15));
    time("exact U test, 50 against 50", || {
        let _ = black_box(mann_whitney(black_box(&a), black_box(&b)));
    });
    let (a, b) = (sample(25, 1, 0.05), sample(25, 2, 0.05));
    time("exact U test with ties, 25 against 25", || {
        let _ = black_box(mann_whitney(black_box(&a), black_box(&b)));
    });
    let logs = sample(48, 3, 1e-15);
    time("exact signed-rank interval of 48 pairs", || {
        black_box(hodges_lehmann(black_box(&logs), 0.01));
    });
    time("interval of the median of 30", || {
        black_box(median_interval(black_box(30), 0.95));
    });
}
