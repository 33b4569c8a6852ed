//! One rewrite that was tried, and what became of it.

use crate::model::finding::{Finding, Proof, Suggestion};
use crate::model::verdict::{Comparison, ExactChange, ExactVerdict, Verdict};
use crate::proof::paired;

/// One rewrite that was tried, or several that were tried together.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// The findings it belongs to; more than one where single steps hid each other.
    pub findings: Vec<Finding>,
    /// The rewrites, one per finding.
    pub suggestions: Vec<Suggestion>,
    /// In which round, from 1.
    pub round: u32,
    /// Whether it compiled; `None` where it did not come to that.
    pub compiled: Option<Compiled>,
    /// What the tests said; `None` where it did not come to that.
    pub tests: Option<Tests>,
    /// What the benches said.
    pub benches: Vec<Comparison>,
    /// What became of it.
    pub fate: Fate,
}

/// Whether the rewritten code compiles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compiled {
    /// It does.
    Yes,
    /// It does not: the compiler's first error.
    No(String),
}

/// What the tests said of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tests {
    /// All passed; `known` names those that failed before the rewrite, too.
    Passed {
        /// Failures that are not the rewrite's.
        known: Vec<String>,
    },
    /// These failed.
    Failed(Vec<String>),
    /// They did not end in time.
    Hung,
    /// They were not to be run.
    Skipped,
}

impl Tests {
    /// The word of the JSON contract: `passed`, or why not.
    pub fn words(&self) -> String {
        match self {
            Tests::Passed { known } if known.is_empty() => "passed".to_owned(),
            Tests::Passed { known } => format!("passed, but {} failed before, too", known.len()),
            Tests::Failed(names) if names.is_empty() => "failed".to_owned(),
            Tests::Failed(names) => format!("failed: {}", names.join(", ")),
            Tests::Hung => "did not end".to_owned(),
            Tests::Skipped => "not run".to_owned(),
        }
    }

    /// Whether nothing speaks against the rewrite.
    pub fn allow(&self) -> bool {
        matches!(self, Tests::Passed { .. } | Tests::Skipped)
    }
}

/// What became of a rewrite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// In, and why.
    Kept(Kept),
    /// Out, and why.
    Reverted(String),
}

/// Why a rewrite was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// A bench is faster, and none slower.
    Faster,
    /// A bench allocates less or does less I/O, and none is slower.
    Leaner,
}

impl Attempt {
    /// Whether it is in.
    pub fn is_kept(&self) -> bool {
        matches!(self.fate, Fate::Kept(_))
    }

    /// The largest speed-up that the profile left room for, over the findings.
    pub fn bound(&self) -> Option<f64> {
        self.findings.iter().filter_map(Finding::bound).max_by(f64::total_cmp)
    }

    /// The bench that speaks loudest: the one that changed most among those with the strongest
    /// verdict.
    pub fn loudest(&self) -> Option<&Comparison> {
        let weight = |comparison: &Comparison| {
            let rank = match comparison.verdict() {
                Verdict::Slower => 3,
                Verdict::Faster => 2,
                Verdict::NoChange => 1,
                Verdict::TooNoisy => 0,
            };
            let change = comparison.time.as_ref().map_or(0.0, |time| time.ratio.ln().abs());
            (rank, change)
        };
        self.benches.iter().max_by(|a, b| {
            let (a, b) = (weight(a), weight(b));
            a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
        })
    }

    /// The proof that rides along with its findings; `None` where nothing was measured.
    pub fn proof(&self) -> Option<Proof> {
        let comparison = self.loudest()?;
        let time = comparison.time.as_ref()?;
        let allocs = comparison.exact("allocs/op");
        Some(Proof {
            verdict: time.verdict.word().to_owned(),
            ratio: time.ratio,
            low: time.low,
            high: time.high,
            pairs: time.pairs,
            unit: "sec/op".to_owned(),
            allocs_before: allocs.map(|change| change.before),
            allocs_after: allocs.map(|change| change.after),
            tests: self.tests.as_ref().map_or_else(|| "not run".to_owned(), Tests::words),
        })
    }
}

