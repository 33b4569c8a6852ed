//! How long a bench is recorded, and how densely, where nobody says.

use std::time::Duration;

use super::Options;
use crate::bench::{Harness, Length};
use crate::capture::{self, Kind, Request};

/// What is recorded of each bench of a target.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    pub(super) length: Length,
    pub(super) rate: u32,
}

/// libtest and its port take a third of a second for a bench where the machine is calm, divan the time of a
/// hundred samples, which may be as little as milliseconds. A recording is to cost no more than one
/// and a half times that, and still has to tell a share of half the time within a few points: a
/// third of a second at three times the usual rate gives a thousand samples, which tell it within
/// 1.6 points (one standard error), as a second at the usual rate does. Copying three times as many
/// stacks costs the bench some percent, whatever it does, so that the shares stay as they are.
///
/// For a divan bench of milliseconds it is more than one and a half times as much; but of a few
/// samples nothing could be told.
const SHORT: Length = Length { measure: Duration::from_millis(330), ..Length::USUAL };
const DENSE: u32 = 3 * Request::DEFAULT_RATE;

impl Pace {
    /// What was asked for, or what is usual.
    pub(super) fn asked(options: &Options) -> Self {
        Pace {
            length: options.length.unwrap_or(Length::USUAL),
            rate: options.rate.unwrap_or(Request::DEFAULT_RATE),
        }
    }

    pub(super) fn of(harness: Harness, options: &Options) -> Self {
        let asked = Pace::asked(options);
        let is_short = match harness {
            Harness::Libtest | Harness::Bencher | Harness::Divan => options.length.is_none(),
            Harness::Criterion | Harness::Main => false,
        };
        let samples = options.kinds.contains(&Kind::Cpu);
        // What samples instead of perf events may not come more often than the kernel's tick.
        if !is_short || samples && !capture::samples_densely() {
            return asked;
        }
        Pace { length: SHORT, rate: options.rate.unwrap_or(DENSE) }
    }
}
