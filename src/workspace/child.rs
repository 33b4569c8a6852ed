//! A child process that ends, with all its own children, when the caller is interrupted.

use std::io;
use std::process::{Child, Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How often the interrupt is looked at.
pub(super) const TICK: Duration = Duration::from_millis(20);
/// How long an interrupted child may take to end by itself.
const GRACE: Duration = Duration::from_secs(2);

/// Starts it as the leader of a process group, so that its children can be ended with it.
pub(super) fn spawn(command: &mut Command) -> io::Result<Child> {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    command.spawn()
}

/// Waits until it ends. An interrupt asks the whole group to end, then insists.
pub(super) fn wait(child: &mut Child, interrupt: &AtomicBool) -> io::Result<ExitStatus> {
    let mut interrupted: Option<Instant> = None;
    loop {
        if let Some(status) = child.try_wait()? {
            if interrupted.is_some() {
                end_group(child, true);
            }
            return Ok(status);
        }
        match interrupted {
            None if interrupt.load(Ordering::Relaxed) => {
                end_group(child, false);
                interrupted = Some(Instant::now());
            }
            Some(since) if since.elapsed() > GRACE => end_group(child, true),
            _ => {}
        }
        std::thread::sleep(TICK);
    }
}

#[cfg(unix)]
fn end_group(child: &mut Child, insist: bool) {
    use rustix::process::{Pid, Signal, kill_process_group};
    let signal = if insist { Signal::KILL } else { Signal::INT };
    if let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        // It may just have ended by itself.
        let _ = kill_process_group(pid, signal);
    }
}

#[cfg(not(unix))]
fn end_group(child: &mut Child, _insist: bool) {
    let _ = child.kill();
}
