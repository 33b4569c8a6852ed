#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(u32);

#[derive(Debug)]
pub struct Entry {
    pub key: Key,
    pub name: String,
}

/// Keys that are no more than a copy of a number.
pub fn by_key(entries: &mut [Entry]) {
    entries.sort_by_key(|entry| entry.key);
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    entries.sort_by_cached_key(|entry| entry.name.to_lowercase());
}

fn compared(a: &str, b: &str) -> std::cmp::Ordering {
    a.len().cmp(&b.len())
}

/// A function that compares makes no keys.
pub fn by_length(entries: &mut [Entry]) {
    entries.sort_by(|a, b| compared(&a.name, &b.name));
}

/// Each turn has its own.
pub fn each(rows: &mut [Vec<String>]) {
    for row in rows.iter_mut() {
        row.sort();
    }
}

/// Once, behind the loop.
pub fn once(words: &[&str]) -> Vec<String> {
    let mut out = Vec::with_capacity(words.len());
    for word in words {
        out.push(word.to_lowercase());
    }
    out.sort();
    out
}

/// A scratch vector, filled anew.
pub fn per_row(rows: &[Vec<String>]) -> usize {
    let mut scratch: Vec<&str> = Vec::new();
    let mut sum = 0;
    for row in rows {
        scratch.clear();
        scratch.extend(row.iter().map(String::as_str));
        scratch.sort_unstable();
        sum += scratch.first().map_or(0, |word| word.len());
    }
    sum
}

pub fn run() -> String {
    let mut entries = vec![
        Entry { key: Key(2), name: "b".to_owned() },
        Entry { key: Key(1), name: "A".to_owned() },
    ];
    by_key(&mut entries);
    by_length(&mut entries);
    let mut rows = vec![vec!["b".to_owned(), "a".to_owned()]];
    each(&mut rows);
    format!("{entries:?} {rows:?} {:?} {}", once(&["B", "a"]), per_row(&rows))
}
