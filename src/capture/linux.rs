//! Recording on Linux: perf events for CPU time, the preload agent for the rest and as the
//! fallback.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, SystemTime};

use rustix::time::{ClockId, clock_gettime};

use super::merge::{Events, Source};
use super::perf_events::{self, CallFile, Calls, Clocks, Drain, Drained, PerfFile};
use super::preload::Reader;
use super::preloaded::Preload;
use super::{
    Amount, Backend, CpuBackend, Error, Kind, Missing, Probe, Ran, Recording, Request, child,
};

/// Runs shorter than this do not tell a rate.
const ENOUGH_CPU: Duration = Duration::from_millis(200);

/// Files of raw events, to be read as often as wanted.
#[derive(Debug, Default)]
pub(super) struct Files {
    perf: Vec<PathBuf>,
    period: u64,
    only: Option<u32>,
    agent: Vec<PathBuf>,
    calls: Vec<(PathBuf, usize)>,
}

impl Files {
    pub(super) fn events(&self) -> Result<Events, Error> {
        let mut sources: Vec<Box<dyn Source>> = Vec::new();
        for path in &self.perf {
            sources.push(Box::new(PerfFile::open(path, self.period, self.only)?));
        }
        sources.extend(self.of_agent()?);
        for (path, function) in &self.calls {
            sources.push(Box::new(CallFile::open(path, *function, self.only)?));
        }
        Events::new(sources)
    }

    pub(super) fn agent_events(&self) -> Result<Events, Error> {
        Events::new(self.of_agent()?)
    }

    fn of_agent(&self) -> Result<Vec<Box<dyn Source>>, Error> {
        let open = |path: &PathBuf| Ok(Box::new(Reader::open(path)?) as Box<dyn Source>);
        self.agent.iter().map(open).collect()
    }
}

pub(super) fn record(request: &Request, interrupt: &AtomicBool) -> Result<Recording, Error> {
    let mut missing = Vec::new();
    let (clocks, timers) = cpu_backend(request, &mut missing);
    let preload = Preload::prepare(request, timers, &mut missing)?;
    let nothing = clocks.is_none() && preload.is_none() && request.probes.is_empty();
    if nothing && request.cpu_backend != CpuBackend::Off {
        let mut why: Vec<&str> = missing.iter().map(|missing| missing.why.as_str()).collect();
        why.dedup();
        return Err(Error::NoBackend { why: why.join("; ") });
    }

    let period = clocks.as_ref().map_or(0, |clocks| clocks.period);
    let kernel = clocks.as_ref().is_some_and(|clocks| clocks.kernel);
    let drain = match clocks {
        Some(clocks) => {
            let (pause, switch) = (clocks.pause(), request.switch.clone());
            Some(Drain::start(clocks.rings, pause, &request.raw_dir, "perf", switch)?)
        }
        None => None,
    };
    let counting = (!request.probes.is_empty())
        .then(|| Calls::open(&request.probes, request.clock_reads)?.start(request));
    let (started_at, started) = (SystemTime::now(), monotonic());
    let env = preload.as_ref().map(|preload| &*preload.env).unwrap_or_default();
    let child = match child::start(request, env) {
        Ok(child) => child,
        Err(error) => {
            drain.map(Drain::finish);
            counting.map(|counting| counting?.finish());
            return Err(error);
        }
    };
    let pid = child.id();
    let ended = child.wait(request.time_limit, interrupt);
    let drained = drain.map(Drain::finish);
    let counted = counting.map(|counting| counting?.finish());
    let ended = ended?;

    let mut ran = Vec::new();
    let mut files = Files { only: (!request.children).then_some(pid), ..Files::default() };
    if let Some(drained) = drained {
        let seen = if kernel { ended.user + ended.system } else { ended.user };
        ran.push(Ran {
            backend: Backend::PerfEvents,
            kinds: vec![Kind::Cpu],
            asked_hz: Some(f64::from(request.rate)),
            real_hz: rate(drained.samples, seen),
        });
        missing.extend(lacking(&drained, kernel, ended.user, ended.system));
        files.perf = drained.files;
        files.period = period;
    }
    let mut calls = BTreeMap::new();
    match counted {
        Some(Ok(counted)) => {
            let kinds = vec![Kind::Calls];
            ran.push(Ran { backend: Backend::Uprobes, kinds, asked_hz: None, real_hz: None });
            (calls, files.calls) = (counted.calls, counted.files);
        }
        Some(Err(why)) => missing.push(Missing::new(Kind::Calls, true, why)),
        None => {}
    }
    if let Some(preload) = preload {
        let left = preload.finish(request, pid, ended.user + ended.system)?;
        ran.extend(left.ran);
        missing.extend(left.missing);
        files.agent = left.files;
    }
    Ok(Recording {
        end: ended.end,
        pid,
        started_at,
        started,
        wall: ended.wall,
        user: ended.user,
        system: ended.system,
        calls,
        ran,
        missing,
        files,
    })
}

