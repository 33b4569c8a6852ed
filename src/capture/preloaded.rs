//! The agent's part of a recording: whether it can be had for a program, what it is asked for,
//! and what its files say afterwards.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::preload::{self, Agent, Executable, Heap, Linking, Reader, Slots, Summary, Wanted};
use super::raw::{Event, What};
use super::{Backend, Error, Kind, Missing, Ran, Request};

/// The agent, ready to be preloaded.
pub(super) struct Preload {
    // Keeps the library's file reachable until the program has loaded it.
    _agent: Agent,
    /// Variables to start the program with.
    pub(super) env: Vec<(OsString, OsString)>,
    wanted: Wanted,
}

/// What the agent left.
#[derive(Default)]
pub(super) struct Left {
    /// One file per process.
    pub(super) files: Vec<PathBuf>,
    pub(super) ran: Vec<Ran>,
    pub(super) missing: Vec<Missing>,
}

/// Kinds that only the agent records.
const KINDS: [Kind; 3] = [Kind::Heap, Kind::Lock, Kind::Io];

impl Preload {
    /// Prepares the agent for a request, with CPU timers where `cpu_period` is given. What it
    /// cannot record goes to `missing`; `None` if there is nothing that it could.
    pub(super) fn prepare(
        request: &Request,
        cpu_period: Option<Duration>,
        missing: &mut Vec<Missing>,
    ) -> Result<Option<Preload>, Error> {
        let kinds: Vec<Kind> = KINDS.into_iter().filter(|&kind| request.wants(kind)).collect();
        if kinds.is_empty() && cpu_period.is_none() && !request.clock_reads {
            return Ok(None);
        }
        let mut lack = |kinds: &[Kind], why: &str| {
            let all = |&kind| Missing::new(kind, true, why.to_owned());
            missing.extend(kinds.iter().map(all));
        };
        let mut asked = kinds.clone();
        asked.extend(cpu_period.map(|_| Kind::Cpu));
        let heap = match look_into(request) {
            Ok(heap) => heap,
            Err(why) => {
                lack(&asked, &why);
                return Ok(None);
            }
        };
        let mut wanted = Wanted {
            cpu_period,
            lock: request.wants(Kind::Lock),
            io: request.wants(Kind::Io),
            threads: !kinds.is_empty(),
            clock: request.clock_reads,
            children: request.children,
            ..Wanted::default()
        };
        match heap {
            _ if !request.wants(Kind::Heap) => {}
            Heap::Interposed => wanted.heap = true,
            Heap::Slots(slots) => {
                wanted.heap = true;
                wanted.slots = Some(slots);
            }
            Heap::Unseen { why } => lack(&[Kind::Heap], &why),
        }
        let agent = match Agent::install(wanted.variant(), &request.agent_dir) {
            Ok(agent) => agent,
            Err(error @ preload::Error::NoAgent { .. }) => {
                lack(&asked, &error.to_string());
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        };
        let others = variable(request, "LD_PRELOAD");
        let env = wanted.environment(&agent, &request.raw_dir, others.as_deref())?;
        Ok(Some(Preload { _agent: agent, env, wanted }))
    }

    /// Looks at what the agent left after the program of process `pid` ended.
    pub(super) fn finish(
        self,
        request: &Request,
        pid: u32,
        cpu_time: Duration,
    ) -> Result<Left, Error> {
        let mut left = Left::default();
        let mut kinds = Vec::new();
        if self.wanted.heap {
            kinds.push(Kind::Heap);
        }
        kinds.extend([Kind::Lock, Kind::Io].into_iter().filter(|&kind| request.wants(kind)));
        let timers = self.wanted.cpu_period.is_some();
        let mut asked = kinds.clone();
        asked.extend(timers.then_some(Kind::Cpu));
        let mut samples = 0;
        let mut summaries = Vec::new();
        let mut unbegun = false;
        let mut forked = 0;
        for path in preload::captures(&request.raw_dir)? {
            // A process that was killed while it started leaves a file without a header, as one does
            // that gets no room for it.
            let Ok(mut reader) = Reader::open(&path) else {
                unbegun |= is_of(&path, pid);
                continue;
            };
            if !request.children && reader.summary().pid != pid {
                forked += 1;
                continue;
            }
            if timers {
                samples += count_cpu_samples(&mut reader)?;
            }
            summaries.push(*reader.summary());
            left.files.push(path);
        }
        let mut lack = |kinds: &[Kind], all, unwritten, why: &str| {
            let lacks = |&kind| Missing { unwritten, ..Missing::new(kind, all, why.to_owned()) };
            left.missing.extend(kinds.iter().map(lacks));
        };
        if !summaries.iter().any(|summary| summary.pid == pid) {
            let why = if unbegun {
                let dir = request.raw_dir.display();
                format!("a file of a few megabytes found no room in {dir}")
            } else {
                "the program did not load the preload agent".to_owned()
            };
            lack(&asked, true, unbegun, &why);
            return Ok(left);
        }
        if forked > 0 {
            let why = format!("processes that the program forked are left out: {forked}");
            lack(&asked, false, false, &why);
        }
        for (found, kinds, all, why) in self.faults(&summaries) {
            if found {
                lack(&kinds, all, false, &why);
            }
        }
        if let Some((no_space, why)) = cut_short(&summaries, &request.raw_dir) {
            lack(&asked, false, no_space, &why);
        }
        let gone: Vec<Kind> =
            left.missing.iter().filter(|missing| missing.all).map(|missing| missing.kind).collect();
        if timers && !gone.contains(&Kind::Cpu) {
            left.ran.push(Ran {
                backend: Backend::CpuTimers,
                kinds: vec![Kind::Cpu],
                asked_hz: Some(f64::from(request.rate)),
                real_hz: super::system::rate(samples, cpu_time),
            });
        }
        kinds.retain(|kind| !gone.contains(kind));
        if !kinds.is_empty() {
            left.ran.push(Ran { backend: Backend::Agent, kinds, asked_hz: None, real_hz: None });
        }
        Ok(left)
    }

    /// What may have gone wrong: whether it did, for which kinds, whether they are lost wholly,
    /// and how to say it.
    fn faults(&self, summaries: &[Summary]) -> Vec<(bool, Vec<Kind>, bool, String)> {
        let any = |of: fn(&Summary) -> bool| summaries.iter().any(of);
        let timers = self.wanted.cpu_period.is_some();
        let cpu = || vec![Kind::Cpu];
        let slots = self.wanted.slots.as_ref();
        let unseen = |slots: &Slots| {
            format!("the slots through which {} is called could not be redirected", slots.allocator)
        };
        vec![
            (
                timers && any(|summary| summary.notes.sigprof_taken),
                cpu(),
                true,
                "the program handles SIGPROF itself".to_owned(),
            ),
            (
                timers && any(|summary| summary.notes.timer_refused.is_some()),
                cpu(),
                false,
                "some CPU timers were refused".to_owned(),
            ),
            (
                slots.is_some() && any(|summary| summary.notes.slots_refused),
                vec![Kind::Heap],
                true,
                slots.map(unseen).unwrap_or_default(),
            ),
        ]
    }
}

/// Whether events found no room: whether on the disk, and how to say it.
fn cut_short(summaries: &[Summary], raw_dir: &Path) -> Option<(bool, String)> {
    let lost: u64 = summaries.iter().map(|summary| summary.lost).sum();
    if summaries.iter().any(|summary| summary.notes.no_space) {
        let dir = raw_dir.display();
        return Some((true, format!("the disk of {dir} was full, {lost} events are lost")));
    }
    summaries.iter().any(|summary| summary.notes.full).then(|| {
        let why = "the recording grew too large for";
        (false, format!("{why} {lost} events, fewer benches at once fit"))
    })
}

/// Whether a capture file is of the process with this number.
fn is_of(path: &Path, pid: u32) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.split_once('-').is_some_and(|(process, _)| process == pid.to_string())
}

