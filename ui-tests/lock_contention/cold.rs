use std::sync::Mutex;

/// Locked often, waited for hardly ever.
pub fn bump(count: &Mutex<u64>) {
    for _ in 0..1000 {
        *count.lock().unwrap() += 1;
    }
}

pub fn run() -> String {
    String::new()
}
