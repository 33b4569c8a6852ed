//! Geometric mean.

/// The geometric mean, or `None` for an empty sample or one with a value that is not positive.
///
/// Sums and functions are evaluated in the order and to the last bit that benchstat's are, since
/// its CSV prints all digits.
pub fn geometric_mean(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let mut mean = 0.0;
    let mut count = 0.0;
    for value in values {
        if value <= 0.0 {
            return None;
        }
        count += 1.0;
        mean += (libm::log(value) - mean) / count;
    }
    let result = exp(mean);
    (count > 0.0 && !result.is_nan()).then_some(result)
}

/// `e^x` by Shibata's method (2010): the remainder modulo ln 2 is divided by 16, its Taylor
/// series summed, and `e^(2y) - 1 = (e^y - 1)(e^y - 1 + 2)` applied four times.
fn exp(x: f64) -> f64 {
    // The upper half of ln 2 has trailing zeros, so that its multiples are exact.
    const LN2_HIGH: f64 = 0.693_147_180_559_663;
    const LN2_LOW: f64 = 2.823_529_056_303_157_7e-13;
    const FACTORIALS: [f64; 7] = [5040.0, 720.0, 120.0, 24.0, 6.0, 2.0, 1.0];
    if !x.is_finite() || !(-740.0..709.782_712_893_384).contains(&x) {
        return x.exp();
    }
    let power = (std::f64::consts::LOG2_E * x).round_ties_even();
    let rest = (-power).mul_add(LN2_LOW, (-power).mul_add(LN2_HIGH, x)) * 0.0625;
    let series = FACTORIALS.iter().fold(1.0 / 40320.0, |sum: f64, k| sum.mul_add(rest, 1.0 / k));
    let mut less_one = rest * series;
    for _ in 0..3 {
        less_one *= less_one + 2.0;
    }
    let fraction = less_one.mul_add(less_one + 2.0, 1.0);
    libm::ldexp(fraction, power as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_geometric_mean_of_ratios_and_their_inverses_is_one() {
        assert_eq!(geometric_mean([0.5, 2.0, 1.0]), Some(1.0));
        assert_eq!(geometric_mean([]), None);
        assert_eq!(geometric_mean([1.0, 0.0]), None);
        assert_eq!(geometric_mean([1.0, -1.0]), None);
        assert_eq!(geometric_mean([f64::NAN]), None);
        assert_eq!(geometric_mean([1.0, f64::INFINITY]), Some(f64::INFINITY));
    }

    #[test]
    fn the_last_digits_are_those_that_benchstat_prints() {
        assert_eq!(geometric_mean([1.3130000000000002e-06]), Some(1.3129999999999995e-06));
        assert_eq!(geometric_mean([1.31328e-06]), Some(1.3132800000000011e-06));
        assert_eq!(geometric_mean([0.000895744916107596]), Some(0.0008957449161075957));
        assert_eq!(geometric_mean([32.045]), Some(32.045));
        assert_eq!(
            geometric_mean([0.00031307392, 9.000000000000001e-09]),
            Some(1.6785902656693797e-06)
        );
    }

    #[test]
    fn exp_agrees_with_the_library_to_two_units_in_the_last_place() {
        for step in -7000..7000 {
            let x = f64::from(step) * 0.1;
            let (ours, library) = (exp(x), x.exp());
            assert!((ours / library - 1.0).abs() <= 2.0 * f64::EPSILON, "{x}: {ours} {library}");
        }
    }
}
