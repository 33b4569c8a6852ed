use std::cell::OnceCell;
use std::sync::{LazyLock, OnceLock};

use regex::Regex;

static WORD: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^\w+$").unwrap());

thread_local! {
    static NUMBER: Regex = Regex::new("[0-9]+").unwrap();
}

pub fn is_word(text: &str) -> bool {
    WORD.is_match(text)
}

pub fn is_number(texts: &[&str]) -> usize {
    static CELL: OnceLock<Regex> = OnceLock::new();
    texts
        .iter()
        .filter(|text| CELL.get_or_init(|| Regex::new("^[0-9]+$").unwrap()).is_match(text))
        .count()
}

pub struct Matcher {
    pattern: Regex,
    later: OnceCell<Regex>,
}

impl Matcher {
    pub fn new(pattern: &str) -> Result<Matcher, regex::Error> {
        Ok(Matcher { pattern: Regex::new(pattern)?, later: OnceCell::new() })
    }

    pub fn later(&self) -> &Regex {
        self.later.get_or_init(|| Regex::new("x").unwrap())
    }

    pub fn matches(&self, text: &str) -> bool {
        self.pattern.is_match(text)
    }
}

/// A type of the same name that compiles nothing.
mod other {
    pub struct Regex;

    impl Regex {
        pub fn new(_: &str) -> Regex {
            Regex
        }
    }

    pub fn make() -> usize {
        (0..3).map(|_| Regex::new("a")).count()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_test_may_compile_what_it_likes() {
        for text in ["a", "b"] {
            assert!(regex::Regex::new("[ab]").unwrap().is_match(text));
        }
    }
}

/// A list of patterns is compiled once.
pub fn compiled(patterns: &[&str]) -> Vec<Regex> {
    patterns.iter().map(|pattern| Regex::new(pattern).unwrap()).collect()
}

pub struct Lists {
    all: Vec<Regex>,
}

/// Handed on, to be kept.
pub fn from_list(patterns: &[&str]) -> Lists {
    let all = patterns.iter().map(|pattern| Regex::new(pattern).unwrap()).collect();
    Lists { all }
}

pub fn given_back() -> Regex {
    Regex::new("a").unwrap()
}

/// Stands for criterion's: fixtures are compiled without it.
pub struct Bencher(u64);

impl Bencher {
    pub fn iter<O>(&mut self, mut routine: impl FnMut() -> O) {
        routine();
        self.0 += 1;
    }
}

/// Compiling is what is measured.
pub fn timed(b: &mut Bencher) {
    b.iter(|| Regex::new("a+b").unwrap());
    b.iter(|| std::hint::black_box(Regex::new("a+c")).unwrap());
}

pub fn run() -> String {
    let mut bencher = Bencher(0);
    timed(&mut bencher);
    let matcher = Matcher::new("a+").unwrap();
    let number = NUMBER.with(|number| number.is_match("1"));
    let lists = from_list(&["a"]).all.len();
    format!(
        "{lists} {} {} {number} {} {} {} {}",
        is_word("a"),
        is_number(&["1", "a"]),
        matcher.matches("aa"),
        matcher.later().is_match("x"),
        other::make(),
        bencher.0
    )
}
