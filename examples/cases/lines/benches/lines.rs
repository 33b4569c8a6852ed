//! A file of five thousand lines.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use lines::lines as count_lines;

fn lines(c: &mut Criterion) {
    let path = std::env::temp_dir().join(format!("lines-bench-{}", std::process::id()));
    let text: String = (0..5_000).map(|n| format!("line {n}\n")).collect();
    std::fs::write(&path, text).unwrap();
    c.bench_function("lines", |b| b.iter(|| count_lines(black_box(&path)).unwrap()));
}

criterion_group!(benches, lines);
criterion_main!(benches);
