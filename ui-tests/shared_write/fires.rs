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
    format!("{} {}", visitor(), sent)
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

pub fn run() -> String {
    format!("{} {}", known_forms(), hits(&["ab"]))
}
