use std::collections::HashSet;

pub enum Kind {
    Key,
    Value,
}

/// In what is left.
pub fn second(line: &str) -> Option<&str> {
    let at = line.find(':')?;
    let rest = &line[at + 1..];
    let at = rest.find(':')?;
    Some(&rest[at + 1..])
}

/// The text is another one by then.
pub fn third(mut line: &str) -> Option<&str> {
    let at = line.find(':')?;
    line = &line[at + 1..];
    let at = line.find(':')?;
    Some(&line[at + 1..])
}

/// Either or.
pub fn place(line: &str, kind: Kind) -> Option<usize> {
    match kind {
        Kind::Key => line.find(':'),
        Kind::Value => line.find(':').map(|at| at + 1),
    }
}

/// The iterator moves on.
pub fn two(words: &[&str]) -> Option<(usize, usize)> {
    let mut lengths = words.iter().map(|word| word.len());
    let first = lengths.find(|length| *length > 1)?;
    let second = lengths.find(|length| *length > 1)?;
    Some((first, second))
}

/// Another needle, another text.
pub fn both(line: &str, other: &str) -> bool {
    if line.contains('a') && other.contains('b') { line.find('b') < other.find('a') } else { false }
}

/// A set is asked, and a text is searched.
pub fn known(words: &HashSet<&str>, line: &str) -> Option<usize> {
    if words.contains("a") { line.find("a") } else { None }
}

/// After the fixes.
pub fn after(path: &str) -> (&str, Option<&str>) {
    let head = path.split_once("::").map_or(path, |(head, _)| head);
    (head, path.strip_prefix("--"))
}

pub fn run() -> String {
    format!(
        "{:?} {:?} {:?} {:?} {:?} {} {:?} {:?}",
        second("a:b:c"),
        third("a:b:c"),
        place("a:b", Kind::Key),
        place("a:b", Kind::Value),
        two(&["ab", "c", "def"]),
        both("ab", "ab"),
        known(&HashSet::from(["a"]), "ba"),
        after("--a::b")
    )
}
