use std::collections::{HashMap, HashSet};

pub fn is_kind(kind: &str, wanted: &str) -> bool {
    kind.to_string() == wanted
}

pub fn is_named(names: &[String], wanted: &String) -> usize {
    names.iter().filter(|name| name.to_string() == *wanted).count()
}

pub fn known(map: &HashMap<String, u32>, words: &[&str]) -> u32 {
    words.iter().filter_map(|word| map.get(&word.to_string())).sum()
}

pub fn is_new(seen: &HashSet<String>, word: &String) -> bool {
    !seen.contains(&word.clone())
}

pub fn letters(text: &str) -> usize {
    text.to_owned().chars().filter(|c| c.is_alphabetic()).count()
}

pub fn long(words: &[&str]) -> usize {
    words.iter().filter(|word| word.len() > 3).collect::<Vec<_>>().len()
}

pub fn blank(text: &str) -> bool {
    text.split_whitespace().collect::<Vec<_>>().is_empty()
}

pub fn fields(line: &str) -> usize {
    let mut long = 0;
    let fields: Vec<&str> = line.split(',').collect();
    for field in fields {
        long += usize::from(field.len() > 2);
    }
    long
}

pub fn gathered(lines: &[&str]) -> Vec<char> {
    let mut gathered = Vec::with_capacity(64);
    for line in lines {
        gathered.extend(line.chars().collect::<Vec<_>>());
    }
    gathered
}

pub struct Form {
    color: String,
}

impl Form {
    pub fn color(&self) -> &str {
        &self.color
    }
}

pub fn page(form: &Form) -> String {
    let color = form.color().to_string();
    if color.is_empty() {
        return String::new();
    }
    String::from("<b style=") + &color + ">"
}

pub fn is_list(line: &str) -> bool {
    let line = line.to_owned();
    line.starts_with('[') && line.ends_with(']')
}

fn known_forms() -> String {
    let map = HashMap::from([("a".to_owned(), 1), ("b".to_owned(), 2)]);
    let seen = HashSet::from(["x".to_owned()]);
    let names = ["a".to_owned(), "b".to_owned()];
    let form = Form { color: "red".to_owned() };
    format!(
        "{} {} {} {} {} {} {} {} {:?} {} {}",
        is_kind("a", "a"),
        is_named(&names, &names[1]),
        known(&map, &["a", "c"]),
        is_new(&seen, &names[0]),
        letters("a1b"),
        long(&["abcd", "a"]),
        blank("  "),
        fields("abc,d,efg"),
        gathered(&["ab", "c"]),
        page(&form),
        is_list("[]")
    )
}

pub fn initial(text: &str) -> Option<char> {
    let letters: Vec<char> = text.chars().collect();
    letters.first().copied()
}

pub fn head(text: &str) -> &str {
    text.split(',').collect::<Vec<_>>()[0]
}

pub fn large(numbers: Vec<u32>) -> Vec<u32> {
    let numbers = numbers.into_iter().filter(|number| *number > 2).collect::<Vec<_>>();
    numbers
}

pub fn added(all: &mut Vec<u32>, numbers: &[u32]) {
    let doubled: Vec<u32> = numbers.iter().map(|number| number * 2).collect();
    all.extend(doubled);
}

pub fn total(numbers: &[u32]) -> u32 {
    let copy = numbers.to_vec();
    let mut total = 0;
    for number in &copy {
        total += number;
    }
    total
}

pub fn is_vowel(letter: char) -> bool {
    vec!['a', 'e', 'i', 'o', 'u'].contains(&letter)
}

pub fn weighed(a: u32, b: u32) -> u32 {
    let mut sum = 0;
    for number in vec![a, 2 * b] {
        sum += number;
    }
    sum
}

pub fn twice(a: u32, b: u32) -> u32 {
    vec![a, b].into_iter().map(|number| number * 2).sum()
}

/// The iterator is kept, and its type is that of a vector's.
pub struct Pending {
    left: std::vec::IntoIter<u32>,
}

pub fn pending(first: u32) -> Pending {
    Pending { left: vec![first].into_iter() }
}

pub fn is_help(command: &str) -> bool {
    match command.to_string().as_str() {
        "help" | "-h" => true,
        _ => false,
    }
}

pub fn run() -> String {
    let listed = u32::from(is_help("help")) + pending(3).left.sum::<u32>() + twice(1, 2);
    format!("{listed} {} {} {} {:?} {} {:?} {:?} {}", is_vowel('e'), weighed(1, 2), known_forms(), initial("ab"), head("a,b"), large(vec![1, 3]), { let mut all = vec![1]; added(&mut all, &[2]); all }, total(&[1, 2]))
}
