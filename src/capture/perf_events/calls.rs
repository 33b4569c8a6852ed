//! Calls of functions, counted by uprobes: a breakpoint of the kernel's at the first instruction.
//!
//! A uprobe cannot be inherited: for each new thread the kernel reads its path anew, from memory of
//! the program's, and where that fails the program gets no thread. So every process with the file
//! is watched.
//!
//! Where it matters when a call was made, each leaves a record with its time; else the kernel's
//! count is all there is. It is exact in both cases, and tells how many records were lost.

use std::collections::BTreeMap;
use std::ffi::CString;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use perf_event::events::Software;
use perf_event::{Builder, Clock, Counter, SampleFlag, Sampler};

use super::open::{denied, online_cpus};
use super::{Drain, Drained};
use crate::capture::{Probe, Request};

/// The number by which this kernel knows uprobes.
const TYPE: &str = "/sys/bus/event_source/devices/uprobe/type";

/// A record takes 24 bytes: room for what a busy function does in tens of milliseconds.
const RING_BYTES: usize = 1 << 20;
const PAUSE: Duration = Duration::from_millis(5);

/// Opened probes, one event per probe and CPU.
pub(in crate::capture) struct Calls {
    counters: Vec<(usize, Counter)>,
}

/// Probes while the program runs.
pub(in crate::capture) enum Counting {
    Counters(Vec<(usize, Counter)>),
    Records(Vec<usize>, Drain),
}

/// What was counted.
#[derive(Debug, Default)]
pub(in crate::capture) struct Counted {
    /// Calls by function, of all processes.
    pub(in crate::capture) calls: BTreeMap<usize, u64>,
    /// Files of records, each with its function.
    pub(in crate::capture) files: Vec<(PathBuf, usize)>,
}

impl Calls {
    /// Opens the probes, with a record for each call if `timed`.
    pub(in crate::capture) fn open(probes: &[Probe], timed: bool) -> Result<Calls, String> {
        if !cfg!(target_arch = "x86_64") {
            return Err("calls are counted on x86-64 only".to_owned());
        }
        let number = fs::read_to_string(TYPE).ok().and_then(|text| text.trim().parse().ok());
        let Some(number) = number else {
            return Err("this kernel has no uprobes".to_owned());
        };
        // Records tell their process, counts do not.
        if !timed && let Some(pid) = probes.iter().find_map(|probe| runs_elsewhere(&probe.file)) {
            return Err(format!("process {pid} runs the same file, and would be counted"));
        }
        let mut counters = Vec::new();
        for probe in probes {
            for cpu in online_cpus() {
                match open(probe, number, cpu, timed) {
                    Ok(counter) => counters.push((probe.function, counter)),
                    Err(error) if error.raw_os_error() == Some(libc::ENODEV) => {}
                    Err(error) => return Err(refusal(&error)),
                }
            }
        }
        Ok(Calls { counters })
    }

    /// Begins to read the records, where there are any.
    pub(in crate::capture) fn start(self, request: &Request) -> Result<Counting, String> {
        if !request.clock_reads {
            let mut counters = self.counters;
            for (_, counter) in &mut counters {
                counter.enable().map_err(|error| refusal(&error))?;
            }
            return Ok(Counting::Counters(counters));
        }
        let (functions, counters): (Vec<usize>, Vec<Counter>) = self.counters.into_iter().unzip();
        let rings = counters.into_iter().map(|counter| counter.sampled(RING_BYTES));
        let mut rings = rings
            .collect::<io::Result<Vec<Sampler>>>()
            .map_err(|error| format!("no memory for the ring buffers of uprobes: {error}"))?;
        for ring in &mut rings {
            ring.enable().map_err(|error| refusal(&error))?;
        }
        let drain = Drain::start(rings, PAUSE, &request.raw_dir, "calls", None)
            .map_err(|error| error.to_string())?;
        Ok(Counting::Records(functions, drain))
    }
}

impl Counting {
    /// Takes the counts of a program that has ended; an error says why they would be wrong.
    pub(in crate::capture) fn finish(self) -> Result<Counted, String> {
        let (functions, counts, drained) = match self {
            Counting::Counters(counters) => {
                let read =
                    |(function, mut counter): (usize, Counter)| (function, counter.read().ok());
                let (functions, counts) = counters.into_iter().map(read).unzip();
                (functions, counts, None)
            }
            Counting::Records(functions, drain) => {
                let mut drained = drain.finish();
                (functions, std::mem::take(&mut drained.counts), Some(drained))
            }
        };
        let counts: Option<Vec<u64>> = counts.into_iter().collect();
        let counts: Vec<u64> = counts.ok_or("the counts cannot be read")?;
        let mut counted = Counted::default();
        for (&function, calls) in functions.iter().zip(&counts) {
            *counted.calls.entry(function).or_default() += calls;
        }
        if let Some(Drained { files, samples, failed, .. }) = drained {
            if let Some(error) = failed {
                return Err(format!("writing the records failed: {error}"));
            }
            let all: u64 = counts.iter().sum();
            if samples != all {
                return Err(format!("{} of {all} records were lost", all.abs_diff(samples)));
            }
            counted.files = files.into_iter().zip(functions).collect();
        }
        Ok(counted)
    }
}

fn open(probe: &Probe, number: u32, cpu: usize, timed: bool) -> io::Result<Counter> {
    let path = CString::new(probe.file.as_os_str().as_bytes())?;
    // The library has a type for uprobes that cannot be opened, so their fields are set here.
    let mut builder = Builder::new(Software::DUMMY);
    let attrs = builder.attrs_mut();
    attrs.type_ = number;
    attrs.config = 0;
    attrs.uprobe_path = path.as_ptr() as u64;
    attrs.probe_offset = probe.offset;
    builder.any_pid().one_cpu(cpu).enabled(false);
    if timed {
        builder
            .sample_period(1)
            .sample(SampleFlag::TID | SampleFlag::TIME)
            .sample_id_all(true)
            .clockid(Clock::MONOTONIC);
    }
    builder.build()
}

/// A process that runs this file.
fn runs_elsewhere(file: &Path) -> Option<u32> {
    let id = |path: &Path| fs::metadata(path).map(|data| (data.dev(), data.ino())).ok();
    let wanted = id(file)?;
    let mut processes = fs::read_dir("/proc").ok()?.flatten().filter_map(|entry| {
        let pid: u32 = entry.file_name().to_str()?.parse().ok()?;
        Some((pid, id(&entry.path().join("exe"))?))
    });
    processes.find(|(_, running)| *running == wanted).map(|(pid, _)| pid)
}

/// As a clause for people.
fn refusal(error: &io::Error) -> String {
    match error.raw_os_error() {
        Some(libc::ENOSYS) => "this system has no perf events".to_owned(),
        _ if denied(error) => {
            "uprobes are not permitted (they need root, or CAP_PERFMON, outside a container)"
                .to_owned()
        }
        _ => format!("uprobes failed: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_what_it_takes() {
        let denied = refusal(&io::Error::from_raw_os_error(libc::EACCES));
        assert!(denied.contains("need root"), "{}", denied);
        let none = Probe { file: "/nowhere".into(), offset: 0, function: 0 };
        assert!(Calls::open(&[none], false).is_err());
    }
}
