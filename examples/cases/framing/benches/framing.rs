//! Fifty messages of one connection.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use framing::frame_all;

fn framing(c: &mut Criterion) {
    let payload = vec![7u8; 48];
    let messages: Vec<&[u8]> = vec![&payload; 50];
    let mut wire = Vec::new();
    c.bench_function("framing", |b| {
        b.iter(|| {
            wire.clear();
            frame_all(black_box(&messages), &mut wire);
            black_box(wire.len())
        })
    });
}

criterion_group!(benches, framing);
criterion_main!(benches);
