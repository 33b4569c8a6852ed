/// Once at the start.
pub fn settings(lines: &Option<String>) -> usize {
    match lines.clone() {
        Some(lines) => lines.len(),
        None => 0,
    }
}

pub fn work(numbers: &[u32]) -> u32 {
    numbers.iter().map(|number| number % 7).sum()
}

pub fn run() -> String {
    format!("{} {}", settings(&Some("a".to_owned())), work(&[1, 9]))
}
