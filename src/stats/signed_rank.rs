//! Paired differences: Wilcoxon's signed-rank distribution, and the estimate and interval that
//! belong to it.

use super::order::sort;

/// The distribution of the signed-rank statistic of `n` differences with no preference for either
/// sign, exact.
#[derive(Clone, Debug)]
pub struct SignedRank {
    /// `mass[t]`: the probability that the ranks of the positive differences sum to `t`.
    mass: Vec<f64>,
}

impl SignedRank {
    /// For `n` differences. Work and memory grow with the cube and the square of `n`.
    pub fn new(n: usize) -> Self {
        let mut mass = vec![0.0; n * (n + 1) / 2 + 1];
        mass[0] = 1.0;
        let mut highest = 0;
        for rank in 1..=n {
            highest += rank;
            // The difference of this rank is positive or negative with equal chance. Halving and
            // adding keep the relative error below n roundings.
            for t in (0..=highest).rev() {
                let with = t.checked_sub(rank).map_or(0.0, |t| mass[t]);
                mass[t] = (mass[t] + with) / 2.0;
            }
        }
        SignedRank { mass }
    }

    /// The probability that the sum is at most `t`.
    pub fn at_most(&self, t: usize) -> f64 {
        self.mass.iter().take(t + 1).sum::<f64>().min(1.0)
    }

    /// How many of the sorted pairwise means to cut off at either end for an interval that misses
    /// with probability at most `alpha`; `None` where even the whole range misses more often.
    fn cut(&self, alpha: f64) -> Option<usize> {
        let mut tail = 0.0;
        let mut cut = None;
        for (t, mass) in self.mass.iter().enumerate() {
            tail += mass;
            if tail > alpha / 2.0 {
                break;
            }
            cut = Some(t);
        }
        cut
    }
}

/// A shift between pairs: its estimate, interval and test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Hodges and Lehmann's estimate: the median of the pairwise means.
    pub shift: f64,
    /// Lower end of the interval; infinite where there are too few pairs for the level.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Two-sided p-value of no shift.
    pub p: f64,
}

/// Estimates the shift from differences, with an interval that misses the true one with
/// probability at most `alpha`. `None` for no differences, or for one that is not a number.
///
/// Equal and zero differences count against a shift, so that interval and test stay on the safe
/// side and agree: the interval holds 0 exactly where p exceeds `alpha`.
pub fn hodges_lehmann(differences: &[f64], alpha: f64) -> Option<Estimate> {
    let n = differences.len();
    if n == 0 || differences.iter().any(|d| !d.is_finite()) {
        return None;
    }
    let mut means = Vec::with_capacity(n * (n + 1) / 2);
    for (i, a) in differences.iter().enumerate() {
        means.extend(differences[i..].iter().map(|b| (a + b) / 2.0));
    }
    sort(&mut means);
    let distribution = SignedRank::new(n);
    let (low, high) = match distribution.cut(alpha) {
        Some(cut) => (means[cut], means[means.len() - 1 - cut]),
        None => (f64::NEG_INFINITY, f64::INFINITY),
    };
    let above = means.iter().filter(|&&m| m > 0.0).count();
    let below = means.iter().filter(|&&m| m < 0.0).count();
    let against = means.len() - above.max(below);
    let p = (2.0 * distribution.at_most(against)).min(1.0);
    let middle = means.len() / 2;
    let shift = if means.len() % 2 == 1 {
        means[middle]
    } else {
        (means[middle - 1] + means[middle]) / 2.0
    };
    Some(Estimate { shift, low, high, p })
}

