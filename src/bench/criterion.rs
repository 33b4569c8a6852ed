//! criterion, 0.3 and later: driven by its flags, read through the `sample.json` it leaves.

mod pairs;

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::Deserialize;

use super::{
    Adapter, Call, Choice, Harness, Length, Listing, Measured, Reads, Run, Sample, Timed, flag,
};
use pairs::Sums;

/// criterion of some version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Criterion {
    /// Before 0.5: whole seconds only, and a `--list` that knows no format.
    old: bool,
}

impl Criterion {
    /// Of the version that was built with a target; of the oldest where there are several.
    pub(super) fn of_packages(packages: &[(String, String)]) -> Self {
        let old = packages.iter().any(|(name, version)| {
            name == "criterion"
                && ["0.1.", "0.2.", "0.3.", "0.4."].iter().any(|v| version.starts_with(v))
        });
        Criterion { old }
    }

    fn seconds(self, time: std::time::Duration) -> String {
        if self.old {
            (time.as_secs_f64().ceil().max(1.0) as u64).to_string()
        } else {
            format!("{:.3}", time.as_secs_f64().max(0.001))
        }
    }
}

impl Adapter for Criterion {
    fn harness(&self) -> Harness {
        Harness::Criterion
    }

    fn list(&self, choice: &Choice) -> Listing {
        let format: &[&str] = if self.old { &[] } else { &["--format", "terse"] };
        let args = ["--bench", "--list"].iter().chain(format).map(Into::into).collect();
        let mut call = Call { args, env: Vec::new() };
        choose(&mut call, choice);
        Listing::Ask(call)
    }

    fn parse_list(&self, stdout: &str) -> Vec<String> {
        let name = |line: &str| {
            let name = line.strip_suffix(": benchmark").or_else(|| line.strip_suffix(": bench"));
            name.map(str::to_owned)
        };
        stdout.lines().filter_map(name).collect()
    }

    fn run(&self, choice: &Choice, length: &Length, scratch: &Path) -> Call {
        let mut call = Call {
            args: vec!["--bench".into(), "--noplot".into()],
            env: vec![
                ("CRITERION_HOME".into(), Some(scratch.into())),
                // With it, criterion would report to another program and save nothing.
                ("CARGO_CRITERION_PORT".into(), None),
            ],
        };
        flag(&mut call, "--warm-up-time", self.seconds(length.warm_up));
        flag(&mut call, "--measurement-time", self.seconds(length.measure));
        flag(&mut call, "--sample-size", length.samples.max(10).to_string());
        // Its statistics are not looked at; they only take time.
        flag(&mut call, "--nresamples", "1001");
        choose(&mut call, choice);
        call
    }

    fn counting(&self, bench: &str, size: u64, scratch: &Path) -> Option<Call> {
        if self.old {
            return None;
        }
        let length = Length {
            warm_up: std::time::Duration::ZERO,
            measure: std::time::Duration::from_millis(size),
            samples: 10,
        };
        let mut call = self.run(&Choice::Exactly(vec![bench.to_owned()]), &length, scratch);
        // One iteration to warm up, always: the shortest time that is none.
        let at = call.args.iter().position(|arg| arg == "--warm-up-time")?;
        *call.args.get_mut(at + 1)? = "0.000000001".into();
        Some(call)
    }

    fn counted(&self, _size: u64, run: &Run<'_>) -> Option<f64> {
        let saved = saved_samples(run.scratch);
        let [saved] = saved.as_slice() else { return None };
        Some(saved.samples.iter().map(|sample| sample.iterations as f64).sum())
    }

    fn measured(&self, run: &Run<'_>) -> Vec<Measured> {
        let mut cursor = vec![0; run.reads.map_or(0, |reads| reads.threads.len())];
        let mut after = None;
        let mut measured = Vec::new();
        for saved in saved_samples(run.scratch) {
            let pairs = run.reads.and_then(|reads| locate(reads, &mut cursor, &saved));
            let timed = match pairs {
                Some(pairs) => Timed::Pairs(pairs),
                None => Timed::Within {
                    after,
                    before: Some(saved.written),
                    why: if run.reads.is_some() {
                        "criterion's samples are not times that the clock was read around"
                    } else {
                        "the clock reads were not recorded"
                    },
                },
            };
            after = Some(saved.written);
            measured.push(Measured {
                bench: saved.bench,
                iterations: matches!(timed, Timed::Pairs(_))
                    .then(|| saved.samples.iter().map(|sample| sample.iterations).sum()),
                samples: saved.samples,
                timed,
            });
        }
        measured
    }

    fn at(&self, run: &Run<'_>) -> Option<String> {
        // Since 0.3 it says so on standard error, before that on standard output.
        let said = |text: &str| {
            text.lines().rev().find_map(|line| {
                let rest = line.strip_prefix("Benchmarking ")?;
                let phases = [": Warming up for ", ": Collecting ", ": Analyzing"];
                let end = phases.iter().filter_map(|phase| rest.find(phase)).min();
                Some(rest[..end.unwrap_or(rest.len())].to_owned())
            })
        };
        said(run.stderr).or_else(|| said(run.stdout))
    }

    fn silent_for(&self, run: &Run<'_>) -> Option<std::time::Duration> {
        estimate(run.stderr).or_else(|| estimate(run.stdout))
    }
}

