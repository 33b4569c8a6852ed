//! Order statistics: sorting, quantiles, and the interval of a median.

use std::cmp::Ordering;

use super::normal::{normal_cdf, normal_quantile};

/// Sorts upward; what is not a number comes first.
pub fn sort(values: &mut [f64]) {
    values.sort_unstable_by(|a, b| match (a.is_nan(), b.is_nan()) {
        (false, false) => a.partial_cmp(b).unwrap_or(Ordering::Equal),
        (a, b) => b.cmp(&a),
    });
}

/// The value below which a share `q` of the population lies, estimated from a sorted sample with
/// Hyndman and Fan's eighth rule (median-unbiased). NaN for an empty sample.
pub fn quantile(sorted: &[f64], q: f64) -> f64 {
    let (Some(&first), Some(&last)) = (sorted.first(), sorted.last()) else { return f64::NAN };
    let rank = 1.0 / 3.0 + q * (sorted.len() as f64 + 1.0 / 3.0);
    let below = rank.trunc();
    if below < 1.0 {
        return first;
    }
    // The rank is at least 1 here, and is cut off at the sample's size.
    let at = below as usize;
    match sorted.get(at) {
        None => last,
        Some(above) => sorted[at - 1] + (rank - below) * (above - sorted[at - 1]),
    }
}

/// The middle of a sorted sample.
pub fn median(sorted: &[f64]) -> f64 {
    quantile(sorted, 0.5)
}

/// The middle of a sample in any order; `None` of an empty one.
pub fn middle(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    super::sort(&mut sorted);
    (!sorted.is_empty()).then(|| median(&sorted))
}

/// Which values of a sorted sample enclose the population's median.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MedianInterval {
    /// Rank of the lower end, counted from 1; 0 means that the sample is too small for one.
    pub low: usize,
    /// Rank of the upper end; one more than the sample has means the same.
    pub high: usize,
    /// How often such an interval encloses the median.
    pub confidence: f64,
}

impl MedianInterval {
    /// The ends as values, infinite where the sample is too small.
    pub fn of(&self, sorted: &[f64]) -> (f64, f64) {
        let low = self.low.checked_sub(1).and_then(|at| sorted.get(at));
        let high = self.high.checked_sub(1).and_then(|at| sorted.get(at));
        (low.copied().unwrap_or(f64::NEG_INFINITY), high.copied().unwrap_or(f64::INFINITY))
    }
}

/// Samples up to this size get the binomial distribution itself, larger ones its normal
/// approximation.
const EXACT_UP_TO: usize = 30;

/// The interval of the median of `n` values that holds with at least the given confidence. Of two
/// equally good ones the lower is taken.
pub fn median_interval(n: usize, confidence: f64) -> MedianInterval {
    if confidence >= 1.0 {
        return MedianInterval { low: 0, high: n + 1, confidence: 1.0 };
    }
    if n <= EXACT_UP_TO { exact_interval(n, confidence) } else { normal_interval(n, confidence) }
}

/// Grows the interval from the middle, each time by the likelier neighbour.
fn exact_interval(n: usize, confidence: f64) -> MedianInterval {
    // mass[k]: the probability that exactly k of n values lie below the median.
    let mut mass = vec![0.5_f64.powi(n as i32)];
    for k in 0..n {
        mass.push(mass[k] * (n - k) as f64 / (k + 1) as f64);
    }
    let mut low = n / 2;
    let mut high = low + 1;
    let mut reached = mass[low];
    while reached < confidence {
        let left = low.checked_sub(1).map_or(0.0, |k| mass[k]);
        let right = mass.get(high).copied().unwrap_or(0.0);
        if left == 0.0 && right == 0.0 {
            break;
        }
        if left >= right {
            reached += left;
            low -= 1;
        } else {
            reached += right;
            high += 1;
        }
    }
    MedianInterval { low, high, confidence: reached }
}

