/// The first ones.
pub fn first(text: &str) -> Option<char> {
    text.chars().next().or(text.chars().nth(0))
}

/// The number is wanted.
pub fn width(text: &str) -> usize {
    let width = text.chars().count();
    width * 2
}

/// Compared with what is not known before.
pub fn fits(text: &str, columns: usize) -> bool {
    text.chars().count() <= columns
}

/// An iterator that moves on.
pub fn step(words: &mut std::slice::Iter<'_, u32>) -> Option<u32> {
    words.nth(2).copied()
}

/// After the fixes.
pub fn after(text: &str, marks: &[usize]) -> (Option<char>, bool, bool) {
    let is_one = text.chars().nth(1).is_none();
    (text.chars().next_back(), marks.iter().any(|mark| *mark > 2), is_one)
}

/// From behind, texts of several characters may be found elsewhere.
pub fn piece(text: &str) -> Option<&str> {
    text.split("aa").last()
}

pub fn run() -> String {
    format!(
        "{:?} {} {} {:?} {:?}",
        first("ab"),
        width("ab"),
        fits("ab", 2),
        step(&mut [1, 2, 3].iter()),
        after("ab", &[1])
    )
}
