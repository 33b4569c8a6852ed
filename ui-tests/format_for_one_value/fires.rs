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

pub fn run() -> String {
    let mut out = Vec::new();
    line(&mut out, &Point { x: 1, y: -2 }, 7).unwrap();
    format!("{} {} {}", String::from_utf8(out).unwrap(), title("a", 3), is_numbered("3", 3))
}
