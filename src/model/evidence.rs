//! What was measured at a span, per bench.

use serde::{Deserialize, Serialize};

/// The measured cost of a span in one bench. A quantity that was not measured is `None`, never 0.
///
/// The field names are those of the JSON contract.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The bench.
    pub bench: String,
    /// CPU samples behind the shares.
    pub samples: u64,
    /// Share of the bench's CPU time at the span and below it.
    pub cpu_share: Option<f64>,
    /// Share of the bench's CPU time in the span's own code.
    pub cpu_self_share: Option<f64>,
    /// The largest speed-up of the bench if this cost went to zero.
    pub bound: Option<f64>,
    /// This cost is the waiting, not CPU time.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub claims_waiting: bool,
    /// Allocations per iteration.
    pub allocs_per_iter: Option<f64>,
    /// Bytes allocated per iteration.
    pub bytes_per_iter: Option<f64>,
    /// Standard error of the allocations, as a share of them: their total is counted, what part of
    /// it is the span's is told by sampled stacks.
    pub allocs_error: Option<f64>,
    /// Reallocations that grew, per iteration.
    pub growths_per_iter: Option<f64>,
    /// Standard error of these, as a share of them.
    pub growths_error: Option<f64>,
    /// Bytes these copied, per iteration.
    pub growth_bytes_per_iter: Option<f64>,
    /// Share of the threads' time spent waiting for a lock here.
    pub lock_wait_share: Option<f64>,
    /// System calls for I/O per iteration.
    pub io_calls_per_iter: Option<f64>,
}

impl Evidence {
    /// The share of CPU time that would be gone with what is claimed, which may be less than the
    /// span's: of `map.get(&key)` the hashing, not the comparison.
    pub fn claimed_share(&self) -> Option<f64> {
        let claimed = self.bound.filter(|_| !self.claims_waiting).map(share);
        self.cpu_share.map(|share| claimed.unwrap_or(share))
    }

    /// The share of waiting, where that is what is claimed: threads may wait below a span of which
    /// something else is said.
    pub fn claimed_wait(&self) -> Option<f64> {
        self.lock_wait_share.filter(|&share| self.claims_waiting && share > 0.0)
    }
}

/// What would be gone at this bound.
fn share(bound: f64) -> f64 {
    1.0 - 1.0 / bound
}

#[cfg(test)]
mod tests {
    use super::Evidence;

    #[test]
    fn waiting_is_told_where_it_is_what_is_claimed() {
        let of = |bound, claims_waiting| Evidence {
            cpu_share: Some(0.9),
            lock_wait_share: Some(0.5),
            bound,
            claims_waiting,
            ..Evidence::default()
        };
        assert_eq!(of(Some(2.0), true).claimed_wait(), Some(0.5));
        // There are no processors for more.
        assert_eq!(of(Some(1.25), true).claimed_wait(), Some(0.5));
        assert_eq!(of(Some(2.0), true).claimed_share(), Some(0.9));
        // The keys of a map are hashed by threads that wait for each other elsewhere.
        assert_eq!(of(Some(1.25), false).claimed_wait(), None);
        assert!((of(Some(1.25), false).claimed_share().unwrap() - 0.2).abs() < 1e-9);
        assert_eq!(of(None, false).claimed_wait(), None);
    }
}
