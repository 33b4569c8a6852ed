//! One request, the requests of a connection, and several threads at once.

use std::hint::black_box;
use std::time::Instant;

use criterion::{Criterion, criterion_group, criterion_main};
use visitors::{Request, handle, serve};

fn request() -> Request {
    Request::get("/hi").with("name", "gopher").with("color", "#ff00aa")
}

fn handler(c: &mut Criterion) {
    let request = request();
    let mut reply = Vec::new();
    c.bench_function("handler", |b| {
        b.iter(|| {
            reply.clear();
            handle(black_box(&request), &mut reply);
            black_box(reply.len())
        })
    });
}

fn connection(c: &mut Criterion) {
    let requests = vec![request(); 8];
    let mut wire = Vec::new();
    c.bench_function("connection", |b| {
        b.iter(|| {
            wire.clear();
            serve(black_box(&requests), &mut wire);
            black_box(wire.len())
        })
    });
}

fn handler_parallel(c: &mut Criterion) {
    const THREADS: u64 = 4;
    let request = request();
    c.bench_function("handler_parallel", |b| {
        b.iter_custom(|requests| {
            let start = Instant::now();
            std::thread::scope(|scope| {
                for _ in 0..THREADS {
                    scope.spawn(|| {
                        let mut reply = Vec::new();
                        for _ in 0..requests.div_ceil(THREADS) {
                            reply.clear();
                            handle(black_box(&request), &mut reply);
                            black_box(reply.len());
                        }
                    });
                }
            });
            start.elapsed()
        })
    });
}

criterion_group!(benches, handler, connection, handler_parallel);
criterion_main!(benches);
