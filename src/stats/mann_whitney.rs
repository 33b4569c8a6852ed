//! The Mann–Whitney U test: do two samples come from the same population?

use super::normal::normal_cdf;

/// The largest samples that get the exact distribution: without ties, and with.
const EXACT_UP_TO: usize = 50;
const EXACT_WITH_TIES_UP_TO: usize = 25;

/// What the test found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MannWhitney {
    /// Pairs in which the first sample's value is the larger, ties counted as half.
    pub u: f64,
    /// Two-sided p-value: twice the tail below the smaller of `u` and its counterpart. Where ties
    /// and unequal sizes make the distribution skewed this can exceed 1.
    pub p: f64,
}

/// Why there is no test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTest {
    /// A sample is empty.
    Empty,
    /// All values are the same.
    AllEqual,
    /// A value is not a number.
    NotNumbers,
}

impl std::fmt::Display for NoTest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            NoTest::Empty => "sample is too small",
            NoTest::AllEqual => "all samples are equal",
            NoTest::NotNumbers => "samples hold values that are not numbers",
        })
    }
}

/// Compares two sorted samples, two-sided. Exact up to 50 values a side, with ties up to 25; else
/// normal with corrections for ties and continuity.
pub fn mann_whitney(first: &[f64], second: &[f64]) -> Result<MannWhitney, NoTest> {
    if first.is_empty() || second.is_empty() {
        return Err(NoTest::Empty);
    }
    if first.iter().chain(second).any(|x| x.is_nan()) {
        return Err(NoTest::NotNumbers);
    }
    let (twice_u, ties) = rank(first, second);
    if ties.len() == 1 {
        return Err(NoTest::AllEqual);
    }
    let (n1, n2) = (first.len(), second.len());
    let twice_other = 2 * n1 * n2 - twice_u;
    let smaller = twice_u.min(twice_other);
    let tied = ties.iter().any(|&t| t > 1);
    let largest = n1.max(n2);
    let p = if twice_u == twice_other && largest <= limit(tied) {
        1.0
    } else if !tied && largest <= EXACT_UP_TO {
        2.0 * tail_without_ties(n1, n2, smaller / 2)
    } else if tied && largest <= EXACT_WITH_TIES_UP_TO {
        2.0 * tail_with_ties(n1, n2, &ties, smaller)
    } else {
        normal_p(n1, n2, &ties, twice_u as f64 / 2.0)
    };
    Ok(MannWhitney { u: twice_u as f64 / 2.0, p })
}

fn limit(tied: bool) -> usize {
    if tied { EXACT_WITH_TIES_UP_TO } else { EXACT_UP_TO }
}

/// The smallest p-value that two samples of `n` values each can reach.
pub fn smallest_p(n: usize) -> f64 {
    (2.0 / choose(2 * n, n)).min(1.0)
}

/// Twice the U of the first sample, and the sizes of the groups of equal values.
fn rank(first: &[f64], second: &[f64]) -> (usize, Vec<usize>) {
    let mut twice_u = 0;
    let mut ties = Vec::with_capacity(first.len() + second.len());
    let (mut i, mut j) = (0, 0);
    while i < first.len() || j < second.len() {
        let value = match (first.get(i), second.get(j)) {
            (Some(&a), Some(&b)) => a.min(b),
            (Some(&a), None) => a,
            (None, Some(&b)) => b,
            (None, None) => break,
        };
        let same = |sample: &[f64]| sample.iter().take_while(|&&x| x == value).count();
        let (in_first, in_second) = (same(&first[i..]), same(&second[j..]));
        twice_u += in_first * (2 * j + in_second);
        ties.push(in_first + in_second);
        i += in_first;
        j += in_second;
    }
    (twice_u, ties)
}

