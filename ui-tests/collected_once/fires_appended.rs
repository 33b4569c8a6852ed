/// Directly before it is appended.
pub fn key(chars: &mut std::str::Chars<'_>, length: usize) -> String {
    let mut key = String::from(":");
    let letters = chars.take(length).filter(|c| !c.is_whitespace()).collect::<String>();
    key.push_str(&letters);
    key
}

/// With a line between that has nothing to do with it.
pub fn word(first: char, rest: &str) -> String {
    let mut word = String::new();
    let lower: String = rest.chars().map(|c| c.to_ascii_lowercase()).collect();
    word.push(first);
    word.push_str(&lower);
    word
}

/// Without a name.
pub fn list(words: &[&str]) -> Vec<String> {
    let mut list = Vec::new();
    list.extend(words.iter().map(|word| word.to_uppercase()).collect::<Vec<_>>());
    list.append(&mut words.iter().map(|word| word.to_lowercase()).collect::<Vec<_>>());
    list
}

/// Walked by value.
pub fn total(text: &str) -> usize {
    let lengths: Vec<usize> = text.split(',').map(str::len).collect();
    let mut total = 0;
    for length in lengths {
        total += length;
    }
    total
}

/// The target is read while the elements are made: nothing to say.
pub fn doubled(mut text: String) -> String {
    let again: String = text.chars().rev().collect();
    text.push_str(&again);
    text
}

/// Another length by the time it is appended: shown, not written.
pub fn shadowed(text: &str, length: usize) -> String {
    let mut all = String::new();
    let head: String = text.chars().take(length).collect();
    let length = text.len();
    all.push_str(&head);
    format!("{all}{length}")
}

pub fn run() -> String {
    format!(
        "{} {} {:?} {} {} {}",
        key(&mut "a bc".chars(), 3),
        word('X', "YZ"),
        list(&["a", "B"]),
        total("a,bc"),
        doubled("ab".to_owned()),
        shadowed("abc", 2)
    )
}
