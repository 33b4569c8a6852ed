/// Once at the start.
pub fn settings(all: &mut Vec<String>, line: String) {
    all.push(line.clone());
}

pub fn work(numbers: &[u32]) -> u32 {
    numbers.iter().map(|number| number % 7).sum()
}

pub fn run() -> String {
    let mut all = Vec::new();
    settings(&mut all, "a".to_owned());
    format!("{all:?} {}", work(&[1, 9]))
}
