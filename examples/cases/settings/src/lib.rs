//! Limits that every request reads and an operator changes now and then.

use std::collections::HashMap;
use std::sync::RwLock;

/// The limits of a service, by name.
#[derive(Debug, Default)]
pub struct Settings {
    limits: RwLock<HashMap<String, u64>>,
}

impl Settings {
    /// A limit.
    pub fn get(&self, name: &str) -> Option<u64> {
        self.limits.read().unwrap().get(name).copied()
    }

    /// Sets it.
    pub fn set(&self, name: &str, limit: u64) {
        self.limits.write().unwrap().insert(name.to_string(), limit);
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
