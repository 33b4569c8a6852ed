//! Four threads that read, often enough that to start them is little beside it.

use std::hint::black_box;
use std::time::Instant;

use criterion::{Criterion, criterion_group, criterion_main};
use settings::Settings;

fn settings(c: &mut Criterion) {
    const THREADS: u64 = 4;
    const READS: u64 = 10_000;
    let settings = Settings::default();
    for n in 0..50 {
        settings.set(&format!("limit.{n}"), n);
    }
    c.bench_function("settings", |b| {
        b.iter_custom(|turns| {
            let start = Instant::now();
            std::thread::scope(|scope| {
                for _ in 0..THREADS {
                    scope.spawn(|| {
                        for _ in 0..turns * READS / THREADS {
                            black_box(settings.get(black_box("limit.7")));
                        }
                    });
                }
            });
            start.elapsed()
        })
    });
}

criterion_group!(benches, settings);
criterion_main!(benches);
