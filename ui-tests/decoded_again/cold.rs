/// Once at the start.
pub fn setting(line: &[u8]) -> String {
    String::from_utf8_lossy(line).to_string()
}

pub fn work(numbers: &[u32]) -> u32 {
    numbers.iter().map(|number| number % 7).sum()
}

pub fn run() -> String {
    format!("{} {}", setting(b"a=b"), work(&[1, 9]))
}
