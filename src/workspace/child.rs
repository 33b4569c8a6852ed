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
    let status = wait_and(child, interrupt, end_group);
    if interrupt.load(Ordering::Relaxed) {
        // Its children may have outlived it.
        end_group(child, true);
    }
    status
}

/// The same for a child that stays in the caller's group, so that who ends the group ends both: an
/// interrupt that reached the caller alone ends it, too.
pub(super) fn wait_in_group(child: &mut Child, interrupt: &AtomicBool) -> io::Result<ExitStatus> {
    wait_and(child, interrupt, end_one)
}

fn wait_and(
    child: &mut Child,
    interrupt: &AtomicBool,
    end: fn(&mut Child, insist: bool),
) -> io::Result<ExitStatus> {
    let mut interrupted: Option<Instant> = None;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        match interrupted {
            None if interrupt.load(Ordering::Relaxed) => {
                end(child, false);
                interrupted = Some(Instant::now());
            }
            Some(since) if since.elapsed() > GRACE => end(child, true),
            _ => {}
        }
        pause(child);
    }
}

/// Until the next look; no longer than the child runs, where the system can tell.
#[cfg(target_os = "linux")]
fn pause(child: &Child) {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::process::{Pid, PidfdFlags, pidfd_open};
    let Ok(running) = pidfd_open(Pid::from_child(child), PidfdFlags::empty()) else {
        return std::thread::sleep(TICK);
    };
    let tick = Timespec { tv_sec: 0, tv_nsec: TICK.subsec_nanos().into() };
    // A signal ends it early, which is an early look.
    let _ = poll(&mut [PollFd::new(&running, PollFlags::IN)], Some(&tick));
}

#[cfg(not(target_os = "linux"))]
fn pause(_child: &Child) {
    std::thread::sleep(TICK);
}

#[cfg(unix)]
fn end_group(child: &mut Child, insist: bool) {
    signal(child, insist, rustix::process::kill_process_group);
}

#[cfg(unix)]
fn end_one(child: &mut Child, insist: bool) {
    signal(child, insist, rustix::process::kill_process);
}

#[cfg(unix)]
fn signal(
    child: &Child,
    insist: bool,
    send: fn(rustix::process::Pid, rustix::process::Signal) -> rustix::io::Result<()>,
) {
    use rustix::process::{Pid, Signal};
    let signal = if insist { Signal::KILL } else { Signal::INT };
    if let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        // It may just have ended by itself.
        let _ = send(pid, signal);
    }
}

#[cfg(not(unix))]
fn end_one(child: &mut Child, insist: bool) {
    end_group(child, insist);
}

#[cfg(not(unix))]
fn end_group(child: &mut Child, _insist: bool) {
    let _ = child.kill();
}
