use std::fs::File;
use std::io::{self, BufReader, BufWriter, Cursor, Read, Write};

/// Buffered already.
pub fn save(path: &str, numbers: &[u32]) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    for number in numbers {
        writeln!(out, "{number}")?;
    }
    out.flush()
}

/// Memory is no file.
pub fn gather(numbers: &[u32]) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    for number in numbers {
        writeln!(out, "{number}")?;
    }
    let mut cursor = Cursor::new(&out);
    let mut byte = [0; 1];
    while cursor.read(&mut byte)? > 0 {}
    Ok(out)
}

/// One large call at a time.
pub fn copy(path: &str) -> io::Result<usize> {
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 65536];
    let mut sum = 0;
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(sum);
        }
        sum += read;
    }
}

/// Bytes of text and of a buffered reader.
pub fn bytes(text: &str, path: &str) -> io::Result<usize> {
    Ok(text.bytes().count() + BufReader::new(File::open(path)?).bytes().count())
}

/// Nobody knows what is written to.
pub fn dump<W: Write>(mut out: W, numbers: &[u32]) -> io::Result<()> {
    for number in numbers {
        writeln!(out, "{number}")?;
    }
    Ok(())
}

/// Once.
pub fn once(path: &str) -> io::Result<()> {
    File::create(path)?.write_all(b"once")
}

/// The writer is told to flush, and does nothing else.
pub struct Out(BufWriter<File>);

impl Out {
    pub fn flush(&mut self) -> io::Result<()> {
        self.0.write_all(b"end")?;
        self.0.flush()
    }
}

/// Boxed, and buffered.
pub fn output(path: Option<&str>) -> io::Result<Box<dyn Write>> {
    Ok(match path {
        Some(path) => Box::new(BufWriter::new(File::create(path)?)),
        None => Box::new(Vec::new()),
    })
}

/// Made around another stream on each turn.
pub fn each(paths: &[&str]) -> io::Result<usize> {
    let mut sum = 0;
    for path in paths {
        sum += BufReader::new(File::open(path)?).bytes().count();
    }
    Ok(sum)
}

/// Lent out once.
pub fn header(path: &str) -> io::Result<()> {
    write_number(&mut File::create(path)?, 1)
}

fn write_number(out: &mut impl Write, number: u32) -> io::Result<()> {
    write!(out, "{number}")
}

/// All lines, and then a flush.
pub struct Lines {
    out: BufWriter<File>,
}

impl Lines {
    pub fn put(&mut self, lines: &[&str]) -> io::Result<()> {
        for line in lines {
            self.out.write_all(line.as_bytes())?;
        }
        self.out.flush()
    }
}

pub fn run() -> String {
    String::new()
}
