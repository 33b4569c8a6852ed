use std::collections::{HashMap, HashSet};

/// The owned key is made only where it is missing.
pub fn counts(words: &[&str]) -> HashMap<String, usize> {
    let mut counts: HashMap<String, usize> = HashMap::with_capacity(words.len());
    for word in words {
        if let Some(count) = counts.get_mut(*word) {
            *count += 1;
        } else {
            counts.insert(word.to_string(), 1);
        }
        if !counts.contains_key(*word) {
            counts.insert(word.to_string(), 0);
        }
    }
    counts
}

/// Another key.
pub fn renamed(names: &mut HashMap<u32, u32>, from: u32, to: u32) {
    if names.contains_key(&from) {
        names.insert(to, from);
    }
}

/// Another map.
pub fn missing(known: &HashSet<u32>, missing: &mut HashSet<u32>, number: u32) {
    if !known.contains(&number) {
        missing.insert(number);
    }
}

/// The map may be another one by then.
pub fn after_change(map: &mut HashMap<u32, u32>, key: u32) {
    if !map.contains_key(&key) {
        map.retain(|known, _| *known > key);
        map.insert(key, 1);
    }
}

/// Only asked.
pub fn asked(map: &HashMap<u32, u32>, key: u32) -> bool {
    if map.contains_key(&key) { !map.is_empty() } else { false }
}

pub struct Log(Vec<u32>);

impl Log {
    fn contains(&self, number: &u32) -> bool {
        self.0.contains(number)
    }

    fn insert(&mut self, number: u32) {
        self.0.push(number);
    }
}

/// No set at all.
pub fn logged(log: &mut Log, number: u32) {
    if !log.contains(&number) {
        log.insert(number);
    }
}

pub fn run() -> String {
    let mut names = HashMap::from([(1, 2)]);
    renamed(&mut names, 1, 5);
    after_change(&mut names, 3);
    let mut none = HashSet::new();
    missing(&HashSet::new(), &mut none, 4);
    let mut log = Log(Vec::new());
    logged(&mut log, 1);
    format!("{} {} {} {} {}", counts(&["a", "a"]).len(), names.len(), none.len(), log.0.len(), asked(&names, 5))
}
