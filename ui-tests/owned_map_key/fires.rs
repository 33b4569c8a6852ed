use std::collections::HashMap;

pub fn total(rates: &HashMap<String, f64>, to: &str, trades: &[(&str, f64)]) -> f64 {
    let mut total = 0.0;
    for (from, amount) in trades {
        let pair = format!("{from}/{to}");
        if let Some(rate) = rates.get(&pair) {
            total += amount * rate;
        }
    }
    total
}

pub fn count(counts: &mut HashMap<String, usize>, word: &str) {
    *counts.entry(word.to_string()).or_insert(0) += 1;
}

/// A `match` would end the statement that it starts.
pub fn listed(lists: &mut HashMap<String, Vec<usize>>, word: &String) -> usize {
    lists.entry(word.clone()).or_default().push(1);
    lists.len()
}

pub struct Scopes {
    known: HashMap<String, usize>,
}

impl Scopes {
    /// On each call.
    pub fn find(&self, module: &str, name: &str) -> Option<usize> {
        self.known.get(&format!("{module}::{name}")).copied()
    }

    pub fn path(&self, parts: &[&str]) -> bool {
        self.known.contains_key(&parts.join("::"))
    }
}

/// The key that is made tells the type of the map.
pub fn parts(text: &str) -> usize {
    let mut counts = HashMap::new();
    for part in text.split(',') {
        *counts.entry(part.to_string()).or_insert(0) += 1;
    }
    counts.len()
}

pub fn run() -> String {
    let scopes = Scopes { known: HashMap::from([("a::b".to_owned(), 1)]) };
    let found = (scopes.find("a", "b"), scopes.path(&["a", "b"]));
    let rates = HashMap::from([("EUR/USD".to_owned(), 1.25)]);
    let mut counts = HashMap::new();
    count(&mut counts, "a");
    count(&mut counts, "a");
    let mut lists = HashMap::new();
    listed(&mut lists, &"a".to_owned());
    listed(&mut lists, &"a".to_owned());
    let total = total(&rates, "USD", &[("EUR", 4.0), ("XXX", 1.0)]);
    format!("{total} {counts:?} {lists:?} {found:?}")
}
