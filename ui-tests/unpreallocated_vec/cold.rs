/// Grows, but the benches spend nothing on that.
pub fn lengths(words: &[&str]) -> Vec<usize> {
    let mut lengths = Vec::new();
    for word in words {
        lengths.push(expensive(word));
    }
    lengths
}

/// What is added grows buffers of its own; this one does not matter.
fn expensive(word: &str) -> usize {
    let mut text = String::new();
    for _ in 0..100 {
        text.push_str(word);
    }
    text.len()
}

pub fn run() -> String {
    format!("{:?}", lengths(&["a", "bc"]))
}
