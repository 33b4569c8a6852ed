//! Limits that every request reads and an operator changes now and then: the map is copied on each
//! change, and a thread looks at the lock only when there is a newer one.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

type Limits = HashMap<String, u64>;

/// The limits of a service, by name.
#[derive(Debug, Default)]
pub struct Settings {
    /// The newest map, with its number; readers hold their own reference to it.
    newest: Mutex<(u64, Arc<Limits>)>,
    /// Changes once `newest` has. Unique over all settings, so that a thread that knows several
    /// never takes one for the other.
    generation: AtomicU64,
}

static GENERATIONS: AtomicU64 = AtomicU64::new(1);

thread_local! {
    static SEEN: RefCell<(u64, Arc<Limits>)> = RefCell::default();
}

impl Settings {
    /// A limit.
    pub fn get(&self, name: &str) -> Option<u64> {
        let generation = self.generation.load(Ordering::Acquire);
        SEEN.with_borrow_mut(|seen| {
            if seen.0 != generation {
                *seen = self.newest.lock().unwrap().clone();
            }
            seen.1.get(name).copied()
        })
    }

    /// Sets it.
    pub fn set(&self, name: &str, limit: u64) {
        let mut newest = self.newest.lock().unwrap();
        let mut limits = Limits::clone(&newest.1);
        limits.insert(name.to_string(), limit);
        let generation = GENERATIONS.fetch_add(1, Ordering::Relaxed);
        *newest = (generation, Arc::new(limits));
        self.generation.store(generation, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_read_as_it_was_set_last() {
        let settings = Settings::default();
        assert_eq!(settings.get("a"), None);
        settings.set("a", 1);
        assert_eq!(settings.get("a"), Some(1));
        settings.set("a", 2);
        settings.set("b", 3);
        assert_eq!(settings.get("a"), Some(2));
        std::thread::scope(|scope| {
            scope.spawn(|| assert_eq!(settings.get("b"), Some(3)));
        });
    }
}
