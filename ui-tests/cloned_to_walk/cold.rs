/// Once at the start.
pub fn settings(lines: &Vec<u64>) -> u64 {
    let mut sum = 0;
    for line in &lines.clone() {
        sum += line;
    }
    sum
}

pub fn work(numbers: &[u32]) -> u32 {
    numbers.iter().map(|number| number % 7).sum()
}

pub fn run() -> String {
    format!("{} {}", settings(&vec![1, 2]), work(&[1, 9]))
}
