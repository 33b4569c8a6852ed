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

pub fn run() -> String {
    let rates = HashMap::from([("EUR/USD".to_owned(), 1.25)]);
    let mut counts = HashMap::new();
    count(&mut counts, "a");
    count(&mut counts, "a");
    format!("{} {counts:?}", total(&rates, "USD", &[("EUR", 4.0), ("XXX", 1.0)]))
}
