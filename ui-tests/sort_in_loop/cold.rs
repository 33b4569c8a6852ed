pub fn by_lower(words: &mut Vec<String>) {
    words.sort_by_key(|word| word.to_lowercase());
    for word in words {
        word.push('.');
    }
}

pub fn run() -> String {
    let mut words = vec!["b".to_owned(), "A".to_owned()];
    by_lower(&mut words);
    words.join(" ")
}
