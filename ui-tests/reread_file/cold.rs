pub fn settings() -> String {
    std::fs::read_to_string("/nowhere/settings").unwrap_or_default()
}

pub fn work(numbers: &[u64]) -> u64 {
    numbers.iter().map(|number| number % 7).sum()
}

pub fn run() -> String {
    format!("{}{}", settings(), work(&[1, 9]))
}
