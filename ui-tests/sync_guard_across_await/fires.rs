use std::collections::HashMap;
use std::sync::{Arc, Mutex, RwLock};

pub struct Store {
    pub rows: Arc<Mutex<HashMap<u32, String>>>,
    pub limits: RwLock<Vec<u32>>,
}

pub async fn send(count: usize) -> usize {
    count
}

impl Store {
    pub async fn published(&self) -> usize {
        let rows = self.rows.lock().unwrap();
        let count = rows.len();
        send(count).await
    }

    pub async fn added(&self, id: u32) -> usize {
        let mut rows = self.rows.lock().unwrap();
        let sent = send(1).await;
        rows.insert(id, String::new());
        sent
    }

    pub async fn first(&self) -> usize {
        match self.limits.read().unwrap().first() {
            Some(limit) => send(*limit as usize).await,
            None => 0,
        }
    }
}

pub fn run() -> String {
    "compiles".to_owned()
}
