use regex::Regex;

/// Silenced, with a reason.
pub fn matches(patterns: &[&str], text: &str) -> usize {
    let mut count = 0;
    for _ in patterns {
        // perf: allow(recompiled_regex) two patterns at most, once per run
        count += usize::from(Regex::new("a+").unwrap().is_match(text));
    }
    count
}

/// Not a comment: "// perf: allow(recompiled_regex)".
pub fn documented() -> &'static str {
    "// perf: allow(recompiled_regex)"
}

#[cfg(test)]
mod tests {
    // perf: allow(recompiled_regex)
    #[test]
    fn anything_goes_in_tests() {}
}

pub fn run() -> String {
    format!("{} {}", matches(&["a"], "aa"), documented())
}
