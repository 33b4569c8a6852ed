use std::collections::{HashMap, HashSet};

pub fn distinct(numbers: &[u32]) -> usize {
    let mut seen = HashSet::new();
    let mut distinct = 0;
    for &number in numbers {
        if seen.insert(number) {
            distinct += 1;
        }
    }
    distinct
}

pub struct Prices {
    prices: HashMap<u64, u32>,
}

impl Prices {
    pub fn set(&mut self, item: u64, price: u32) {
        self.prices.insert(item, price);
    }

    pub fn total(&self, items: &[u64]) -> u32 {
        items.iter().filter_map(|item| self.prices.get(item)).sum()
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct NodeId(u32);

/// Nobody chooses the keys.
pub fn parents(edges: &[(NodeId, NodeId)]) -> usize {
    let mut parents = HashMap::with_capacity(edges.len());
    for &(parent, child) in edges {
        parents.insert(child, parent);
    }
    parents.len()
}

/// Only walked, but each letter was hashed before.
pub fn letters(words: &[&str]) -> usize {
    let letters: HashSet<char> = words.iter().flat_map(|word| word.chars()).collect();
    letters.iter().filter(|letter| letter.is_alphabetic()).count()
}

pub fn run() -> String {
    let parents = parents(&[(NodeId(1), NodeId(2))]);
    let mut prices = Prices { prices: HashMap::new() };
    prices.set(1, 5);
    let letters = letters(&["a1", "ab"]);
    format!("{parents} {letters} {} {}", distinct(&[1, 2, 1]), prices.total(&[1, 1, 3]))
}
