//! A program whose output is kept, and which is ended when it takes too long.

use std::io::{self, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::child;

/// What a program wrote and how it ended.
#[derive(Clone, Debug)]
pub struct Captured {
    /// How it ended.
    pub status: ExitStatus,
    /// It took longer than it may, and was ended.
    pub is_late: bool,
    /// The end of what it wrote to standard output.
    pub stdout: String,
    /// The end of what it wrote to standard error.
    pub stderr: String,
}

/// More than anybody reads: only the end of an output is kept.
const KEPT: usize = 4 << 20;

/// Runs it to its end, or until the limit or the caller's interrupt ends it with all its children.
pub fn run_captured(
    command: &mut Command,
    limit: Option<Duration>,
    interrupt: &AtomicBool,
) -> io::Result<Captured> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = child::spawn(command)?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let (ended, over) = (AtomicBool::new(false), AtomicBool::new(false));
    let start = Instant::now();
    std::thread::scope(|scope| {
        let stdout = scope.spawn(|| stdout.map(end_of).unwrap_or_default());
        let stderr = scope.spawn(|| stderr.map(end_of).unwrap_or_default());
        let watching = scope.spawn(|| {
            let is_late = || limit.is_some_and(|limit| start.elapsed() > limit);
            while !ended.load(Ordering::Relaxed) {
                if interrupt.load(Ordering::Relaxed) || is_late() {
                    over.store(true, Ordering::Relaxed);
                }
                // Whoever sets `ended` ends the pause.
                std::thread::park_timeout(child::TICK);
            }
        });
        let status = child::wait(&mut child, &over);
        ended.store(true, Ordering::Relaxed);
        watching.thread().unpark();
        Ok(Captured {
            status: status?,
            is_late: over.load(Ordering::Relaxed) && !interrupt.load(Ordering::Relaxed),
            stdout: stdout.join().unwrap_or_default(),
            stderr: stderr.join().unwrap_or_default(),
        })
    })
}

fn end_of(mut stream: impl Read) -> String {
    let (mut kept, mut chunk) = (Vec::new(), vec![0; 64 << 10]);
    while let Ok(read) = stream.read(&mut chunk)
        && read > 0
    {
        kept.extend_from_slice(&chunk[..read]);
        if kept.len() > 2 * KEPT {
            kept.drain(..kept.len() - KEPT);
        }
    }
    String::from_utf8_lossy(&kept).into_owned()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn run(script: &str, limit: Option<u64>) -> Captured {
        let limit = limit.map(Duration::from_millis);
        run_captured(Command::new("sh").args(["-c", script]), limit, &AtomicBool::new(false))
            .unwrap()
    }

    #[test]
    fn output_and_status_are_kept() {
        let ran = run("echo out; echo err >&2; exit 3", None);
        assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("out\n", "err\n"));
        assert_eq!(ran.status.code(), Some(3));
        assert!(!ran.is_late);
    }

    #[test]
    fn what_takes_too_long_is_ended_with_its_children() {
        let ran = run("sleep 600 & sleep 600; echo never", Some(50));
        assert!(ran.is_late);
        assert_eq!(ran.stdout, "");
    }

    #[test]
    fn an_interrupt_is_not_lateness() {
        let ran = run_captured(
            Command::new("sleep").arg("600"),
            Some(Duration::from_secs(600)),
            &AtomicBool::new(true),
        );
        assert!(!ran.unwrap().is_late);
    }
}
