use std::collections::HashMap;

/// Looking costs, hashing does not.
pub fn total(prices: &HashMap<u64, u32>, items: &[u64]) -> u32 {
    items.iter().filter_map(|item| prices.get(item)).sum()
}

pub fn run() -> String {
    total(&HashMap::from([(1, 2)]), &[1, 2]).to_string()
}
