//! Opening the events and their ring buffers, or saying why that is refused.

use std::fs;
use std::io;

use perf_event::events::Software;
use perf_event::{Builder, Clock, Counter, SampleFlag, Sampler};

use super::{STACK_BYTES, regs};
use crate::capture::Request;

/// The events of one recording, one per CPU.
pub(in crate::capture) struct Clocks {
    pub(in crate::capture) rings: Vec<Sampler>,
    /// Bytes of each ring buffer.
    pub(super) ring_bytes: usize,
    /// Nanoseconds of CPU time between two samples.
    pub(in crate::capture) period: u64,
    /// Time in the kernel is sampled, too, at the stack that called it.
    pub(in crate::capture) kernel: bool,
}

/// Why there are no perf events, as a clause for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::capture) struct Refusal(pub(in crate::capture) String);

/// Memory for all ring buffers together, and bounds for one.
const RINGS_BYTES: usize = 64 << 20;
const RING_BYTES_MOST: usize = 4 << 20;
const RING_BYTES_LEAST: usize = 256 << 10;

/// Opens one clock per CPU for what this thread is going to start.
pub(in crate::capture) fn open(rate: u32) -> Result<Clocks, Refusal> {
    open_with(rate, RING_BYTES_MOST)
}

/// Whether they can be opened: the smallest rings tell that soonest.
pub(in crate::capture) fn can_open() -> bool {
    open_with(Request::DEFAULT_RATE, RING_BYTES_LEAST).is_ok()
}

fn open_with(rate: u32, ring_bytes_most: usize) -> Result<Clocks, Refusal> {
    let period = 1_000_000_000 / u64::from(rate.max(1));
    let cpus = online_cpus();
    // Who may not look into the kernel is asked to leave it out.
    let (counters, kernel) = match counters(&cpus, period, true) {
        Ok(counters) => (counters, true),
        Err(error) if denied(&error) => {
            (counters(&cpus, period, false).map_err(|error| refusal(&error))?, false)
        }
        Err(error) => return Err(refusal(&error)),
    };
    let (rings, ring_bytes) =
        rings(counters, ring_bytes_most, &cpus, period, kernel).map_err(|error| {
            Refusal(format!("no memory for the ring buffers of perf events: {error}"))
        })?;
    Ok(Clocks { rings, ring_bytes, period, kernel })
}

fn counters(cpus: &[usize], period: u64, kernel: bool) -> io::Result<Vec<Counter>> {
    let mut counters = Vec::with_capacity(cpus.len());
    for &cpu in cpus {
        match clock(period, kernel, cpu).build() {
            Ok(counter) => counters.push(counter),
            // Went offline since the list was read.
            Err(error) if error.raw_os_error() == Some(libc::ENODEV) => {}
            Err(error) => return Err(error),
        }
    }
    if counters.is_empty() {
        return Err(io::Error::other("no CPU is online"));
    }
    Ok(counters)
}

fn clock(period: u64, kernel: bool, cpu: usize) -> Builder<'static> {
    let mut builder = Builder::new(Software::CPU_CLOCK);
    builder
        .observe_self()
        .one_cpu(cpu)
        .inherit(true)
        .enabled(false)
        .enable_on_exec(true)
        .exclude_kernel(!kernel)
        .exclude_hv(true)
        .sample_period(period)
        .sample(SampleFlag::TID | SampleFlag::TIME | SampleFlag::REGS_USER | SampleFlag::STACK_USER)
        .sample_regs_user(regs::MASK)
        .sample_stack_user(STACK_BYTES)
        .sample_id_all(true)
        .clockid(Clock::MONOTONIC)
        .mmap(true)
        .comm(true)
        .comm_exec(true)
        .task(true);
    builder
}

/// Maps the rings, smaller ones where the limit of locked memory asks for it.
fn rings(
    first: Vec<Counter>,
    most: usize,
    cpus: &[usize],
    period: u64,
    kernel: bool,
) -> io::Result<(Vec<Sampler>, usize)> {
    let mut size = (RINGS_BYTES / first.len()).clamp(RING_BYTES_LEAST, most);
    size = 1 << size.ilog2();
    let mut opened = Some(first);
    loop {
        // Mapping consumes the events, so each attempt opens them anew.
        let counters = match opened.take() {
            Some(counters) => counters,
            None => counters(cpus, period, kernel)?,
        };
        match counters.into_iter().map(|counter| counter.sampled(size)).collect::<Result<_, _>>() {
            Ok(rings) => return Ok((rings, size)),
            Err(error) if size / 2 < RING_BYTES_LEAST => return Err(error),
            Err(_) => size /= 2,
        }
    }
}

pub(super) fn denied(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EACCES | libc::EPERM))
}

fn refusal(error: &io::Error) -> Refusal {
    let why = if error.raw_os_error() == Some(libc::ENOSYS) {
        "this system has no perf events".to_owned()
    } else if !denied(error) {
        format!("perf events failed: {error}")
    } else {
        match paranoid() {
            Some(level) if level > 2 => {
                format!("perf events are not permitted (kernel.perf_event_paranoid is {level})")
            }
            _ => "perf events are not permitted (a container's seccomp filter?)".to_owned(),
        }
    };
    Refusal(why)
}

fn paranoid() -> Option<i64> {
    fs::read_to_string("/proc/sys/kernel/perf_event_paranoid").ok()?.trim().parse().ok()
}

/// The numbers of the CPUs that run; those this thread may use are not all, since a child may
/// widen its set.
pub(super) fn online_cpus() -> Vec<usize> {
    fs::read_to_string("/sys/devices/system/cpu/online")
        .ok()
        .and_then(|list| parse_cpu_list(&list))
        .unwrap_or_else(|| {
            (0..std::thread::available_parallelism().map_or(1, |n| n.get())).collect()
        })
}

/// A list as the kernel writes it: `0-3,8`.
fn parse_cpu_list(list: &str) -> Option<Vec<usize>> {
    let mut cpus = Vec::new();
    for part in list.trim().split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last): (usize, usize) = (first.parse().ok()?, last.parse().ok()?);
        cpus.extend(first..=last);
    }
    Some(cpus)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_lists_are_read_as_the_kernel_writes_them() {
        assert_eq!(parse_cpu_list("0\n"), Some(vec![0]));
        assert_eq!(parse_cpu_list("0-2,5,7-8\n"), Some(vec![0, 1, 2, 5, 7, 8]));
        assert_eq!(parse_cpu_list(""), None);
        assert_eq!(parse_cpu_list("0-x"), None);
    }

    #[test]
    fn a_refusal_names_the_setting_or_the_filter() {
        let missing = refusal(&io::Error::from_raw_os_error(libc::ENOSYS));
        assert_eq!(missing.0, "this system has no perf events");
        let denied = refusal(&io::Error::from_raw_os_error(libc::EACCES));
        assert!(denied.0.starts_with("perf events are not permitted ("), "{}", denied.0);
    }
}
