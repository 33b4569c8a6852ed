//! Starting the recorded program, waiting for it, and ending it with all that it started.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, IsTerminal};
use std::mem;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::process::{
    Pid, Signal, WaitId, WaitIdOptions, kill_process, kill_process_group, waitid,
};

use super::{End, Error, Input, Output, Request};

/// How long a program that was asked to end may take before it is killed.
const GRACE: Duration = Duration::from_secs(1);

/// How often the interrupt and the clock are looked at.
const TICK: Duration = Duration::from_millis(20);

/// The started program.
pub(super) struct Child {
    pid: Pid,
    own_group: bool,
    started: Instant,
}

/// How the program ended, and what it cost.
pub(super) struct Ended {
    pub(super) end: End,
    pub(super) wall: Duration,
    pub(super) user: Duration,
    pub(super) system: Duration,
}

/// Starts the program of a request with `extra` in its environment.
pub(super) fn start(request: &Request, extra: &[(OsString, OsString)]) -> Result<Child, Error> {
    let mut command = Command::new(&request.program);
    command.args(&request.args);
    if let Some(cwd) = &request.cwd {
        command.current_dir(cwd);
    }
    for (name, value) in &request.env {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.envs(extra.iter().map(|(name, value)| (name, value)));
    if request.stdin == Input::Null {
        command.stdin(Stdio::null());
    }
    streams(request, &mut command)?;
    // A group of its own makes the program's children reachable as one. A program that reads from
    // the terminal must stay in the group that the terminal belongs to.
    let own_group = request.stdin == Input::Null || !io::stdin().is_terminal();
    if own_group {
        command.process_group(0);
    }
    let started = Instant::now();
    let failed = |error| Error::Start { program: request.program.clone(), error };
    let child = command.spawn().map_err(failed)?;
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let pid = pid.ok_or_else(|| failed(io::Error::other("no such process number")))?;
    Ok(Child { pid, own_group, started })
}

fn streams(request: &Request, command: &mut Command) -> Result<(), Error> {
    let file = |output: &Output| match output {
        Output::File(path) => match File::create(path) {
            Ok(file) => Ok(Some(file)),
            Err(error) => Err(Error::File { path: path.clone(), error }),
        },
        Output::Inherit | Output::Null => Ok(None),
    };
    let stdio = |output: &Output, file: Option<File>| match (output, file) {
        (Output::Inherit, _) => Stdio::inherit(),
        (_, Some(file)) => Stdio::from(file),
        (_, None) => Stdio::null(),
    };
    let out = file(&request.stdout)?;
    let err = match (&out, &request.stdout) {
        // One file takes both streams in the order in which they were written.
        (Some(out), Output::File(path)) if request.stdout == request.stderr => {
            let failed = |error| Error::File { path: path.clone(), error };
            Some(out.try_clone().map_err(failed)?)
        }
        _ => file(&request.stderr)?,
    };
    command.stdout(stdio(&request.stdout, out));
    command.stderr(stdio(&request.stderr, err));
    Ok(())
}

impl Child {
    pub(super) fn id(&self) -> u32 {
        self.pid.as_raw_nonzero().get().unsigned_abs()
    }

    /// Waits for the program's end; ends it on the time limit or the interrupt.
    pub(super) fn wait(
        self,
        limit: Option<Duration>,
        interrupt: &AtomicBool,
    ) -> Result<Ended, Error> {
        let (done, ended) = mpsc::channel();
        let pid = self.pid;
        thread::Builder::new()
            .name("program-end".to_owned())
            .spawn(move || {
                // The program stays to be collected, so that its number is not given away
                // while signals may still be sent to it.
                let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
                while matches!(waitid(WaitId::Pid(pid), options), Err(Errno::INTR)) {}
                let _ = done.send(());
            })
            .map_err(|error| Error::Start { program: "thread".into(), error })?;
        let deadline = limit.map(|limit| self.started + limit);
        let early = loop {
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            match ended.recv_timeout(left.map_or(TICK, |left| left.min(TICK))) {
                Ok(()) | Err(RecvTimeoutError::Disconnected) => break None,
                Err(RecvTimeoutError::Timeout) => {}
            }
            if interrupt.load(Ordering::Relaxed) {
                break Some(End::Interrupted);
            }
            if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                break Some(End::TimedOut);
            }
        };
        if early.is_some() {
            self.signal(Signal::TERM);
            let gone = ended.recv_timeout(GRACE).is_ok();
            // Whoever outlives the program, or does not listen, is killed.
            self.signal(Signal::KILL);
            if !gone {
                let _ = ended.recv();
            }
        }
        let wall = self.started.elapsed();
        let (status, user, system) = collect(pid).map_err(|error| Error::Start {
            program: "the recorded program's end".into(),
            error,
        })?;
        Ok(Ended { end: early.unwrap_or(End::Exited(status)), wall, user, system })
    }

    /// Sends a signal to the program, its group, and what it started in other groups.
    fn signal(&self, signal: Signal) {
        // Errors mean that a process is already gone.
        for pid in descendants(self.pid) {
            let _ = kill_process(pid, signal);
        }
        if self.own_group {
            let _ = kill_process_group(self.pid, signal);
        }
        let _ = kill_process(self.pid, signal);
    }
}

/// Kills the running processes that descend from this one.
pub(super) fn kill_started() {
    for pid in descendants(rustix::process::getpid()) {
        let _ = kill_process(pid, Signal::KILL);
    }
}

/// Collects an ended child, with the CPU time that it and its own collected children used.
#[expect(unsafe_code, reason = "wait4 alone tells the CPU time of one child")]
fn collect(pid: Pid) -> io::Result<(ExitStatus, Duration, Duration)> {
    let mut status = 0;
    // SAFETY: `rusage` consists of integers, for which all zeros is a value.
    let mut usage: libc::rusage = unsafe { mem::zeroed() };
    loop {
        // SAFETY: both pointers are to locals of the types that the call fills.
        let got = unsafe { libc::wait4(pid.as_raw_pid(), &mut status, 0, &mut usage) };
        if got >= 0 {
            break;
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
    let duration = |time: libc::timeval| {
        Duration::from_secs(time.tv_sec.try_into().unwrap_or(0))
            + Duration::from_micros(time.tv_usec.try_into().unwrap_or(0))
    };
    Ok((ExitStatus::from_raw(status), duration(usage.ru_utime), duration(usage.ru_stime)))
}

/// The running processes that descend from one.
fn descendants(root: Pid) -> Vec<Pid> {
    let mut children: HashMap<i32, Vec<i32>> = HashMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        if let Some(parent) = parent(pid) {
            children.entry(parent).or_default().push(pid);
        }
    }
    let mut found = Vec::new();
    let mut open = vec![root.as_raw_nonzero().get()];
    while let Some(pid) = open.pop() {
        for child in children.remove(&pid).into_iter().flatten() {
            open.push(child);
            found.extend(Pid::from_raw(child));
        }
    }
    found
}

/// The second field after the name, which stands in parentheses and may hold anything.
fn parent(pid: i32) -> Option<i32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_ascii_whitespace().nth(1)?.parse().ok()
}
