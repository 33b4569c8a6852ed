use regex::Regex;

// perf: allow(recompiled_regex)
static WORD: &str = r"^\w+$";

/// Silenced, but without a reason.
pub fn words(lines: &[&str]) -> usize {
    // perf: allow(recompiled_regex)
    lines.iter().filter(|line| Regex::new(WORD).unwrap().is_match(line)).count()
}

/// Silenced under a name that no lint has.
pub fn numbers(lines: &[&str]) -> usize {
    lines.iter().filter(|line| line.len() > 1).count() // perf: allow(recompiled_regx) few lines
}

/// The loop that was here is gone.
pub fn first(lines: &[&str]) -> Option<usize> {
    let first = lines.first()?; // perf: allow(string_concat_in_loop) short strings
    Some(first.len())
}

pub fn run() -> String {
    let lines = ["a b", "c"];
    format!("{} {} {:?}", words(&lines), numbers(&lines), first(&lines))
}
