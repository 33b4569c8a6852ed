//! Many tests at once: which of their results to believe.

/// Holm's adjusted p-values: rejecting those at most alpha keeps the chance of even one false
/// claim at alpha.
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut adjusted = vec![0.0; p.len()];
    let mut highest: f64 = 0.0;
    for (rank, at) in by_size(p).into_iter().enumerate() {
        highest = highest.max(((p.len() - rank) as f64 * p[at]).min(1.0));
        adjusted[at] = highest;
    }
    adjusted
}

/// Benjamini and Hochberg's adjusted p-values: rejecting those at most q keeps the expected share
/// of false claims among the claims at q.
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let mut adjusted = vec![0.0; p.len()];
    let mut lowest: f64 = 1.0;
    for (rank, at) in by_size(p).into_iter().enumerate().rev() {
        lowest = lowest.min(p.len() as f64 / (rank + 1) as f64 * p[at]);
        adjusted[at] = lowest;
    }
    adjusted
}

fn by_size(p: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_close(got: &[f64], expected: &[f64]) {
        assert_eq!(got.len(), expected.len());
        for (a, b) in got.iter().zip(expected) {
            assert!((a - b).abs() < 1e-12, "{got:?} {expected:?}");
        }
    }

    /// The fifteen p-values of Benjamini and Hochberg's own example (1995): Holm rejects three of
    /// them at 5 %, their procedure four.
    #[test]
    fn the_worked_example_of_benjamini_and_hochberg_comes_out() {
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
            0.5719, 0.6528, 0.7590, 1.0,
        ];
        assert_eq!(holm(&p).iter().filter(|&&p| p <= 0.05).count(), 3);
        assert_eq!(benjamini_hochberg(&p).iter().filter(|&&p| p <= 0.05).count(), 4);
    }

    #[test]
    fn adjusted_values_keep_their_places_and_their_order() {
        let p = [0.04, 0.01, 0.03];
        assert_close(&holm(&p), &[0.06, 0.03, 0.06]);
        assert_close(&benjamini_hochberg(&p), &[0.04, 0.03, 0.04]);
        assert_close(&holm(&[0.9, 0.8]), &[1.0, 1.0]);
        assert!(holm(&[]).is_empty() && benjamini_hochberg(&[]).is_empty());
    }
}
