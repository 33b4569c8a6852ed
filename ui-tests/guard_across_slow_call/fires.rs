use std::sync::Mutex;
use std::time::Duration;

pub fn noted(log: &Mutex<Vec<u32>>, number: u32) {
    let mut log = log.lock().unwrap();
    log.push(number);
    std::thread::sleep(Duration::from_micros(1));
}

pub fn saved(names: &Mutex<Vec<String>>) -> usize {
    let names = names.lock().unwrap();
    let found = std::fs::read_to_string("/nowhere/at/all").unwrap_or_default();
    names.len() + found.len()
}

pub fn run() -> String {
    let log = Mutex::new(Vec::new());
    noted(&log, 3);
    format!("{:?} {}", log.into_inner().unwrap(), saved(&Mutex::new(Vec::new())))
}
