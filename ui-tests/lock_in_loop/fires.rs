use std::collections::HashMap;
use std::sync::{Arc, Mutex};

pub fn collect(words: &[&str], counts: &Arc<Mutex<HashMap<String, usize>>>) {
    for word in words {
        *counts.lock().unwrap().entry(word.to_string()).or_insert(0) += 1;
    }
}

pub fn run() -> String {
    let counts = Arc::new(Mutex::new(HashMap::new()));
    collect(&["a", "a"], &counts);
    let counts = counts.lock().unwrap();
    format!("{:?}", *counts)
}
