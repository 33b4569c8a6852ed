use std::collections::{BTreeMap, HashMap, HashSet};

/// A tree has no capacity.
pub fn sorted<'a>(words: &[&'a str]) -> BTreeMap<&'a str, usize> {
    let mut sorted = BTreeMap::new();
    for (at, word) in words.iter().enumerate() {
        sorted.insert(*word, at);
    }
    sorted
}

/// Reserved.
pub fn reserved(numbers: &[u64]) -> HashSet<u64> {
    let mut set = HashSet::with_capacity(numbers.len());
    for &number in numbers {
        set.insert(number);
    }
    set
}

/// Until the first that is there already.
pub fn first_twice(numbers: &[u64]) -> Option<u64> {
    let mut seen = HashSet::new();
    for &number in numbers {
        if !seen.insert(number) {
            return Some(number);
        }
    }
    None
}

/// Walks what nobody can count.
pub fn letters(text: &str) -> HashMap<char, usize> {
    let mut letters = HashMap::new();
    for (at, letter) in text.char_indices() {
        letters.insert(letter, at);
    }
    letters
}

pub fn run() -> String {
    format!(
        "{:?} {} {:?} {}",
        sorted(&["b", "a"]),
        reserved(&[1, 2]).len(),
        first_twice(&[1, 2, 1]),
        letters("abc").len()
    )
}
