//! Settings that every request reads and an operator changes now and then: the map is copied on
//! each change, and a thread looks at the lock only when there is a newer one.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

type Values = HashMap<String, Box<str>>;

/// The settings of a service.
#[derive(Debug, Default)]
pub struct Settings {
    /// The newest map, with its number; readers hold their own reference to it.
    newest: Mutex<(u64, Arc<Values>)>,
    /// Changes once `newest` has. Unique over all settings, so that a thread that knows several
    /// never takes one for the other.
    generation: AtomicU64,
}

static GENERATIONS: AtomicU64 = AtomicU64::new(1);

thread_local! {
    static SEEN: RefCell<(u64, Arc<Values>)> = RefCell::default();
}

impl Settings {
    /// The value of a setting.
    pub fn get(&self, name: &str) -> Option<Box<str>> {
        let generation = self.generation.load(Ordering::Acquire);
        SEEN.with_borrow_mut(|seen| {
            if seen.0 != generation {
                *seen = self.newest.lock().unwrap().clone();
            }
            seen.1.get(name).cloned()
        })
    }

    /// Sets it.
    pub fn set(&self, name: &str, value: &str) {
        let mut newest = self.newest.lock().unwrap();
        let mut values = Values::clone(&newest.1);
        values.insert(name.to_string(), value.into());
        let generation = GENERATIONS.fetch_add(1, Ordering::Relaxed);
        *newest = (generation, Arc::new(values));
        self.generation.store(generation, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_is_read_as_it_was_set_last() {
        let settings = Settings::default();
        assert_eq!(settings.get("a"), None);
        settings.set("a", "1");
        assert_eq!(settings.get("a").as_deref(), Some("1"));
        settings.set("a", "2");
        settings.set("b", "3");
        assert_eq!(settings.get("a").as_deref(), Some("2"));
        std::thread::scope(|scope| {
            scope.spawn(|| assert_eq!(settings.get("b").as_deref(), Some("3")));
        });
    }
}