fn normal_interval(n: usize, confidence: f64) -> MedianInterval {
    let mean = n as f64 / 2.0;
    let deviation = (n as f64 / 4.0).sqrt();
    let left = mean + deviation * normal_quantile((1.0 - confidence) / 2.0);
    let right = 2.0 * mean - left;
    // A count of k stands for the band from k - 1/2 to k + 1/2.
    let low = (left - 0.5).floor() + 1.0;
    let high = (right - 0.5).ceil() + 1.0;
    let cover = |low: f64, high: f64| {
        let cdf = |x: f64| normal_cdf((x - 0.5 - mean) / deviation);
        cdf(high) - cdf(low)
    };
    let (mut high, mut reached) = (high, cover(low, high));
    let shorter = cover(low, high - 1.0);
    if shorter >= confidence && shorter < reached {
        (high, reached) = (high - 1.0, shorter);
    }
    if low <= 0.0 && high >= (n + 1) as f64 {
        reached = 1.0;
    }
    let rank = |x: f64| x.clamp(0.0, (n + 1) as f64) as usize;
    MedianInterval { low: rank(low), high: rank(high), confidence: reached }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_sorts_first() {
        let mut values = [2.0, f64::NAN, f64::NEG_INFINITY, 1.0, f64::NAN];
        sort(&mut values);
        assert!(values[0].is_nan() && values[1].is_nan());
        assert_eq!(values[2..], [f64::NEG_INFINITY, 1.0, 2.0]);
    }

    #[test]
    fn quantiles_interpolate_and_stop_at_the_ends() {
        let sample = [1.0, 2.0, 4.0, 8.0];
        assert!((median(&sample) - 3.0).abs() < 1e-15);
        assert_eq!(quantile(&sample, 0.0), 1.0);
        assert_eq!(quantile(&sample, 1.0), 8.0);
        assert_eq!(median(&[5.0]), 5.0);
        assert!(median(&[]).is_nan());
        // Of Hyndman and Fan's eighth rule: rank 1/3 + (4 + 1/3)/4 = 1.41666…
        assert!((quantile(&sample, 0.25) - 1.4166666666666667).abs() < 1e-12);
    }

    /// Ranks and confidence as printed in tables of the sign test, e.g. Conover, table A3.
    #[test]
    fn intervals_of_small_samples_are_those_of_the_sign_test() {
        for (n, low, high, confidence) in [
            (5, 0, 5, 0.96875),
            (6, 1, 6, 0.96875),
            (8, 1, 7, 0.9609375),
            (9, 2, 8, 0.9609375),
            (10, 2, 9, 0.978515625),
            (20, 6, 15, 0.9586105346679688),
        ] {
            assert_eq!(median_interval(n, 0.95), MedianInterval { low, high, confidence }, "{n}");
        }
    }

    #[test]
    fn a_sample_too_small_for_the_confidence_has_an_open_interval() {
        let interval = median_interval(3, 0.95);
        assert_eq!(interval.of(&[1.0, 2.0, 3.0]), (f64::NEG_INFINITY, f64::INFINITY));
        assert_eq!(median_interval(100, 1.0).of(&[0.0; 100]).1, f64::INFINITY);
    }

    #[test]
    fn large_samples_agree_with_the_binomial_distribution() {
        for n in [31, 32, 50, 101, 1000] {
            for confidence in [0.5, 0.9, 0.95, 0.99, 0.999] {
                let near = normal_interval(n, confidence);
                let exact = exact_interval(n, confidence);
                assert!(near.low.abs_diff(exact.low) <= 1, "{n} {near:?} {exact:?}");
                assert!(near.high.abs_diff(exact.high) <= 1, "{n} {near:?} {exact:?}");
                assert!(near.confidence >= confidence, "{n} {near:?}");
            }
        }
    }

    #[test]
    fn no_confidence_asked_for_gives_the_shortest_interval() {
        assert_eq!(median_interval(7, 0.0).low + 1, median_interval(7, 0.0).high);
        let wide = median_interval(41, 0.0);
        assert_eq!((wide.low, wide.high), (21, 21));
    }
}
