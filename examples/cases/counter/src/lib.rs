//! The number of visitors since the start, counted by all threads.

use std::sync::Mutex;

static VISITORS: Mutex<u64> = Mutex::new(0);

/// Counts one more, and tells which it is.
pub fn next_visitor() -> u64 {
    let mut visitors = VISITORS.lock().unwrap();
    *visitors += 1;
    *visitors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_visitor_has_a_number_of_its_own() {
        let mut numbers: Vec<u64> = std::thread::scope(|scope| {
            let count = || (0..1_000).map(|_| next_visitor()).collect::<Vec<u64>>();
            let threads = [scope.spawn(count), scope.spawn(count)];
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        numbers.sort_unstable();
        assert!(numbers.into_iter().eq(1..=2_000));
    }
}
