//! rustc's own `#[bench]`: driven by libtest's flags, read through the lines it prints.

pub(super) mod blocks;

use std::path::Path;

use crate::formats::harness::{LibtestLine, libtest_line};

use super::{
    Adapter, Begun, Call, Choice, Harness, Length, Listing, Measured, Reads, Run, Sample, Timed,
};

/// libtest in a build of any toolchain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Libtest;

impl Adapter for Libtest {
    fn harness(&self) -> Harness {
        Harness::Libtest
    }

    fn list(&self, choice: &Choice) -> Listing {
        let args = ["--bench", "--list", "--format", "terse"].map(Into::into).to_vec();
        let mut call = Call { args, env: Vec::new() };
        choose(&mut call, choice);
        Listing::Ask(call)
    }

    fn parse_list(&self, stdout: &str) -> Vec<String> {
        let name = |line: &str| line.strip_suffix(": benchmark").map(str::to_owned);
        stdout.lines().filter_map(name).collect()
    }

    /// Its benches take as long as they take, or are ended: libtest has no flag for that.
    fn run(&self, choice: &Choice, _length: &Length, _scratch: &Path) -> Call {
        let mut call = Call { args: vec!["--bench".into()], env: Vec::new() };
        call.args.extend(["--color".into(), "never".into()]);
        choose(&mut call, choice);
        call
    }

    fn begun(&self, _bench: &str, reads: &Reads) -> Option<Begun> {
        blocks::begun(reads)
    }

    fn measured(&self, run: &Run<'_>) -> Vec<Measured> {
        measured_lines(run, line)
    }

    fn at(&self, run: &Run<'_>) -> Option<String> {
        at(run)
    }
}

/// The benches whose results were printed; `line` reads a line of the output.
pub(super) fn measured_lines(run: &Run<'_>, line: impl Fn(&str) -> Option<Line>) -> Vec<Measured> {
    let lines: Vec<Line> = run.stdout.lines().filter_map(line).collect();
    let mut found = run.reads.map(|reads| blocks::locate(reads, &lines)).unwrap_or_default();
    found.resize_with(lines.len(), || None);
    // Of the only one, what its set-up read before it is known, too.
    if let ([line], [found @ None], Some(reads)) = (&lines[..], &mut found[..], run.reads) {
        *found = blocks::begun(reads).filter(|begun| blocks::fits(begun, line));
    }
    lines.into_iter().zip(found).map(|(line, found)| measured(line, found, run)).collect()
}

/// The bench whose name was printed, and whose result was not.
pub(super) fn at(run: &Run<'_>) -> Option<String> {
    let last = run.stdout.lines().last()?;
    let (name, rest) = last.strip_prefix("test ")?.split_once(" ... ")?;
    rest.trim().is_empty().then(|| name.trim_end().to_owned())
}

fn choose(call: &mut Call, choice: &Choice) {
    let names = match choice {
        Choice::Matching(filters) => filters,
        Choice::Exactly(names) => {
            call.args.push("--exact".into());
            names
        }
    };
    if !names.is_empty() {
        // A filter may begin with a dash.
        call.args.push("--".into());
        call.args.extend(names.iter().map(Into::into));
    }
}

fn measured(line: Line, found: Option<Begun>, run: &Run<'_>) -> Measured {
    match found {
        Some(found) => Measured {
            bench: line.bench,
            iterations: Some(found.samples.iter().map(|sample| sample.iterations).sum()),
            samples: found.samples,
            timed: Timed::Pairs(found.pairs),
        },
        None => Measured {
            bench: line.bench,
            iterations: None,
            samples: vec![Sample { iterations: 1, nanos: line.median }],
            timed: Timed::Within {
                after: None,
                before: None,
                why: if run.reads.is_some() {
                    "the clock reads do not fit the way in which its harness counts iterations"
                } else {
                    "the clock reads were not recorded"
                },
            },
        },
    }
}

/// The result that libtest prints for a bench.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    bench: String,
    /// Median of the nanoseconds per iteration.
    median: f64,
    /// By how much the printed median may be off.
    slack: f64,
    /// It is the median of whole numbers: each sample's fraction was cut off.
    of_whole_samples: bool,
}

impl Line {
    pub(super) fn of_whole_samples(self) -> Self {
        Line { of_whole_samples: true, ..self }
    }
}

/// `test parse::short ... bench:       1,234.56 ns/iter (+/- 7.89)`
pub(super) fn line(text: &str) -> Option<Line> {
    let LibtestLine { name, number, .. } = libtest_line(text)?;
    let median = number.parse().ok()?;
    // Older versions cut off the fraction.
    let slack = if number.contains('.') { 0.0051 } else { 1.0 };
    Some(Line { bench: name.to_owned(), median, slack, of_whole_samples: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_old_and_new_versions_are_read() {
        let new = line("test a::b ... bench:       1,234.56 ns/iter (+/- 7.89) = 5 MB/s").unwrap();
        assert_eq!((new.bench.as_str(), new.median, new.slack), ("a::b", 1234.56, 0.0051));
        let old = line("test a::b ... bench:       1,234 ns/iter (+/- 7)").unwrap();
        assert_eq!((old.median, old.slack), (1234.0, 1.0));
        assert_eq!(line("test a ... ok"), None);
        assert_eq!(line("test a ... bench: many ns/iter"), None);
    }
}
