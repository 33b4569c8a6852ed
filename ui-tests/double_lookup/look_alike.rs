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

/// The key is another one by then.
pub fn next_free(taken: &mut HashSet<u32>, mut number: u32) -> u32 {
    if taken.contains(&number) {
        number += 1;
        taken.insert(number);
    }
    if !taken.contains(&number) {
        number += 1;
        taken.insert(number);
    }
    number
}

#[derive(Clone, Copy)]
pub struct Flags(u8);

impl Flags {
    fn contains(self, flag: u8) -> bool {
        self.0 & flag != 0
    }

    fn insert(&mut self, flag: u8) {
        self.0 |= flag;
    }
}

/// A set of bits has nothing to search.
pub fn set_flag(flags: &mut Flags, flag: u8) {
    if !flags.contains(flag) {
        println!("set");
        flags.insert(flag);
    }
}

/// Others may have changed the map between the two locks.
pub fn locked(cache: &std::sync::RwLock<HashMap<u32, u32>>, key: u32) -> u32 {
    if let Some(value) = cache.read().unwrap().get(&key) {
        return *value;
    }
    cache.write().unwrap().insert(key, key + 1);
    key + 1
}

/// Another key on each turn.
pub fn turns(known: &mut HashMap<u32, u32>, key: u32) {
    if known.contains_key(&key) {
        return;
    }
    for key in 0..3 {
        known.insert(key, 1);
    }
}

pub fn run() -> String {
    let mut flags = Flags(0);
    set_flag(&mut flags, 2);
    let cache = std::sync::RwLock::new(HashMap::new());
    let mut known = HashMap::new();
    turns(&mut known, 9);
    let others = [next_free(&mut HashSet::from([1]), 1), locked(&cache, 1), known.len() as u32];
    let flag = flags.0;
    let mut names = HashMap::from([(1, 2)]);
    renamed(&mut names, 1, 5);
    after_change(&mut names, 3);
    let mut none = HashSet::new();
    missing(&HashSet::new(), &mut none, 4);
    let mut log = Log(Vec::new());
    logged(&mut log, 1);
    format!("{others:?} {flag} {} {} {} {} {}", counts(&["a", "a"]).len(), names.len(), none.len(), log.0.len(), asked(&names, 5))
}
