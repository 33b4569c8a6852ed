use std::collections::HashSet;

/// Once at the start.
pub fn settings(lines: &[&str]) -> bool {
    let known: HashSet<&str> = lines.iter().copied().collect();
    known.contains("verbose")
}

pub fn work(numbers: &[u32]) -> u32 {
    numbers.iter().map(|number| number % 7).sum()
}

pub fn run() -> String {
    format!("{} {}", settings(&["verbose"]), work(&[1, 9]))
}
