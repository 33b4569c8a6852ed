//! Recording: backends that turn a running program into a stream of raw events.
//!
//! [`record`] runs a program once under every backend that the [`Request`] needs and the system
//! allows, and returns a [`Recording`]: how the program ended, what ran and what could not be
//! had, and the events, which can be read as often as wanted.

pub mod preload;
pub mod raw;

mod error;
mod merge;
mod recording;
mod request;
mod switch;

#[cfg(target_os = "linux")]
mod child;
#[cfg(target_os = "linux")]
mod perf_events;
#[cfg(target_os = "linux")]
mod preloaded;
#[cfg_attr(target_os = "linux", path = "linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "unsupported.rs")]
mod system;

pub use error::Error;
pub use merge::Events;
pub use recording::{Amount, Backend, End, Missing, Ran, Recording, summary};
pub use request::{CpuBackend, Input, Kind, Output, Probe, Request};
pub use switch::Switch;

use std::sync::atomic::AtomicBool;

/// Why calls cannot be counted at these places here, as a clause for people; `None` where they can.
pub fn calls_refused(probes: &[Probe]) -> Option<String> {
    system::calls_refused(probes)
}

/// Whether CPU time can be sampled more often than the kernel's tick comes.
pub fn samples_densely() -> bool {
    system::samples_densely()
}

/// Kills all that this process started and that still runs, for one that will not wait for it.
pub fn kill_started() {
    system::kill_started();
}

/// Runs the program and records it until it ends, the time limit is reached, or `interrupt` is
/// set; in the last two cases the program and its children are ended and what was recorded stays.
///
/// An [`Error`] means that nothing was recorded; a program that fails is not an error.
pub fn record(request: &Request, interrupt: &AtomicBool) -> Result<Recording, Error> {
    system::record(request, interrupt)
}
