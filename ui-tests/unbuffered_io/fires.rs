use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

/// Two system calls for each number.
pub fn save(path: &Path, numbers: &[u32]) -> io::Result<()> {
    let mut out = File::create(path)?;
    for number in numbers {
        writeln!(out, "{number}")?;
    }
    Ok(())
}

/// One for each line.
pub fn lines(path: &Path, lines: &[&str]) {
    let mut out = File::create(path).unwrap();
    for line in lines {
        out.write_all(line.as_bytes()).unwrap();
        out.write_all(b"\n").unwrap();
    }
    let _ = lines.len();
}

/// One for each byte.
pub fn count_lines(path: &Path) -> io::Result<usize> {
    let file = File::open(path)?;
    let mut count = 0;
    for byte in file.bytes() {
        count += usize::from(byte? == b'\n');
    }
    Ok(count)
}

/// One for each line, on standard output.
pub fn show(names: &[&str]) {
    for name in names {
        println!("{name}");
    }
}

fn known_forms() -> String {
    let folder = std::env::temp_dir();
    let path = folder.join(format!("unbuffered-io-{}-{:p}", std::process::id(), &folder));
    save(&path, &[1, 22, 333]).unwrap();
    let mut said = std::fs::read_to_string(&path).unwrap();
    said += &count_lines(&path).unwrap().to_string();
    lines(&path, &["a", "b"]);
    said += &std::fs::read_to_string(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    show(&[]);
    said
}

/// Sixteen bytes at a time.
pub fn tiny(path: &Path, numbers: &[u32]) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(16, File::create(path)?);
    for number in numbers {
        writeln!(out, "{number}")?;
    }
    out.flush()
}

pub fn run() -> String {
    format!("{} {}", known_forms(), tiny(Path::new("/none/at/all"), &[1]).is_err())
}
