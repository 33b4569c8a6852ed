//! What is counted instead of timed: allocations, bytes, growths, I/O calls, per iteration.
//!
//! What differs is counted again on both sides, until most counts of a side agree. Where they never
//! do, nothing is claimed: a bench whose own input is random, a map whose seed is, or a run whose
//! iterations were told wrongly, must not fail a build.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::{Benches, Error, Listener, Options, Progress, Side, Which};
use crate::bench::{Choice, Length, is_of};
use crate::capture::Kind;
use crate::model::verdict::{BenchName, ExactChange, ExactVerdict};
use crate::record::{self, Line};

/// What is compared, with how far it may be off without counting: iterations of a bench differ
/// where it grows something once in a while, so that a rate is not a whole number. Bytes that
/// growing copied are not compared: where they lie decides whether any are.
const COUNTED: [(&str, f64, f64); 5] = [
    ("allocs/op", 0.01, 0.001),
    ("B/op", 1.0, 0.001),
    ("growths/op", 0.01, 0.001),
    ("grown-B/op", 1.0, 0.001),
    ("io-calls/op", 0.01, 0.001),
];

/// So many counts of a side must agree, of at most so many, before a difference is believed.
const AGREEING: usize = 3;
const MOST: usize = 5;

/// What was counted, run by run: all benches in the first, then those that differ.
#[derive(Debug, Default)]
pub(super) struct Counts {
    before: Vec<Vec<Line>>,
    after: Vec<Vec<Line>>,
}

/// Counts on both sides, and again what differs.
pub(super) fn counts(
    before: &Side<'_>,
    after: &Side<'_>,
    names: &[BenchName],
    options: &Options,
    listener: &Listener<'_>,
    interrupt: &AtomicBool,
) -> Result<Counts, Error> {
    let mut counts = Counts::default();
    let mut choice = match &options.benches {
        Benches::Matching(filters) => Choice::Matching(filters.clone()),
        // By the names that their harness lists, which may stand for several that were asked for.
        Benches::Exactly(_) => exactly(names),
    };
    let mut open = names.to_vec();
    for _ in 0..MOST {
        for (side, which) in [(before, Which::Before), (after, Which::After)] {
            listener(Progress::Counting(which));
            let lines = count(side, &choice, options, interrupt)?;
            match which {
                Which::Before => counts.before.push(lines),
                Which::After => counts.after.push(lines),
            }
        }
        open.retain(|name| COUNTED.iter().any(|quantity| counts.of(name, quantity).is_open()));
        if open.is_empty() || interrupt.load(Ordering::Relaxed) {
            break;
        }
        choice = exactly(&open);
    }
    Ok(counts)
}

fn exactly(names: &[BenchName]) -> Choice {
    Choice::Exactly(names.iter().map(|name| name.bench.clone()).collect())
}

