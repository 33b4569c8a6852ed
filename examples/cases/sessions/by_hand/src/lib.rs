//! Sessions of a service, in parts that each have a lock of their own.

use std::collections::HashMap;
use std::sync::Mutex;

const SHARDS: u64 = 64;

/// A part, on cache lines of its own so that one lock does not slow its neighbours.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Shard(Mutex<HashMap<u64, u64>>);

/// How often each session has been seen.
#[derive(Debug)]
pub struct Sessions {
    shards: Vec<Shard>,
}

impl Default for Sessions {
    fn default() -> Self {
        Sessions { shards: (0..SHARDS).map(|_| Shard::default()).collect() }
    }
}

impl Sessions {
    /// Counts a visit, and says how many there were.
    pub fn visit(&self, session: u64) -> u64 {
        // The multiplication spreads neighbouring numbers over the parts.
        let shard = session.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58;
        let mut visits = self.shards[shard as usize].0.lock().unwrap();
        let count = visits.entry(session).or_insert(0);
        *count += 1;
        *count
    }

    /// How many sessions there are.
    pub fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.0.lock().unwrap().len()).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visits_are_counted_per_session_over_all_threads() {
        let sessions = Sessions::default();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..100).map(|n| sessions.visit(n % 10)).max());
            }
        });
        for id in 0..10 {
            assert_eq!(sessions.visit(id), 41);
        }
        assert_eq!(sessions.len(), 10);
    }
}
