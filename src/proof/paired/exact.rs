//! What is counted instead of timed: allocations, bytes, growths, I/O calls, per iteration.

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::{Benches, Error, Listener, Options, Progress, Side, Which};
use crate::bench::{Choice, Length};
use crate::capture::{Kind, Request};
use crate::model::verdict::{BenchName, ExactChange, ExactVerdict};
use crate::record::{self, Line};

/// What is compared, with how far it may be off without counting: iterations of a bench differ
/// where it grows something once in a while, so that a rate is not a whole number.
const COUNTED: [(&str, f64, f64); 5] = [
    ("allocs/op", 0.01, 0.001),
    ("B/op", 1.0, 0.001),
    ("growths/op", 0.01, 0.001),
    ("growth-B/op", 1.0, 0.001),
    ("io-calls/op", 0.01, 0.001),
];

/// Counts on one side. A bench that could not be counted has no line.
pub(super) fn count(
    side: &Side<'_>,
    which: Which,
    options: &Options,
    listener: &Listener<'_>,
    interrupt: &AtomicBool,
) -> Result<Vec<Line>, Error> {
    listener(Progress::Counting(which));
    let filters = match &options.benches {
        Benches::Matching(filters) => filters.clone(),
        Benches::Exactly(names) => names.iter().map(|name| name.bench.clone()).collect(),
    };
    let options = record::Options {
        kinds: vec![Kind::Heap, Kind::Io],
        rate: Request::DEFAULT_RATE,
        // What is counted is the same in each iteration; a few are enough.
        length: Length {
            warm_up: Duration::from_millis(10),
            measure: Duration::from_millis(50),
            samples: 10,
        },
        stall: options.limit,
        choice: Choice::Matching(filters),
        perf_dir: perf_dir(&options.dir),
    };
    let outcome =
        record::record_benches(side.workspace, side.executables, &options, &|_| {}, interrupt);
    match outcome {
        Ok(outcome) => Ok(outcome.lines),
        // Where nothing can be recorded, times are compared all the same.
        Err(record::Error::Capture(_)) => Ok(Vec::new()),
        Err(error) => Err(Error::Record(error)),
    }
}

/// The recorder's own directory for what a run leaves.
fn perf_dir(dir: &Path) -> std::path::PathBuf {
    dir.join("count")
}

/// How the counted quantities of a bench changed.
pub(super) fn changes(name: &BenchName, before: &[Line], after: &[Line]) -> Vec<ExactChange> {
    let of = |lines: &[Line], unit: &str| {
        let is_it = |line: &&Line| {
            line.package == name.package && line.target == name.target && line.bench == name.bench
        };
        let values = &lines.iter().find(is_it)?.values;
        values.iter().find(|(_, own)| *own == unit).map(|(value, _)| *value)
    };
    COUNTED
        .iter()
        .filter_map(|&(unit, least, share)| {
            let (before, after) = (of(before, unit)?, of(after, unit)?);
            let verdict = verdict(before, after, least, share);
            Some(ExactChange { unit: unit.to_owned(), before, after, verdict })
        })
        .collect()
}

fn verdict(before: f64, after: f64, least: f64, share: f64) -> ExactVerdict {
    let tolerance = (share * before.abs().max(after.abs())).max(least);
    if after > before + tolerance {
        ExactVerdict::More
    } else if after < before - tolerance {
        ExactVerdict::Less
    } else {
        ExactVerdict::Same
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(bench: &str, values: &[(f64, &'static str)]) -> Line {
        Line {
            package: "p".to_owned(),
            target: "t".to_owned(),
            harness: "divan",
            bench: bench.to_owned(),
            iterations: 100,
            values: values.to_vec(),
        }
    }

    #[test]
    fn counts_are_compared_as_numbers_with_their_tolerance() {
        let name =
            BenchName { package: "p".to_owned(), target: "t".to_owned(), bench: "a".to_owned() };
        let before = [
            line("other", &[(9.0, "allocs/op")]),
            line(
                "a",
                &[(5.0, "ns/op"), (71.0, "allocs/op"), (4096.4, "B/op"), (2.0, "growths/op")],
            ),
        ];
        let after = [line("a", &[(0.0, "allocs/op"), (4096.0, "B/op"), (3.0, "growths/op")])];
        let changes = changes(&name, &before, &after);
        let verdicts: Vec<(&str, ExactVerdict)> =
            changes.iter().map(|change| (change.unit.as_str(), change.verdict)).collect();
        assert_eq!(
            verdicts,
            [
                ("allocs/op", ExactVerdict::Less),
                ("B/op", ExactVerdict::Same),
                ("growths/op", ExactVerdict::More),
            ]
        );
    }
}
