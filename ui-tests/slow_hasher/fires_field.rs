use std::collections::{HashMap, HashSet};

/// Others name the type of another map of this file.
pub fn degrees(edges: &[(u32, u32)]) -> HashMap<u32, usize> {
    let mut degrees = HashMap::new();
    for &(from, _) in edges {
        *degrees.entry(from).or_insert(0) += 1;
    }
    degrees
}

/// The best way to each place, by its length.
struct Ways {
    best: Vec<HashMap<usize, u64>>,
    last: HashMap<usize, u64>,
    shown: HashMap<usize, u64>,
    begun: HashMap<usize, u64>,
}

/// Nobody sees from outside which type it gives.
macro_rules! begun {
    () => {
        HashMap::from([(0, 1)])
    };
}

impl Ways {
    fn new(places: usize) -> Ways {
        Ways {
            best: vec![HashMap::new(); places],
            last: HashMap::with_capacity(places),
            shown: HashMap::new(),
            begun: begun!(),
        }
    }

    fn add(&mut self, place: usize, length: usize, cost: u64) {
        for (&known, &paid) in &self.best[place] {
            if known <= length && paid <= cost {
                return;
            }
        }
        self.best[place].insert(length, cost);
        self.last.insert(length, cost);
        self.shown.insert(length, cost);
        self.begun.insert(length, cost);
    }

    fn clear(&mut self) {
        self.last = HashMap::new();
    }

    fn cost(&self, place: usize, length: usize) -> u64 {
        let cost = &self.best[place][&length];
        assert!(*cost > 0, "in {:?}", self.last);
        *cost + self.last.get(&length).copied().unwrap_or_default()
    }

    fn shown(&self) -> &HashMap<usize, u64> {
        &self.shown
    }
}

pub fn run() -> String {
    let mut ways = Ways::new(3);
    ways.add(1, 4, 70);
    ways.add(1, 4, 90);
    let mut text = format!("{} {}", ways.cost(1, 4), ways.shown().len());
    ways.clear();
    let mut lengths: HashMap<usize, u32> = HashMap::with_capacity(8);
    let mut seen = (0..3).collect::<HashSet<usize>>();
    for place in 0..3 {
        seen.insert(place);
        lengths.insert(ways.best[place].len(), 1);
    }
    text += &format!(" {} {}", lengths.len() + seen.len(), degrees(&[(1, 2), (1, 3)]).len());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts() {
        let ways = Ways { best: vec![], last: HashMap::from([(1, 2)]), shown: HashMap::new(), begun: begun!() };
        assert_eq!(ways.shown(), &HashMap::new());
    }
}
