use std::io::Write;

pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

/// A virtual call for each byte.
pub fn escaped(text: &str, out: &mut dyn Write) -> std::io::Result<()> {
    for byte in text.as_bytes() {
        match byte {
            b'&' => out.write_all(b"&amp;")?,
            b'<' => out.write_all(b"&lt;")?,
            _ => out.write_all(&[*byte])?,
        }
    }
    Ok(())
}

pub fn run() -> String {
    let mut out = Vec::new();
    escaped("a<b & c", &mut out).unwrap();
    format!("{} {}", quoted("a \"b\\c\""), String::from_utf8_lossy(&out))
}
