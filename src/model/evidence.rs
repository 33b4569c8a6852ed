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
    /// Allocations per iteration.
    pub allocs_per_iter: Option<f64>,
    /// Bytes allocated per iteration.
    pub bytes_per_iter: Option<f64>,
    /// Reallocations that grew, per iteration.
    pub growths_per_iter: Option<f64>,
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
        // Where threads wait, the bound speaks of waiting.
        let waits = self.lock_wait_share.is_some_and(|share| share > 0.0);
        let claimed = self.bound.filter(|_| !waits).map(|bound| 1.0 - 1.0 / bound);
        self.cpu_share.map(|share| claimed.unwrap_or(share))
    }
}
