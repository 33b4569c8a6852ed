use std::collections::HashMap;
use std::sync::{Arc, Mutex};

pub fn collect(words: &[&str], counts: &Arc<Mutex<HashMap<String, usize>>>) {
    for word in words {
        *counts.lock().unwrap().entry(word.to_string()).or_insert(0) += 1;
    }
}

/// For each element.
pub fn gather(numbers: &[u32], found: &Mutex<Vec<u32>>) {
    numbers.iter().for_each(|number| found.lock().unwrap().push(*number));
}

pub fn run() -> String {
    let found = Mutex::new(Vec::new());
    gather(&[1, 2], &found);
    let found = found.into_inner().unwrap();
    let counts = Arc::new(Mutex::new(HashMap::new()));
    collect(&["a", "a"], &counts);
    let counts = counts.lock().unwrap();
    format!("{found:?} {:?}", *counts)
}
