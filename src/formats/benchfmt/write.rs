//! Writing: configuration lines where they change, then one line per measured run.

use std::borrow::Cow;
use std::io::{self, Write};

use super::{Measurement, format_float};

/// Writes measurements so that reading them gives the same back.
pub struct Writer<W> {
    out: W,
    config: Vec<(String, String)>,
    changed: bool,
    any: bool,
}

impl<W: Write> Writer<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Writer { out, config: Vec::new(), changed: false, any: false }
    }

    /// Sets a `key: value` for the lines that follow; an empty value takes it back.
    pub fn config(&mut self, key: &str, value: &str) -> io::Result<()> {
        let value = one_line(value);
        let at = self.config.iter().position(|(k, _)| k == key);
        match at {
            Some(at) if self.config[at].1 == value => return Ok(()),
            None if value.is_empty() => return Ok(()),
            Some(at) if value.is_empty() => {
                self.config.remove(at);
            }
            Some(at) => self.config[at].1 = value.to_string(),
            None => self.config.push((key.to_owned(), value.to_string())),
        }
        if self.any && !self.changed {
            writeln!(self.out)?;
        }
        self.changed = true;
        if value.is_empty() {
            writeln!(self.out, "{key}:")
        } else {
            writeln!(self.out, "{key}: {value}")
        }
    }

    /// Says something of a unit, such as `better=lower`.
    pub fn unit(&mut self, unit: &str, key: &str, value: &str) -> io::Result<()> {
        writeln!(self.out, "Unit {} {key}={value}", clean_name(unit))
    }

    /// One measured run. White space in the name becomes `_`.
    pub fn bench(&mut self, name: &str, iterations: u64, values: &[(f64, &str)]) -> io::Result<()> {
        self.begin_line()?;
        write!(self.out, "Benchmark{} {iterations}", clean_name(name))?;
        for (value, unit) in values {
            write!(self.out, " {} {unit}", format_float(*value))?;
        }
        writeln!(self.out)
    }

    /// A measured run that was read, with its configuration and its values as written.
    pub fn measurement(&mut self, measurement: &Measurement) -> io::Result<()> {
        let gone: Vec<String> = self
            .config
            .iter()
            .filter(|(key, _)| measurement.get(key).is_none())
            .map(|(key, _)| key.clone())
            .collect();
        for key in gone {
            self.config(&key, "")?;
        }
        for config in measurement.config().iter().filter(|c| c.from_file) {
            self.config(&config.key, &config.value)?;
        }
        self.begin_line()?;
        write!(self.out, "Benchmark{} {}", measurement.name, measurement.iterations)?;
        for value in &measurement.values {
            let (number, unit) = match &value.written {
                Some((number, unit)) => (*number, unit),
                None => (value.value, &value.unit),
            };
            write!(self.out, " {} {unit}", format_float(number))?;
        }
        writeln!(self.out)
    }

    /// Gives the output back, flushed.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }

    fn begin_line(&mut self) -> io::Result<()> {
        if self.changed {
            writeln!(self.out)?;
        }
        self.changed = false;
        self.any = true;
        Ok(())
    }
}

/// A name as the format can hold it: white space and control characters become `_`.
pub fn clean_name(name: &str) -> Cow<'_, str> {
    let is_bad = |c: char| c.is_whitespace() || c.is_control();
    if name.contains(is_bad) { name.replace(is_bad, "_").into() } else { name.into() }
}

fn one_line(value: &str) -> Cow<'_, str> {
    let value = value.trim_matches([' ', '\t']);
    if value.contains(['\n', '\r']) {
        value.replace(['\n', '\r'], " ").into()
    } else {
        value.into()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Reader, Record, UnitTable};
    use super::*;

    #[test]
    fn what_is_written_reads_back_the_same() {
        let mut writer = Writer::new(Vec::new());
        writer.config("goos", "linux").unwrap();
        writer.config("pkg", "a\nb").unwrap();
        writer.unit("allocs/op", "assume", "exact").unwrap();
        writer.bench("parse/large file", 12, &[(1.5e-9, "sec/op"), (71.0, "allocs/op")]).unwrap();
        writer.config("pkg", "").unwrap();
        writer.bench("parse/x", 1, &[(3.25, "ns/op")]).unwrap();
        let bytes = writer.finish().unwrap();
        assert_eq!(
            String::from_utf8(bytes.clone()).unwrap(),
            "goos: linux\npkg: a b\nUnit allocs/op assume=exact\n\n\
             Benchmarkparse/large_file 12 1.5e-09 sec/op 71 allocs/op\n\n\
             pkg:\n\nBenchmarkparse/x 1 3.25 ns/op\n"
        );

        // Reading it and writing what was read loses the `Unit` line only.
        let mut units = UnitTable::default();
        let mut reader = Reader::new(&bytes[..], "f", &mut units);
        let mut again = Writer::new(Vec::new());
        while let Some(record) = reader.next_record().unwrap() {
            let Record::Measurement(measurement) = record else { panic!("{record:?}") };
            again.measurement(measurement).unwrap();
        }
        let text = String::from_utf8(bytes).unwrap().replace("Unit allocs/op assume=exact\n", "");
        assert_eq!(String::from_utf8(again.finish().unwrap()).unwrap(), text);
        assert_eq!(units.get("allocs/op", "assume"), Some("exact"));
    }
}
