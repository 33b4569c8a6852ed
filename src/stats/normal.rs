//! The normal distribution.

use std::f64::consts::{PI, SQRT_2};

/// The probability that a standard normal variable is at most `z`.
pub fn normal_cdf(z: f64) -> f64 {
    libm::erfc(-z / SQRT_2) / 2.0
}

/// The value that a standard normal variable stays below with probability `p`.
pub fn normal_quantile(p: f64) -> f64 {
    if p.is_nan() || !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    if p > 0.5 {
        return -normal_quantile(1.0 - p);
    }
    if p == 0.0 {
        return f64::NEG_INFINITY;
    }
    if p == 0.5 {
        return 0.0;
    }
    // A start below the root: the tail is at most exp(-z²/2)/2. From there Newton's method on the
    // logarithm, which is concave, climbs without overshooting.
    let mut z = -(-2.0 * (2.0 * p).ln()).sqrt();
    for _ in 0..60 {
        let tail = normal_cdf(z);
        let density = (-z * z / 2.0).exp() / (2.0 * PI).sqrt();
        let step = (p / tail).ln() * tail / density;
        z += step;
        if step.abs() <= 1e-15 * z.abs() {
            break;
        }
    }
    z
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_agree_with_printed_tables() {
        for (p, z) in [
            (0.5, 0.0),
            (0.025, -1.959963984540054),
            (0.005, -2.5758293035489004),
            (0.975, 1.959963984540054),
            (1e-10, -6.361340902404056),
            (1e-300, -37.0471),
        ] {
            let got = normal_quantile(p);
            let tolerance = if p < 1e-100 { 1e-4 } else { 1e-12 };
            assert!((got - z).abs() <= tolerance, "{p}: {got}");
        }
        assert!(normal_quantile(-0.1).is_nan());
        assert_eq!(normal_quantile(1.0), f64::INFINITY);
    }

    #[test]
    fn the_quantile_undoes_the_distribution() {
        for step in 1..1000 {
            let p = f64::from(step) / 1000.0;
            assert!((normal_cdf(normal_quantile(p)) - p).abs() < 1e-14, "{p}");
        }
    }
}
