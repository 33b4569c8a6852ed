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

/// What their names begin with.
const PREFIX: &str = "run-";

/// `target/perf/run-PID`, so that two recordings do not meet.
pub(super) struct Scratch {
    dir: PathBuf,
    agent_dir: PathBuf,
}

impl Scratch {
    pub(super) fn new(perf_dir: &Path) -> Result<Self, ScratchError> {
        sweep(perf_dir);
        let dir = perf_dir.join(format!("{PREFIX}{}", std::process::id()));
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
        // What cannot be removed now is removed by the next recording or by `cargo clean`.
        let _ = fs::remove_dir_all(&self.dir);
    }
}

/// Removes what recordings left that were killed, tens of megabytes each.
fn sweep(perf_dir: &Path) {
    for entry in fs::read_dir(perf_dir).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let pid = name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.parse().ok());
        if pid.is_some_and(|pid| !is_running(pid)) {
            // The next recording tries it again.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Whether there is such a process; a later one may have the number, and then its folder stays.
#[cfg(unix)]
fn is_running(pid: i32) -> bool {
    use rustix::io::Errno;
    use rustix::process::{Pid, test_kill_process};
    let Some(pid) = Pid::from_raw(pid) else { return false };
    !matches!(test_kill_process(pid), Err(Errno::SRCH))
}

/// Where no one tells, all may run.
#[cfg(not(unix))]
fn is_running(_pid: i32) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn what_killed_recordings_left_is_removed_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let mut gone = std::process::Command::new("true").spawn().unwrap();
        gone.wait().unwrap();
        let left = dir.path().join(format!("run-{}", gone.id()));
        let kept = ["run-1", "run-x", "release"].map(|name| dir.path().join(name));
        for path in kept.iter().chain([&left]) {
            fs::create_dir_all(path.join("raw")).unwrap();
        }
        drop(Scratch::new(dir.path()).unwrap());
        assert!(!left.exists());
        assert!(kept.iter().all(|path| path.exists()));
    }
}
