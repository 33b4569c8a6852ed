//! Exchange rates, looked up by the letters of a pair of currencies as one number.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Rates of pairs of currencies.
#[derive(Debug, Default)]
pub struct Rates {
    rates: HashMap<u64, f64, BuildHasherDefault<Spread>>,
}

/// Two codes of up to four bytes in one number.
fn pair(from: &str, to: &str) -> Option<u64> {
    let number = |code: &str| {
        let mut bytes = [0; 4];
        bytes.get_mut(..code.len())?.copy_from_slice(code.as_bytes());
        Some(u64::from(u32::from_be_bytes(bytes)))
    };
    Some(number(from)? << 32 | number(to)?)
}

/// One multiplication spreads a number that nobody chooses to our harm.
#[derive(Debug, Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 =
            (self.0.rotate_left(5) ^ number).wrapping_mul(0x517c_c1b7_2722_0a95).rotate_left(20);
    }
}

impl Rates {
    /// Sets what one unit of `from` is worth in `to`.
    pub fn set(&mut self, from: &str, to: &str, rate: f64) {
        if let Some(pair) = pair(from, to) {
            self.rates.insert(pair, rate);
        }
    }

    /// The worth of all trades in one currency; those without a rate are left out.
    pub fn total(&self, to: &str, trades: &[(&str, f64)]) -> f64 {
        let mut total = 0.0;
        for (from, amount) in trades {
            if let Some(rate) = pair(from, to).and_then(|pair| self.rates.get(&pair)) {
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
