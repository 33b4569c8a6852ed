//! What is still held when the work is done.

use std::hint::black_box;
use std::sync::Mutex;

use criterion::{Criterion, criterion_group, criterion_main};
use retained::{Cache, titles};

// As a service that goes on would hold them.
static TITLES: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());
static CACHE: Mutex<Option<Cache>> = Mutex::new(None);

fn kept_titles(c: &mut Criterion) {
    let page = format!("A title\n{}", "text ".repeat(1_600)).into_bytes();
    let pages: Vec<&[u8]> = vec![&page; 2_000];
    c.bench_function("titles", |b| {
        b.iter(|| *TITLES.lock().unwrap() = titles(black_box(&pages)));
    });
}

fn emptied_cache(c: &mut Criterion) {
    c.bench_function("cache", |b| {
        b.iter(|| {
            let mut cache = Cache::default();
            cache.fill(black_box(200_000));
            cache.expire();
            *CACHE.lock().unwrap() = Some(cache);
        });
    });
}

criterion_group!(benches, kept_titles, emptied_cache);
criterion_main!(benches);
