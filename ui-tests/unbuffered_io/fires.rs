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

pub struct Log {
    out: std::io::BufWriter<File>,
    raw: File,
}

impl Log {
    /// Flushed for each line.
    pub fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{text}")?;
        self.out.flush()
    }

    /// Written by many callers.
    pub fn number(&mut self, number: u32) -> io::Result<()> {
        writeln!(self.raw, "{number}")
    }
}

/// Whoever gets the box writes piece by piece.
pub fn output(path: Option<&Path>) -> io::Result<Box<dyn Write>> {
    Ok(match path {
        Some(path) => Box::new(File::create(path)?),
        None => Box::new(Vec::new()),
    })
}

/// Written to by what it is lent to.
pub fn table(path: &Path, numbers: &[u32]) -> io::Result<()> {
    let mut file = File::create(path)?;
    for number in numbers {
        cell(&mut file, *number)?;
    }
    Ok(())
}

fn cell(out: &mut impl Write, number: u32) -> io::Result<()> {
    writeln!(out, "{number};")
}

/// A buffer for each text.
pub fn texts(out: &mut dyn Write, texts: &[&str]) -> io::Result<()> {
    for text in texts {
        let mut buffered = std::io::BufWriter::new(&mut *out);
        buffered.write_all(text.as_bytes())?;
        buffered.flush()?;
    }
    Ok(())
}

/// Each step is seen at once.
pub fn steps(out: &mut dyn Write, steps: &[&str]) -> io::Result<()> {
    for step in steps {
        out.write_all(step.as_bytes())?;
        out.flush()?;
    }
    Ok(())
}

fn lent_out() -> io::Result<String> {
    let mut all = Vec::new();
    texts(&mut all, &["a"])?;
    steps(&mut all, &["b"])?;
    output(None)?.write_all(b"c")?;
    Ok(format!("{all:?} {}", table(Path::new("/none/at/all"), &[1]).is_err()))
}

pub fn run() -> String {
    let lent_out = lent_out().unwrap_or_default();
    format!("{lent_out} {} {}", known_forms(), tiny(Path::new("/none/at/all"), &[1]).is_err())
}
