//! Four threads, each with sessions of its own.

use std::hint::black_box;
use std::time::Instant;

use criterion::{Criterion, criterion_group, criterion_main};
use sessions::Sessions;

fn sessions(c: &mut Criterion) {
    const THREADS: u64 = 4;
    let sessions = Sessions::default();
    c.bench_function("sessions", |b| {
        b.iter_custom(|visits| {
            let start = Instant::now();
            std::thread::scope(|scope| {
                for thread in 0..THREADS {
                    let sessions = &sessions;
                    scope.spawn(move || {
                        for n in 0..visits.div_ceil(THREADS) {
                            black_box(sessions.visit(black_box(thread * 1000 + n % 1000)));
                        }
                    });
                }
            });
            start.elapsed()
        })
    });
}

criterion_group!(benches, sessions);
criterion_main!(benches);
