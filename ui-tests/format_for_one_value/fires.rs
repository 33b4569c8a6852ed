use std::fmt;
use std::io::Write;

pub struct Point {
    x: i32,
    y: i32,
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format!("{}/{}", self.x, self.y))
    }
}

pub fn line(out: &mut Vec<u8>, point: &Point, number: u32) -> std::io::Result<()> {
    out.write_all(format!("{point}: ").as_bytes())?;
    out.extend_from_slice(number.to_string().as_bytes());
    writeln!(out, ", {}", number.to_string())
}

pub fn title(name: &str, number: u32) -> String {
    format!("{}: {}", name, format!("no. {number}"))
}

pub fn is_numbered(text: &str, number: u32) -> bool {
    number.to_string() == text
}

pub trait Output {
    fn write(&mut self, text: &str);
}

impl Output for String {
    fn write(&mut self, text: &str) {
        self.push_str(text);
    }
}

/// Nobody knows what it writes to, and what it would take to write there piece by piece.
pub fn entry(out: &mut dyn Output, name: &str, number: u32) {
    let line = format!("{name}: {number}");
    out.write(line.as_ref());
    out.write(&format!("{number}\n"));
}

/// The length is asked for, too.
pub fn counted(out: &mut Vec<u8>, number: u32) -> usize {
    let text = format!("&#{number};");
    out.extend_from_slice(text.as_bytes());
    text.len()
}

#[derive(Debug)]
pub struct SmallStr(Box<str>);

impl From<String> for SmallStr {
    fn from(text: String) -> Self {
        SmallStr(text.into())
    }
}

pub fn hex(number: u32) -> SmallStr {
    format!("{number:x}").into()
}

fn escaped(text: &str) -> String {
    text.escape_default().to_string()
}

pub fn all_escaped(text: &str) -> String {
    let mut all = String::new();
    for letter in text.chars() {
        all.push_str(&escaped(&letter.to_string()));
    }
    all
}

pub fn is_origin(point: &Point) -> bool {
    match point.to_string().as_str() {
        "0/0" => true,
        _ => false,
    }
}

pub fn width(point: &Point) -> usize {
    format!("{point}").len()
}

pub fn named(name: &str) -> (String, String, String) {
    (format!("{name}"), format!("{}", name), format!("{name}!").to_string())
}

pub fn run() -> String {
    let point = Point { x: 0, y: 10 };
    let (is_origin, width) = (is_origin(&point), width(&point));
    let mut out = Vec::new();
    line(&mut out, &Point { x: 1, y: -2 }, 7).unwrap();
    let counted = counted(&mut out, 9);
    let mut text = String::new();
    entry(&mut text, "b", 4);
    format!(
        "{} {} {} {counted} {text} {:?} {} {is_origin} {width} {:?}",
        String::from_utf8(out).unwrap(),
        title("a", 3),
        is_numbered("3", 3),
        hex(255),
        all_escaped("a\n"),
        named("n")
    )
}
