//! Ways through the workspace: the costliest one into a region, and who held what it waited for.

use std::collections::{HashMap, HashSet};

use super::{Heat, Measured, Quantity};

/// A line of the workspace on a way.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    /// Index of the file, in the order given to [`Heat::new`].
    pub file: usize,
    /// 1-based.
    pub line: u32,
    /// The function there, by its demangled name.
    pub function: String,
    /// Share of what was asked for.
    pub share: f64,
}

/// Stops shown of a way: enough to know it again.
const LONGEST_WAY: usize = 12;

impl Heat<'_> {
    /// The line of the workspace in which a frame lies, where it lies in one.
    fn stop(&self, location: u32, inlined: u32) -> Option<(usize, u32)> {
        self.line_of.get(&(location, inlined)).copied()
    }

    /// The frames of a sample that lie in the workspace, innermost first.
    fn stops(&self, sample: u32) -> impl Iterator<Item = (usize, u32, u32)> + '_ {
        let stack = &self.profile.samples[sample as usize].stack;
        stack.iter().flat_map(move |&location| {
            let lines = self.profile.locations.get(location as usize).map(|l| l.lines.as_slice());
            let lines = lines.unwrap_or_default().iter().enumerate();
            lines.filter_map(move |(inlined, line)| {
                let (file, row) = self.stop(location, inlined as u32)?;
                Some((file, row, line.function))
            })
        })
    }

    fn named(&self, (file, line, function): (usize, u32, u32), share: f64) -> Stop {
        let function = self.profile.functions.get(function as usize);
        let function = function.map(|function| function.name.clone()).unwrap_or_default();
        Stop { file, line, function, share }
    }
}

impl Measured<'_> {
    /// The workspace's lines of the costliest stack through the region, outermost call first.
    pub fn costliest_way(&self, quantity: Quantity) -> Vec<Stop> {
        let Some(column) = self.heat.column(quantity) else { return Vec::new() };
        let value = |sample: u32| self.heat.profile.samples[sample as usize].values.get(column);
        // Stacks differ below the region; the ways into it are what is compared.
        let mut ways: HashMap<Vec<(usize, u32, u32)>, i64> = HashMap::new();
        for through in &self.stacks {
            let mut way: Vec<_> = self.heat.stops(through.sample).collect();
            way.reverse();
            way.dedup();
            let sum = ways.entry(way).or_default();
            *sum = sum.saturating_add(value(through.sample).copied().unwrap_or(0));
        }
        let total = ways.values().copied().fold(0, i64::saturating_add);
        let costliest = ways.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)));
        let Some((way, value)) = costliest.filter(|(_, value)| *value > 0) else {
            return Vec::new();
        };
        let share = value as f64 / total as f64;
        let cut = way.len().saturating_sub(LONGEST_WAY);
        way.into_iter().skip(cut).map(|stop| self.heat.named(stop, share)).collect()
    }

    /// Who held the locks that the stacks through the region waited for: the lines that let go,
    /// with their share of the time waited for them, largest first.
    pub fn holders(&self) -> Vec<Stop> {
        let profile = self.heat.profile;
        let Some(delay) = self.heat.column(Quantity::LockDelay) else { return Vec::new() };
        let Some(held) = profile.sample_type("lock_hold_delay") else { return Vec::new() };
        let locks: HashSet<(Option<u32>, &str)> = self
            .stacks
            .iter()
            .filter(|through| profile.samples[through.sample as usize].values.get(delay) > Some(&0))
            .filter_map(|through| {
                let lock = profile.samples[through.sample as usize].label("lock")?;
                Some((self.heat.bench_of[through.sample as usize], lock))
            })
            .collect();
        let mut holders: HashMap<(usize, u32, u32), i64> = HashMap::new();
        for (at, sample) in profile.samples.iter().enumerate() {
            let value = sample.values.get(held).copied().unwrap_or(0);
            let is_ours = sample
                .label("lock")
                .is_some_and(|lock| locks.contains(&(self.heat.bench_of[at], lock)));
            if value > 0
                && is_ours
                && let Some(stop) = self.heat.stops(at as u32).next()
            {
                let sum = holders.entry(stop).or_default();
                *sum = sum.saturating_add(value);
            }
        }
        let total = holders.values().copied().fold(0, i64::saturating_add);
        let mut holders: Vec<_> = holders.into_iter().collect();
        holders.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let share = |value: i64| value as f64 / total as f64;
        holders.into_iter().map(|(stop, value)| self.heat.named(stop, share(value))).collect()
    }
}
