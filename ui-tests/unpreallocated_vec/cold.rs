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

/// Nobody knows the length, and hot as the line is, nobody saw it grow.
pub fn walked(numbers: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut walked = Vec::new();
    for number in numbers {
        walked.push(number);
    }
    walked
}

/// Allocated at the first push, and then it fits: no capacity would save that.
pub fn few(text: &str) -> Vec<&str> {
    let mut few = Vec::new();
    for part in text.split(';') {
        if part.len() > 1 {
            few.push(part);
        }
    }
    few
}

pub fn run() -> String {
    format!("{:?} {:?} {:?}", walked(0..3), lengths(&["a", "bc"]), few("a;bc"))
}
