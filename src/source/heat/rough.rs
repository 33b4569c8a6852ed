//! How rough counts are: how many there were is counted, where they were is told by sampled stacks.

use crate::model::profile::BenchTotals;

use super::{Measured, Quantity, Through};

impl Measured<'_> {
    /// Standard error of what each bench counts here, as a share of it, where it is known how many
    /// stacks were taken. `size` is what the stacks were sampled by, such as the bytes of
    /// allocations.
    pub fn count_errors(&self, count: Quantity, size: Quantity) -> Option<Vec<Option<f64>>> {
        let (count, size) = (self.heat.column(count)?, self.heat.column(size)?);
        let taken = |totals: &BenchTotals| match self.heat.profile.sample_types[count].name.as_str()
        {
            "alloc_objects" => totals.alloc_samples,
            "growths" => totals.growth_samples,
            _ => 0,
        };
        let benches = &self.heat.benches;
        let mut sums = vec![(0.0, 0.0); benches.len()];
        for Through { sample, .. } in &self.stacks {
            let Some(bench) = self.heat.bench_of[*sample as usize] else { continue };
            let values = &self.heat.profile.samples[*sample as usize].values;
            let value = |column: usize| values.get(column).copied().unwrap_or(0) as f64;
            let bench = bench as usize;
            let Some(taken) = benches[bench].totals.map(taken).filter(|&taken| taken > 0) else {
                continue;
            };
            // Equal stacks are one sample: how many they were follows from their size.
            let part = value(size) / benches[bench].sums[size].max(1) as f64;
            let stacks = (taken as f64 * part).max(1.0);
            sums[bench].0 += value(count);
            sums[bench].1 += value(count).powi(2) / stacks;
        }
        let error = |(bench, (here, variance)): (usize, (f64, f64))| {
            let all = benches[bench].sums[count] as f64;
            // What all stacks have in common is as exact as the total.
            let elsewhere = (1.0 - here / all).max(0.0);
            (here > 0.0).then(|| (variance * elsewhere).sqrt() / here)
        };
        Some(sums.into_iter().enumerate().map(error).collect())
    }
}
