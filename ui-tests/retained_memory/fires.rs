use std::collections::HashMap;

pub fn title(page: Vec<u8>) -> Vec<u8> {
    let end = page.iter().position(|byte| *byte == b'\n').unwrap_or(page.len());
    let mut page = page;
    page.truncate(end);
    page
}

pub fn titles(pages: &[&[u8]]) -> Vec<Vec<u8>> {
    pages.iter().map(|page| title(page.to_vec())).collect()
}

#[derive(Default)]
pub struct Cache {
    entries: HashMap<u64, [u64; 4]>,
}

impl Cache {
    pub fn fill(&mut self, count: u64) {
        for n in 0..count {
            self.entries.insert(n, [n; 4]);
        }
    }

    pub fn expire(&mut self) {
        self.entries.clear();
    }
}

pub fn run() -> String {
    let mut cache = Cache::default();
    cache.fill(10);
    cache.expire();
    format!("{:?} {}", titles(&[b"a\nb"]), cache.entries.len())
}
