//! One cell: what a sample says, and how it differs from the first column's.

use crate::formats::benchfmt::{Assume, format_float};
use crate::stats::{mann_whitney, median, median_interval, smallest_p};

/// A sample with its summary, and its difference from the first column's.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// How many values there are.
    pub count: usize,
    /// What they say together.
    pub summary: Summary,
    /// The difference from the first column, where that has a sample.
    pub difference: Option<Difference>,
    /// What to keep in mind about the sample as such.
    pub warnings: Vec<String>,
}

/// A typical value and how well it is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// The median, or the most frequent value of a quantity that is taken to be exact.
    pub center: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// What to keep in mind.
    pub warnings: Vec<String>,
}

/// Whether two samples differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Two-sided p-value of no difference; 0 where the quantity is taken to be exact.
    pub p: f64,
    /// Above which p-value a difference does not count.
    pub alpha: f64,
    /// Values in the first column's sample.
    pub base_count: usize,
    /// Values in this one.
    pub count: usize,
    /// The first column's center.
    pub base_center: f64,
    /// What to keep in mind.
    pub warnings: Vec<String>,
}

impl Difference {
    /// Whether the difference counts.
    pub fn is_significant(&self) -> bool {
        // An undefined p-value never does: the comparison is false for it.
        self.p <= self.alpha
    }
}

/// The levels that summaries and comparisons are made at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Levels {
    pub(super) confidence: f64,
    pub(super) alpha: f64,
}

impl Cell {
    /// Summarizes a sorted sample. It must not be empty.
    pub(super) fn new(sorted: &[f64], assume: Assume, levels: Levels) -> Cell {
        let summary = match assume {
            Assume::Nothing => summarize(sorted, levels.confidence),
            Assume::Exact => summarize_exact(sorted),
        };
        Cell { count: sorted.len(), summary, difference: None, warnings: Vec::new() }
    }
}

impl Difference {
    /// Compares a sorted sample with the first column's, of which the cell is given, too.
    pub(super) fn new(
        base: &Cell,
        base_sorted: &[f64],
        sorted: &[f64],
        assume: Assume,
        levels: Levels,
    ) -> Difference {
        let mut difference = Difference {
            p: 0.0,
            alpha: 0.0,
            base_count: base_sorted.len(),
            count: sorted.len(),
            base_center: base.summary.center,
            warnings: Vec::new(),
        };
        if assume == Assume::Exact {
            return difference;
        }
        difference.alpha = levels.alpha;
        match mann_whitney(base_sorted, sorted) {
            Err(error) => {
                difference.p = 1.0;
                difference.warnings.push(error.to_string());
            }
            Ok(test) => {
                difference.p = test.p;
                if test.p > levels.alpha {
                    difference.warnings.extend(too_few_to_differ(
                        difference.base_count.max(difference.count),
                        levels.alpha,
                    ));
                }
            }
        }
        difference
    }
}

fn summarize(sorted: &[f64], confidence: f64) -> Summary {
    let (low, high) = median_interval(sorted.len(), confidence).of(sorted);
    let mut warnings = Vec::new();
    if low.is_infinite() || high.is_infinite() {
        let needed = match (2..=50).find(|&n| {
            let interval = median_interval(n, confidence);
            interval.low > 0 && interval.high <= n
        }) {
            Some(n) => format!(">= {n}"),
            None => "> 50".to_owned(),
        };
        let level = format_float(confidence);
        warnings.push(format!("need {needed} samples for confidence interval at level {level}"));
    }
    Summary { center: median(sorted), low, high, warnings }
}

fn summarize_exact(sorted: &[f64]) -> Summary {
    // Of equally frequent values the smallest; what equals nothing, not even itself, counts once.
    let (mut center, mut most) = (f64::NAN, 0);
    for run in sorted.chunk_by(|a, b| a == b) {
        if run.len() > most {
            (center, most) = (run[0], run.len());
        }
    }
    let low = sorted.first().copied().unwrap_or(f64::NAN);
    let high = sorted.last().copied().unwrap_or(f64::NAN);
    let mut warnings = Vec::new();
    if most != sorted.len() {
        let (low, high) = (format_float(low), format_float(high));
        warnings
            .push(format!("exact distribution expected, but values range from {low} to {high}"));
    }
    Summary { center, low, high, warnings }
}

/// A warning, where samples of this size could not differ significantly whatever their values.
fn too_few_to_differ(n: usize, alpha: f64) -> Option<String> {
    // Beyond this nobody is told a number.
    const MOST: usize = 9;
    let needed = (1..=MOST).find(|&n| smallest_p(n) <= alpha);
    if n >= needed.unwrap_or(MOST + 1) {
        return None;
    }
    let needed = match needed {
        Some(n) => format!(">= {n}"),
        None => format!("> {}", MOST + 1),
    };
    let alpha = format_float(alpha);
    Some(format!("need {needed} samples to detect a difference at alpha level {alpha}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEVELS: Levels = Levels { confidence: 0.95, alpha: 0.05 };

    fn cell(sorted: &[f64], assume: Assume) -> Cell {
        Cell::new(sorted, assume, LEVELS)
    }

    fn difference(base: &[f64], sorted: &[f64], assume: Assume) -> Difference {
        Difference::new(&cell(base, assume), base, sorted, assume, LEVELS)
    }

    #[test]
    fn exact_quantities_take_the_most_frequent_value_and_warn_of_others() {
        let varying = cell(&[47.5, 48.0, 48.0], Assume::Exact);
        assert_eq!(varying.summary.center, 48.0);
        assert_eq!(
            varying.summary.warnings,
            ["exact distribution expected, but values range from 47.5 to 48"]
        );
        assert!(cell(&[48.0; 3], Assume::Exact).summary.warnings.is_empty());
        let difference = difference(&[47.5, 48.0, 48.0], &[48.0], Assume::Exact);
        assert!(difference.is_significant() && difference.p == 0.0);
    }

    #[test]
    fn small_samples_say_how_many_values_they_lack() {
        assert_eq!(
            cell(&[1.0, 2.0, 3.0], Assume::Nothing).summary.warnings,
            ["need >= 6 samples for confidence interval at level 0.95"]
        );
        let difference = difference(&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0], Assume::Nothing);
        assert!(!difference.is_significant());
        assert_eq!(
            difference.warnings,
            ["need >= 4 samples to detect a difference at alpha level 0.05"]
        );
        assert_eq!(
            too_few_to_differ(3, 0.0).as_deref(),
            Some("need > 10 samples to detect a difference at alpha level 0")
        );
        assert_eq!(too_few_to_differ(10, 0.0), None);
    }

    #[test]
    fn values_that_are_no_numbers_are_not_compared() {
        let values = [f64::NAN, 1.0];
        let difference = difference(&values, &values, Assume::Nothing);
        assert!(!difference.is_significant());
        assert_eq!(difference.warnings, ["samples hold values that are not numbers"]);
    }
}
