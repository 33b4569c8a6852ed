//! What a run left: how it ended, which backends ran, and the events.

use std::collections::BTreeMap;
use std::process::ExitStatus;
use std::time::{Duration, SystemTime};

use super::merge::Events;
use super::{Error, Kind, system};

/// How the run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The program ended by itself.
    Exited(ExitStatus),
    /// It reached the time limit and was ended.
    TimedOut,
    /// The caller's interrupt was set and it was ended.
    Interrupted,
}

/// What recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// The kernel's perf events.
    PerfEvents,
    /// Per-thread CPU timers in the preload agent.
    CpuTimers,
    /// The preload agent's interposed functions.
    Agent,
    /// The kernel's breakpoints.
    Uprobes,
}

/// A backend that ran.
#[derive(Clone, Debug, PartialEq)]
pub struct Ran {
    /// Which.
    pub backend: Backend,
    /// What it recorded.
    pub kinds: Vec<Kind>,
    /// CPU samples per second of CPU time that were asked for.
    pub asked_hz: Option<f64>,
    /// The rate that was reached, where the run was long enough to tell.
    pub real_hz: Option<f64>,
}

/// Something that was asked for and could not be had, or not in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The kind that is missing or incomplete.
    pub kind: Kind,
    /// True if nothing of the kind was recorded; false if only something of it lacks.
    pub all: bool,
    /// It was there and could not be written: the disk is full, which no limit of this machine is.
    pub unwritten: bool,
    /// How much it is.
    pub amount: Amount,
    /// Why, as a clause for people that begins behind the amount.
    pub why: String,
}

/// How much lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// Nobody knows, or there is no measure of it.
    Untold,
    /// Events that found no room, and how many there were.
    Events(u64, u64),
    /// Nanoseconds of the time that was used.
    Time(u64, u64),
}

impl Amount {
    /// Both together, if they are of one kind.
    fn and(self, other: Amount) -> Option<Amount> {
        use Amount::*;
        match (self, other) {
            (Untold, Untold) => Some(Untold),
            (Events(a, b), Events(c, d)) => Some(Events(a.saturating_add(c), b.saturating_add(d))),
            (Time(a, b), Time(c, d)) => Some(Time(a.saturating_add(c), b.saturating_add(d))),
            _ => None,
        }
    }
}

impl Missing {
    /// What nobody counts.
    pub(crate) fn new(kind: Kind, all: bool, why: String) -> Self {
        Missing { kind, all, unwritten: false, amount: Amount::Untold, why }
    }

    /// Adds what another recording lacks, if it is the same but for the amount.
    pub(crate) fn merge(&mut self, other: &Missing) -> bool {
        let same = Missing { amount: self.amount, ..other.clone() } == *self;
        let sum = self.amount.and(other.amount).filter(|_| same);
        self.amount = sum.unwrap_or(self.amount);
        sum.is_some()
    }

    /// The clause with its amount.
    fn said(&self) -> String {
        let why = &self.why;
        match self.amount {
            Amount::Untold => why.clone(),
            Amount::Events(lost, of) => format!("{lost} of {of} {why}"),
            Amount::Time(part, of) => {
                format!("the {:.0} % {why}", 100.0 * part as f64 / of.max(1) as f64)
            }
        }
    }
}

/// A finished recording. Its events are in files of [`raw_dir`](super::Request::raw_dir).
#[derive(Debug)]
pub struct Recording {
    /// How the run ended.
    pub end: End,
    /// The program's process.
    pub pid: u32,
    /// When it started.
    pub started_at: SystemTime,
    /// When it started, in the time of the events.
    pub started: u64,
    /// Wall time from start to end.
    pub wall: Duration,
    /// CPU time in user mode, of the program and of the children it waited for.
    pub user: Duration,
    /// The same in kernel mode.
    pub system: Duration,
    /// Calls over the whole run of each function that the request named, by its number; none where
    /// they were not counted.
    pub calls: BTreeMap<usize, u64>,
    /// The backends that ran.
    pub ran: Vec<Ran>,
    /// What could not be had.
    pub missing: Vec<Missing>,
    pub(super) files: system::Files,
}

impl Recording {
    /// Whether anything of this kind was recorded.
    pub fn has(&self, kind: Kind) -> bool {
        self.ran.iter().any(|ran| ran.kinds.contains(&kind))
    }

