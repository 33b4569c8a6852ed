//! Profiles written by hand: a text that says what benches measured, made into a `Profile`.
//!
//! ```text
//! bench parse iterations=100 alloc_objects=700
//! types samples cpu
//! parse 60 600 | main; handler @ "Regex::new("; regex::Regex::new
//! ```
//!
//! Frames stand outermost first. `@ "text"` places a frame at the first occurrence of that text
//! in the fixture, `@2 "text"` at the second. `lock=NAME` among the values labels the sample, as
//! `bytes=SIZE` does one of allocations.

use std::collections::BTreeMap;

use cargo_perf::model::profile::{
    BenchTotals, Function, Label, Line, Location, Profile, Sample, ValueType,
};
use cargo_perf::source::lines::LineIndex;

/// Reads a text for a fixture with this name and source.
pub fn profile(text: &str, file: &str, source: &str) -> Profile {
    let mut reader =
        Reader { file, source, lines: LineIndex::new(source), profile: Profile::default() };
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match line.split_once(' ') {
            _ if line.starts_with('#') => {}
            Some(("bench", rest)) => reader.bench(rest),
            Some(("types", rest)) => {
                let types = rest.split_whitespace().map(|name| ValueType::new(name, "count"));
                reader.profile.sample_types = types.collect();
            }
            _ => reader.sample(line),
        }
    }
    reader.profile
}

struct Reader<'a> {
    file: &'a str,
    source: &'a str,
    lines: LineIndex,
    profile: Profile,
}

impl Reader<'_> {
    fn bench(&mut self, text: &str) {
        let mut words = text.split_whitespace();
        let bench = words.next().unwrap_or_default().to_owned();
        let mut totals = BenchTotals { bench, ..BenchTotals::default() };
        let mut counters = BTreeMap::new();
        for word in words {
            let (name, value) = word.split_once('=').expect("name=value");
            let value = value.parse().expect("a number");
            match name {
                "iterations" => totals.iterations = Some(value),
                "nanos" => totals.nanos = Some(value),
                "processors" => totals.processors = u32::try_from(value).ok(),
                "alloc_samples" => totals.alloc_samples = value,
                _ => drop(counters.insert(name.to_owned(), value)),
            }
        }
        totals.counters = counters;
        self.profile.benches.push(totals);
    }

    fn sample(&mut self, line: &str) {
        let (head, frames) = line.split_once('|').expect("`bench values | frames`");
        let mut words = head.split_whitespace();
        let bench = words.next().expect("a bench");
        let mut labels = vec![Label::text("bench", bench)];
        let mut values = Vec::new();
        for word in words {
            match word.split_once('=') {
                Some(("bytes", size)) => {
                    labels.push(Label::bytes(size.parse().expect("a size")));
                }
                Some((key, text)) => labels.push(Label::text(key, text)),
                None => values.push(word.parse().expect("a number")),
            }
        }
        let mut stack: Vec<u32> = frames.split(';').map(|frame| self.frame(frame.trim())).collect();
        stack.reverse();
        self.profile.samples.push(Sample { stack, values, labels });
    }

    fn frame(&mut self, text: &str) -> u32 {
        let (name, place) = match text.split_once(" @") {
            Some((name, place)) => (name, Some(self.place(place))),
            None => (text, None),
        };
        let filename = if place.is_some() { self.file } else { "/rustc/library/std.rs" };
        let (line, column) = place.unwrap_or((1, 1));
        let function = Function {
            name: name.to_owned(),
            filename: filename.to_owned(),
            ..Function::default()
        };
        self.profile.functions.push(function);
        let function = self.profile.functions.len() as u32 - 1;
        let lines = vec![Line { function, line, column }];
        self.profile.locations.push(Location { lines, ..Location::default() });
        self.profile.locations.len() as u32 - 1
    }

    fn place(&self, text: &str) -> (u32, u32) {
        let (nth, snippet) = text.split_once(' ').expect("`@ \"text\"`");
        let nth: usize = if nth.is_empty() { 1 } else { nth.parse().expect("a number") };
        let snippet = snippet.trim().trim_matches('"');
        let (at, _) = self
            .source
            .match_indices(snippet)
            .nth(nth - 1)
            .unwrap_or_else(|| panic!("`{snippet}` stands {nth} times in {}", self.file));
        let (line, column) = self.lines.position(at);
        (line as u32, column as u32)
    }
}
