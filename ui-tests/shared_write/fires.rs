use std::sync::Mutex;

static VISITORS: Mutex<u64> = Mutex::new(0);

pub fn visitor() -> u64 {
    let visitor = {
        let mut visitors = VISITORS.lock().unwrap();
        *visitors += 1;
        *visitors
    };
    visitor * 2
}

static CALLS: Mutex<u32> = Mutex::new(0);

/// All that it does.
pub fn next_call() -> u32 {
    let mut calls = CALLS.lock().unwrap();
    *calls += 1;
    *calls
}

static SEEN: Mutex<u32> = Mutex::new(0);

pub fn seen(count: u32) {
    let mut seen = SEEN.lock().unwrap();
    *seen += count;
}

pub struct Counters {
    pub sent: std::sync::Mutex<usize>,
}

impl Counters {
    pub fn sent(&self, bytes: usize) {
        *self.sent.lock().unwrap() += bytes;
    }
}

fn known_forms() -> String {
    let counters = Counters { sent: std::sync::Mutex::new(1) };
    counters.sent(4);
    let sent = counters.sent.into_inner().unwrap();
    seen(2);
    format!("{} {} {}", visitor(), sent, next_call() + next_call())
}

static HITS: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);

pub fn hits(words: &[&str]) -> u64 {
    use std::sync::atomic::Ordering;
    for word in words {
        if word.len() > 1 {
            HITS.fetch_add(1, Ordering::Relaxed);
        }
    }
    HITS.load(Ordering::Relaxed)
}

pub struct Left(std::sync::RwLock<i32>);

impl Left {
    pub fn take(&self, count: i32) {
        let mut left = self.0.write().unwrap();
        *left -= count;
    }
}

pub fn run() -> String {
    format!("{} {}", known_forms(), hits(&["ab"]))
}
