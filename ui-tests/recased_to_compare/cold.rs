/// Once at the start.
pub fn is_on(setting: &str) -> bool {
    setting.to_lowercase() == "on"
}

pub fn work(numbers: &[u32]) -> u32 {
    numbers.iter().map(|number| number % 7).sum()
}

pub fn run() -> String {
    format!("{} {}", is_on("On"), work(&[1, 9]))
}
