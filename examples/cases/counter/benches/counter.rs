//! Four threads that count, often enough that to start them is little beside it.

use std::hint::black_box;
use std::time::Instant;

use counter::next_visitor;
use criterion::{Criterion, criterion_group, criterion_main};

fn counter(c: &mut Criterion) {
    const THREADS: u64 = 4;
    const VISITS: u64 = 10_000;
    c.bench_function("counter", |b| {
        b.iter_custom(|turns| {
            let start = Instant::now();
            std::thread::scope(|scope| {
                for _ in 0..THREADS {
                    scope.spawn(|| {
                        for _ in 0..turns * VISITS / THREADS {
                            black_box(next_visitor());
                        }
                    });
                }
            });
            start.elapsed()
        })
    });
}

criterion_group!(benches, counter);
criterion_main!(benches);
