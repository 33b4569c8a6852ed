//! Sessions of a service, all behind one lock.

use std::collections::HashMap;
use std::sync::Mutex;

/// How often each session has been seen.
#[derive(Debug, Default)]
pub struct Sessions {
    visits: Mutex<HashMap<u64, u64>>,
}

impl Sessions {
    /// Counts a visit, and says how many there were.
    pub fn visit(&self, session: u64) -> u64 {
        let mut visits = self.visits.lock().unwrap();
        let count = visits.entry(session).or_insert(0);
        *count += 1;
        *count
    }

    /// How many sessions there are.
    pub fn len(&self) -> usize {
        self.visits.lock().unwrap().len()
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