fn count_cpu_samples(reader: &mut Reader) -> Result<u64, Error> {
    let mut samples = 0;
    while let Some(event) = reader.next()? {
        let is_sample =
            matches!(&event, Event::Stack(stack) if matches!(stack.what, What::Cpu { .. }));
        samples += u64::from(is_sample);
    }
    Ok(samples)
}

/// How the program's allocations can be seen; or why it cannot be preloaded at all.
fn look_into(request: &Request) -> Result<Heap, String> {
    let Some(path) = find_program(request) else {
        // Starting it will say so better.
        return Ok(Heap::Interposed);
    };
    match Executable::inspect(&path) {
        Ok(executable) => match executable.linking {
            Linking::Dynamic | Linking::Script => Ok(executable.heap),
            Linking::Static => Err("the program is linked statically".to_owned()),
            Linking::Foreign => Err("the program is not for this kind of machine".to_owned()),
        },
        Err(error) => Err(error.to_string()),
    }
}

/// The program's file, found as the system finds it.
fn find_program(request: &Request) -> Option<PathBuf> {
    let program = Path::new(&request.program);
    if request.program.as_encoded_bytes().contains(&b'/') {
        let path = request.cwd.as_deref().unwrap_or(Path::new("")).join(program);
        return path.is_file().then_some(path);
    }
    let path = variable(request, "PATH")?;
    env::split_paths(&path).map(|dir| dir.join(program)).find(|path| path.is_file())
}

/// A variable of the program's environment.
fn variable(request: &Request, name: &str) -> Option<OsString> {
    let change = request.env.iter().rev().find(|(changed, _)| changed == OsStr::new(name));
    match change {
        Some((_, value)) => value.clone(),
        None => env::var_os(name),
    }
}
