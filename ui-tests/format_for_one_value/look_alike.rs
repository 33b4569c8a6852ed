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

pub fn run() -> String {
    format!("{:?} {} {}", names(&[1]), column((1, 2)), label(3))
}
