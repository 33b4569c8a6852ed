pub fn unseen(words: &[String], stop_words: &[String]) -> usize {
    let mut count = 0;
    for word in words {
        if !stop_words.contains(word) {
            count += 1;
        }
    }
    count
}

pub struct Entry {
    pub name: String,
    pub amount: u32,
}

pub fn summed(entries: &[Entry], names: &[&str]) -> u32 {
    let mut sum = 0;
    for name in names {
        if let Some(entry) = entries.iter().find(|entry| entry.name == *name) {
            sum += entry.amount;
        }
    }
    sum
}

pub fn drained(mut queue: Vec<u32>) -> u32 {
    let mut last = 0;
    while !queue.is_empty() {
        last = queue.remove(0);
    }
    last
}

pub fn upper(text: &str) -> usize {
    let mut found = 0;
    for i in 0..text.len() {
        if text.chars().nth(i).is_some_and(|c| c.is_uppercase()) {
            found += 1;
        }
    }
    found
}

pub fn shared(left: &[u32], right: &[u32]) -> Vec<u32> {
    left.iter().copied().filter(|number| right.contains(number)).collect()
}

/// There are only so many bytes.
pub fn places(text: &[u8], alphabet: &[u8]) -> usize {
    let mut sum = 0;
    for byte in text {
        if let Some(place) = alphabet.iter().position(|one| one == byte) {
            sum += place;
        }
    }
    sum
}

pub struct Table {
    entries: Vec<Entry>,
    names: Vec<String>,
    open: Vec<u32>,
}

impl Table {
    /// Whoever calls this calls it often.
    pub fn amount(&self, name: &str) -> Option<u32> {
        self.entries.iter().find(|entry| entry.name == name).map(|entry| entry.amount)
    }

    /// The more names, the longer the search for each.
    pub fn add(&mut self, name: String) {
        if !self.names.contains(&name) {
            self.names.push(name);
        }
    }

    pub fn next(&mut self) -> Option<u32> {
        (!self.open.is_empty()).then(|| self.open.remove(0))
    }

    pub fn counts(&self) -> Vec<usize> {
        let count = |name: &String| self.entries.iter().filter(|one| one.name == *name).count();
        let mut counts = Vec::with_capacity(self.names.len());
        for name in &self.names {
            counts.push(self.entries.iter().filter(|one| one.name == *name).count());
        }
        counts.push(count(&self.names[0]));
        counts
    }
}

fn by_call() -> String {
    let entries = vec![Entry { name: "a".to_owned(), amount: 3 }];
    let mut table = Table { entries, names: Vec::new(), open: vec![1, 2] };
    table.add("a".to_owned());
    table.add("a".to_owned());
    format!("{:?} {:?} {:?}", table.amount("a"), table.next(), table.counts())
}

/// Lent by who calls it for each element.
pub fn note(seen: &mut Vec<u64>, id: u64) {
    if !seen.contains(&id) {
        seen.push(id);
    }
}

pub fn run() -> String {
    let by_call = by_call();
    let words = ["the".to_owned(), "cat".to_owned()];
    let entries = [Entry { name: "a".to_owned(), amount: 1 }];
    format!(
        "{by_call} {} {} {} {} {} {:?}",
        places(b"aba", b"ab"),
        unseen(&words, &words[..1]),
        summed(&entries, &["a", "b"]),
        drained(vec![1, 2, 3]),
        upper("aÄB"),
        shared(&[1, 2, 3], &[3, 2]),
    )
}
