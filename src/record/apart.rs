//! Benches of a harness that decides itself how long it takes: each in a process of its own, which
//! is ended when it has shown enough.
//!
//! libtest goes on until the times of its samples agree, for three seconds and more. Where stacks
//! are copied a few thousand times a second they agree late, so that a bench that is over in a third
//! of a second would take ten times as long to record.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::assemble::Assembler;
use super::run::{Program, Runner, chosen, failed};
use super::{Error, Progress};
use crate::bench::{Adapter, Choice, Collector, Measured, Reads, Timed};
use crate::capture::preload::{Reader, captures};
use crate::capture::raw::Event;

/// Runs these benches of a target, one by one.
pub(super) fn each(
    runner: &Runner<'_>,
    program: &Program,
    names: &[String],
    assembler: &mut Assembler,
) -> Result<(), Error> {
    let mut any = false;
    for name in names {
        if runner.interrupt.load(Ordering::Relaxed) {
            return Ok(());
        }
        (runner.listener)(Progress::Bench(name));
        match chosen(runner, program, Some(name), &Choice::Exactly(vec![name.clone()]))? {
            Ok(finished) => {
                // One that is marked to be ignored is listed, and does not run.
                any |= !finished.benches.is_empty() || finished.failed.is_some();
                assembler.add(program, finished)?;
            }
            Err(fault) => {
                any = true;
                assembler.failed(failed(program, Some(name.clone()), fault, String::new()));
            }
        }
    }
    if !any {
        assembler.empty(program);
    }
    Ok(())
}

/// What a bench that was ended showed until then.
pub(super) fn begun(program: &Program, bench: &str, reads: &Reads) -> Option<Measured> {
    let begun = program.adapter.begun(bench, reads)?;
    Some(Measured {
        bench: bench.to_owned(),
        iterations: Some(begun.samples.iter().map(|sample| sample.iterations).sum()),
        samples: begun.samples,
        timed: Timed::Pairs(begun.pairs),
    })
}

/// When the one bench that a program runs for has shown enough.
#[derive(Clone, Debug)]
pub(super) struct Enough {
    bench: String,
    /// How long it is to be timed.
    timed: Duration,
    /// Where the agent writes.
    raw_dir: PathBuf,
    started: Instant,
}

/// Between two looks lies at least this.
const PAUSE: Duration = Duration::from_millis(15);

impl Enough {
    pub(super) fn of(bench: &str, timed: Duration, raw_dir: &Path) -> Self {
        Enough {
            bench: bench.to_owned(),
            timed,
            raw_dir: raw_dir.to_owned(),
            started: Instant::now(),
        }
    }

    /// It cannot have been timed for longer than it runs.
    pub(super) fn first_look(&self) -> Instant {
        self.started + self.timed + PAUSE
    }

    /// When to look again; `None` where that was enough.
    pub(super) fn next_look(&self, adapter: &dyn Adapter, now: Instant) -> Option<Instant> {
        let reads = self.reads_until_now();
        match reads.and_then(|reads| adapter.begun(&self.bench, &reads)) {
            Some(begun) => {
                let nanos: f64 = begun.samples.iter().map(|sample| sample.nanos).sum();
                let left = self.timed.as_secs_f64() - nanos * 1e-9;
                let last = begun.samples.iter().rev().take(5).map(|sample| sample.nanos);
                // The sample that it is at is not seen yet.
                let at = last.fold(0.0, f64::max) * 1e-9;
                (left > at).then(|| now + Duration::from_secs_f64(left).max(PAUSE))
            }
            // Set-up, or reads that tell nothing, then or later: the longer it takes the rarer
            // it is worth a look, since each reads all that was recorded.
            None => Some(now + self.started.elapsed().max(PAUSE)),
        }
    }

    /// The clock reads of the program until now, as far as the agent has written them.
    fn reads_until_now(&self) -> Option<Reads> {
        let path = captures(&self.raw_dir).ok()?.pop()?;
        let mut reader = Reader::open(&path).ok()?;
        let mut collector = Collector::of(reader.summary().pid);
        while let Ok(Some(event)) = reader.next() {
            if let Event::Clock(read) = event {
                collector.push(&read);
            }
        }
        Some(collector.finish())
    }
}
