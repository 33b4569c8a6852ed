//! What came of comparing a bench before and after a change.

use serde::{Deserialize, Serialize};

/// The answer for the time of one bench.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Verdict {
    /// The interval lies below no change, and the effect is at least the threshold.
    #[serde(rename = "faster")]
    Faster,
    /// The same above it.
    #[serde(rename = "slower")]
    Slower,
    /// The interval lies so close around no change that a larger effect is excluded.
    #[serde(rename = "no change")]
    NoChange,
    /// Anything else.
    #[serde(rename = "too noisy")]
    TooNoisy,
}

impl Verdict {
    /// The word of the JSON contract.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Faster => "faster",
            Verdict::Slower => "slower",
            Verdict::NoChange => "no change",
            Verdict::TooNoisy => "too noisy",
        }
    }
}

/// Which bench was compared.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BenchName {
    /// The package.
    pub package: String,
    /// The bench target.
    pub target: String,
    /// The bench, by its harness's own name.
    pub bench: String,
}

impl std::fmt::Display for BenchName {
    /// `target/bench`, or just the target where it is its own only bench.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.bench == self.target {
            return f.write_str(&self.target);
        }
        write!(f, "{}/{}", self.target, self.bench)
    }
}

/// The time of one bench, after over before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimeChange {
    /// The answer.
    pub verdict: Verdict,
    /// After over before: the Hodges–Lehmann estimate over the pairs.
    pub ratio: f64,
    /// Lower end of the interval of the ratio; 0 where there are too few pairs for one.
    pub low: f64,
    /// Upper end; infinite where there are too few pairs for one.
    #[serde(with = "infinite_as_null")]
    pub high: f64,
    /// Two-sided p-value of no change.
    pub p: f64,
    /// The p-value with the other benches of the comparison allowed for (Holm). The exit code
    /// goes by it.
    pub p_holm: f64,
    /// Pairs of processes behind the numbers.
    pub pairs: u32,
    /// For [`Verdict::TooNoisy`]: how many more pairs would settle it, at this noise.
    pub more_pairs: Option<u32>,
    /// Seconds per iteration before, one number per process.
    pub before: Vec<f64>,
    /// The same after.
    pub after: Vec<f64>,
}

impl TimeChange {
    /// The largest change either way that the interval does not exclude, as a share of 1.
    pub fn bound(&self) -> f64 {
        (1.0 - self.low).max(self.high - 1.0)
    }
}

/// How an exactly counted quantity changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ExactVerdict {
    /// Less of it.
    Less,
    /// More of it.
    More,
    /// As much, within the quantity's own tolerance.
    Same,
}

/// A quantity that is counted, not timed: allocations, bytes, growths, I/O calls, instructions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExactChange {
    /// What is counted, such as `allocs/op`.
    pub unit: String,
    /// Per iteration, before.
    pub before: f64,
    /// Per iteration, after.
    pub after: f64,
    /// The answer.
    pub verdict: ExactVerdict,
}

/// One bench, compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Which.
    pub name: BenchName,
    /// Its time; `None` where one side could not be timed.
    pub time: Option<TimeChange>,
    /// What was counted. A quantity that was not measured on both sides is not listed.
    pub exact: Vec<ExactChange>,
    /// Why the verdict is weaker than the numbers look, or what is missing; whole sentences
    /// without a full stop.
    pub notes: Vec<String>,
}

impl Comparison {
    /// The quantity counted in a unit.
    pub fn exact(&self, unit: &str) -> Option<&ExactChange> {
        self.exact.iter().find(|change| change.unit == unit)
    }

    /// The verdict on the time; too noisy where there is none.
    pub fn verdict(&self) -> Verdict {
        self.time.as_ref().map_or(Verdict::TooNoisy, |time| time.verdict)
    }
}

/// JSON has no infinity.
mod infinite_as_null {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        value.is_finite().then_some(*value).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        Ok(Option::<f64>::deserialize(deserializer)?.unwrap_or(f64::INFINITY))
    }
}
