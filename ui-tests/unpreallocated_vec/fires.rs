use std::collections::VecDeque;

/// One element for each element of a slice.
pub fn squares(numbers: &[u64]) -> Vec<u64> {
    let mut squares = Vec::new();
    for number in numbers {
        squares.push(number * number);
    }
    squares
}

/// Two elements for each turn of a range.
pub fn pairs(count: usize) -> VecDeque<(usize, usize)> {
    let mut pairs = VecDeque::new();
    for at in 0..count {
        pairs.push_back((at, at + 1));
        pairs.push_back((at + 1, at));
    }
    pairs
}

pub struct Table {
    rows: Vec<String>,
}

impl Table {
    /// The length is that of a field.
    pub fn widths(&self) -> Vec<usize> {
        let mut widths = vec![];
        for (at, row) in self.rows.iter().enumerate() {
            let width = row.len() + at;
            widths.push(width);
        }
        widths
    }

    /// The number is known only right before the loop.
    pub fn words(&self, row: usize) -> Vec<String> {
        let mut words = Vec::new();
        let row: Vec<&str> = self.rows[row].split(' ').collect();
        for word in row.iter() {
            words.push(word.to_uppercase());
        }
        words
    }
}

/// At most one for each turn.
pub fn evens(numbers: &[u64]) -> Vec<u64> {
    let mut evens = Vec::new();
    for &number in numbers {
        if number % 2 == 0 {
            evens.push(number);
        }
    }
    evens
}

/// No expression gives the length; the profile shows the growth.
pub fn digits(mut number: u128) -> Vec<u8> {
    let mut digits = Vec::new();
    while number > 0 {
        digits.push((number % 10) as u8);
        number /= 10;
    }
    digits
}

fn known_forms() -> String {
    let numbers: Vec<u64> = (0..100).collect();
    let table = Table { rows: vec!["a b c d".to_owned(), "e".to_owned()] };
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?}",
        squares(&numbers),
        pairs(20),
        table.widths(),
        table.words(0),
        evens(&numbers),
        digits(u128::MAX)
    )
}

pub fn doubled(numbers: &[u64]) -> Vec<u64> {
    let mut doubled: Vec<u64> = Default::default();
    for number in numbers {
        doubled.push(number * 2);
    }
    doubled
}

pub fn halved(numbers: &[u64]) -> Vec<u64> {
    let mut halved = Vec::new();
    numbers.iter().for_each(|number| halved.push(number / 2));
    halved
}

pub struct Tree {
    children: Vec<Tree>,
}

impl Tree {
    pub fn children(&self) -> &[Tree] {
        &self.children
    }

    /// The length is that of what a method lends out; an error ends the walk.
    pub fn depths(&self) -> Result<Vec<u64>, String> {
        let mut depths = Vec::new();
        for child in self.children() {
            depths.push(1 + child.depths()?.iter().max().unwrap_or(&0));
        }
        Ok(depths)
    }
}

pub struct Rules(Vec<Rule>);

#[derive(Clone, Copy)]
pub enum Rule {
    Text,
    Call,
    Space,
}

impl Rules {
    fn into_inner(self) -> impl Iterator<Item = Rule> {
        self.0.into_iter()
    }
}

/// The iterator knows how long it is, the code around it does not.
pub fn nodes(rules: Rules) -> Vec<String> {
    let mut nodes = vec![];
    for rule in rules.into_inner() {
        match rule {
            Rule::Text => nodes.push("text".to_owned()),
            Rule::Call => nodes.push("call".to_owned()),
            Rule::Space => {}
        }
    }
    nodes
}

/// Several at a time.
pub fn ends(rows: &[Vec<u32>]) -> Vec<u32> {
    let mut ends = Vec::new();
    for row in rows {
        ends.extend(row.iter().take(2).copied());
    }
    ends
}

/// One is there from the start.
pub fn starts(text: &str) -> Vec<usize> {
    let mut starts = vec![0];
    for (at, byte) in text.bytes().enumerate() {
        if byte == b'\n' {
            starts.push(at + 1);
        }
    }
    starts
}

/// Filled by what it is lent to.
pub fn encoded(numbers: &[u32]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for number in numbers {
        encode(*number, &mut bytes);
    }
    bytes
}

fn encode(number: u32, into: &mut Vec<u8>) {
    into.extend_from_slice(&number.to_le_bytes());
}

/// The first stands before the loop.
pub fn items(text: &str) -> Vec<&str> {
    let mut parts = text.split(',');
    let mut items = Vec::new();
    items.push(parts.next().unwrap_or_default());
    while let Some(part) = parts.next() {
        items.push(part.trim());
    }
    items
}

/// A hundredth of the time, and a twentieth of what is asked of the allocator.
pub fn titles(names: &[&str]) -> Vec<String> {
    let mut titles = Vec::new();
    for name in names {
        titles.push(name.to_uppercase());
    }
    titles
}

fn unknown_lengths() -> String {
    let rules = Rules(vec![Rule::Text, Rule::Space, Rule::Call]);
    let items = items("a, b");
    let known = format!("{items:?} {:?}", titles(&["a", "b"]));
    format!("{known} {:?} {:?} {:?} {:?}", starts("a\nb"), nodes(rules), ends(&[vec![1, 2, 3], vec![4]]), encoded(&[7]))
}

/// Counted by hand.
pub fn roots(count: usize) -> Vec<f64> {
    let mut roots = Vec::new();
    let mut at = 0;
    while at < count {
        roots.push((at as f64).sqrt());
        at += 1;
    }
    roots
}

pub fn run() -> String {
    let tree = Tree { children: vec![Tree { children: Vec::new() }] };
    format!(
        "{:?} {} {} {:?} {:?} {:?}",
        roots(3),
        known_forms(),
        unknown_lengths(),
        doubled(&[1, 2]),
        halved(&[4, 2]),
        tree.depths()
    )
}
