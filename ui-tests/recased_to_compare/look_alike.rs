/// It can never be equal: that is another mistake.
pub fn never(word: &str) -> bool {
    word.to_lowercase() == "Limit"
}

/// Text of all languages.
pub fn is_street(word: &str) -> bool {
    word.to_lowercase() == "straße"
}

/// No allocation.
pub fn digit(byte: u8) -> bool {
    byte.to_ascii_lowercase() == b'a'
}

/// Letters, not texts.
pub fn letters(a: char, b: char) -> bool {
    a.to_ascii_lowercase() == b.to_ascii_lowercase()
}

/// Kept.
pub fn folded(word: &str) -> String {
    word.to_lowercase()
}

pub fn run() -> String {
    format!(
        "{} {} {} {} {}",
        never("Limit"),
        is_street("Straße"),
        digit(b'A'),
        letters('a', 'A'),
        folded("A")
    )
}
