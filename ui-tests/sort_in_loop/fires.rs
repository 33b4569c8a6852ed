pub fn medians(numbers: &[u32]) -> Vec<u32> {
    let mut seen = Vec::new();
    let mut medians = Vec::with_capacity(numbers.len());
    for &number in numbers {
        seen.push(number);
        seen.sort_unstable();
        medians.push(seen[seen.len() / 2]);
    }
    medians
}

#[derive(Debug)]
pub struct Entry {
    pub name: String,
    pub amount: u32,
}

pub fn by_name(entries: &mut Vec<Entry>) {
    entries.sort_by_key(|entry| entry.name.clone());
}

pub fn by_lower(entries: &mut [Entry]) {
    entries.sort_by(|a, b| a.name.to_lowercase().cmp(&b.name.to_lowercase()));
}

pub fn by_text(words: &mut Vec<String>) {
    words.sort_by_key(|word| word.to_uppercase());
}

pub fn ordered(numbers: &mut Vec<u64>) {
    numbers.sort();
}

pub fn lexical(words: &mut [&str]) {
    words.sort();
}

fn distance(name: &str, wanted: &str) -> usize {
    name.bytes().zip(wanted.bytes()).filter(|(a, b)| a != b).count()
}

pub fn by_likeness(entries: &mut [Entry], wanted: &str) {
    entries.sort_by_key(|entry| distance(&entry.name, wanted));
    entries.sort_by(|a, b| {
        let (a, b) = (a.name.to_lowercase(), b.name.to_lowercase());
        a.len().cmp(&b.len())
    });
}

pub fn run() -> String {
    let mut texts = ["b", "a"];
    lexical(&mut texts);
    by_likeness(&mut [], "a");
    let mut entries: Vec<Entry> =
        ["b", "A", "c"].iter().map(|name| Entry { name: name.to_string(), amount: 1 }).collect();
    by_name(&mut entries);
    let named = format!("{entries:?}");
    by_lower(&mut entries);
    let mut words = vec!["b".to_owned(), "A".to_owned(), "a".to_owned()];
    by_text(&mut words);
    let mut numbers = vec![3, 1, 2];
    ordered(&mut numbers);
    format!("{:?} {named} {entries:?} {words:?} {numbers:?}", medians(&[3, 1, 2]))
}
