use std::collections::HashSet;

/// Has no name, and is walked at once.
pub fn found(words: &[String], wanted: &HashSet<char>) -> usize {
    words
        .iter()
        .flat_map(|word| word.chars())
        .collect::<HashSet<_>>()
        .into_iter()
        .filter(|letter| wanted.contains(letter))
        .count()
}

pub fn run() -> String {
    let wanted = HashSet::from(['a', 'z']);
    found(&["ab".to_owned(), "bc".to_owned()], &wanted).to_string()
}
