use prelude::*;
use regex::Regex;

/// The benches spend their time in the first call.
pub fn is_color(text: &str) -> bool {
    let color = Regex::new("^#[0-9a-f]{6}$").unwrap();
    color.is_match(text)
}

/// Three calls below the loop.
pub fn count(texts: &[&str]) -> usize {
    texts.iter().filter(|text| is_word(text)).count()
}

fn is_word(text: &str) -> bool {
    Regex::new(r"^\w+$").unwrap().is_match(text)
}

/// Wrong without any measurement.
pub fn first_numbers(lines: &[&str]) -> Result<Vec<String>, regex::Error> {
    let mut found = Vec::with_capacity(lines.len());
    for line in lines {
        let number = Regex::new("[0-9]+")?;
        if let Some(first) = number.find(line) {
            found.push(first.as_str().to_owned());
        }
    }
    Ok(found)
}

/// A pattern that no input makes valid.
pub fn broken(lines: &[&str]) -> usize {
    lines.iter().filter(|line| Regex::new("(").is_ok_and(|open| open.is_match(line))).count()
}

fn known_forms() -> String {
    let colors = ["#00ff00", "green"].map(is_color);
    let words = count(&["a", "b c", "d"]);
    format!("{colors:?} {words} {:?} {}", first_numbers(&["a 12 b 3", "", "45"]), broken(&["("]))
}

/// The same for each line, though nobody knows it before.
pub fn containing(lines: &[&str], word: &str) -> usize {
    let mut count = 0;
    for line in lines {
        let whole = Regex::new(&format!(r"\b{word}\b")).unwrap();
        if whole.is_match(line) {
            count += 1;
        }
    }
    count
}

pub struct Rules {
    names: Vec<String>,
}

impl Rules {
    /// Compiled for each name that is asked for.
    pub fn allow(&self, name: &str) -> bool {
        self.names.iter().filter_map(|text| Regex::new(text).ok()).any(|one| one.is_match(name))
    }

    /// Collected, walked and thrown away.
    pub fn count(&self, name: &str) -> usize {
        let all: Vec<Regex> = self.names.iter().map(|text| Regex::new(text).unwrap()).collect();
        all.iter().filter(|one| one.is_match(name)).count()
    }
}

/// Nothing that is kept.
pub fn from_words(text: &str) -> usize {
    let word = Regex::new("[a-z]+").unwrap();
    word.find_iter(text).count()
}

/// Stands for what everybody imports of the crate `chrono`.
pub mod prelude {
    pub struct NaiveDate;

    impl NaiveDate {
        pub fn parse_from_str(text: &str, format: &str) -> Option<NaiveDate> {
            (text.len() == format.len()).then_some(NaiveDate)
        }
    }
}

/// The format is read anew for each text.
pub fn dates(texts: &[&str]) -> usize {
    texts.iter().filter_map(|text| NaiveDate::parse_from_str(text, "%Y-%m-%d")).count()
}

/// Compiled for each line that is passed over.
pub fn first_number(lines: &[&str]) -> Option<usize> {
    for (at, line) in lines.iter().enumerate() {
        let number = Regex::new("^[0-9]+$").unwrap();
        if !number.is_match(line) {
            continue;
        }
        return Some(at);
    }
    None
}

/// Leaves the inner loop only.
pub fn with_digits(lines: &[&str]) -> usize {
    let mut count = 0;
    for line in lines {
        for word in line.split(' ') {
            count += usize::from(Regex::new("[0-9]").unwrap().is_match(word));
            break;
        }
    }
    count
}

fn by_call() -> String {
    let rules = Rules { names: vec!["a".to_owned(), "b".to_owned()] };
    format!("{} {} {}", rules.allow("b"), rules.count("ab"), from_words("a b"))
}

pub fn run() -> String {
    let lines = ["a", "1 b", "2"];
    let first = (first_number(&lines), with_digits(&lines));
    format!("{} {} {} {first:?}", by_call(), known_forms(), containing(&["a b", "ab"], "a"))
}
