use regex::Regex;

pub fn configure(text: &str) -> bool {
    let pattern = Regex::new("^[a-z]+=.*$").unwrap();
    pattern.is_match(text)
}

/// A shape that is wrong anywhere, in code that was measured and does not matter.
pub fn configure_all(lines: &[&str]) -> usize {
    lines.iter().filter(|line| Regex::new("^#").unwrap().is_match(line)).count()
}

pub fn work(text: &str) -> usize {
    text.split(',').map(str::len).sum()
}

pub fn run() -> String {
    format!("{} {} {}", configure("a=b"), configure_all(&["# a", "b"]), work("a,b"))
}
