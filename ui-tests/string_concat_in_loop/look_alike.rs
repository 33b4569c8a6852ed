use std::fmt::Write as _;

/// Numbers, not strings.
pub fn sum(numbers: &[u64]) -> u64 {
    let mut sum = 0;
    for number in numbers {
        sum += number;
        sum = sum + 1;
    }
    sum
}

/// Straight into the string.
pub fn written(numbers: &[u64]) -> String {
    let mut text = String::new();
    for number in numbers {
        let _ = write!(text, "{number},");
        text.push_str("\n");
        text += "-";
    }
    text
}

/// A new text on each turn, kept.
pub fn kept(numbers: &[u64]) -> Vec<String> {
    let mut last = String::new();
    let mut kept = Vec::with_capacity(numbers.len());
    for number in numbers {
        last = format!("<{number}>");
        kept.push(last.clone());
    }
    kept.push(last);
    kept
}

pub struct Total(u64);

impl std::ops::AddAssign<&String> for Total {
    fn add_assign(&mut self, text: &String) {
        self.0 += text.len() as u64;
    }
}

/// A `+=` that appends nothing.
pub fn measured(names: &[&str]) -> u64 {
    let mut total = Total(0);
    for name in names {
        total += &format!("{name}!");
    }
    total.0
}

/// One piece on each turn, of a string that the turn made.
pub fn paths(names: &[&str]) -> Vec<String> {
    let mut paths = Vec::with_capacity(names.len());
    for name in names {
        let mut path = name.to_lowercase();
        if !path.contains('.') {
            path = format!("{path}.rs");
        }
        paths.push(path);
    }
    paths
}

/// One piece, once.
pub fn suffixed(name: &str) -> String {
    let mut text = name.to_owned();
    text = format!("{text}.rs");
    text
}

/// A `to_string` of its own: `{}` does not print it.
pub struct Line(Vec<char>);

impl Line {
    #[allow(clippy::inherent_to_string)]
    pub fn to_string(&self) -> String {
        self.0.iter().collect()
    }
}

pub fn lines(lines: &[Line]) -> String {
    let mut text = String::new();
    for line in lines {
        text.push_str(&line.to_string());
        text.push('\n');
    }
    text
}

pub fn run() -> String {
    format!(
        "{} {} {:?} {} {} {:?} {}",
        sum(&[1, 2]),
        written(&[1]),
        kept(&[1, 2]),
        measured(&["a"]),
        suffixed("a"),
        paths(&["A", "b.c"]),
        lines(&[Line(vec!['a'])])
    )
}
