//! Four threads that count.

use std::hint::black_box;
use std::time::Instant;

use counter::next_visitor;
use criterion::{Criterion, criterion_group, criterion_main};

fn counter(c: &mut Criterion) {
    const THREADS: u64 = 4;
    c.bench_function("counter", |b| {
        b.iter_custom(|visits| {
            let start = Instant::now();
            std::thread::scope(|scope| {
                for _ in 0..THREADS {
                    scope.spawn(|| {
                        for _ in 0..visits.div_ceil(THREADS) {
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
