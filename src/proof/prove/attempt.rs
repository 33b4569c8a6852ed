//! One rewrite that was tried, and what became of it.

use crate::model::finding::{Finding, Proof, Suggestion};
use crate::model::verdict::{Comparison, ExactVerdict, Verdict};

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
    let counted =
        |verdict| benches.iter().flat_map(|c| &c.exact).filter(move |e| e.verdict == verdict);
    // More bytes or growths beside fewer allocations is a trade, and time did not settle it.
    if counted(ExactVerdict::Less).next().is_some() && counted(ExactVerdict::More).next().is_none()
    {
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
