/// Once at the start.
pub fn settings(lines: &[u32]) -> Box<dyn Iterator<Item = &u32> + '_> {
    Box::new(lines.iter())
}

pub fn work(numbers: &[u32]) -> u32 {
    numbers.iter().map(|number| number % 7).sum()
}

pub fn run() -> String {
    format!("{} {}", settings(&[1]).count(), work(&[1, 9]))
}
