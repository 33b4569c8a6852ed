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

pub fn run() -> String {
    let mut prices = Prices { prices: HashMap::new() };
    prices.set(1, 5);
    format!("{} {}", distinct(&[1, 2, 1]), prices.total(&[1, 1, 3]))
}
