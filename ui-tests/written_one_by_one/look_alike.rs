/// All characters become others.
pub fn shouted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            'ß' => out.push_str("SS"),
            _ => out.push(c.to_ascii_uppercase()),
        }
    }
    out
}

/// Bytes that become characters are no text yet.
pub fn latin(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for &byte in bytes.iter() {
        match byte {
            0 => out.push_str("\\0"),
            _ => out.push(byte as char),
        }
    }
    out
}

/// What is left out leaves nothing to be written for it.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\r' => {}
            _ => out.push(c),
        }
    }
    out
}

pub fn run() -> String {
    format!("{} {} {}", shouted("aß"), latin(b"a\0"), plain("a\r\n"))
}
