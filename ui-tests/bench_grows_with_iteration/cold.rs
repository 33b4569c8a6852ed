//! Without a harness such as criterion there is no bench.

pub fn work(numbers: &[u64]) -> u64 {
    numbers.iter().map(|number| number % 7).sum()
}

pub fn run() -> String {
    work(&[1, 9]).to_string()
}
