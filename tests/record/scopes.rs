//! What a thread waits for at the end of a scope is no lock.

use crate::project::Project;

/// One thread waits for a lock while another one sleeps with it, and writes down how long: long
/// enough for a moment without a processor beside the wait to be no matter.
const BENCH: &str = r#"
use std::sync::{Mutex, atomic::{AtomicBool, Ordering::SeqCst}};
use std::time::{Duration, Instant};
fn main() {
    let (lock, is_held) = (Mutex::new(()), AtomicBool::new(false));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let _guard = lock.lock().unwrap();
            is_held.store(true, SeqCst);
            std::thread::sleep(Duration::from_secs(1));
        });
        scope.spawn(|| {
            while !is_held.load(SeqCst) { std::hint::spin_loop(); }
            let start = Instant::now();
            drop(lock.lock().unwrap());
            std::fs::write("waited", start.elapsed().as_nanos().to_string()).unwrap();
        });
    });
}
"#;

#[test]
fn only_the_wait_for_the_lock_is_counted() {
    let project = Project::plain(BENCH);
    // Too short for a second run, of which the file would speak.
    let ran = project.run(&["record", "--kind", "lock", "--time", "1ms"]);
    ran.succeeds();
    let truth: f64 = std::fs::read_to_string(project.path("waited")).unwrap().parse().unwrap();
    let profile = project.profile();
    let bench = &profile.benches[0];
    assert_eq!(bench.counters["lock_waits"], 1, "{bench:?}");
    let seen = bench.counters["lock_delay"] as f64;
    assert!((0.95..=1.0).contains(&(seen / truth)), "{seen} of {truth}");
    let delay = profile.sample_type("lock_delay").unwrap();
    let sampled: i64 = profile.samples.iter().map(|sample| sample.values[delay]).sum();
    assert!((sampled as f64 - seen).abs() <= 1.0, "{sampled} of {seen}");
    // The lines of the bench say the same.
    assert!(ran.out.contains(" 1 lock-waits/op"), "{}", ran.out);
}
