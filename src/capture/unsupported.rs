//! Recording where there is no backend.

use std::sync::atomic::AtomicBool;

use super::merge::Events;
use super::{Error, Probe, Recording, Request};

/// There are none.
#[derive(Debug, Default)]
pub(super) struct Files;

impl Files {
    pub(super) fn events(&self) -> Result<Events, Error> {
        Events::new(Vec::new())
    }

    pub(super) fn agent_events(&self) -> Result<Events, Error> {
        self.events()
    }
}

pub(super) fn record(_request: &Request, _interrupt: &AtomicBool) -> Result<Recording, Error> {
    Err(Error::Unsupported { needs: "Linux".to_owned() })
}

pub(super) fn calls_refused(_probes: &[Probe]) -> Option<String> {
    Some("they are counted on Linux only".to_owned())
}

pub(super) fn samples_densely() -> bool {
    false
}

/// Nothing was started to be recorded.
pub(super) fn kill_started() {}

/// Nothing has a time where nothing is recorded.
pub(super) fn monotonic() -> u64 {
    0
}
