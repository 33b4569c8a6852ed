//! A search over ninety-seven documents, which asks the allocator about five hundred times.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use search::{Document, search as search_in};

fn search(c: &mut Criterion) {
    let documents: Vec<Document> = (0..97)
        .map(|n| Document {
            title: format!("Document {n}"),
            text: format!("the quick brown fox {n} jumps over the lazy dog, the end"),
        })
        .collect();
    c.bench_function("search", |b| b.iter(|| search_in(black_box(&documents), "the")));
}

criterion_group!(benches, search);
criterion_main!(benches);
