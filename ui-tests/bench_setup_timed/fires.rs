/// Stands for criterion's: fixtures are compiled without it.
pub struct Bencher(u64);

impl Bencher {
    pub fn iter<O>(&mut self, mut routine: impl FnMut() -> O) {
        routine();
        self.0 += 1;
    }
}

pub fn setup(b: &mut Bencher) {
    b.iter(|| {
        let numbers: Vec<u64> = (0..10_000).map(|n| n * 7919 % 10_007).collect();
        numbers.iter().max().copied()
    })
}

pub fn run() -> String {
    let mut bencher = Bencher(0);
    setup(&mut bencher);
    bencher.0.to_string()
}