/// How many pairs the two-sided test needs before it can reach `alpha` at all: its smallest
/// p-value is 2^(1-n).
pub fn pairs_for_level(alpha: f64) -> usize {
    (1..1100).find(|&n| 2_f64.powi(1 - n) <= alpha).unwrap_or(1100) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distribution_agrees_with_enumeration() {
        for n in 1..=12_usize {
            let distribution = SignedRank::new(n);
            let mut counts = vec![0_u32; n * (n + 1) / 2 + 1];
            for signs in 0..1_u32 << n {
                counts[(0..n).filter(|i| signs >> i & 1 == 1).map(|i| i + 1).sum::<usize>()] += 1;
            }
            for (t, &count) in counts.iter().enumerate() {
                let expected = f64::from(count) / f64::from(1_u32 << n);
                assert!((distribution.mass[t] - expected).abs() < 1e-15, "{n} {t}");
            }
        }
    }

    /// Critical values of Wilcoxon and Wilcox (1964), two-sided 5 % and 1 %.
    #[test]
    fn critical_values_are_those_of_the_printed_table() {
        for (n, five, one) in [
            (8, 3, Some(0)),
            (10, 8, Some(3)),
            (12, 13, Some(7)),
            (15, 25, Some(15)),
            (20, 52, Some(37)),
            (25, 89, Some(68)),
            (30, 137, Some(109)),
            (6, 0, None),
        ] {
            let distribution = SignedRank::new(n);
            assert_eq!(distribution.cut(0.05), Some(five), "{n}");
            assert_eq!(distribution.cut(0.01), one, "{n}");
        }
    }

    #[test]
    fn large_distributions_sum_to_one() {
        for n in [48, 100, 200] {
            let distribution = SignedRank::new(n);
            assert!((distribution.mass.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            assert!((distribution.mass[0] - 0.5_f64.powi(n as i32)).abs() < 1e-300);
        }
    }

    /// Depression scale factors of nine patients, Hollander and Wolfe (1973), example 3.1: the
    /// estimate is -0.46 and the 96 % interval runs from -0.786 to -0.010.
    #[test]
    #[expect(clippy::approx_constant, reason = "a patient's score, not pi")]
    fn the_worked_example_of_hollander_and_wolfe_comes_out() {
        let before = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30];
        let after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
        let differences: Vec<f64> = after.iter().zip(before).map(|(a, b)| a - b).collect();
        let estimate = hodges_lehmann(&differences, 0.04).unwrap();
        assert!((estimate.shift + 0.46).abs() < 1e-9, "{estimate:?}");
        assert!((estimate.low + 0.786).abs() < 1e-9, "{estimate:?}");
        assert!((estimate.high + 0.010).abs() < 1e-9, "{estimate:?}");
        assert!((estimate.p - 0.0390625).abs() < 1e-12, "{estimate:?}");
    }

    #[test]
    fn interval_and_test_agree() {
        let mut state = 3_u64;
        for round in 0..400 {
            let n = 8 + round % 10;
            let differences: Vec<f64> = (0..n)
                .map(|_| {
                    state =
                        state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                    // Coarse, so that zeros and ties occur.
                    ((state >> 40) % 9) as f64 - 3.0
                })
                .collect();
            let estimate = hodges_lehmann(&differences, 0.01).unwrap();
            let holds_zero = estimate.low <= 0.0 && 0.0 <= estimate.high;
            assert_eq!(holds_zero, estimate.p > 0.01, "{differences:?} {estimate:?}");
            assert!(estimate.low <= estimate.shift && estimate.shift <= estimate.high);
        }
    }

    #[test]
    fn too_few_pairs_give_an_open_interval() {
        let estimate = hodges_lehmann(&[0.1; 7], 0.01).unwrap();
        assert_eq!((estimate.low, estimate.high), (f64::NEG_INFINITY, f64::INFINITY));
        assert_eq!(estimate.p, 2_f64.powi(-6));
        assert_eq!(pairs_for_level(0.01), 8);
        assert_eq!(pairs_for_level(0.01 / 100.0), 15);
        assert_eq!(hodges_lehmann(&[], 0.01), None);
        assert_eq!(hodges_lehmann(&[f64::NAN], 0.01), None);
    }
}
