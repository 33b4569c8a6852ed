pub fn pause(number: u32) -> u32 {
    std::thread::sleep(std::time::Duration::from_micros(1));
    number
}

pub fn all(numbers: &[u32]) -> u32 {
    let mut sum = 0;
    for number in numbers {
        sum += pause(*number);
    }
    sum
}

pub fn run() -> String {
    all(&[1]).to_string()
}
