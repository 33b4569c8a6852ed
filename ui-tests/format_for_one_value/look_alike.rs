use std::fs::File;
use std::io::Write;

/// Kept.
pub fn names(numbers: &[u32]) -> Vec<String> {
    numbers.iter().map(|number| number.to_string()).collect()
}

/// One write for all pieces.
pub fn saved(file: &mut File, name: &str, number: u32) -> std::io::Result<()> {
    file.write_all(format!("{name}={number}\n").as_bytes())
}

/// The width is that of the whole.
pub fn column(point: (u32, u32)) -> String {
    format!("{:>10}", format!("{}/{}", point.0, point.1))
}

/// Returned.
pub fn label(number: u32) -> String {
    let label = format!("no. {number}");
    label
}

pub trait Output {
    fn write(&mut self, text: &str);
}

/// Written more than once, or looked at, too.
pub fn twice(out: &mut dyn Output, number: u32) -> bool {
    let line = format!("no. {number}");
    out.write(&line);
    out.write(&line);
    let other = number.to_string();
    out.write(&other);
    other.starts_with('1')
}

/// The string itself is wanted, and its memory kept.
pub fn boxed(number: u32) -> Box<str> {
    format!("no. {number}").into()
}

impl Output for usize {
    fn write(&mut self, text: &str) {
        *self += text.len();
    }
}

pub fn run() -> String {
    let mut out = 0;
    let twice = twice(&mut out, 12);
    format!("{:?} {} {} {twice} {out} {}", names(&[1]), column((1, 2)), label(3), boxed(1))
}