/// P(U ≤ u) where no two values are equal.
///
/// The number of arrangements with a given U is a coefficient of the Gaussian binomial
/// `∏ (1 - q^(n2+i)) / (1 - q^i)`: each factor is one sweep over the coefficients up to u.
fn tail_without_ties(n1: usize, n2: usize, u: usize) -> f64 {
    let (small, large) = (n1.min(n2), n1.max(n2));
    // Below zero only between a multiplication and its division: wrapping keeps it exact, and
    // C(100, 50) < 2^97 fits.
    let mut counts = vec![0_u128; u + 1];
    counts[0] = 1;
    for i in 1..=small {
        for at in (large + i..=u).rev() {
            counts[at] = counts[at].wrapping_sub(counts[at - large - i]);
        }
        for at in i..=u {
            counts[at] = counts[at].wrapping_add(counts[at - i]);
        }
    }
    let below: u128 = counts.iter().sum();
    below as f64 / choose(n1 + n2, n1)
}

/// P(2U ≤ twice_u) given the sizes of the groups of equal values, in ascending order.
///
/// Counts how many ways there are to have drawn j values for the first sample from the groups so
/// far with a given 2U. A group of t of which the first sample gets r adds `r(t-r)` for its ties
/// and `2r` for each lower value of the second sample.
fn tail_with_ties(n1: usize, n2: usize, ties: &[usize], twice_u: usize) -> f64 {
    let width = twice_u + 1;
    let mut counts = vec![0.0_f64; (n1 + 1) * width];
    counts[0] = 1.0;
    let mut seen = 0;
    for &group in ties {
        // Downward in j, so that what is read is still of the groups before; taking nothing from
        // this group leaves a count as it is.
        for j in (1..=n1.min(seen + group)).rev() {
            let (lower, upper) = counts.split_at_mut(j * width);
            let target = &mut upper[..width];
            for r in j.saturating_sub(seen).max(1)..=group.min(j) {
                let before = j - r;
                let shift = r * (group - r) + 2 * r * (seen - before);
                if shift >= width {
                    continue;
                }
                let ways = choose(group, r);
                let source = &lower[before * width..][..width - shift];
                for (to, from) in target[shift..].iter_mut().zip(source) {
                    *to += ways * from;
                }
            }
        }
        seen += group;
    }
    counts[n1 * width..].iter().sum::<f64>() / choose(n1 + n2, n1)
}

fn normal_p(n1: usize, n2: usize, ties: &[usize], u: f64) -> f64 {
    let pairs = (n1 * n2) as f64;
    let n = (n1 + n2) as f64;
    let tied: f64 = ties.iter().map(|&t| (t * t * t - t) as f64).sum();
    let deviation = (pairs * ((n + 1.0) - tied / (n * (n - 1.0))) / 12.0).sqrt();
    let off = u - pairs / 2.0;
    let sign = if off == 0.0 { 0.0 } else { off.signum() };
    let below = normal_cdf((off - sign * 0.5) / deviation);
    2.0 * below.min(1.0 - below)
}

