use std::collections::{HashMap, HashSet};

/// Others take the map and name its type.
pub struct Prices {
    prices: HashMap<u64, u32>,
    pub sold: HashSet<u64>,
}

impl Prices {
    pub fn price(&self, item: u64) -> Option<u32> {
        self.sold.contains(&item).then(|| self.prices.get(&item).copied())?
    }

    pub fn all(&self) -> &HashMap<u64, u32> {
        &self.prices
    }
}

pub fn run() -> String {
    let prices = Prices { prices: HashMap::from([(1, 5)]), sold: HashSet::from([1, 2]) };
    format!("{:?} {:?} {}", prices.price(1), prices.price(3), prices.all().len())
}
