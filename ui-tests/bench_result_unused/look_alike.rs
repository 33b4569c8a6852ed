use std::hint::black_box;

/// Stands for criterion's: fixtures are compiled without it.
pub struct Bencher(u64);

impl Bencher {
    pub fn iter<O>(&mut self, mut routine: impl FnMut() -> O) {
        routine();
        self.0 += 1;
    }
}

pub fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

pub fn fill(numbers: &mut Vec<u64>) {
    numbers.clear();
    numbers.push(1);
}

pub fn stored(name: &str) -> std::io::Result<u64> {
    std::fs::write(name, "").map(|()| 0)
}

pub fn benches(b: &mut Bencher) {
    // The harness looks at it.
    b.iter(|| gcd(black_box(12), 18));
    b.iter(|| {
        black_box(gcd(12, 18));
    });
    // It works by what it changes.
    let mut numbers = Vec::new();
    b.iter(|| {
        fill(&mut numbers);
    });
    b.iter(|| {
        let _ = stored("/");
    });
}

/// No bench.
pub fn walked(numbers: &[u64]) -> u64 {
    let mut sum = 0;
    numbers.iter().for_each(|number| {
        sum += gcd(*number, 3);
    });
    sum
}

pub fn run() -> String {
    let mut bencher = Bencher(0);
    benches(&mut bencher);
    format!("{} {}", bencher.0, walked(&[3]))
}
