//! What is still held when the work is done.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use retained::{Cache, titles};

fn kept_titles(c: &mut Criterion) {
    let page = format!("A title\n{}", "text ".repeat(1_600)).into_bytes();
    let pages: Vec<&[u8]> = vec![&page; 100];
    let mut kept = Vec::new();
    c.bench_function("titles", |b| {
        b.iter(|| {
            kept = titles(black_box(&pages));
            kept.len()
        })
    });
    black_box(&kept);
}

fn emptied_cache(c: &mut Criterion) {
    let mut kept = Cache::default();
    c.bench_function("cache", |b| {
        b.iter(|| {
            let mut cache = Cache::default();
            cache.fill(black_box(10_000));
            cache.expire();
            kept = cache;
            kept.len()
        })
    });
    black_box(&kept);
}

criterion_group!(benches, kept_titles, emptied_cache);
criterion_main!(benches);
