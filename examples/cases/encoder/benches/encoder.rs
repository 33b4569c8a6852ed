//! Records as a service logs them.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use encoder::Encoder;

fn encoder(c: &mut Criterion) {
    let fields = ["2024-05-01", "GET", "/index.html", "200"];
    let mut encoder = Encoder::default();
    c.bench_function("encoder", |b| {
        b.iter(|| {
            encoder.clear();
            for _ in 0..50 {
                encoder.record(black_box(&fields));
            }
            black_box(encoder.log().len())
        })
    });
}

criterion_group!(benches, encoder);
criterion_main!(benches);
