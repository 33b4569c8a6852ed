pub fn count(names: &[&str], wanted: &str) -> usize {
    let mut found = 0;
    for name in names {
        if *name == wanted.to_uppercase() {
            found += 1;
        }
    }
    found
}

pub fn run() -> String {
    count(&["A"], "a").to_string()
}
