use std::fs::File;
use std::io::Write;
use std::sync::Mutex;

/// The lock keeps the lines apart.
pub fn logged(file: &Mutex<File>, line: &str) {
    let mut file = file.lock().unwrap();
    let _ = file.write_all(line.as_bytes());
}

/// Let go before.
pub fn taken(names: &Mutex<Vec<String>>) -> usize {
    let count = {
        let names = names.lock().unwrap();
        names.len()
    };
    let held = names.lock().unwrap();
    let more = held.len();
    drop(held);
    std::thread::sleep(std::time::Duration::from_micros(1));
    count + more
}

/// Somebody else sleeps.
pub fn later(names: &Mutex<Vec<String>>) -> impl Fn() {
    let names = names.lock().unwrap();
    let count = names.len() as u64;
    move || std::thread::sleep(std::time::Duration::from_micros(count))
}

pub fn run() -> String {
    let names = Mutex::new(Vec::new());
    later(&names)();
    taken(&names).to_string()
}
