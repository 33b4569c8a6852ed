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

pub fn joined<'a>(
    total: &'a Mutex<u32>,
    worker: std::thread::JoinHandle<u32>,
) -> Result<u32, Box<dyn std::error::Error + 'a>> {
    let mut total = total.lock()?;
    *total += worker.join().unwrap_or(0);
    Ok(*total)
}

pub fn run() -> String {
    let log = Mutex::new(Vec::new());
    noted(&log, 3);
    let total = Mutex::new(1);
    let joined = joined(&total, std::thread::spawn(|| 2)).unwrap();
    format!("{:?} {} {joined}", log.into_inner().unwrap(), saved(&Mutex::new(Vec::new())))
}
