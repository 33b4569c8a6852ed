use std::sync::{Mutex, RwLock};

/// Locked often, waited for hardly ever.
pub fn bump(count: &Mutex<u64>) {
    for _ in 0..1000 {
        *count.lock().unwrap() += 1;
    }
}

/// One thread takes the lock: nobody else counts.
pub fn sum(numbers: &RwLock<Vec<u64>>) -> u64 {
    (0..1000).map(|at| numbers.read().unwrap()[at]).sum()
}

pub fn run() -> String {
    String::new()
}
