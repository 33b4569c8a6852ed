use std::time::Duration;

pub struct Store {
    delay: Duration,
}

impl Store {
    pub fn load(&self, id: u32) -> String {
        std::thread::sleep(self.delay);
        format!("row {id}")
    }

    pub async fn fetch(&self, id: u32) -> String {
        self.load(id)
    }
}

pub fn load_all(store: &Store, ids: &[u32]) -> Vec<String> {
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        rows.push(store.load(*id));
    }
    rows
}

pub async fn fetch_all(store: &Store, ids: &[u32]) -> Vec<String> {
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        rows.push(store.fetch(*id).await);
    }
    rows
}

pub fn packed(paths: &[&str]) -> std::io::Result<usize> {
    let mut packed = 0;
    for path in paths {
        let status = std::process::Command::new("gzip").arg(path).status()?;
        packed += usize::from(status.success());
    }
    Ok(packed)
}

pub fn run() -> String {
    load_all(&Store { delay: Duration::from_micros(1) }, &[1, 2]).join(",")
}
