//! Exchange rates, looked up by the text of a pair of currencies.

use std::collections::HashMap;

/// Rates of pairs of currencies.
#[derive(Debug, Default)]
pub struct Rates {
    rates: HashMap<String, f64>,
}

impl Rates {
    /// Sets what one unit of `from` is worth in `to`.
    pub fn set(&mut self, from: &str, to: &str, rate: f64) {
        self.rates.insert(format!("{from}/{to}"), rate);
    }

    /// The worth of all trades in one currency; those without a rate are left out.
    pub fn total(&self, to: &str, trades: &[(&str, f64)]) -> f64 {
        let mut total = 0.0;
        for (from, amount) in trades {
            let pair = format!("{from}/{to}");
            if let Some(rate) = self.rates.get(&pair) {
                total += amount * rate;
            }
        }
        total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_are_in_the_base_currency_and_unknown_pairs_are_left_out() {
        let mut rates = Rates::default();
        rates.set("EUR", "USD", 1.25);
        rates.set("GBP", "USD", 1.5);
        let trades = [("EUR", 4.0), ("GBP", 2.0), ("XXX", 9.0)];
        assert_eq!(rates.total("USD", &trades), 8.0);
    }
}
