const WORDS: &str = "/nowhere/words";

pub fn known(words: &[&str]) -> usize {
    words
        .iter()
        .filter(|word| std::fs::read_to_string(WORDS).is_ok_and(|all| all.contains(**word)))
        .count()
}

pub fn greeting(name: &str) -> String {
    let text = std::fs::read_to_string("/nowhere/greeting").unwrap_or_default();
    text + name
}

pub fn run() -> String {
    format!("{} {}", known(&["a"]), greeting("b"))
}
