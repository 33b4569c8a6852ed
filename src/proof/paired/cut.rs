//! Benches whose harness decides itself how long it takes: libtest needs a third of a second for
//! each where the machine is calm, three where it is not, and minutes for a slow one. What it
//! prints then is a median, which whatever else the machine does moves. So its processes are ended
//! early, and the clock reads that it made until then show its samples, of which the fastest counts.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use super::Which;
use super::process::{Fault, Processes};
use super::side::Target;
use crate::bench::Sample;
use crate::model::verdict::BenchName;

/// When to end the processes of each bench; `None` where its samples cannot be told.
#[derive(Debug, Default)]
pub(super) struct Cuts(RefCell<BTreeMap<BenchName, Option<Duration>>>);

impl Cuts {
    /// Whether the processes of a bench take as long as they take.
    fn are_whole(&self, bench: &BenchName) -> bool {
        self.0.borrow().get(bench) == Some(&None)
    }
}

impl Processes<'_> {
    /// Seconds per iteration on either side, measured in the same way on both.
    pub(super) fn alike<T>(
        &self,
        bench: &BenchName,
        pair: impl Fn() -> Result<T, (Which, Fault)>,
    ) -> Result<T, (Which, Fault)> {
        loop {
            let whole = self.cuts.are_whole(bench);
            let measured = pair()?;
            if self.cuts.are_whole(bench) == whole {
                return Ok(measured);
            }
        }
    }

    /// The samples of one process, ended when there were enough; `None` where that does not work
    /// for this bench, and then never again.
    pub(super) fn cut_short(
        &self,
        target: &Target,
        copy: &Path,
        bench: &str,
    ) -> Result<Option<Vec<Sample>>, Fault> {
        let name = target.bench_name(bench);
        let known = self.cuts.0.borrow().get(&name).copied();
        let mut next = known.unwrap_or(Some(self.length.warm_up + self.length.measure));
        while let Some(limit) = next {
            let call = target.adapter.sample(bench, &self.length, &self.scratch);
            let Some((reads, is_over)) = self.reads_of(target, copy, call, limit)? else { break };
            if let Some(begun) = target.adapter.begun(bench, &reads) {
                self.cuts.0.borrow_mut().insert(name, Some(limit));
                return Ok(Some(begun.samples));
            }
            // It was not far enough; the next process may take twice as long.
            next = (!is_over && limit < self.limit).then(|| limit * 2);
        }
        self.cuts.0.borrow_mut().insert(name, None);
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::path::PathBuf;
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::bench::Length;

    #[test]
    fn a_pair_whose_two_sides_were_measured_in_different_ways_is_measured_again() {
        let second = Duration::from_secs(1);
        let interrupt = AtomicBool::new(false);
        let processes = Processes {
            length: Length { warm_up: second, measure: second, samples: 1 },
            limit: second,
            scratch: PathBuf::new(),
            interrupt: &interrupt,
            cuts: Cuts::default(),
        };
        let bench =
            BenchName { package: "p".to_owned(), target: "t".to_owned(), bench: "b".to_owned() };
        let times = Cell::new(0);
        let pair = || {
            times.set(times.get() + 1);
            if times.get() == 2 {
                processes.cuts.0.borrow_mut().insert(bench.clone(), None);
            }
            Ok(times.get())
        };
        assert_eq!(processes.alike(&bench, pair), Ok(1));
        assert_eq!(processes.alike(&bench, pair), Ok(3));
        assert_eq!(processes.alike(&bench, pair), Ok(4));
    }
}