/// Counts on one side. A bench that could not be counted has no line.
fn count(
    side: &Side<'_>,
    choice: &Choice,
    options: &Options,
    interrupt: &AtomicBool,
) -> Result<Vec<Line>, Error> {
    let options = record::Options {
        kinds: vec![Kind::Heap, Kind::Io],
        rate: None,
        // What is counted is the same in each iteration; a few are enough.
        length: Some(Length {
            warm_up: Duration::from_millis(10),
            measure: Duration::from_millis(50),
            samples: 10,
        }),
        stall: options.limit,
        choice: choice.clone(),
        calls: record::Calls::default(),
        // The recorder's own directory for what a run leaves.
        perf_dir: options.dir.join("count"),
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

/// A unit, and how far off it may be: by an amount, by a share.
type Quantity = (&'static str, f64, f64);

/// What one quantity of one bench came to, run by run.
struct Counted {
    quantity: Quantity,
    before: Vec<f64>,
    after: Vec<f64>,
}

/// What two counts say that may be off by an amount, or by a share of the larger.
pub(super) fn verdict(before: f64, after: f64, least: f64, share: f64) -> ExactVerdict {
    let tolerance = (share * before.max(after)).max(least);
    if after > before + tolerance {
        ExactVerdict::More
    } else if after < before - tolerance {
        ExactVerdict::Less
    } else {
        ExactVerdict::Same
    }
}

/// What two sums of bytes say.
pub(in crate::proof) fn verdict_of_bytes(before: f64, after: f64) -> ExactVerdict {
    verdict(before, after, 1.0, 0.001)
}

/// What to know about a quantity that is not compared.
pub(super) fn varies(unit: &str, before: &[String], after: &[String]) -> String {
    format!(
        "{unit} varies from run to run of one build, so it is not compared ({} before, {} after)",
        before.join(", "),
        after.join(", ")
    )
}

impl Counted {
    fn verdict(&self, before: f64, after: f64) -> ExactVerdict {
        let (_, least, share) = self.quantity;
        verdict(before, after, least, share)
    }

    /// The count that most runs of a side agree on.
    fn agreed(&self, counts: &[f64]) -> Option<f64> {
        let alike = |a, b| self.verdict(a, b) == ExactVerdict::Same;
        let support = |&&a: &&f64| counts.iter().filter(|&&b| alike(a, b)).count() >= AGREEING;
        counts.iter().find(support).copied()
    }

    /// The sides as they are known best; `None` where one was not counted.
    fn sides(&self) -> Option<(f64, f64)> {
        let agreed = self.agreed(&self.before).zip(self.agreed(&self.after));
        agreed.or_else(|| Some((*self.before.first()?, *self.after.first()?)))
    }

    /// The sides differ, and that is not sure enough yet.
    fn is_open(&self) -> bool {
        let once = self.before.len() == 1 && self.after.len() == 1;
        let differ = self.sides().is_some_and(|(b, a)| self.verdict(b, a) != ExactVerdict::Same);
        let agreed = self.agreed(&self.before).is_some() && self.agreed(&self.after).is_some();
        if once { differ } else { !agreed && self.sides().is_some() }
    }
}

impl Counts {
    fn of(&self, name: &BenchName, &quantity: &Quantity) -> Counted {
        let values = |runs: &[Vec<Line>]| {
            runs.iter().filter_map(|lines| value(lines, name, quantity.0)).collect()
        };
        Counted { quantity, before: values(&self.before), after: values(&self.after) }
    }

    /// How the counted quantities of a bench changed, and what to know about them.
    pub(super) fn changes(&self, name: &BenchName) -> (Vec<ExactChange>, Vec<String>) {
        let (mut changes, mut notes) = (Vec::new(), Vec::new());
        for quantity in &COUNTED {
            let counted = self.of(name, quantity);
            let Some((before, after)) = counted.sides() else { continue };
            let unit = quantity.0.to_owned();
            let mut verdict = counted.verdict(before, after);
            if counted.is_open() && verdict != ExactVerdict::Same {
                verdict = ExactVerdict::Same;
                let words = |values: &[f64]| -> Vec<String> {
                    values.iter().map(ToString::to_string).collect()
                };
                notes.push(varies(&unit, &words(&counted.before), &words(&counted.after)));
            }
            changes.push(ExactChange { unit, before, after, verdict });
        }
        (changes, notes)
    }
}

/// A quantity of a bench; of one that was counted at several numbers of threads, their mean.
fn value(lines: &[Line], name: &BenchName, unit: &str) -> Option<f64> {
    let is_it = |line: &&Line| {
        line.package == name.package
            && line.target == name.target
            && is_of(&name.bench, &line.bench)
    };
    let values: Vec<f64> = lines
        .iter()
        .filter(is_it)
        .map(|line| line.values.iter().find(|(_, own)| *own == unit).map(|(value, _)| *value))
        .collect::<Option<_>>()?;
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
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
            calls: Vec::new(),
        }
    }

    fn name() -> BenchName {
        BenchName { package: "p".to_owned(), target: "t".to_owned(), bench: "a".to_owned() }
    }

    fn runs(values: &[f64]) -> Vec<Vec<Line>> {
        values.iter().map(|&value| vec![line("a", &[(value, "allocs/op")])]).collect()
    }

    /// The verdict on these counts, and how many notes come with it.
    fn verdict(before: &[f64], after: &[f64]) -> (ExactVerdict, usize) {
        let counts = Counts { before: runs(before), after: runs(after) };
        let (changes, notes) = counts.changes(&name());
        assert_eq!(changes.len(), 1);
        (changes[0].verdict, notes.len())
    }

    #[test]
    fn each_quantity_has_its_own_tolerance() {
        let before = vec![
            line("other", &[(9.0, "allocs/op")]),
            line(
                "a",
                &[(5.0, "ns/op"), (71.0, "allocs/op"), (4096.4, "B/op"), (2.0, "growths/op")],
            ),
        ];
        let after = vec![line("a", &[(0.0, "allocs/op"), (4096.0, "B/op"), (3.0, "growths/op")])];
        let counts = Counts { before: vec![before; 3], after: vec![after; 3] };
        let (changes, notes) = counts.changes(&name());
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
        assert_eq!(notes, [""; 0]);
    }

    #[test]
    fn a_difference_counts_when_most_runs_agree_on_it() {
        assert_eq!(verdict(&[3.0, 3.0, 3.0], &[4.0, 4.0, 4.0]), (ExactVerdict::More, 0));
        // A run whose iterations were told wrongly is outvoted.
        let before = [7.5, 3.0, 3.0, 3.0];
        assert_eq!(verdict(&before, &[4.0, 4.0, 2.0, 4.0]), (ExactVerdict::More, 0));
        assert_eq!(verdict(&before, &[3.0, 3.0, 3.0, 3.0]), (ExactVerdict::Same, 0));
    }

    #[test]
    fn what_varies_by_itself_is_no_difference() {
        let before = [3.0, 3.1, 3.2, 3.3, 3.4];
        assert_eq!(verdict(&before, &[5.0, 5.1, 5.2, 5.3, 5.4]), (ExactVerdict::Same, 1));
        assert_eq!(verdict(&[3.0], &[4.0]), (ExactVerdict::Same, 1));
    }

    #[test]
    fn what_is_the_same_is_counted_once_and_what_differs_again() {
        let is_open = |before: &[f64], after: &[f64]| {
            let counts = Counts { before: runs(before), after: runs(after) };
            counts.of(&name(), &COUNTED[0]).is_open()
        };
        assert!(!is_open(&[3.0], &[3.0]));
        assert!(is_open(&[3.0], &[4.0]));
        assert!(is_open(&[3.0, 3.0], &[4.0, 4.0]));
        assert!(!is_open(&[3.0, 3.0, 3.0], &[4.0, 4.0, 4.0]));
        assert!(is_open(&[3.0, 3.0, 3.0], &[4.0, 3.0, 4.0]));
        assert!(!is_open(&[3.0], &[]), "what one side lacks is not compared");
    }

    #[test]
    fn numbers_of_threads_are_one_bench() {
        let before = vec![
            line("a::t=1", &[(2.0, "allocs/op")]),
            line("a::t=8", &[(4.0, "allocs/op")]),
            line("a::team", &[(100.0, "allocs/op")]),
        ];
        assert_eq!(value(&before, &name(), "allocs/op"), Some(3.0));
    }
}
