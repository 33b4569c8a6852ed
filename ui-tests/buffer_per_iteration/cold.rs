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

/// What costs is made within an argument; for the rest, nobody changes the callers.
pub fn nested(words: &[&str]) -> usize {
    let mut open: Vec<Vec<u8>> = Vec::with_capacity(3);
    for word in words {
        open.push(Vec::with_capacity(word.len() + 1));
    }
    let mut room = 0;
    while let Some(part) = open.pop() {
        room += usize::from(part.capacity() > 0);
    }
    room
}

pub fn run() -> String {
    format!("{} {}", longest(&["a b", "c"]), nested(&["a", "b"]))
}
