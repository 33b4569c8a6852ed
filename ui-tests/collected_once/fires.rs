use std::collections::{HashMap, HashSet};

pub struct Rule {
    pub name: String,
    pub parts: Vec<String>,
}

pub struct Checker {
    names: Vec<String>,
    rules: Vec<Rule>,
    found: Vec<String>,
}

impl Checker {
    /// Fields of `self` that are not walked may change.
    pub fn report(&mut self) {
        let missing: Vec<&str> = self
            .rules
            .iter()
            .filter(|rule| rule.parts.is_empty())
            .map(|rule| rule.name.as_str())
            .collect();
        for name in missing {
            self.found.push(name.to_owned());
        }
    }

    pub fn tidy(&mut self) {
        self.names = self.names.iter().filter(|name| !name.is_empty()).cloned().collect();
    }

    pub fn keep_long(&mut self) {
        self.names = std::mem::take(&mut self.names)
            .into_iter()
            .filter(|name| name.len() > 1)
            .collect();
    }

    pub fn has(&self, name: &str) -> bool {
        let known: HashSet<&str> = self.rules.iter().map(|rule| rule.name.as_str()).collect();
        known.contains(name)
    }

    pub fn size(&self, name: &str) -> Option<usize> {
        let by_name =
            self.rules.iter().map(|rule| (&*rule.name, rule.parts.len())).collect::<HashMap<_, _>>();
        by_name.get(name).copied()
    }

    /// A look at the first one, and a walk.
    pub fn longest(&self) -> usize {
        let long: Vec<&Rule> = self.rules.iter().filter(|rule| rule.parts.len() > 1).collect();
        if long.is_empty() {
            return 0;
        }
        long.iter().map(|rule| rule.parts.len()).max().unwrap_or(0)
    }

    pub fn take_all(&self, all: &mut Vec<String>) {
        let mut names = self.names.iter().map(|name| name.to_uppercase()).collect::<Vec<_>>();
        all.append(&mut names);
    }

    fn long_names(&self) -> Vec<&str> {
        self.names.iter().map(String::as_str).filter(|name| name.len() > 1).collect()
    }

    pub fn name_length(&self) -> usize {
        let mut length = 0;
        for name in self.long_names() {
            length += name.len();
        }
        length
    }

    pub fn parts(&self) -> usize {
        self.rules
            .iter()
            .flat_map(|rule| rule.parts.iter().map(|part| part.len()).collect::<Vec<_>>())
            .sum()
    }

    pub fn take_found(&mut self) -> Vec<String> {
        let found: Vec<String> = self.found.drain(..).collect();
        found
    }

    pub fn printed(&self) -> String {
        let lengths: Vec<usize> = self.names.iter().map(String::len).collect();
        lines(&lengths)
    }
}

fn lines(lengths: &[usize]) -> String {
    let mut text = String::new();
    for length in lengths {
        text.push(if *length > 1 { 'x' } else { '-' });
    }
    text
}

pub fn pair(text: &str) -> Option<(&str, &str)> {
    let parts: Vec<&str> = text.split(':').collect();
    if parts.len() != 2 {
        return None;
    }
    Some((parts[0], parts[1]))
}

pub fn are_numbers(words: &[&str]) -> bool {
    words.iter().map(|word| word.parse::<u32>()).collect::<Result<Vec<_>, _>>().is_ok()
}

pub fn marks(text: &str) -> usize {
    let letters: Vec<char> = text.chars().collect();
    let mut sum = 0;
    for at in 0..letters.len() {
        if letters[at] == '!' {
            sum += at;
        }
    }
    sum
}

fn total(lengths: Vec<usize>) -> usize {
    let mut total = 0;
    for length in lengths {
        total += length;
    }
    total
}

pub fn length(words: &[&str]) -> usize {
    total(words.iter().map(|word| word.len()).collect())
}

pub fn is_palindrome(text: &str) -> bool {
    text.chars().rev().collect::<String>() == text
}

pub fn is_none(text: &str) -> bool {
    let letters: String = text.chars().filter(|c| c.is_alphabetic()).collect();
    letters == "none"
}

pub fn camel(text: &str) -> String {
    text.split('_').map(|part| part.to_uppercase()).collect::<Vec<_>>().join("")
}

pub fn run() -> String {
    let rule = |name: &str, parts: &[&str]| Rule {
        name: name.to_owned(),
        parts: parts.iter().map(|part| part.to_string()).collect(),
    };
    let mut checker = Checker {
        names: vec!["ab".to_owned(), "a".to_owned(), String::new()],
        rules: vec![rule("one", &["x", "y"]), rule("two", &[])],
        found: Vec::new(),
    };
    checker.report();
    checker.tidy();
    let printed = checker.printed();
    checker.keep_long();
    let mut all = Vec::new();
    checker.take_all(&mut all);
    format!(
        "{} {} {:?} {} {} {} {} {:?} {} {all:?} {printed} {:?} {} {} {}",
        marks("a!"),
        length(&["ab"]),
        checker.take_found(),
        checker.name_length(),
        checker.parts(),
        are_numbers(&["1"]),
        checker.has("one"),
        checker.size("one"),
        checker.longest(),
        pair("a:b"),
        is_palindrome("abba"),
        is_none("n-o-n-e"),
        camel("a_b")
    )
}
