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

fn to_writer(mut out: impl std::io::Write, number: u64) {
    write!(out, "{number}").unwrap();
}

/// Empties what it is given.
fn render_into(out: &mut Vec<u8>) {
    out.clear();
    to_writer(out, 8);
}

pub fn benches(b: &mut Bencher) {
    let inputs = [3, 4];
    // One of the same inputs each time.
    b.iter_custom(|iterations| {
        let start = Instant::now();
        for n in 0..iterations {
            std::hint::black_box(sum(inputs[n as usize % inputs.len()]));
        }
        start.elapsed()
    });
    // Emptied each time.
    let mut numbers = Vec::new();
    b.iter(|| {
        numbers.clear();
        numbers.push(1_u64);
        numbers.len()
    });
    let mut out = Vec::new();
    b.iter(|| {
        out.clear();
        to_writer(&mut out, 7);
    });
    // Whether this one adds, its name does not tell.
    let mut rendered = Vec::new();
    b.iter(|| render_into(&mut rendered));
    // What may empty it is called, too.
    let mut both = Vec::new();
    b.iter(|| {
        render_into(&mut both);
        to_writer(&mut both, 7);
    });
    // Its own.
    b.iter(|| {
        let mut numbers = vec![3];
        numbers.push(1_u64);
        numbers.len()
    });
}

pub fn run() -> String {
    let mut bencher = Bencher(0);
    benches(&mut bencher);
    bencher.0.to_string()
}
