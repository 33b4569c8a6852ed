use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// An atomic already.
pub fn counted(count: &AtomicU64) -> u64 {
    count.fetch_add(1, Ordering::Relaxed)
}

/// More than a number.
pub struct Totals {
    sum: u64,
    last: u64,
}

pub fn added(totals: &Mutex<Totals>, number: u64) {
    let mut totals = totals.lock().unwrap();
    totals.sum += number;
    totals.last = number;
}

/// A text.
pub fn noted(log: &Mutex<String>) {
    *log.lock().unwrap() += "x";
}

/// Something depends on it under the lock.
pub fn at_most(count: &Mutex<u64>, most: u64) -> bool {
    let mut count = count.lock().unwrap();
    *count += 1;
    if *count > most {
        *count = most;
    }
    *count < most
}

pub fn run() -> String {
    let totals = Mutex::new(Totals { sum: 0, last: 0 });
    added(&totals, 3);
    let log = Mutex::new(String::new());
    noted(&log);
    let totals = totals.into_inner().unwrap();
    format!("{} {} {} {}", counted(&AtomicU64::new(1)), totals.sum + totals.last, log.into_inner().unwrap(), at_most(&Mutex::new(1), 2))
}
