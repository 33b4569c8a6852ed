//! Titles of pages, and a cache that is emptied: each keeps far more memory than it needs.

use std::collections::HashMap;

/// The first line of a page.
pub fn title(page: Vec<u8>) -> Vec<u8> {
    let end = page.iter().position(|byte| *byte == b'\n').unwrap_or(page.len());
    let mut page = page;
    page.truncate(end);
    page
}

/// The titles of many pages, to be kept.
pub fn titles(pages: &[&[u8]]) -> Vec<Vec<u8>> {
    pages.iter().map(|page| title(page.to_vec())).collect()
}

/// Entries that all expire.
#[derive(Debug, Default)]
pub struct Cache {
    entries: HashMap<u64, [u64; 4]>,
}

impl Cache {
    /// Fills it with entries.
    pub fn fill(&mut self, count: u64) {
        for n in 0..count {
            self.entries.insert(n, [n; 4]);
        }
    }

    /// Lets every entry expire.
    pub fn expire(&mut self) {
        self.entries.clear();
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_the_first_line() {
        assert_eq!(title(b"one\ntwo".to_vec()), b"one");
        assert_eq!(title(b"one".to_vec()), b"one");
        assert_eq!(titles(&[b"a\nb", b"c\n"]), [b"a".to_vec(), b"c".to_vec()]);
    }

    #[test]
    fn an_emptied_cache_is_empty() {
        let mut cache = Cache::default();
        cache.fill(100);
        assert_eq!(cache.len(), 100);
        cache.expire();
        assert!(cache.is_empty());
    }
}
