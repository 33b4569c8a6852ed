//! Rows of a store, asked for one after the other.

use std::time::Duration;

/// A store that answers after a while, as one at the other end of a wire does.
#[derive(Clone, Debug)]
pub struct Store {
    delay: Duration,
}

impl Store {
    /// A store with this delay.
    pub fn new(delay: Duration) -> Self {
        Store { delay }
    }

    /// One row.
    pub fn load(&self, id: u32) -> String {
        std::thread::sleep(self.delay);
        format!("row {id}")
    }
}

/// The rows of these ids, in their order.
pub fn load_all(store: &Store, ids: &[u32]) -> Vec<String> {
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        rows.push(store.load(*id));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answers_come_in_the_order_of_the_ids() {
        let store = Store::new(std::time::Duration::from_micros(10));
        assert_eq!(load_all(&store, &[3, 1, 2]), ["row 3", "row 1", "row 2"]);
        assert!(load_all(&store, &[]).is_empty());
    }
}
