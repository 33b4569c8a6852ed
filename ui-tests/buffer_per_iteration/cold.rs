/// The buffer is made anew, but what costs is elsewhere.
pub fn longest(lines: &[&str]) -> usize {
    let mut longest = 0;
    for line in lines {
        let mut words = Vec::new();
        words.extend(line.split(' ').map(slow));
        longest = longest.max(words.len());
    }
    longest
}

fn slow(word: &str) -> usize {
    (0..word.len()).map(|at| word.as_bytes()[at] as usize).sum()
}

pub fn run() -> String {
    longest(&["a b", "c"]).to_string()
}
