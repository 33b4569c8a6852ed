//! A listing of a hundred items.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use listing::{Item, listing as listing_of};

fn listing(c: &mut Criterion) {
    let items: Vec<Item> =
        (0..100).map(|n| Item { name: format!("item {n}"), cents: n * 137 }).collect();
    c.bench_function("listing", |b| b.iter(|| listing_of(black_box(&items))));
}

criterion_group!(benches, listing);
criterion_main!(benches);
