use std::collections::HashMap;
use std::sync::{Arc, Mutex, RwLock};

static VISITORS: Mutex<u64> = Mutex::new(0);

/// All threads count here.
pub fn count() -> u64 {
    let mut visitors = VISITORS.lock().unwrap();
    *visitors += 1;
    *visitors
}

pub struct Cache {
    pages: Arc<Mutex<HashMap<String, String>>>,
    config: RwLock<String>,
}

impl Cache {
    /// One thread holds it while the others wait.
    pub fn page(&self, name: &str) -> String {
        let mut pages = self.pages.lock().unwrap();
        pages.entry(name.to_owned()).or_insert_with(|| render(name)).clone()
    }

    /// Readers wait for a writer.
    pub fn config(&self) -> usize {
        self.config.read().unwrap().len()
    }
}

pub struct Current {
    value: Mutex<Arc<String>>,
    is_open: Mutex<bool>,
}

impl Current {
    /// Copied out by each reader.
    pub fn value(&self) -> Arc<String> {
        self.value.lock().unwrap().clone()
    }

    pub fn is_open(&self) -> bool {
        *self.is_open.lock().unwrap()
    }
}

/// Read by all threads, and hardly ever written.
pub struct Settings {
    values: RwLock<HashMap<String, u32>>,
}

impl Settings {
    pub fn get(&self, name: &str) -> Option<u32> {
        self
            .values
            .read().unwrap().get(name).copied()
    }
}

fn render(name: &str) -> String {
    name.to_uppercase()
}

pub fn run() -> String {
    let cache = Cache { pages: Arc::default(), config: RwLock::new("abc".to_owned()) };
    let current = Current { value: Mutex::default(), is_open: Mutex::new(true) };
    let settings = Settings { values: RwLock::default() };
    let now = (current.value(), current.is_open());
    format!("{now:?} {} {} {}", count(), cache.page("a"), cache.config() + usize::from(settings.get("a").is_some()))
}