    /// One line for people: what ran, at which real rate, and what could not be had and why.
    pub fn summary(&self) -> String {
        summary(&self.ran, &self.missing)
    }

    /// Reads the events from the start, in the order of their times.
    ///
    /// May be called more than once: a first reading can find the timed regions, a second one
    /// lay the stacks into them.
    pub fn events(&self) -> Result<Events, Error> {
        self.files.events()
    }

    /// Reads only what the agent recorded, the clock reads among it.
    pub fn agent_events(&self) -> Result<Events, Error> {
        self.files.agent_events()
    }
}

/// One line for people: what ran, at which real rate, and what could not be had and why.
pub fn summary(ran: &[Ran], missing: &[Missing]) -> String {
    // Runs of one backend at several rates are one part.
    let mut groups: Vec<(Backend, &[Kind], Vec<String>)> = Vec::new();
    for Ran { backend, kinds, asked_hz, real_hz } in ran {
        let rate = real_hz.map(|real| match asked_hz {
            Some(asked) if (real - asked).abs() > asked * 0.1 => {
                format!(" at {real:.0} Hz ({asked:.0} asked)")
            }
            _ => format!(" at {real:.0} Hz"),
        });
        let same = |group: &&mut (Backend, &[Kind], _)| group.0 == *backend && group.1 == kinds;
        match groups.iter_mut().find(same) {
            Some((.., rates)) => rates.extend(rate),
            None => groups.push((*backend, kinds, rate.into_iter().collect())),
        }
    }
    let mut parts = Vec::new();
    for (backend, kinds, rates) in groups {
        let kinds: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
        let by = match backend {
            Backend::PerfEvents => "perf events",
            Backend::CpuTimers => "CPU timers",
            Backend::Agent => "the preload agent",
            Backend::Uprobes => "uprobes",
        };
        parts.push(format!("{} by {by}{}", kinds.join(", "), rates.join(" and")));
    }
    if parts.is_empty() {
        parts.push("nothing".to_owned());
    }
    let mut line = format!("recorded {}", parts.join("; "));
    let mut said: Vec<(bool, String, Vec<&str>)> = Vec::new();
    for lack in missing {
        let (all, why, kind) = (lack.all, lack.said(), lack.kind.name());
        match said.iter_mut().find(|(known, words, _)| *known == all && *words == why) {
            Some((_, _, kinds)) => kinds.push(kind),
            None => said.push((all, why, vec![kind])),
        }
    }
    for (all, why, kinds) in said {
        let how = if all { "no" } else { "incomplete" };
        line.push_str(&format!("; {how} {}: {why}", kinds.join(", ")));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cpu(asked: f64, real: Option<f64>) -> Ran {
        let kinds = vec![Kind::Cpu];
        Ran { backend: Backend::PerfEvents, kinds, asked_hz: Some(asked), real_hz: real }
    }

    #[test]
    fn what_several_recordings_lack_is_added_up() {
        let lack = |amount, why: &str| Missing {
            amount,
            ..Missing::new(Kind::Cpu, false, why.to_owned())
        };
        let mut events = lack(Amount::Events(79, 9000), "events were lost");
        assert!(events.merge(&lack(Amount::Events(21, 1000), "events were lost")));
        let mut kernel = lack(Amount::Time(3, 4), "of CPU time was not seen");
        assert!(kernel.merge(&lack(Amount::Time(1, 4), "of CPU time was not seen")));
        assert!(!kernel.merge(&lack(Amount::Untold, "some timers were refused")));
        assert_eq!(
            summary(&[], &[events, kernel]),
            "recorded nothing; incomplete cpu: 100 of 10000 events were lost; \
             incomplete cpu: the 50 % of CPU time was not seen"
        );
    }

    #[test]
    fn a_backend_is_named_once_with_its_rates() {
        let said = |ran: &[Ran]| summary(ran, &[]);
        let (short, dense) = (cpu(997.0, None), cpu(2991.0, Some(2990.0)));
        assert_eq!(said(std::slice::from_ref(&short)), "recorded cpu by perf events");
        assert_eq!(said(&[short, dense.clone()]), "recorded cpu by perf events at 2990 Hz");
        assert_eq!(
            said(&[cpu(997.0, Some(250.0)), dense]),
            "recorded cpu by perf events at 250 Hz (997 asked) and at 2990 Hz"
        );
    }
}
