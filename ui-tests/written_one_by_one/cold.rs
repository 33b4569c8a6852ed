/// Hardly a text has more than a word.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            other => out.push(other),
        }
    }
    out
}

pub fn run() -> String {
    quoted("a\"")
}
