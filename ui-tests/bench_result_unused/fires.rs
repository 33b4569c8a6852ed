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

pub fn unused(b: &mut Bencher) {
    b.iter(|| {
        gcd(3_528, 3_780);
    });
}

pub fn bound(b: &mut Bencher) {
    b.iter(|| {
        let _ = gcd(3_528, 3_780);
    });
}

pub fn run() -> String {
    let mut bencher = Bencher(0);
    unused(&mut bencher);
    bencher.0.to_string()
}
