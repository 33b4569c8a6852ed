use std::hint::black_box;

/// Stands for criterion's: fixtures are compiled without it.
pub struct Bencher(u64);

impl Bencher {
    pub fn iter<O>(&mut self, mut routine: impl FnMut() -> O) {
        routine();
        self.0 += 1;
    }
}

/// Building is what is measured.
pub fn built(b: &mut Bencher) {
    b.iter(|| {
        let numbers: Vec<u64> = (0..10_000).map(|n| n * 7919 % 10_007).collect();
        black_box(numbers.len())
    })
}

/// Made once, before.
pub fn outside(b: &mut Bencher) {
    let numbers: Vec<u64> = (0..10_000).collect();
    b.iter(|| {
        let most = numbers.iter().max();
        most.copied()
    })
}

pub fn run() -> String {
    let mut bencher = Bencher(0);
    built(&mut bencher);
    outside(&mut bencher);
    bencher.0.to_string()
}
