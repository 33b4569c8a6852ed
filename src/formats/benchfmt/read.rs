//! Reading: lines in, measurements and complaints out, one at a time.

use std::collections::HashMap;
use std::io::{self, BufRead};
use std::sync::Arc;

use super::number::{parse_float, parse_int};
use super::{Measurement, UnitTable, Value, tidy};

/// The longest line that is read. A longer one is no benchmark's output, and is passed over with
/// a complaint instead of being held in memory.
const LONGEST_LINE: usize = 64 * 1024;

/// What a line turned out to be; lines that hold configuration or units are not reported.
#[derive(Debug, PartialEq)]
pub enum Record<'a> {
    /// A measured run.
    Measurement(&'a mut Measurement),
    /// A line that begins as a measurement or a `Unit` line and does not go on as one.
    Syntax(SyntaxError),
    /// A line of no meaning.
    Other(&'a str),
    /// A line that could not be read at all: the input is not what it claims to be.
    Unreadable(SyntaxError),
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The input's name.
    pub file: Arc<str>,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl std::fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

/// The input failed below the format.
#[derive(Debug)]
pub struct ReadError {
    /// The input's name.
    pub file: Arc<str>,
    /// The line it failed in.
    pub line: usize,
    /// Why.
    pub source: io::Error,
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.source)
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// Reads one input. What `Unit` lines say is gathered in a table that outlives it.
pub struct Reader<'u, R> {
    input: R,
    file: Arc<str>,
    units: &'u mut UnitTable,
    names: Names,
    bytes: Vec<u8>,
    current: Measurement,
    /// Complaints of a line that had more than one.
    waiting: std::collections::VecDeque<SyntaxError>,
    recognized: bool,
}

/// Units and keys seen so far, so that each is stored once.
#[derive(Default)]
struct Names {
    keys: HashMap<Box<str>, Arc<str>>,
    units: HashMap<Box<str>, Unit>,
}

struct Unit {
    written: Arc<str>,
    tidied: Arc<str>,
    factor: f64,
}

impl Names {
    fn key(&mut self, key: &str) -> Arc<str> {
        if let Some(key) = self.keys.get(key) {
            return key.clone();
        }
        let shared: Arc<str> = key.into();
        self.keys.insert(key.into(), shared.clone());
        shared
    }

    fn unit(&mut self, unit: &str) -> &Unit {
        if !self.units.contains_key(unit) {
            let (tidied, factor) = tidy(unit);
            let unit_entry = Unit { written: unit.into(), tidied: tidied.into(), factor };
            self.units.insert(unit.into(), unit_entry);
        }
        &self.units[unit]
    }
}

impl<'u, R: BufRead> Reader<'u, R> {
    /// Reads `input`, called `file` in complaints.
    pub fn new(input: R, file: &str, units: &'u mut UnitTable) -> Self {
        Reader {
            input,
            file: file.into(),
            units,
            names: Names::default(),
            bytes: Vec::new(),
            current: Measurement::default(),
            waiting: std::collections::VecDeque::new(),
            recognized: false,
        }
    }

    /// Sets a key before the first line, as if it were configuration, but not of the file.
    pub fn set(&mut self, key: &str, value: &str) {
        let key = self.names.key(key);
        self.current.set(&key, value, false);
    }

    /// The next record, or `None` at the end.
    pub fn next_record(&mut self) -> Result<Option<Record<'_>>, ReadError> {
        loop {
            if let Some(error) = self.waiting.pop_front() {
                return Ok(Some(Record::Syntax(error)));
            }
            self.current.line += 1;
            let line = match self.read_line() {
                Ok(Line::End) => {
                    self.current.line -= 1;
                    return Ok(None);
                }
                Ok(Line::TooLong) => {
                    let message =
                        format!("line of more than {} KiB, passed over", LONGEST_LINE / 1024);
                    return Ok(Some(Record::Unreadable(self.complaint(message))));
                }
                Ok(Line::Text(text)) => text,
                Err(source) => {
                    let (file, line) = (self.file.clone(), self.current.line);
                    return Err(ReadError { file, line, source });
                }
            };
            // The line is taken out of the reader while its fields are changed.
            let bytes = std::mem::take(&mut self.bytes);
            let outcome = match std::str::from_utf8(&bytes[..line]) {
                Ok(text) => self.take_line(text),
                Err(_) => Outcome::NotText,
            };
            self.bytes = bytes;
            match outcome {
                Outcome::Measured => return Ok(Some(Record::Measurement(&mut self.current))),
                Outcome::Nothing => {}
                Outcome::Other => {
                    let text = std::str::from_utf8(&self.bytes[..line]).unwrap_or_default();
                    return Ok(Some(Record::Other(text)));
                }
                Outcome::Wrong(message) => {
                    return Ok(Some(Record::Syntax(self.complaint(message))));
                }
                Outcome::NotText => {
                    let message = "not UTF-8, passed over".to_owned();
                    return Ok(Some(Record::Unreadable(self.complaint(message))));
                }
            }
        }
    }

    /// Whether any line so far was one of this format.
    pub fn recognized(&self) -> bool {
        self.recognized
    }

    fn complaint(&self, message: String) -> SyntaxError {
        SyntaxError { file: self.file.clone(), line: self.current.line, message }
    }

    /// Reads a line into `bytes` and gives its length without the line's end.
    fn read_line(&mut self) -> io::Result<Line> {
        self.bytes.clear();
        let mut too_long = false;
        loop {
            let chunk = match self.input.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if chunk.is_empty() {
                if self.bytes.is_empty() && !too_long {
                    return Ok(Line::End);
                }
                break;
            }
            let end = chunk.iter().position(|&b| b == b'\n');
            let taken = end.unwrap_or(chunk.len());
            too_long |= self.bytes.len() + taken >= LONGEST_LINE;
            if too_long {
                self.bytes.clear();
            } else {
                self.bytes.extend_from_slice(&chunk[..taken]);
            }
            self.input.consume(taken + usize::from(end.is_some()));
            if end.is_some() {
                break;
            }
        }
        if too_long {
            return Ok(Line::TooLong);
        }
        Ok(Line::Text(self.bytes.strip_suffix(b"\r").unwrap_or(&self.bytes).len()))
    }

    fn take_line(&mut self, line: &str) -> Outcome {
        if let Some(rest) = line.strip_prefix("Benchmark") {
            if !rest.contains(char::is_whitespace) {
                // `go test -v` names each benchmark when it starts.
                return Outcome::Nothing;
            }
            self.recognized = true;
            return match self.take_measurement(rest) {
                Ok(()) => Outcome::Measured,
                Err(message) => Outcome::Wrong(message),
            };
        }
        if line.starts_with("Unit") {
            let (word, rest) = split_field(line);
            if word == "Unit" {
                self.recognized = true;
                self.take_unit_line(rest);
                return Outcome::Nothing;
            }
        }
        if let Some((key, value)) = split_config(line) {
            let key = self.names.key(key);
            self.current.set(&key, value, true);
            self.recognized = true;
            return Outcome::Nothing;
        }
        if line.is_empty() { Outcome::Nothing } else { Outcome::Other }
    }

    fn take_measurement(&mut self, line: &str) -> Result<(), String> {
        let current = &mut self.current;
        current.values.clear();
        let (name, line) = split_field(line);
        current.name.clear();
        current.name.push_str(name);
        let (count, mut line) = split_field(line);
        if count.is_empty() {
            return Err("missing iteration count".to_owned());
        }
        current.iterations =
            parse_int(count).map_err(|error| format!("parsing iteration count: {error}"))?;
        loop {
            let (number, rest) = split_field(line);
            if number.is_empty() {
                break;
            }
            let value =
                parse_float(number).map_err(|error| format!("parsing measurement: {error}"))?;
            let (unit, rest) = split_field(rest);
            if unit.is_empty() {
                return Err("missing units".to_owned());
            }
            line = rest;
            let unit = self.names.unit(unit);
            let scaled = value * unit.factor;
            // A value that scaling leaves as it is (0, infinity) keeps its unit, too: so it is
            // where the format comes from.
            current.values.push(if scaled == value {
                Value { value, unit: unit.written.clone(), written: None }
            } else {
                Value {
                    value: scaled,
                    unit: unit.tidied.clone(),
                    written: Some((value, unit.written.clone())),
                }
            });
        }
        if current.values.is_empty() {
            return Err("missing measurements".to_owned());
        }
        Ok(())
    }

    fn take_unit_line(&mut self, line: &str) {
        let (unit, mut line) = split_field(line);
        if unit.is_empty() {
            let error = self.complaint("missing unit".to_owned());
            self.waiting.push_back(error);
            return;
        }
        loop {
            let (pair, rest) = split_field(line);
            line = rest;
            if pair.is_empty() {
                return;
            }
            let message = match pair.split_once('=') {
                None | Some(("", _)) => "expected key=value".to_owned(),
                Some((key, value)) => match self.units.insert(unit, key, value) {
                    Ok(()) => continue,
                    Err(was) => format!("metadata {key} of unit {unit} already set to {was}"),
                },
            };
            let error = self.complaint(message);
            self.waiting.push_back(error);
        }
    }
}

