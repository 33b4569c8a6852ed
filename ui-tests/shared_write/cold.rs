use std::sync::Mutex;

pub fn failed(errors: &Mutex<u64>) {
    *errors.lock().unwrap() += 1;
}

pub fn work(numbers: &[u64]) -> u64 {
    numbers.iter().map(|number| number % 7).sum()
}

pub fn run() -> String {
    let errors = Mutex::new(0);
    failed(&errors);
    format!("{:?} {}", errors, work(&[1, 9]))
}
