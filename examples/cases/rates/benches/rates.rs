//! A thousand trades over twenty currencies.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use rates::Rates;

fn rates(c: &mut Criterion) {
    let codes: Vec<String> = (b'A'..=b'T').map(|c| format!("{}UR", c as char)).collect();
    let mut rates = Rates::default();
    for (n, code) in codes.iter().enumerate() {
        rates.set(code, "USD", 1.0 + n as f64 / 100.0);
    }
    let trades: Vec<(&str, f64)> =
        (0..1_000).map(|n| (codes[n % codes.len()].as_str(), n as f64)).collect();
    c.bench_function("rates", |b| b.iter(|| rates.total("USD", black_box(&trades))));
}

criterion_group!(benches, rates);
criterion_main!(benches);
