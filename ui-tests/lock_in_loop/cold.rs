use std::sync::Mutex;

/// Nobody else wants it.
pub fn collect(words: &[&str], lengths: &Mutex<Vec<usize>>) {
    for word in words {
        lengths.lock().unwrap().push(word.chars().count());
    }
}

pub fn run() -> String {
    let lengths = Mutex::new(Vec::new());
    collect(&["a", "ab"], &lengths);
    format!("{:?}", lengths.into_inner().unwrap())
}
