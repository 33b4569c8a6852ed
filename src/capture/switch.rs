//! A switch by which a recording of a running program is started and stopped.

use std::sync::{Mutex, PoisonError};

use super::system;

/// How long after it was switched off samples may still come in that were taken before.
const LATE_NANOS: u64 = 500_000_000;

/// Off at first; each flip turns it.
#[derive(Debug, Default)]
pub struct Switch {
    flips: Mutex<Vec<u64>>,
}

impl Switch {
    /// Turns it, now. Tells whether it is on.
    pub fn flip(&self) -> bool {
        let mut flips = self.flips.lock().unwrap_or_else(PoisonError::into_inner);
        flips.push(system::monotonic());
        flips.len() % 2 == 1
    }

    /// From when to when it was on, in the time of the events; `end` closes the last span.
    pub fn spans(&self, end: u64) -> Vec<(u64, u64)> {
        let flips = self.flips.lock().unwrap_or_else(PoisonError::into_inner);
        flips.chunks(2).map(|pair| (pair[0], pair.get(1).copied().unwrap_or(end))).collect()
    }

    /// Whether it is off, and has been for so long that nothing from before is still to come.
    pub(super) fn is_idle(&self) -> bool {
        let flips = self.flips.lock().unwrap_or_else(PoisonError::into_inner);
        flips.len().is_multiple_of(2)
            && flips.last().is_none_or(|last| system::monotonic() > last.saturating_add(LATE_NANOS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_between_two_flips_is_a_span_and_the_end_closes_the_last() {
        let switch = Switch::default();
        assert!(switch.is_idle());
        assert_eq!(switch.spans(u64::MAX), []);
        assert!(switch.flip());
        assert!(!switch.is_idle());
        assert!(!switch.flip());
        assert!(!switch.is_idle(), "samples of the span may still be on their way");
        assert!(switch.flip());
        let spans = switch.spans(u64::MAX);
        assert_eq!(spans.len(), 2);
        assert!(spans[0].0 <= spans[0].1 && spans[0].1 <= spans[1].0);
        assert_eq!(spans[1].1, u64::MAX);
    }
}
