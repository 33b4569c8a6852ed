use std::io::{self, Read, Write};

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

pub fn run() -> String {
    String::new()
}
