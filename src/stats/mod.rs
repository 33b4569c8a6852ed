//! Statistics of samples: numbers in, numbers out, no files and no processes.
//!
//! Distributions are exact wherever that is cheap; each is tested against printed tables or an
//! independent implementation.

mod mann_whitney;
mod mean;
mod multiple;
mod normal;
mod order;
mod signed_rank;

pub use mann_whitney::{MannWhitney, NoTest, mann_whitney, smallest_p};
pub use mean::geometric_mean;
pub use multiple::{benjamini_hochberg, holm};
pub use normal::{normal_cdf, normal_quantile};
pub use order::{MedianInterval, median, median_interval, middle, quantile, sort};
pub use signed_rank::{Estimate, SignedRank, hodges_lehmann, pairs_for_level};

#[cfg(test)]
mod tests {
    //! Agreement with SciPy; `tests/fixtures/stats/make_reference.py` made the values.

    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Reference {
        mann_whitney: Vec<UTest>,
        signed_rank: Vec<Paired>,
        quantile: Vec<Quantile>,
        geometric_mean: Vec<Mean>,
        adjusted: Vec<Adjusted>,
        normal: Vec<Normal>,
    }

    #[derive(Deserialize)]
    struct UTest {
        a: Vec<f64>,
        b: Vec<f64>,
        u: f64,
        p: f64,
    }

    #[derive(Deserialize)]
    struct Paired {
        d: Vec<f64>,
        p: f64,
        shift: f64,
    }

    #[derive(Deserialize)]
    struct Quantile {
        x: Vec<f64>,
        q: f64,
        value: f64,
    }

    #[derive(Deserialize)]
    struct Mean {
        x: Vec<f64>,
        value: f64,
    }

    #[derive(Deserialize)]
    struct Adjusted {
        p: Vec<f64>,
        holm: Vec<f64>,
        bh: Vec<f64>,
    }

    #[derive(Deserialize)]
    struct Normal {
        p: f64,
        z: f64,
    }

    fn reference() -> Reference {
        serde_json::from_str(include_str!("../../tests/fixtures/stats/reference.json")).unwrap()
    }

    fn assert_near(got: f64, expected: f64, what: &str) {
        let scale = expected.abs().max(1e-300);
        assert!((got - expected).abs() <= 1e-10 * scale, "{what}: {got}, SciPy {expected}");
    }

    #[test]
    fn the_u_test_agrees_with_scipy_exact_approximate_and_with_ties() {
        let cases = reference().mann_whitney;
        assert_eq!(cases.len(), 40);
        for case in cases {
            let test = mann_whitney(&case.a, &case.b).unwrap();
            assert_eq!(test.u, case.u);
            assert_near(test.p.min(1.0), case.p, "p");
        }
    }

    #[test]
    fn the_signed_rank_test_agrees_with_scipy() {
        for case in reference().signed_rank {
            let estimate = hodges_lehmann(&case.d, 0.01).unwrap();
            assert_near(estimate.p, case.p, "p");
            assert_near(estimate.shift, case.shift, "shift");
        }
    }

    #[test]
    fn quantiles_and_means_agree_with_numpy_and_scipy() {
        let reference = reference();
        for case in reference.quantile {
            assert_near(quantile(&case.x, case.q), case.value, "quantile");
        }
        for case in reference.geometric_mean {
            assert_near(geometric_mean(case.x).unwrap(), case.value, "mean");
        }
        for case in reference.normal {
            assert_near(normal_quantile(case.p), case.z, "normal quantile");
        }
    }

    #[test]
    fn adjusted_p_values_agree_with_scipy() {
        for case in reference().adjusted {
            for (got, expected) in holm(&case.p).iter().zip(&case.holm) {
                assert_near(*got, *expected, "holm");
            }
            for (got, expected) in benjamini_hochberg(&case.p).iter().zip(&case.bh) {
                assert_near(*got, *expected, "bh");
            }
        }
    }
}
