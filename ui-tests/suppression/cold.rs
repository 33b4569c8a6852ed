/// A suspect that nobody measured counts as spoken.
pub fn lengths(words: &[&str]) -> Vec<usize> {
    let mut lengths = Vec::new();
    for word in words {
        lengths.push(word.len()); // perf: allow(unpreallocated_vec) two words at most
    }
    lengths
}

pub fn run() -> String {
    format!("{:?}", lengths(&["a", "bc"]))
}
