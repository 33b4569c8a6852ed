/// Each of them once.
pub fn header(name: &str, lines: usize) -> String {
    let mut text = String::from("# ");
    text += &format!("{name} ({lines} lines)");
    text = format!("{text}\n");
    text
}

pub fn work(lines: &[&str]) -> usize {
    lines.iter().map(|line| line.len()).sum()
}

pub fn run() -> String {
    format!("{} {}", header("a", 1), work(&["a"]))
}
