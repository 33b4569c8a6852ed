use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, DefaultHasher};

/// No hasher at all.
pub fn sorted(prices: &BTreeMap<u64, u32>, item: u64) -> Option<u32> {
    prices.get(&item).copied()
}

/// One was chosen.
pub fn chosen(prices: &HashMap<u64, u32, BuildHasherDefault<DefaultHasher>>, item: u64) -> Option<u32> {
    prices.get(&item).copied()
}

/// Texts may come from anybody.
pub fn texts(words: &[&str]) -> usize {
    let mut seen: HashMap<&str, u32> = HashMap::with_capacity(words.len());
    for word in words {
        seen.insert(word, 1);
    }
    seen.len()
}

pub fn run() -> String {
    let texts = texts(&["a", "b"]);
    format!("{texts} {:?} {:?}", sorted(&BTreeMap::new(), 1), chosen(&HashMap::default(), 1))
}
