use regex::Regex;

pub fn configure(text: &str) -> bool {
    let pattern = Regex::new("^[a-z]+=.*$").unwrap();
    pattern.is_match(text)
}

/// A shape that is wrong anywhere, in code that was measured and does not matter.
pub fn configure_all(lines: &[&str]) -> usize {
    lines.iter().filter(|line| Regex::new("^#").unwrap().is_match(line)).count()
}

/// Compiled for one line at most, which ends the loop: nothing is certain.
pub fn version(lines: &[&str]) -> Option<usize> {
    for line in lines {
        if line.starts_with("version") {
            let number = Regex::new("[0-9]+").unwrap();
            return number.find(line).map(|found| found.start());
        }
    }
    None
}

pub fn last_version(lines: &[&str]) -> bool {
    let mut found = false;
    for line in lines.iter().rev() {
        if line.starts_with("version") {
            found = Regex::new("[0-9]$").unwrap().is_match(line);
            break;
        }
    }
    found
}

pub fn work(text: &str) -> usize {
    text.split(',').map(str::len).sum()
}

pub fn run() -> String {
    let lines = ["a", "version 1", "2"];
    format!(
        "{} {} {} {:?} {}",
        configure("a=b"),
        configure_all(&["# a", "b"]),
        work("a,b"),
        version(&lines),
        last_version(&lines)
    )
}
