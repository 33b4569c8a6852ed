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

pub fn run() -> String {
    format!("{} {}", known_forms(), containing(&["a b", "ab"], "a"))
}