enum Line {
    Text(usize),
    TooLong,
    End,
}

enum Outcome {
    Measured,
    Nothing,
    Other,
    Wrong(String),
    NotText,
}

/// The text up to the first white space, and what follows that white space.
fn split_field(text: &str) -> (&str, &str) {
    match text.find(char::is_whitespace) {
        Some(end) => (&text[..end], text[end..].trim_start()),
        None => (text, ""),
    }
}

/// `key: value`, where the key begins with a lower-case letter and holds neither white space nor
/// capitals. Without a value the key is deleted.
fn split_config(line: &str) -> Option<(&str, &str)> {
    let end = line
        .char_indices()
        .find(|&(_, c)| c == ':' || c.is_whitespace() || c.is_uppercase())
        .filter(|&(_, c)| c == ':')?
        .0;
    let key = &line[..end];
    key.chars().next().filter(|c| c.is_lowercase())?;
    let rest = &line[end + 1..];
    let value = rest.trim_start_matches([' ', '\t']);
    (rest.is_empty() || value.len() < rest.len()).then_some((key, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(text: &str) -> Vec<String> {
        read_bytes(text.as_bytes())
    }

    fn read_bytes(bytes: &[u8]) -> Vec<String> {
        let mut units = UnitTable::default();
        // A small buffer, so that lines cross its end.
        let input = io::BufReader::with_capacity(7, bytes);
        let mut reader = Reader::new(input, "f", &mut units);
        let mut seen = Vec::new();
        while let Some(record) = reader.next_record().unwrap() {
            seen.push(match record {
                Record::Measurement(m) => {
                    let mut line = String::new();
                    for c in m.config() {
                        line += &format!("{{{}: {}}} ", c.key, c.value);
                    }
                    line += &format!("{} {}", m.name, m.iterations);
                    for v in &m.values {
                        line += &format!(" {} {}", v.value, v.unit);
                    }
                    line
                }
                Record::Other(_) => continue,
                Record::Syntax(error) => format!("! {error}"),
                Record::Unreadable(error) => format!("!! {error}"),
            });
        }
        seen
    }

    #[test]
    fn measurements_carry_the_configuration_in_force() {
        let text = "goos: linux\npkg:\t x \nBenchmarkA-8\t10\t2 B/op 3 allocs/op\r\n\
                    goos: plan9\nnot a key: x\nab:no\nBenchmarkB 1 1 x\ngoos:\nBenchmarkC 1 1 x";
        assert_eq!(
            read_all(text),
            [
                "{goos: linux} {pkg: x } A-8 10 2 B/op 3 allocs/op",
                "{goos: plan9} {pkg: x } B 1 1 x",
                "{pkg: x } C 1 1 x",
            ]
        );
    }

    #[test]
    fn broken_lines_are_reported_by_place_and_the_rest_counts() {
        let text = "noise\nBenchmarkA \nBenchmarkA\nBenchmarkA x\nBenchmarkA 99999999999999999999\n\
                    BenchmarkA 1\nBenchmarkA 1 x\nBenchmarkA 1 1\nBenchmarkA 1 1 x 2\n\
                    BenchmarkA 1 1e999 x\nUnit\nUnit x a b=1 b=2\nBenchmarkB 1 1 x\n";
        assert_eq!(
            read_all(text),
            [
                "! f:2: missing iteration count",
                "! f:4: parsing iteration count: invalid syntax",
                "! f:5: parsing iteration count: value out of range",
                "! f:6: missing measurements",
                "! f:7: parsing measurement: invalid syntax",
                "! f:8: missing units",
                "! f:9: missing units",
                "! f:10: parsing measurement: value out of range",
                "! f:11: missing unit",
                "! f:12: expected key=value",
                "! f:12: metadata b of unit x already set to 1",
                "B 1 1 x",
            ]
        );
    }

    #[test]
    fn a_value_that_scaling_does_not_change_keeps_its_unit() {
        assert_eq!(
            read_all("BenchmarkA 1 0 ns/op +Inf MB/s 5 ns/op"),
            ["A 1 0 ns/op inf MB/s 0.000000005 sec/op"]
        );
    }

    #[test]
    fn long_and_foreign_lines_are_passed_over_with_a_complaint() {
        let mut bytes = b"BenchmarkA 1 1 x\n".to_vec();
        bytes.extend(std::iter::repeat_n(b'y', LONGEST_LINE));
        bytes.extend(b"\nBenchmark\xff 1 1 x\nBenchmarkB 1 1 x\n");
        assert_eq!(
            read_bytes(&bytes),
            [
                "A 1 1 x",
                "!! f:2: line of more than 64 KiB, passed over",
                "!! f:3: not UTF-8, passed over",
                "B 1 1 x",
            ]
        );
    }
}
