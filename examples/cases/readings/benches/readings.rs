//! A series as a logger delivers it.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use readings::temperatures;

fn readings(c: &mut Criterion) {
    let raw: Vec<u16> = (0..10_000).map(|n| (n * 37 % 1600) as u16).collect();
    c.bench_function("readings", |b| b.iter(|| temperatures(black_box(&raw))));
}

criterion_group!(benches, readings);
criterion_main!(benches);
