use std::collections::{HashSet, VecDeque};

/// A set.
pub fn in_set(words: &[String], known: &HashSet<String>) -> usize {
    words.iter().filter(|word| known.contains(*word)).count()
}

/// A part of a text, a range.
pub fn in_text(words: &[&str], text: &str) -> usize {
    let mut count = 0;
    for word in words {
        if text.contains(word) && (1..9).contains(&word.len()) {
            count += 1;
        }
    }
    count
}

/// A few, written out.
pub fn of_few(letters: &str) -> usize {
    let vowels = ['a', 'e', 'i', 'o', 'u'];
    letters.chars().filter(|letter| vowels.contains(letter)).count()
}

pub struct Splitter {
    separators: Vec<char>,
}

impl Splitter {
    /// Characters, of which a list has few.
    pub fn words(&self, lines: &[&str]) -> usize {
        let mut count = 0;
        for line in lines {
            count += line.split(|letter: char| self.separators.contains(&letter)).count();
        }
        count
    }
}

/// Each turn has its own.
pub fn of_each(rows: &[Vec<u32>]) -> usize {
    let mut count = 0;
    for row in rows {
        if row.contains(&7) {
            count += 1;
        }
    }
    count
}

/// Once.
pub fn once(mut words: Vec<String>, wanted: &str) -> Option<String> {
    let at = words.iter().position(|word| word == wanted)?;
    words.remove(0);
    Some(words.remove(at.saturating_sub(1)))
}

/// A queue.
pub fn queued(mut queue: VecDeque<u32>) -> u32 {
    let mut sum = 0;
    while let Some(number) = queue.pop_front() {
        sum += number;
    }
    sum
}

/// Walks it by order, not by equality.
pub fn first_above(limits: &[u32], values: &[u32]) -> usize {
    let mut sum = 0;
    for value in values {
        sum += limits.iter().position(|limit| limit > value).unwrap_or(0);
    }
    sum
}

/// The third of each.
pub fn third(words: &[&str]) -> usize {
    let mut count = 0;
    for word in words {
        count += usize::from(word.chars().nth(2).is_some());
    }
    count
}

pub struct Levels {
    all: Vec<u32>,
}

impl Levels {
    /// By a constant, of which there may be one.
    pub fn zero(&self) -> Option<usize> {
        self.all.iter().position(|level| *level == 0)
    }

    /// Only asked.
    pub fn has(&self, level: u32) -> bool {
        self.all.contains(&level)
    }
}

/// Somebody's own arguments, once.
pub fn program(mut args: Vec<String>) -> String {
    args.remove(0)
}

/// Asked, but not made longer.
pub fn is_known(known: &mut Vec<u64>, id: u64) -> bool {
    known.contains(&id)
}

/// A slice that lives for ever was written, as constants are.
pub fn reserved(words: &[&str], known: &'static [&'static str]) -> usize {
    let mut count = 0;
    for word in words {
        count += usize::from(known.contains(word));
    }
    count
}

fn matching(values: &[u32], wanted: &[u32]) -> usize {
    let mut count = 0;
    for value in values {
        count += usize::from(wanted.contains(value));
    }
    count
}

/// All calls of it lend few elements.
pub fn ends(values: &[u32]) -> (usize, usize) {
    (matching(values, &[0, 9]), matching(values, &[]))
}

/// Bytes are searched many at a time, also where only what is searched for tells that they are.
pub fn without(all: &[u8], left_out: &Option<Vec<u8>>) -> Vec<u8> {
    let left_out = match *left_out {
        None => &b" -"[..],
        Some(ref left_out) => left_out.as_slice(),
    };
    let left_out: Vec<_> = left_out.iter().cloned().filter(u8::is_ascii).collect();
    let kept: Vec<_> = all.iter().cloned().filter(|byte| !left_out.contains(byte)).collect();
    kept
}

pub fn run() -> String {
    let levels = Levels { all: vec![1, 0] };
    let levels = (levels.zero(), levels.has(2), program(vec!["a".to_owned()]));
    format!(
        "{levels:?} {} {} {} {} {:?} {} {} {} {} {:?} {:?}",
        in_set(&["a".to_owned()], &HashSet::from(["a".to_owned()])),
        in_text(&["a"], "abc"),
        of_few("axe"),
        of_each(&[vec![7], vec![1]]),
        once(vec!["a".to_owned(), "b".to_owned()], "b"),
        queued(VecDeque::from([1, 2])),
        first_above(&[1, 5], &[3]),
        third(&["abc"]),
        reserved(&["if", "x"], &["if"]),
        ends(&[1, 9]),
        without(b"a-b", &None),
    )
}
