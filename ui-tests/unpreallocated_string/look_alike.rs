/// Reserved.
pub fn list(names: &[&str]) -> String {
    let mut list = String::with_capacity(names.len() * 8);
    for name in names {
        list.push_str("- ");
        list += name;
    }
    list
}

/// Reserved before the loop.
pub fn later(names: &[&str]) -> String {
    let mut list = String::new();
    list.reserve(names.iter().map(|name| name.len()).sum());
    for name in names {
        list += name;
    }
    list
}

/// Not in a loop.
pub fn pair(a: &str, b: &str) -> String {
    let mut pair = String::new();
    pair.push_str(a);
    pair.push_str(b);
    pair
}

/// No bytes.
pub fn squares(numbers: &[u64]) -> Vec<u64> {
    let mut squares = Vec::with_capacity(numbers.len());
    for number in numbers {
        squares.push(number * number);
    }
    squares
}

/// Three characters at most.
pub fn octal(first: char, text: &mut std::str::Chars<'_>) -> String {
    let mut octal = String::new();
    octal.push(first);
    for _ in 0..2 {
        match text.next() {
            Some(digit @ '0'..='7') => octal.push(digit),
            _ => break,
        }
    }
    octal
}

pub fn run() -> String {
    format!(
        "{} {} {} {:?} {}",
        list(&["a"]),
        later(&["a"]),
        pair("a", "b"),
        squares(&[1, 2]),
        octal('1', &mut "7x".chars())
    )
}
