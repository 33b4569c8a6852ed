//! Rows of a store, asked for at the same time.

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

/// How many questions the store is asked at once.
const AT_ONCE: usize = 32;

/// The rows of these ids, in their order.
pub fn load_all(store: &Store, ids: &[u32]) -> Vec<String> {
    let mut rows = Vec::with_capacity(ids.len());
    for some in ids.chunks(AT_ONCE) {
        std::thread::scope(|scope| {
            let asked: Vec<_> =
                some.iter().map(|id| scope.spawn(move || store.load(*id))).collect();
            rows.extend(asked.into_iter().map(|answer| answer.join().unwrap()));
        });
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
