//! Settings that every request reads and an operator changes now and then.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

/// The settings of a service.
#[derive(Debug, Default)]
pub struct Settings {
    values: RwLock<HashMap<String, Arc<str>>>,
}

impl Settings {
    /// The value of a setting.
    pub fn get(&self, name: &str) -> Option<Arc<str>> {
        self.values.read().unwrap().get(name).cloned()
    }

    /// Sets it.
    pub fn set(&self, name: &str, value: &str) {
        self.values.write().unwrap().insert(name.to_string(), value.into());
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
