use std::collections::BTreeSet;

/// Reserved where it is made.
pub fn reserved(numbers: &[u64]) -> Vec<u64> {
    let mut doubled = Vec::with_capacity(numbers.len());
    for number in numbers {
        doubled.push(number * 2);
    }
    doubled
}

/// Reserved before the loop.
pub fn reserved_later(numbers: &[u64]) -> Vec<u64> {
    let mut doubled = Vec::new();
    doubled.reserve(numbers.len());
    for number in numbers {
        doubled.push(number * 2);
    }
    doubled
}

/// Pushed once.
pub fn once(number: u64) -> Vec<u64> {
    let mut one = Vec::new();
    one.push(number);
    one
}

/// Ends as soon as something was found.
pub fn first_even(numbers: &[u64]) -> Vec<u64> {
    let mut found = Vec::new();
    for &number in numbers {
        if number % 2 == 0 {
            found.push(number);
            break;
        }
    }
    found
}

/// Too few to matter.
pub fn octets(word: u32) -> Vec<u8> {
    let mut octets = Vec::new();
    for at in 0..4 {
        octets.push((word >> (8 * at)) as u8);
    }
    octets
}

/// A length that nobody knows, in code that nobody measured.
pub fn lines(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some((line, after)) = rest.split_once('\n') {
        lines.push(line);
        rest = after;
    }
    lines
}

/// No buffer that grows at all.
pub fn sorted(numbers: &[u64]) -> BTreeSet<u64> {
    let mut sorted = BTreeSet::new();
    for &number in numbers {
        sorted.insert(number);
    }
    sorted
}

/// Handed to somebody who may have reserved.
pub fn prepared(numbers: &[u64]) -> Vec<u64> {
    let mut buffer = Vec::new();
    prepare(&mut buffer, numbers.len());
    for &number in numbers {
        buffer.push(number);
    }
    buffer
}

fn prepare(buffer: &mut Vec<u64>, length: usize) {
    buffer.reserve(length);
}

/// A stack: what is pushed is taken again.
pub fn depth(parents: &[Option<usize>], from: usize) -> usize {
    let mut stack = Vec::new();
    let mut depth = 0;
    for parent in parents.iter().skip(from) {
        match parent {
            Some(parent) => stack.push(*parent),
            None => drop(stack.pop()),
        }
        depth = depth.max(stack.len());
    }
    depth
}

/// Filled at once, before the loop.
pub fn padded(words: &[u8], fill: &str) -> Vec<u8> {
    let mut all = Vec::new();
    all.extend_from_slice(words);
    for byte in fill.bytes() {
        all.push(byte);
    }
    all
}

/// Looks for something.
pub fn twice(words: std::str::Split<'_, char>) -> bool {
    let mut seen = Vec::new();
    for word in words {
        if seen.contains(&word) {
            return true;
        }
        seen.push(word);
    }
    false
}

/// One line at a time.
pub fn longest(mut input: impl std::io::BufRead) -> usize {
    let mut line = Vec::new();
    let mut longest = 0;
    while input.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        longest = longest.max(line.len());
        line.clear();
    }
    longest
}

/// How many turns there are, only the loop knows.
pub fn skipped(count: usize) -> Vec<usize> {
    let mut skipped = Vec::new();
    let mut at = 0;
    while at < count {
        if at % 3 == 0 {
            at += 7;
        }
        skipped.push(at);
        at += 1;
    }
    skipped
}

pub fn run() -> String {
    let numbers = [1, 2, 3];
    format!(
        "{} {:?} {} {} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        depth(&[None, Some(1)], 0),
        padded(b"a", "b"),
        twice("a,a".split(',')),
        longest(&b"a\nbc"[..]),
        reserved(&numbers),
        reserved_later(&numbers),
        once(1),
        first_even(&numbers),
        octets(7),
        lines("a\nb\n"),
        sorted(&numbers),
        prepared(&numbers)
    )
}
