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

/// libtest and its port take a third of a second for a bench where the machine is calm. A recording
/// is to cost no more than one and a half times the benches, and still has to tell a share of half
/// the time within a few points: a third of a second at three times the usual rate gives a thousand
/// samples, which tell it within 1.6 points (one standard error), as a second at the usual rate does.
/// Copying three times as many stacks costs the bench some percent, whatever it does, so that the
/// shares stay as they are.
const LIBTEST: Short = Short { measure: Duration::from_millis(330), times: 3 };

/// divan takes the time of a hundred samples, which may be as little as milliseconds. It gets as many
/// stacks in less time: five times the usual rate moved the shares of code that works in the caches
/// no more than three times did; nine times did. For a bench of milliseconds it is still more than
/// one and a half times as much; but of a few samples nothing could be told.
const DIVAN: Short = Short { measure: Duration::from_millis(200), times: 5 };

/// Less time than is usual, and as many times more samples in it.
struct Short {
    measure: Duration,
    times: u32,
}

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
        let short = match harness {
            _ if options.length.is_some() => return asked,
            Harness::Libtest | Harness::Bencher => LIBTEST,
            Harness::Divan => DIVAN,
            Harness::Criterion | Harness::Main => return asked,
        };
        // What samples instead of perf events may not come more often than the kernel's tick.
        if options.kinds.contains(&Kind::Cpu) && !capture::samples_densely() {
            return asked;
        }
        Pace {
            length: Length { measure: short.measure, ..Length::USUAL },
            rate: options.rate.unwrap_or(short.times * Request::DEFAULT_RATE),
        }
    }
}
