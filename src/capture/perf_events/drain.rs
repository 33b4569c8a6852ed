//! The thread that empties the ring buffers into files while the program runs.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use perf_event::Sampler;

use super::base::Bases;
use super::{Clocks, STACK_BYTES, read};
use crate::capture::{Error, Switch};

/// A running reader of ring buffers.
pub(in crate::capture) struct Drain {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Vec<Ring>>,
}

/// What the ring buffers gave.
#[derive(Debug, Default)]
pub(in crate::capture) struct Drained {
    /// One file per event.
    pub(in crate::capture) files: Vec<PathBuf>,
    /// What each event counted, in the order of the files, where that could be read.
    pub(in crate::capture) counts: Vec<Option<u64>>,
    /// Samples.
    pub(in crate::capture) samples: u64,
    /// Events for which a ring buffer had no room.
    pub(in crate::capture) lost: u64,
    /// Why events after some moment are not in the files.
    pub(in crate::capture) failed: Option<io::Error>,
}

/// One ring buffer and its file.
struct Ring {
    sampler: Sampler,
    path: PathBuf,
    file: BufWriter<File>,
    samples: u64,
    lost: u64,
    failed: Option<io::Error>,
}

impl Drain {
    /// Begins to read, with a pause after each look; the files appear in `dir` under `name`.
    pub(in crate::capture) fn start(
        samplers: Vec<Sampler>,
        pause: Duration,
        dir: &Path,
        name: &str,
        switch: Option<Arc<Switch>>,
    ) -> Result<Drain, Error> {
        let mut rings = Vec::with_capacity(samplers.len());
        for (at, sampler) in samplers.into_iter().enumerate() {
            let path = dir.join(format!("{name}-{at}.raw"));
            let file =
                File::create(&path).map_err(|error| Error::File { path: path.clone(), error })?;
            let file = BufWriter::with_capacity(256 << 10, file);
            rings.push(Ring { sampler, path, file, samples: 0, lost: 0, failed: None });
        }
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = thread::Builder::new()
            .name("perf-rings".to_owned())
            .spawn(move || {
                let mut bases = Bases::default();
                // Asked before the last look, so that the look comes after whatever was recorded.
                while !stopped.load(Ordering::Acquire) {
                    // Whoever stops it ends the pause.
                    thread::park_timeout(pause);
                    let idle = switch.as_ref().is_some_and(|switch| switch.is_idle());
                    empty(&mut rings, &mut bases, idle);
                }
                let idle = switch.as_ref().is_some_and(|switch| switch.is_idle());
                empty(&mut rings, &mut bases, idle);
                rings
            })
            .map_err(|error| Error::File { path: dir.to_owned(), error })?;
        Ok(Drain { stop, thread })
    }

    /// Reads what is left, and ends.
    pub(in crate::capture) fn finish(self) -> Drained {
        self.stop.store(true, Ordering::Release);
        self.thread.thread().unpark();
        let mut drained = Drained::default();
        let Ok(rings) = self.thread.join() else {
            drained.failed = Some(io::Error::other("the reader of perf events ended early"));
            return drained;
        };
        for mut ring in rings {
            if let Err(error) = ring.file.flush() {
                ring.failed.get_or_insert(error);
            }
            drained.samples += ring.samples;
            drained.lost += ring.lost;
            drained.counts.push(ring.sampler.read().ok());
            drained.files.push(ring.path);
            drained.failed = drained.failed.or(ring.failed);
        }
        drained
    }
}

impl Clocks {
    /// How long the reader may sleep.
    pub(in crate::capture) fn pause(&self) -> Duration {
        pause(self.ring_bytes, self.period)
    }
}

/// Until a ring buffer is a quarter full.
///
/// The kernel reserves room for the whole stack copy in each record, used or not.
fn pause(ring_bytes: usize, period: u64) -> Duration {
    let samples = (ring_bytes as u64 / u64::from(STACK_BYTES) / 4).max(1);
    Duration::from_nanos(samples.saturating_mul(period)).min(Duration::from_millis(50))
}

fn empty(rings: &mut [Ring], bases: &mut Bases, idle: bool) {
    bases.next_pass();
    rings.iter_mut().for_each(|ring| ring.empty(bases, idle));
}

impl Ring {
    /// Moves every record into the file; while nothing is to be recorded, all but the samples.
    fn empty(&mut self, bases: &mut Bases, idle: bool) {
        while let Some(record) = self.sampler.next_record() {
            match record.ty() {
                read::SAMPLE => self.samples += 1,
                read::LOST => self.lost += read::lost_count(&record.to_contiguous()),
                _ => {}
            }
            if idle && record.ty() == read::SAMPLE {
                continue;
            }
            // A full disk ends the file, not the reading: the program must not wait for us.
            if self.failed.is_none()
                && let Err(error) = read::write_record(
                    &mut self.file,
                    record.ty(),
                    record.misc(),
                    &record.to_contiguous(),
                    bases,
                )
            {
                self.failed = Some(error);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reader_sleeps_for_a_quarter_of_a_ring_and_never_long() {
        assert_eq!(pause(4 << 20, 1_000_000), Duration::from_millis(16));
        assert_eq!(pause(256 << 10, 1_000_000), Duration::from_millis(1));
        assert_eq!(pause(4 << 20, 1_000_000_000), Duration::from_millis(50));
    }
}
