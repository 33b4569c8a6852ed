use std::sync::Mutex;

/// Nobody waits.
pub fn loaded(names: &Mutex<Vec<String>>) -> usize {
    let mut names = names.lock().unwrap();
    names.push(std::fs::read_to_string("/nowhere/at/all").unwrap_or_default());
    let found = std::fs::read_to_string("/nowhere/at/all").unwrap_or_default();
    names.len() + found.len()
}

pub fn run() -> String {
    loaded(&Mutex::new(Vec::new())).to_string()
}
