use std::io::{self, Read, Write};
use std::sync::{Condvar, Mutex};

/// Locks and reads of another kind.
pub fn copy(input: &mut dyn Read) -> io::Result<usize> {
    let mut out = io::stdout().lock();
    let mut text = String::new();
    input.read_to_string(&mut text)?;
    out.write_all(text.as_bytes())?;
    Ok(text.len())
}

pub struct Door;

impl Door {
    pub fn lock(&self) -> bool {
        true
    }
}

pub fn close(door: &Door) -> bool {
    door.lock()
}

/// A condition variable needs its mutex, whatever that holds.
pub fn wait_until_open(gate: &Mutex<bool>, opened: &Condvar) {
    let mut open = gate.lock().unwrap();
    while !*open {
        open = opened.wait(open).unwrap();
    }
}

pub fn open(gate: &Mutex<bool>, opened: &Condvar) {
    *gate.lock().unwrap() = true;
    opened.notify_all();
}

pub fn run() -> String {
    String::new()
}
