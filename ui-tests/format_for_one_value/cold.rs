pub fn usage(name: &str, count: u32) {
    if count > 100 {
        println!("{}: {}", name, count.to_string());
    }
}

pub fn work(numbers: &[u32]) -> u32 {
    numbers.iter().map(|number| number % 7).sum()
}

pub fn run() -> String {
    usage("a", 1);
    work(&[1, 9]).to_string()
}
