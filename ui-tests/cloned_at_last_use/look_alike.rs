/// It is used again, on the next turn or below.
pub fn repeated(text: String, count: usize) -> Vec<String> {
    let mut all = Vec::new();
    for _ in 0..count {
        all.push(text.clone());
    }
    all
}

pub fn twice(text: String) -> (String, usize) {
    let copy = (text.clone(), 1);
    (copy.0, text.len())
}

/// Somebody else's.
pub fn lent(text: &String) -> Vec<String> {
    vec![text.clone()]
}

/// A borrow of it lives on.
pub fn borrowed(text: String) -> (Vec<String>, usize) {
    let first = text.trim();
    let all = vec![text.clone()];
    (all, first.len())
}

/// The closure may be called again.
pub fn closed(text: String) -> Vec<String> {
    (0..2).map(|_| text.clone()).collect()
}

/// Lent by the walk, or used again on the next turn of an inner one.
pub fn walked(names: &[String], groups: Vec<String>) -> Vec<String> {
    let mut all = Vec::new();
    for name in names {
        all.push(name.clone());
    }
    for group in groups {
        for _ in 0..2 {
            all.push(group.clone());
        }
    }
    all
}

pub fn run() -> String {
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?}",
        walked(&["f".to_owned()], vec!["g".to_owned()]),
        repeated("a".to_owned(), 2),
        twice("b".to_owned()),
        lent(&"c".to_owned()),
        borrowed(" d".to_owned()),
        closed("e".to_owned())
    )
}
