/// Stands for criterion's: fixtures are compiled without it.
pub struct Bencher(u64);

impl Bencher {
    pub fn iter<O>(&mut self, mut routine: impl FnMut() -> O) {
        routine();
        self.0 += 1;
    }
}

pub fn bounded(room: usize) -> Vec<u64> {
    Vec::with_capacity(room)
}

/// The profile shows that it was not computed while compiling.
pub fn create(b: &mut Bencher) {
    b.iter(|| bounded(8));
}

pub fn run() -> String {
    let mut bencher = Bencher(0);
    create(&mut bencher);
    bencher.0.to_string()
}