fn choose(n: usize, k: usize) -> f64 {
    let k = k.min(n - k);
    // Every partial product is itself a binomial coefficient, exact below 2^53; u128 carries
    // C(100, 50) · 100 exactly, and larger ones are only used as divisors.
    if n <= 100 {
        let mut ways: u128 = 1;
        for i in 0..k {
            ways = ways * (n - i) as u128 / (i + 1) as u128;
        }
        return ways as f64;
    }
    (0..k).fold(1.0, |ways, i| ways * (n - i) as f64 / (i + 1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All ways to deal the pooled values into two samples, one by one.
    fn by_enumeration(first: &[f64], second: &[f64]) -> f64 {
        let pooled: Vec<f64> = first.iter().chain(second).copied().collect();
        let u_of = |mask: u32| {
            let mut twice = 0;
            for (_, a) in pooled.iter().enumerate().filter(|(i, _)| mask >> i & 1 == 1) {
                for (_, b) in pooled.iter().enumerate().filter(|(j, _)| mask >> j & 1 == 0) {
                    twice += if a > b { 2 } else { i32::from(a == b) };
                }
            }
            twice
        };
        let observed = u_of((1 << first.len()) - 1);
        let other = 2 * (first.len() * second.len()) as i32 - observed;
        if observed == other {
            return 1.0;
        }
        let deals: Vec<i32> = (0..1_u32 << pooled.len())
            .filter(|mask| mask.count_ones() as usize == first.len())
            .map(u_of)
            .collect();
        let below = deals.iter().filter(|&&u| u <= observed.min(other)).count();
        2.0 * below as f64 / deals.len() as f64
    }

    #[test]
    fn the_exact_test_agrees_with_enumeration() {
        let mut state = 7_u64;
        let mut draw = |bound: u64| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 33) % bound
        };
        for round in 0..300 {
            let n1 = 1 + draw(6) as usize;
            let n2 = 1 + draw(6) as usize;
            let spread = [3, 5, 1_000_000][round % 3];
            let mut first: Vec<f64> = (0..n1).map(|_| draw(spread) as f64).collect();
            let mut second: Vec<f64> = (0..n2).map(|_| draw(spread) as f64).collect();
            super::super::sort(&mut first);
            super::super::sort(&mut second);
            match mann_whitney(&first, &second) {
                Ok(test) => {
                    let expected = by_enumeration(&first, &second);
                    assert!((test.p - expected).abs() < 1e-12, "{first:?} {second:?}: {test:?}");
                }
                Err(error) => {
                    assert_eq!(error, NoTest::AllEqual);
                    assert!(first.iter().chain(&second).all(|x| *x == first[0]));
                }
            }
        }
    }

    /// Critical values at 5 %, two-sided, from the table of Mann and Whitney (1947) as extended by
    /// Auble (1953): U at the value is significant, one more is not.
    #[test]
    fn critical_values_are_those_of_the_printed_table() {
        for (n1, n2, critical) in
            [(4, 4, 0), (5, 5, 2), (8, 8, 13), (10, 10, 23), (10, 15, 39), (20, 20, 127)]
        {
            assert!(2.0 * tail_without_ties(n1, n2, critical) <= 0.05, "{n1} {n2}");
            assert!(2.0 * tail_without_ties(n1, n2, critical + 1) > 0.05, "{n1} {n2}");
        }
    }

    #[test]
    fn samples_that_do_not_overlap_reach_the_smallest_p() {
        for n in 1..=50 {
            let low: Vec<f64> = (0..n).map(f64::from).collect();
            let high: Vec<f64> = (0..n).map(|i| f64::from(i) + 100.0).collect();
            let smallest = smallest_p(n as usize);
            assert_eq!(mann_whitney(&low, &high).unwrap().p, smallest);
            assert_eq!(mann_whitney(&high, &low).unwrap().p, smallest);
        }
        assert_eq!(smallest_p(4), 0.02857142857142857);
    }

    #[test]
    fn all_arrangements_together_have_probability_one() {
        for (n1, n2) in [(3, 4), (10, 10), (50, 50), (7, 40)] {
            assert!((tail_without_ties(n1, n2, n1 * n2) - 1.0).abs() < 1e-15);
        }
        let ties = [3, 1, 4, 1, 5, 9, 2, 6];
        assert!((tail_with_ties(11, 20, &ties, 2 * 11 * 20) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn there_is_no_test_without_values_or_without_differences() {
        assert_eq!(mann_whitney(&[], &[1.0]), Err(NoTest::Empty));
        assert_eq!(mann_whitney(&[1.0], &[1.0, 1.0]), Err(NoTest::AllEqual));
        assert_eq!(mann_whitney(&[0.0; 60], &[0.0; 60]), Err(NoTest::AllEqual));
        assert_eq!(mann_whitney(&[f64::NAN], &[1.0]), Err(NoTest::NotNumbers));
    }
}
