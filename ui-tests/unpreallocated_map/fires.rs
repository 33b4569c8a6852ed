use std::collections::{HashMap, HashSet};

pub fn index<'a>(words: &[&'a str]) -> HashMap<&'a str, usize> {
    let mut index = HashMap::new();
    for (at, word) in words.iter().enumerate() {
        index.insert(*word, at);
    }
    index
}

/// Equal words share an entry.
pub fn counts<'a>(words: &[&'a str]) -> HashMap<&'a str, usize> {
    let mut counts = HashMap::new();
    for word in words {
        *counts.entry(*word).or_insert(0) += 1;
    }
    counts
}

/// Whatever hasher the signature asks for.
pub fn seen<S: std::hash::BuildHasher + Default>(numbers: &[u64]) -> HashSet<u64, S> {
    let mut seen = HashSet::default();
    for &number in numbers {
        seen.insert(number);
    }
    seen
}

fn known_forms() -> String {
    let words = ["a", "b", "c", "a"];
    let mut index: Vec<_> = index(&words).into_iter().collect();
    let mut counts: Vec<_> = counts(&words).into_iter().collect();
    let mut seen: Vec<_> = seen::<std::hash::RandomState>(&[3, 1, 2]).into_iter().collect();
    index.sort_unstable();
    counts.sort_unstable();
    seen.sort_unstable();
    format!("{index:?} {counts:?} {seen:?}")
}

pub fn lengths<'a>(words: &[&'a str]) -> HashMap<&'a str, usize> {
    let mut lengths = HashMap::with_hasher(std::hash::RandomState::new());
    for word in words {
        lengths.insert(*word, word.len());
    }
    lengths
}

pub fn sizes<'a>(words: &[&'a str]) -> HashMap<&'a str, usize> {
    let mut sizes: HashMap<&str, usize> = Default::default();
    for word in words {
        sizes.insert(*word, word.len());
    }
    sizes
}

pub struct Pairs(Vec<(u32, u32)>);

impl Pairs {
    fn drain_all(self) -> impl Iterator<Item = (u32, u32)> {
        self.0.into_iter()
    }
}

/// The iterator knows how long it is.
pub fn by_key(pairs: Pairs) -> HashMap<u32, u32> {
    let mut by_key = HashMap::new();
    for (key, value) in pairs.drain_all() {
        by_key.insert(key, value);
    }
    by_key
}

pub struct LinkedHashMap<V>(Vec<(u32, V)>);

impl<V> LinkedHashMap<V> {
    fn new() -> Self {
        LinkedHashMap(Vec::new())
    }

    fn insert(&mut self, key: u32, value: V) {
        self.0.push((key, value));
    }
}

/// A map of another crate, by its name.
pub fn linked(pairs: &[(u32, u32)]) -> LinkedHashMap<u32> {
    let mut linked = LinkedHashMap::new();
    for &(key, value) in pairs {
        linked.insert(key, value);
    }
    linked
}

/// Nobody knows how many words there are.
pub fn lines_of<'a>(text: &'a str) -> HashMap<&'a str, usize> {
    let mut lines_of = HashMap::new();
    let mut words = text.split(' ');
    while let Some(word) = words.next() {
        lines_of.insert(word, 1);
    }
    lines_of
}

/// Nor here, and the order of the entries is the same each time.
pub fn ordered<'a>(text: &'a str) -> HashMap<&'a str, usize, Fixed> {
    let mut ordered: HashMap<&str, usize, Fixed> = HashMap::with_hasher(Fixed::default());
    for word in text.split(' ') {
        *ordered.entry(word).or_default() += 1;
    }
    ordered
}

type Fixed = std::hash::BuildHasherDefault<std::hash::DefaultHasher>;

pub fn run() -> String {
    format!(
        "{} {:?} {:?} {:?} {:?} {:?} {:?}",
        known_forms(),
        lengths(&["a"]),
        sizes(&["ab"]),
        by_key(Pairs(vec![(1, 2)])),
        linked(&[(3, 4)]).0,
        lines_of("e"),
        ordered("f f")
    )
}
