use std::fmt::Write as _;

/// Three bytes for each, and the name.
pub fn list(names: &[&str]) -> String {
    let mut list = String::new();
    for name in names {
        list.push_str("- ");
        list += name;
        list.push('\n');
    }
    list
}

/// As many bytes, mostly.
pub fn upper(text: &str) -> String {
    let mut upper = String::new();
    for letter in text.chars() {
        upper.push(letter.to_ascii_uppercase());
    }
    upper
}

/// Two letters and a blank for each byte.
pub fn hex(bytes: &[u8]) -> String {
    let mut hex = String::new();
    for byte in bytes {
        write!(hex, "{byte:02x} ").unwrap();
    }
    hex
}

/// Nobody knows how many.
pub fn joined(mut next: impl FnMut() -> Option<&'static [u8]>) -> Vec<u8> {
    let mut joined = Vec::<u8>::new();
    while let Some(part) = next() {
        joined.extend_from_slice(part);
    }
    joined
}

/// Each token is written by what knows how.
pub fn page(tokens: impl Iterator<Item = u32>) -> String {
    let mut page = String::new();
    for token in tokens {
        render(token, &mut page);
    }
    page
}

fn render(token: u32, into: &mut String) {
    into.push(if token > 9 { '+' } else { '-' });
}

/// Piece by piece.
pub fn tag(name: &str, class: &str) -> String {
    let mut tag = String::new();
    tag.push('<');
    tag.push_str(name);
    tag.push_str(" class=");
    tag.push_str(class);
    tag.push('>');
    tag
}

/// A walk by hand.
pub fn lower(text: &str) -> String {
    let mut lower = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        lower.extend(letter.to_lowercase());
    }
    lower
}

/// Nothing, written as a copy of it.
pub fn lines(names: &[&str]) -> String {
    let mut lines = "".to_string();
    for name in names {
        lines.push_str(name);
        lines.push('\n');
    }
    lines
}

pub fn run() -> String {
    let mut left = 2;
    let next = || {
        left -= 1;
        (left >= 0).then_some(&b"ab"[..])
    };
    let more = tag("a", "b") + &page([1, 10].into_iter()) + &lower("ABC");
    format!("{} {} {} {:?} {more}", list(&["a", "b"]), upper("abc"), hex(b"xy"), joined(next))
}