pub(super) use super::child::kill_started;

pub(super) fn calls_refused(probes: &[Probe]) -> Option<String> {
    Calls::open(probes, true).err()
}

pub(super) fn samples_densely() -> bool {
    match CpuBackend::from_environment().unwrap_or_default() {
        CpuBackend::Timers | CpuBackend::Off => false,
        CpuBackend::Auto | CpuBackend::PerfEvents => perf_events::can_open(),
    }
}

/// Perf events, or the period of the agent's timers where those are refused.
fn cpu_backend(
    request: &Request,
    missing: &mut Vec<Missing>,
) -> (Option<Clocks>, Option<Duration>) {
    if !request.wants(Kind::Cpu) {
        return (None, None);
    }
    let timers = Some(Duration::from_secs(1) / request.rate.max(1));
    let mut lack = |all, why| missing.push(Missing::new(Kind::Cpu, all, why));
    match request.cpu_backend {
        CpuBackend::Timers => (None, timers),
        CpuBackend::Off => {
            lack(true, "switched off by CARGO_PERF_CPU".to_owned());
            (None, None)
        }
        CpuBackend::Auto | CpuBackend::PerfEvents => match perf_events::open(request.rate) {
            Ok(clocks) => (Some(clocks), None),
            Err(refusal) if request.cpu_backend == CpuBackend::PerfEvents => {
                lack(true, refusal.0);
                (None, None)
            }
            Err(refusal) => {
                lack(false, refusal.0);
                (None, timers)
            }
        },
    }
}

/// Samples per second of CPU time, where there was enough of it to tell.
pub(super) fn rate(samples: u64, cpu: Duration) -> Option<f64> {
    (cpu >= ENOUGH_CPU).then(|| samples as f64 / cpu.as_secs_f64())
}

/// What perf events did not see.
fn lacking(drained: &Drained, kernel: bool, user: Duration, system: Duration) -> Vec<Missing> {
    let mut missing = Vec::new();
    let lack = |why| Missing::new(Kind::Cpu, false, why);
    if let Some(error) = &drained.failed {
        let why = format!("writing the samples failed: {error}");
        missing.push(Missing { unwritten: true, ..lack(why) });
    }
    // A few are lost in most long runs and change nothing.
    if drained.lost > drained.samples / 1000 {
        let why =
            "events were lost, more locked memory (`ulimit -l`) or a lower --rate loses fewer";
        let amount = Amount::Events(drained.lost, drained.samples + drained.lost);
        missing.push(Missing { amount, ..lack(why.to_owned()) });
    }
    let nanos = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
    let (part, all) = (nanos(system), nanos(user + system));
    if !kernel && part > 0 && part >= all / 20 {
        let why = "of CPU time in the kernel may not be seen".to_owned();
        missing.push(Missing { amount: Amount::Time(part, all), ..lack(why) });
    }
    missing
}

/// The clock of the events.
pub(super) fn monotonic() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    (now.tv_sec as u64).saturating_mul(1_000_000_000).saturating_add(now.tv_nsec as u64)
}