/// `Benchmarking x: Collecting 20 samples in estimated 5.0012 s (210 iterations)`
fn estimate(text: &str) -> Option<std::time::Duration> {
    let line = text.lines().next_back()?;
    let (_, rest) = line.split_once(" samples in estimated ")?;
    let mut words = rest.split_whitespace();
    let number: f64 = words.next()?.parse().ok()?;
    // Anything shorter is silent for no time worth speaking of.
    let seconds = if words.next()? == "s" { number } else { 0.0 };
    std::time::Duration::try_from_secs_f64(seconds).ok()
}

/// One regular expression is all that criterion takes.
fn choose(call: &mut Call, choice: &Choice) {
    let filter = match choice {
        Choice::Matching(filters) => match filters.as_slice() {
            [] => return,
            [one] => one.clone(),
            several => {
                let each: Vec<String> = several.iter().map(|f| format!("(?:{f})")).collect();
                each.join("|")
            }
        },
        Choice::Exactly(names) => {
            let names: Vec<String> = names.iter().map(|name| regex::escape(name)).collect();
            format!("^(?:{})$", names.join("|"))
        }
    };
    // A filter may begin with a dash.
    call.args.push("--".into());
    call.args.push(filter.into());
}

/// What criterion saved of one bench.
struct Saved {
    bench: String,
    samples: Vec<Sample>,
    written: SystemTime,
}

#[derive(Deserialize)]
struct SavedSample {
    iters: Vec<f64>,
    times: Vec<f64>,
}

#[derive(Deserialize)]
struct SavedBenchmark {
    full_id: String,
}

/// All that was saved below a directory, in the order in which it was written.
fn saved_samples(dir: &Path) -> Vec<Saved> {
    let mut saved: Vec<Saved> = walkdir::WalkDir::new(dir)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name() == "sample.json")
        .filter(|entry| entry.path().parent().is_some_and(|dir| dir.ends_with("new")))
        .filter_map(|entry| read_saved(entry.path()))
        .collect();
    saved.sort_by_key(|saved| saved.written);
    saved
}

fn read_saved(path: &Path) -> Option<Saved> {
    let sample: SavedSample = serde_json::from_slice(&std::fs::read(path).ok()?).ok()?;
    let beside: PathBuf = path.with_file_name("benchmark.json");
    let benchmark: SavedBenchmark = serde_json::from_slice(&std::fs::read(beside).ok()?).ok()?;
    let samples = sample.iters.iter().zip(&sample.times);
    Some(Saved {
        bench: benchmark.full_id,
        samples: samples
            .map(|(&iterations, &nanos)| Sample { iterations: iterations as u64, nanos })
            .collect(),
        written: path.metadata().ok()?.modified().ok()?,
    })
}

/// The pairs of reads behind each sample. A bench follows on the one before it, so the search
/// starts there, on the thread where that one was found.
fn locate(reads: &Reads, cursor: &mut [usize], saved: &Saved) -> Option<Vec<(u32, super::Pair)>> {
    let times: Vec<u64> = saved
        .samples
        .iter()
        // A measurement of its own kind, such as instructions, may be anything.
        .map(|sample| {
            (sample.nanos >= 1.0 && sample.nanos.fract() == 0.0).then_some(sample.nanos as u64)
        })
        .collect::<Option<_>>()?;
    for (at, thread) in reads.threads.iter().enumerate() {
        for view in thread.views() {
            let from = view.index.partition_point(|&index| index < cursor[at]);
            let Some(found) = Sums::of(&view).find(&times, from) else { continue };
            cursor[at] = found.last().map_or(cursor[at], |&(_, end)| view.index[end] + 1);
            let pairs = found.iter().map(|&(start, end)| (thread.tid, view.pair(start, end)));
            return Some(pairs.collect());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn call(version: &str, choice: &Choice) -> Vec<String> {
        let packages = [("criterion".to_owned(), version.to_owned())];
        let half = Duration::from_millis(500);
        let length = Length { warm_up: half, measure: half, samples: 20 };
        let call = Criterion::of_packages(&packages).run(choice, &length, Path::new("/x"));
        call.args.into_iter().map(|arg| arg.into_string().unwrap()).collect()
    }

    #[test]
    fn old_versions_get_whole_seconds() {
        let all = Choice::Matching(Vec::new());
        assert!(call("0.8.2", &all).contains(&"0.500".to_owned()));
        assert!(call("0.3.6", &all).contains(&"1".to_owned()));
        assert!(!call("0.3.6", &all).contains(&"0.500".to_owned()));
    }

    #[test]
    fn names_are_escaped_since_criterion_takes_a_regular_expression() {
        let names = vec!["a+b".to_owned(), "c".to_owned()];
        let args = call("0.8.2", &Choice::Exactly(names));
        assert_eq!(args.last().unwrap(), "^(?:a\\+b|c)$");
    }

    #[test]
    fn the_running_bench_and_its_estimate_are_read_from_what_criterion_says() {
        let run = |stderr| Run { stdout: "", stderr, scratch: Path::new("/x"), reads: None };
        let said = "Benchmarking a\nBenchmarking a: Warming up for 1.0000 s\n\
                    Benchmarking a: b: Collecting 20 samples in estimated 312.5 s (20 iterations)";
        let criterion = Criterion { old: false };
        assert_eq!(criterion.at(&run(said)).as_deref(), Some("a: b"));
        assert_eq!(criterion.silent_for(&run(said)), Some(Duration::from_millis(312_500)));
        assert_eq!(criterion.silent_for(&run("Benchmarking a")), None);
    }

    #[test]
    fn lists_of_old_and_new_versions_are_read() {
        let criterion = Criterion { old: false };
        assert_eq!(
            criterion.parse_list("a/1: bench\nwarning: x\na: b: benchmark\n"),
            ["a/1", "a: b"]
        );
    }
}
