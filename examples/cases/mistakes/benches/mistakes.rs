//! Three benches, each with a mistake: work that grows with the iterations, a result that nobody
//! looks at, and an input that is built inside the timed region.

use std::time::Instant;

use criterion::{Criterion, criterion_group, criterion_main};
use mistakes::{coprime_sum, gcd};

fn grows(c: &mut Criterion) {
    c.bench_function("grows", |b| {
        b.iter_custom(|iterations| {
            let start = Instant::now();
            for n in 0..iterations {
                std::hint::black_box(coprime_sum(n % 4_000));
            }
            start.elapsed()
        })
    });
}

fn unused(c: &mut Criterion) {
    c.bench_function("unused", |b| {
        b.iter(|| {
            gcd(3_528, 3_780);
        })
    });
}

fn setup(c: &mut Criterion) {
    c.bench_function("setup", |b| {
        b.iter(|| {
            let numbers: Vec<u64> = (0..10_000).map(|n| n * 7919 % 10_007).collect();
            numbers.iter().max().copied()
        })
    });
}

criterion_group!(benches, grows, unused, setup);
criterion_main!(benches);
