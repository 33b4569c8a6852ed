use std::collections::HashSet;
use std::fmt::Write as _;
use std::io::Read;

/// A string for each line, used only within the turn.
pub fn keys(lines: &[&str]) -> usize {
    let mut total = 0;
    for line in lines {
        let mut key = String::new();
        for part in line.split('.') {
            key.push_str(part);
            key.push('/');
        }
        total += key.len();
    }
    total
}

/// Zeroes for each block.
pub fn checksum(mut input: impl Read, blocks: usize) -> u64 {
    let mut sum = 0;
    for at in 0..blocks {
        let mut block = vec![0u8; 16 + at];
        let Ok(count) = input.read(&mut block) else { break };
        sum += block[..count].iter().map(|&byte| u64::from(byte)).sum::<u64>();
    }
    sum
}

/// With a capacity that stays the same.
pub fn widths(rows: &[Vec<u32>], columns: usize) -> usize {
    let mut widest = 0;
    for row in rows {
        let mut text = String::with_capacity(columns * 4);
        for cell in row {
            let _ = write!(text, "{cell},");
        }
        widest = widest.max(text.len());
    }
    widest
}

/// With a capacity that is known above the loop, and changes in it.
pub fn mixed(salt: &[u8], rounds: usize) -> u64 {
    let mut letters = vec![1u8, 2, 3];
    let mut sum = 0;
    for round in 0..rounds {
        let mut mixed: Vec<u8> = Vec::with_capacity(salt.len() + letters.len());
        mixed.extend_from_slice(salt);
        mixed.extend_from_slice(&letters);
        letters[round % 3] ^= mixed[0];
        letters.push(mixed[1]);
        sum += u64::from(mixed[round]);
    }
    sum
}

/// With a capacity that is none where the loop does not turn.
pub fn gaps(marks: &[u32]) -> usize {
    let mut widest = 0;
    for &mark in marks {
        let mut gaps: Vec<u32> = Vec::with_capacity(marks.len() - 1);
        gaps.extend(marks.iter().filter(|&&other| other > mark).map(|other| other - mark));
        widest = widest.max(gaps.len());
    }
    widest
}

/// Elements that borrow from outside; nobody here can tell that they do.
pub fn distinct(lines: &[&str]) -> usize {
    let mut most = 0;
    for line in lines {
        let mut seen = HashSet::new();
        for word in line.split(' ') {
            seen.insert(word);
        }
        most = most.max(seen.len());
    }
    most
}

/// On each call.
pub fn initials(name: &str) -> usize {
    let mut initials = Vec::new();
    for word in name.split(' ') {
        initials.extend(word.chars().next());
    }
    initials.iter().filter(|letter| letter.is_uppercase()).count()
}

/// Not mentioned: each level needs its own.
pub fn depth(text: &str) -> usize {
    let mut parts = Vec::new();
    parts.extend(text.split_once('.'));
    parts.iter().map(|(_, rest)| 1 + depth(rest)).sum()
}

/// A scratch buffer of each call.
pub fn reachable(edges: &[Vec<usize>], from: usize) -> usize {
    let mut open = Vec::new();
    let mut count = 0;
    open.push(from);
    while let Some(at) = open.pop() {
        count += 1;
        open.extend(edges[at].iter().copied());
    }
    count
}

/// What is added tells what the buffer holds.
pub fn salted(alphabet: &[u8], values: &[u64]) -> u64 {
    let alphabet: Box<[u8]> = alphabet.into();
    let lottery = "7".parse().unwrap_or_default();
    let mut sum = 0;
    for value in values {
        let mut temp = Vec::with_capacity(alphabet.len() + 1);
        temp.push(lottery);
        temp.extend_from_slice(&alphabet);
        sum += value + u64::from(temp[temp.len() - 1]);
    }
    sum
}

pub fn run() -> String {
    let bytes: Vec<u8> = (0..100).collect();
    format!(
        "{} {} {} {} {} {} {} {} {} {}",
        reachable(&[vec![1, 2], vec![], vec![]], 0),
        keys(&["a.b", "c"]),
        checksum(&bytes[..], 4),
        widths(&[vec![1, 2, 3], vec![10]], 3),
        mixed(&[5, 7], 4),
        gaps(&[]) + gaps(&[1, 4, 9]),
        distinct(&["a b a", "c"]),
        initials("Ada King"),
        depth("a.b.c"),
        salted(&bytes, &[1, 2])
    )
}
