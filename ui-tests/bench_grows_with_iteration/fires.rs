use std::time::{Duration, Instant};

/// Stands for criterion's: fixtures are compiled without it.
pub struct Bencher(u64);

impl Bencher {
    pub fn iter<O>(&mut self, mut routine: impl FnMut() -> O) {
        routine();
        self.0 += 1;
    }

    pub fn iter_custom(&mut self, mut routine: impl FnMut(u64) -> Duration) {
        routine(2);
        self.0 += 1;
    }
}

pub fn sum(n: u64) -> u64 {
    (0..n).sum()
}

pub fn grows(b: &mut Bencher) {
    b.iter_custom(|iterations| {
        let start = Instant::now();
        for n in 0..iterations {
            std::hint::black_box(sum(n % 4_000));
        }
        start.elapsed()
    });
}

pub fn sorts(b: &mut Bencher) {
    let mut numbers = Vec::new();
    b.iter(|| {
        numbers.push(1_u64);
        numbers.len()
    });
}

fn to_writer(mut out: impl std::io::Write, number: u64) {
    write!(out, "{number}").unwrap();
}

pub fn writes(b: &mut Bencher) {
    let mut out = Vec::new();
    b.iter(|| to_writer(&mut out, 7));
}

pub fn run() -> String {
    let mut bencher = Bencher(0);
    grows(&mut bencher);
    sorts(&mut bencher);
    writes(&mut bencher);
    bencher.0.to_string()
}
