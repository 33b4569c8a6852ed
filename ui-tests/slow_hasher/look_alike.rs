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

pub fn run() -> String {
    format!("{:?} {:?}", sorted(&BTreeMap::new(), 1), chosen(&HashMap::default(), 1))
}
