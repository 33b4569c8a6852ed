//! Instructions per iteration, where valgrind is installed: the second witness of a small claim.
//!
//! A bench runs under cachegrind twice, for a few iterations and for many; what the further ones
//! took is the cost of an iteration, without that of the harness.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::exact::verdict;
use super::side::Target;
use crate::bench::{Harness, Run};
use crate::model::verdict::{ExactChange, ExactVerdict};
use crate::workspace::run_captured;

/// The unit of the counts.
pub const INSTRUCTIONS: &str = "instructions/op";

/// Below this, counts of one build differ by themselves: a hash is seeded anew, a clock is read
/// once more.
const TOLERANCE: f64 = 0.005;
const LEAST: f64 = 5.0;

/// So many instructions of iterations drown what the harness adds by chance.
const ENOUGH: f64 = 3e7;

/// A run that takes longer is given up.
const LIMIT: Duration = Duration::from_secs(30);

/// Counts of one bench on both sides.
#[derive(Debug)]
pub(super) enum Counted {
    /// They agree from run to run.
    Change(ExactChange),
    /// They do not: these were counted before and after.
    Varies([f64; 2], [f64; 2]),
}

pub(super) struct Counter<'a> {
    /// A directory of its own, emptied before each run.
    pub(super) scratch: &'a Path,
    pub(super) interrupt: &'a AtomicBool,
}

/// Whether there is a valgrind to count with.
pub(super) fn is_installed() -> bool {
    let mut command = Command::new("valgrind");
    command.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

impl Counter<'_> {
    /// Counts a bench on both sides, and once more where they differ. `None` where it cannot be
    /// counted.
    pub(super) fn count(&self, before: &Target, after: &Target, bench: &str) -> Option<Counted> {
        let size = self.size(before, bench)?;
        let (first, second) = (self.cost(before, bench, size)?, self.cost(after, bench, size)?);
        let said = verdict(first, second, LEAST, TOLERANCE);
        if said != ExactVerdict::Same {
            let again = (self.cost(before, bench, size)?, self.cost(after, bench, size)?);
            let same = |a, b| verdict(a, b, LEAST, TOLERANCE) == ExactVerdict::Same;
            if !same(first, again.0) || !same(second, again.1) {
                return Some(Counted::Varies([first, again.0], [second, again.1]));
            }
        }
        let round = |count: f64| (count * 10.0).round() / 10.0;
        Some(Counted::Change(ExactChange {
            unit: INSTRUCTIONS.to_owned(),
            before: round(first),
            after: round(second),
            verdict: said,
        }))
    }

    /// How much of a bench to run for a cost that can be trusted.
    fn size(&self, target: &Target, bench: &str) -> Option<u64> {
        if target.adapter.harness() == Harness::Main {
            return Some(1);
        }
        let few = self.run(target, bench, 1)?;
        let mut size = 2;
        // Each step is as large as what was seen asks for, and bounded where nothing was seen.
        for _ in 0..6 {
            let many = self.run(target, bench, size)?;
            let instructions = many.0 - few.0;
            if many.1 > few.1 && instructions >= ENOUGH {
                return Some(size);
            }
            let wanted = if instructions > 0.0 { 1.5 * ENOUGH / instructions } else { 20.0 };
            size = (size as f64 * wanted.clamp(2.0, 50.0)).ceil() as u64;
        }
        None
    }

    fn cost(&self, target: &Target, bench: &str, size: u64) -> Option<f64> {
        let (instructions, iterations) = self.run(target, bench, size)?;
        if target.adapter.harness() == Harness::Main {
            return Some(instructions);
        }
        let (base, few) = self.run(target, bench, 1)?;
        let cost = (instructions - base) / (iterations - few);
        (iterations > few && cost > 0.0).then_some(cost)
    }

    /// One run: its instructions and its iterations.
    fn run(&self, target: &Target, bench: &str, size: u64) -> Option<(f64, f64)> {
        if self.interrupt.load(Ordering::Relaxed) {
            return None;
        }
        let _ = std::fs::remove_dir_all(self.scratch);
        std::fs::create_dir_all(self.scratch).ok()?;
        let call = target.adapter.counting(bench, size, self.scratch)?;
        let mut command = Command::new("valgrind");
        command
            .args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"])
            .arg(&target.path)
            .args(&call.args)
            .current_dir(&target.cwd);
        for (name, value) in target.env.iter().cloned().chain(call.env) {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let ran = run_captured(&mut command, Some(LIMIT), self.interrupt).ok()?;
        if !ran.status.success() || ran.is_late {
            return None;
        }
        let run =
            Run { stdout: &ran.stdout, stderr: &ran.stderr, scratch: self.scratch, reads: None };
        Some((instructions(&ran.stderr)?, target.adapter.counted(size, &run)?))
    }
}

/// `==12== I   refs:      1,234,567`
fn instructions(stderr: &str) -> Option<f64> {
    let line = stderr.lines().rev().find_map(|line| {
        let (head, count) = line.split_once("refs:")?;
        head.trim_end().ends_with('I').then_some(count)
    })?;
    line.trim().replace(',', "").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_is_read_from_what_cachegrind_says() {
        let text = "a bench said refs: 1\n==7== \n==7== I   refs:      1,234,567\n";
        assert_eq!(instructions(text), Some(1_234_567.0));
        assert_eq!(instructions("==7== I refs:        99"), Some(99.0));
        assert_eq!(instructions("==7== D refs:        99"), None);
    }

    #[test]
    fn counts_differ_beyond_what_one_build_varies_by() {
        assert_eq!(verdict(10_000.0, 10_049.0, LEAST, TOLERANCE), ExactVerdict::Same);
        assert_eq!(verdict(10_000.0, 10_200.0, LEAST, TOLERANCE), ExactVerdict::More);
        assert_eq!(verdict(10_000.0, 9_800.0, LEAST, TOLERANCE), ExactVerdict::Less);
        assert_eq!(verdict(10.0, 14.0, LEAST, TOLERANCE), ExactVerdict::Same);
    }
}