/// What was counted of a bench. Bytes are asked for when a block is made and when it grows: what is
/// asked for at once instead of bit by bit is not more.
fn counted(comparison: &Comparison) -> Vec<ExactVerdict> {
    const BYTES: [&str; 2] = ["B/op", "grown-B/op"];
    let (bytes, others): (Vec<&ExactChange>, Vec<&ExactChange>) =
        comparison.exact.iter().partition(|change| BYTES.contains(&&*change.unit));
    let before: f64 = bytes.iter().map(|change| change.before).sum();
    // What is the same within its tolerance, or is not compared since it varies, says nothing.
    let changed = bytes.iter().filter(|change| change.verdict != ExactVerdict::Same);
    let after = before + changed.map(|change| change.after - change.before).sum::<f64>();
    let of_bytes = paired::verdict_of_bytes(before, after);
    others.iter().map(|change| change.verdict).chain([of_bytes]).collect()
}

/// Keep what is faster or allocates less and is nowhere slower; else say why not.
pub fn judge(benches: &[Comparison]) -> Fate {
    let named = |verdict: Verdict| -> Vec<String> {
        benches.iter().filter(|c| c.verdict() == verdict).map(|c| c.name.to_string()).collect()
    };
    let slower = named(Verdict::Slower);
    if !slower.is_empty() {
        return Fate::Reverted(format!("slower: {}", slower.join(", ")));
    }
    if !named(Verdict::Faster).is_empty() {
        return Fate::Kept(Kept::Faster);
    }
    let counted: Vec<ExactVerdict> = benches.iter().flat_map(counted).collect();
    // More bytes or growths beside fewer allocations is a trade, and time did not settle it.
    if counted.contains(&ExactVerdict::Less) && !counted.contains(&ExactVerdict::More) {
        return Fate::Kept(Kept::Leaner);
    }
    if benches.iter().all(|comparison| comparison.time.is_none()) {
        return Fate::Reverted("nothing was measured".to_owned());
    }
    let noisy = named(Verdict::TooNoisy);
    if noisy.is_empty() {
        let bound = benches.iter().filter_map(|c| c.time.as_ref()).map(|time| time.bound());
        let bound = bound.fold(0.0, f64::max);
        return Fate::Reverted(format!("no change (±{:.1} % at most)", bound * 100.0));
    }
    /// Of more than this, a number is no help.
    const MANY: u32 = 500;
    let more = benches.iter().filter_map(|c| c.time.as_ref()?.more_pairs).max();
    let more = match more {
        None => String::new(),
        Some(pairs) if pairs <= MANY => format!("; {pairs} more pairs might"),
        Some(_) => " on this machine as it is".to_owned(),
    };
    Fate::Reverted(format!("too noisy to tell{more}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::verdict::BenchName;

    /// A bench that is not timed, whose counts changed.
    fn counts(changes: &[(&str, f64, f64)]) -> Comparison {
        let change = |&(unit, before, after): &(&str, f64, f64)| ExactChange {
            unit: unit.to_owned(),
            before,
            after,
            verdict: paired::verdict_of_bytes(before, after),
        };
        let bench = || "b".to_owned();
        Comparison {
            name: BenchName { package: bench(), target: bench(), bench: bench() },
            time: None,
            exact: changes.iter().map(change).collect(),
            notes: Vec::new(),
        }
    }

    #[test]
    fn room_that_is_asked_for_at_once_is_no_more_than_room_that_grows() {
        // 100 elements of eight bytes: 32, 64, … 1,024 against 800.
        let grown = [("growths/op", 5.0, 0.0), ("B/op", 32.0, 800.0), ("grown-B/op", 992.0, 0.0)];
        assert_eq!(judge(&[counts(&grown)]), Fate::Kept(Kept::Leaner));
        // Ten elements need 128.
        let wasted = [("growths/op", 2.0, 0.0), ("B/op", 32.0, 800.0), ("grown-B/op", 96.0, 0.0)];
        assert!(matches!(judge(&[counts(&wasted)]), Fate::Reverted(_)));
    }

    #[test]
    fn fewer_bytes_are_fewer_and_as_many_are_no_gain() {
        assert_eq!(judge(&[counts(&[("B/op", 90.0, 42.0)])]), Fate::Kept(Kept::Leaner));
        let same = [("B/op", 64.0, 1024.0), ("grown-B/op", 960.0, 0.0)];
        assert!(matches!(judge(&[counts(&same)]), Fate::Reverted(_)));
    }
}
