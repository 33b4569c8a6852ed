//! Watches a bench target while it runs: which bench it is at, and whether it still moves.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::apart::Enough;
use super::{Fault, Listener, Progress};
use crate::bench::{Adapter, Run};

/// How often it looks.
const TICK: Duration = Duration::from_millis(100);

/// More output than anybody reads: a program that writes without end must not fill the disk.
const FLOOD: u64 = 1 << 30;

/// No more of the output than this is read again while the program runs.
const TAIL: u64 = 64 * 1024;

/// The files that a program writes its output to.
#[derive(Clone, Debug)]
pub(super) struct Streams {
    pub(super) out: PathBuf,
    pub(super) err: PathBuf,
}

impl Streams {
    pub(super) fn in_dir(dir: &Path) -> Self {
        Streams { out: dir.join("stdout"), err: dir.join("stderr") }
    }

    fn sizes(&self) -> (u64, u64) {
        let size = |path: &Path| fs::metadata(path).map_or(0, |metadata| metadata.len());
        (size(&self.out), size(&self.err))
    }
}

/// Looks after a program until `done`.
pub(super) struct Watch<'a> {
    pub(super) streams: &'a Streams,
    pub(super) adapter: &'a (dyn Adapter + Send + Sync),
    pub(super) scratch: &'a Path,
    pub(super) stall: Duration,
    pub(super) listener: &'a Listener<'a>,
    /// Set by the user.
    pub(super) interrupt: &'a AtomicBool,
    /// Set here, to end the program.
    pub(super) stop: &'a AtomicBool,
    /// Set when the program has ended.
    pub(super) done: &'a AtomicBool,
    /// Why the program was ended, where the user did not want it.
    pub(super) fault: &'a Mutex<Option<Fault>>,
    /// When the program has shown enough to be ended; `None` where it ends by itself.
    pub(super) enough: Option<&'a Enough>,
}

impl Watch<'_> {
    pub(super) fn run(&self) {
        let mut sizes = (0, 0);
        let mut moved = Instant::now();
        let mut look = self.enough.map(Enough::first_look);
        let mut at = None;
        let mut stall = self.stall;
        while !self.done.load(Ordering::Acquire) {
            let until = look.map_or(TICK, |look| look.saturating_duration_since(Instant::now()));
            // Whoever sets `done` ends the pause.
            std::thread::park_timeout(until.min(TICK));
            if self.interrupt.load(Ordering::Relaxed) {
                self.stop.store(true, Ordering::Relaxed);
            }
            let now = self.streams.sizes();
            if now != sizes {
                sizes = now;
                moved = Instant::now();
                let silent = self.tell(&mut at);
                // Twice what the harness expects, since it may be wrong.
                stall = self.stall.max(silent.unwrap_or_default().saturating_mul(2));
            }
            if now.0.saturating_add(now.1) > FLOOD {
                self.end(Fault::Flooded);
            } else if moved.elapsed() > stall {
                self.end(Fault::Stalled(stall));
            }
            if let (Some(enough), Some(now)) =
                (self.enough, look.filter(|at| *at <= Instant::now()))
            {
                look = enough.next_look(self.adapter, now);
                if look.is_none() {
                    self.stop.store(true, Ordering::Relaxed);
                }
            }
        }
    }

    /// Tells which bench is running; returns how long it said it would be silent.
    fn tell(&self, last: &mut Option<String>) -> Option<Duration> {
        let (stdout, stderr) = (tail(&self.streams.out), tail(&self.streams.err));
        let run = Run { stdout: &stdout, stderr: &stderr, scratch: self.scratch, reads: None };
        let at = self.adapter.at(&run);
        if let Some(name) = at.as_deref().filter(|_| at != *last) {
            (self.listener)(Progress::Bench(name));
        }
        *last = at;
        self.adapter.silent_for(&run)
    }

    fn end(&self, fault: Fault) {
        if let Ok(mut slot) = self.fault.lock() {
            slot.get_or_insert(fault);
        }
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// The end of a file, from a line's beginning where there is one.
fn tail(path: &Path) -> String {
    use std::io::{Read, Seek, SeekFrom};
    let read = || -> std::io::Result<Vec<u8>> {
        let mut file = fs::File::open(path)?;
        let size = file.metadata()?.len();
        file.seek(SeekFrom::Start(size.saturating_sub(TAIL)))?;
        let mut bytes = Vec::new();
        file.take(TAIL).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    String::from_utf8_lossy(&read().unwrap_or_default()).into_owned()
}
