pub fn limits(words: &[&str]) -> usize {
    words.iter().filter(|word| word.to_lowercase() == "limit").count()
}

pub fn is_key(word: &str) -> bool {
    word.to_lowercase().as_str() == "key"
}

pub fn differs(name: &str) -> bool {
    name.to_ascii_uppercase() != "HOST"
}

pub fn same(a: &str, b: &String) -> bool {
    a.to_ascii_lowercase() == b.to_ascii_lowercase()
}

pub fn run() -> String {
    format!(
        "{} {} {} {} {}",
        limits(&["LIMIT", "limit", "other"]),
        is_key("Key"),
        differs("Host"),
        differs("x"),
        same("A-é", &"a-é".to_owned())
    )
}
