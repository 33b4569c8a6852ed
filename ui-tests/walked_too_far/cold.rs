/// Once at the start.
pub fn setting(line: &str) -> bool {
    line.chars().last() == Some(';')
}

pub fn work(numbers: &[u32]) -> u32 {
    numbers.iter().map(|number| number % 7).sum()
}

pub fn run() -> String {
    format!("{} {}", setting("a;"), work(&[1, 9]))
}
