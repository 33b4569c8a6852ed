//! Of which benches so few samples were taken that a share says little.

use super::profile::{BenchTotals, Profile};

/// Samples below which a share of half the time is known to five points or worse.
pub const FEW: u64 = 100;

/// A bench of which few samples were taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FewSamples {
    /// Its name; empty where the profile knows of no benches.
    pub bench: String,
    /// How many.
    pub samples: u64,
    /// Whether it can be told how long it is to be measured.
    pub can_last: bool,
}

impl Profile {
    /// The benches of which few CPU samples were taken, fewest first.
    pub fn few_samples(&self) -> Vec<FewSamples> {
        if self.sample_type("cpu").is_none() {
            return Vec::new();
        }
        let few = self.benches.iter().filter(|bench| bench.cpu_samples < FEW);
        let mut few: Vec<FewSamples> = few
            .map(|bench| FewSamples {
                bench: bench.bench.clone(),
                samples: bench.cpu_samples,
                can_last: can_last(bench),
            })
            .collect();
        if self.benches.is_empty()
            && let Some(samples) = self.counted().filter(|&samples| samples < FEW)
        {
            few.push(FewSamples { bench: String::new(), samples, can_last: false });
        }
        few.sort_by_key(|few| few.samples);
        few
    }

    /// All samples of a profile that counts them.
    fn counted(&self) -> Option<u64> {
        let column = self.sample_type("samples")?;
        let counts = self.samples.iter().filter_map(|sample| sample.values.get(column));
        Some(counts.fold(0, |sum, &count| sum.saturating_add(count.max(0) as u64)))
    }
}

/// Whether `--time 5s` takes more of a bench than was taken.
fn can_last(bench: &BenchTotals) -> bool {
    match &*bench.harness {
        "criterion" | "divan" | "libtest" | "bencher" => true,
        // It is run again as long as it is over by then.
        "main" => bench.nanos.is_some_and(|nanos| nanos < 2_500_000_000),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::profile::{Sample, ValueType};

    fn profile(benches: &[(&str, &str, u64)]) -> Profile {
        let kinds = [("samples", "count"), ("cpu", "nanoseconds")];
        Profile {
            sample_types: kinds.map(|(name, unit)| ValueType::new(name, unit)).to_vec(),
            benches: benches
                .iter()
                .map(|&(bench, harness, cpu_samples)| BenchTotals {
                    bench: bench.to_owned(),
                    harness: harness.to_owned(),
                    cpu_samples,
                    ..BenchTotals::default()
                })
                .collect(),
            ..Profile::default()
        }
    }

    fn names(profile: &Profile) -> Vec<(String, u64, bool)> {
        let few = profile.few_samples().into_iter();
        few.map(|few| (few.bench, few.samples, few.can_last)).collect()
    }

    #[test]
    fn benches_with_few_samples_come_fewest_first() {
        let profile =
            profile(&[("a", "divan", 40), ("b", "criterion", FEW), ("c", "main", FEW - 99)]);
        assert_eq!(names(&profile), [("c".to_owned(), 1, false), ("a".to_owned(), 40, true)]);
    }

    #[test]
    fn where_no_time_was_recorded_none_is_missed() {
        let mut profile = profile(&[("a", "divan", 0)]);
        profile.sample_types.remove(1);
        assert_eq!(names(&profile), []);
    }

    #[test]
    fn a_profile_without_benches_is_counted_as_one() {
        let mut profile = profile(&[]);
        let sample = |count| Sample { values: vec![count, 1], ..Sample::default() };
        profile.samples = vec![sample(20), sample(22)];
        assert_eq!(names(&profile), [(String::new(), 42, false)]);
        profile.samples.push(sample(58));
        assert_eq!(names(&profile), []);
    }
}
