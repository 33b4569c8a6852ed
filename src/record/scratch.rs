//! A directory of its own for what one recording leaves behind, removed with it.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::workspace::empty_dir;

/// The directory could not be made.
#[derive(Debug)]
pub struct ScratchError {
    /// The directory.
    pub path: PathBuf,
    /// The system's reason.
    pub error: io::Error,
}

impl fmt::Display for ScratchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.error)
    }
}

impl std::error::Error for ScratchError {}

/// `target/perf/run-PID`, so that two recordings do not meet.
pub(super) struct Scratch {
    dir: PathBuf,
    agent_dir: PathBuf,
}

impl Scratch {
    pub(super) fn new(perf_dir: &Path) -> Result<Self, ScratchError> {
        let dir = perf_dir.join(format!("run-{}", std::process::id()));
        let scratch = Scratch { dir, agent_dir: perf_dir.join("agent") };
        scratch.fresh("")?;
        Ok(scratch)
    }

    /// An empty directory of this name.
    pub(super) fn fresh(&self, name: &str) -> Result<PathBuf, ScratchError> {
        let path = self.dir.join(name);
        match empty_dir(&path) {
            Ok(()) => Ok(path),
            Err(error) => Err(ScratchError { path, error }),
        }
    }

    pub(super) fn agent_dir(&self) -> &Path {
        &self.agent_dir
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed now is removed by the next run of `cargo clean`.
        let _ = fs::remove_dir_all(&self.dir);
    }
}
