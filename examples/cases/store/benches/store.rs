//! Twenty rows from a store that takes half a millisecond for each.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use store::{Store, load_all};

fn store(c: &mut Criterion) {
    let store = Store::new(std::time::Duration::from_micros(500));
    let ids: Vec<u32> = (0..20).collect();
    c.bench_function("store", |b| b.iter(|| load_all(black_box(&store), black_box(&ids))));
}

criterion_group!(benches, store);
criterion_main!(benches);
