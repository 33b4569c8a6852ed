//! From the recordings of single runs to one profile with the totals of each bench.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use super::run::{Finished, Program};
use super::scope_ends;
use super::timeline::Gathered;
use super::{Error, Failed, Line, Outcome};
use crate::bench::{Measured, Regions, Rule, Timed, Totals};
use crate::capture::raw::{Event, What};
use crate::capture::{Kind, Recording, Request, Switch};
use crate::model::clock::Counters;
use crate::model::profile::{BenchTotals, Label, Profile, ValueType};
use crate::model::verdict::BenchName;
use crate::symbolize::Builder;

/// Takes one run after the other.
pub(super) struct Assembler {
    builder: Builder,
    outcome: Outcome,
    benches: Vec<BenchTotals>,
    /// The bench of each line.
    bench_of_line: Vec<usize>,
    names: HashSet<String>,
    /// Benches whose samples count only below the harness's own functions.
    below: Vec<(String, &'static str)>,
    recorded: Vec<Kind>,
    /// Names of the functions whose calls are counted.
    functions: Vec<String>,
    timeline: Gathered,
    /// What happens while it is off is left out.
    pub(super) switch: Option<Arc<Switch>>,
    started: Option<SystemTime>,
    nanos: u64,
}

/// How many stacks were taken of what a bench did.
#[derive(Clone, Copy, Debug, Default)]
struct Sampled {
    cpu: u64,
    allocs: u64,
    growths: u64,
}

impl Sampled {
    fn count(&mut self, what: &What) {
        match what {
            What::Cpu { .. } => self.cpu += 1,
            What::Alloc { .. } => self.allocs += 1,
            What::Growth { .. } => self.growths += 1,
            _ => {}
        }
    }
}

impl Assembler {
    pub(super) fn new(kinds: &[Kind], functions: &[String]) -> Self {
        Assembler {
            builder: Builder::new(kinds),
            outcome: Outcome::default(),
            benches: Vec::new(),
            bench_of_line: Vec::new(),
            names: HashSet::new(),
            below: Vec::new(),
            recorded: Vec::new(),
            functions: functions.to_vec(),
            timeline: Gathered::new(),
            switch: None,
            started: None,
            nanos: 0,
        }
    }

    pub(super) fn tell_processes_apart(&mut self) {
        self.builder.tell_processes_apart();
    }

    /// A program that is going to be recorded.
    pub(super) fn expect(&mut self, program: &Path) {
        self.builder.read_ahead(program);
    }

    pub(super) fn failed(&mut self, failed: Failed) {
        self.outcome.failed.push(failed);
    }

    pub(super) fn empty(&mut self, program: &Program) {
        self.outcome.empty.push(program.target.clone());
    }

    /// Takes a run: its stacks that lie in a timed region, and its counters over them.
    pub(super) fn add(&mut self, program: &Program, finished: Finished) -> Result<(), Error> {
        let Finished { recording, reads, benches, failed } = finished;
        self.outcome.failed.extend(failed);
        self.note_recording(&recording);
        let regions = Regions::new(
            &reads,
            &benches,
            (recording.started, recording.started + as_u64(recording.wall.as_nanos())),
            |time| monotonic(&recording, time),
        );
        let names: Vec<String> =
            benches.iter().map(|bench| self.unique_name(program, &bench.bench)).collect();
        let labels: Vec<_> =
            names.iter().map(|name| self.builder.labels(&[Label::text("bench", name)])).collect();
        let mut counting = regions.counting();
        let mut sampled = vec![Sampled::default(); benches.len()];
        let on = self.switch.as_ref().map(|switch| switch.spans(recording_end(&recording)));
        self.timeline.begin(recording.started, as_u64(recording.wall.as_nanos()));
        let mut events = recording.events().map_err(Error::Capture)?;
        while let Some(event) = events.next().map_err(Error::Capture)? {
            match &event {
                Event::Clock(read) => counting.read(read),
                Event::Exit { counters, .. } => counting.exit(counters),
                Event::Call { pid, tid, function } => counting.call(*pid, *tid, *function),
                _ => {}
            }
            let mut seen = None;
            let stack = self.builder.event(&event, |occurrence| {
                if on.as_ref().is_some_and(|on| !lies_in(on, occurrence.time)) {
                    return None;
                }
                seen = Some(*occurrence);
                let bench = regions.bench_at(occurrence.pid, occurrence.time)?;
                sampled[bench].count(&occurrence.what);
                Some(labels[bench])
            });
            if let (Some(stack), Some(occurrence)) = (stack, seen) {
                self.timeline.add(&occurrence, stack);
            }
        }
        self.timeline.finish_recording(&self.builder);
        for (at, (measured, name)) in benches.into_iter().zip(names).enumerate() {
            self.outcome.names.push(BenchName {
                package: program.package.clone(),
                target: program.target.clone(),
                bench: measured.bench.clone(),
            });
            let mut totals = counting.totals(at);
            if let (Some(on), Some(totals)) = (&on, &mut totals) {
                totals.nanos = on.iter().map(|(start, end)| end.saturating_sub(*start)).sum();
            }
            self.note_rule(program, &measured, &name, totals.as_ref());
            let bench = BenchTotals {
                bench: name,
                package: program.package.clone(),
                target: program.target.clone(),
                harness: program.harness.to_owned(),
                iterations: measured.iterations,
                nanos: totals.map(|totals| totals.nanos),
                processors: processors(),
                cpu_samples: sampled[at].cpu,
                alloc_samples: sampled[at].allocs,
                growth_samples: sampled[at].growths,
                counters: totals
                    // They count from start to end, whatever the switch said.
                    .filter(|_| on.is_none())
                    .map(|totals| named(&totals.counters, &recording))
                    .unwrap_or_default(),
            };
            let called = |(&function, &all): (&usize, &u64)| {
                let whole = totals?.rule == Rule::Whole;
                let calls = if whole { all } else { counting.calls(at, function) };
                let iterations = bench.iterations.filter(|&iterations| iterations > 0)?;
                Some((self.functions.get(function)?.clone(), calls as f64 / iterations as f64))
            };
            let calls = recording.calls.iter().filter_map(called).collect();
            if let Some(line) = line(program, &measured, &bench, calls) {
                self.outcome.lines.push(line);
                self.bench_of_line.push(self.benches.len());
            }
            self.benches.push(bench);
        }
        Ok(())
    }

    /// Takes another run of the program that was taken last, as one more iteration of its bench.
    pub(super) fn add_again(&mut self, program: &Program, finished: Finished) -> Result<(), Error> {
        if let Some(bench) = self.benches.last() {
            self.names.remove(&bench.bench);
        }
        self.add(program, finished)?;
        let again = self.benches.pop().zip(self.outcome.lines.pop());
        self.bench_of_line.pop();
        self.outcome.names.pop();
        if let Some((again, _)) = again
            && let (Some(bench), Some(line)) =
                (self.benches.last_mut(), self.outcome.lines.last_mut())
        {
            bench.add(&again);
            count_again(line, bench);
        }
        Ok(())
    }

    /// Resolves addresses and closes the profile.
    pub(super) fn finish(self) -> Outcome {
        let Assembler {
            builder,
            mut outcome,
            mut benches,
            bench_of_line,
            below,
            recorded,
            started,
            nanos,
            timeline,
            ..
        } = self;
        outcome.in_use = recorded.contains(&Kind::Heap).then(|| builder.bytes_in_use());
        let timeline = timeline.close(&builder);
        let (mut profile, quality) = builder.finish();
        profile.timeline = timeline.named(&profile);
        for (bench, function) in &below {
            keep_below(&mut profile, bench, function);
        }
        drop_unrecorded(&mut profile, &recorded);
        if scope_ends::take_out(&mut profile, &mut benches) {
            for (line, bench) in outcome.lines.iter_mut().zip(bench_of_line) {
                count_again(line, &benches[bench]);
            }
        }
        profile.default_sample_type =
            profile.sample_type("cpu").or_else(|| profile.sample_type("alloc_space"));
        profile.time_nanos = started
            .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
            .map_or(0, |since| i64::try_from(since.as_nanos()).unwrap_or(0));
        profile.duration_nanos = i64::try_from(nanos).unwrap_or(i64::MAX);
        if recorded.contains(&Kind::Cpu) {
            profile.period_type = Some(ValueType::new("cpu", "nanoseconds"));
            // Where harnesses differ, each sample still tells the time that it stands for.
            let rates = outcome.ran.iter().filter_map(|ran| ran.asked_hz);
            let rate = rates.max_by(f64::total_cmp).unwrap_or(f64::from(Request::DEFAULT_RATE));
            profile.period = (1e9 / rate) as i64;
        }
        profile.benches = benches;
        outcome.profile = profile;
        outcome.quality = quality;
        outcome
    }

    fn note_recording(&mut self, recording: &Recording) {
        self.started.get_or_insert(recording.started_at);
        self.nanos += as_u64(recording.wall.as_nanos());
        for kind in Kind::ALL {
            if recording.has(kind) && !self.recorded.contains(&kind) {
                self.recorded.push(kind);
            }
        }
        for missing in &recording.missing {
            if !self.outcome.missing.iter_mut().any(|known| known.merge(missing)) {
                self.outcome.missing.push(missing.clone());
            }
        }
        for ran in &recording.ran {
            let same = |other: &&mut crate::capture::Ran| {
                (other.backend, &other.kinds, other.asked_hz)
                    == (ran.backend, &ran.kinds, ran.asked_hz)
            };
            match self.outcome.ran.iter_mut().find(same) {
                // The longest run tells the rate best, and the last is as good as any.
                Some(other) => other.real_hz = ran.real_hz.or(other.real_hz),
                None => self.outcome.ran.push(ran.clone()),
            }
        }
    }

    fn note_rule(
        &mut self,
        program: &Program,
        measured: &Measured,
        name: &str,
        totals: Option<&Totals>,
    ) {
        if let Some(rule) = totals.map(|totals| totals.rule).filter(|rule| *rule != Rule::Whole) {
            match self.outcome.rules.iter_mut().find(|(known, _)| *known == rule) {
                Some((_, benches)) => *benches += 1,
                None => self.outcome.rules.push((rule, 1)),
            }
        }
        if let Timed::Within { why, .. } = &measured.timed {
            self.outcome.unclear.entry(why).or_default().push(name.to_owned());
            if let Some(function) = program.adapter.harness().calls_timed_code() {
                self.below.push((name.to_owned(), function));
            }
        }
    }

    /// Two targets may call a bench the same; the later one is told apart by its target.
    fn unique_name(&mut self, program: &Program, bench: &str) -> String {
        let names = [
            bench.to_owned(),
            format!("{}/{bench}", program.target),
            format!("{}/{}/{bench}", program.package, program.target),
        ];
        let name = names.iter().find(|name| !self.names.contains(*name)).unwrap_or(&names[2]);
        self.names.insert(name.clone());
        name.clone()
    }
}

/// The counters of the kinds that were recorded, by the names of their sample types.
fn named(counters: &Counters, recording: &Recording) -> BTreeMap<String, u64> {
    let all = [
        (Kind::Heap, "alloc_objects", counters.allocs),
        (Kind::Heap, "alloc_space", counters.alloc_bytes),
        (Kind::Heap, "growths", counters.growths),
        (Kind::Heap, "growth_copied", counters.growth_copied),
        (Kind::Heap, "growth_added", counters.growth_added),
        (Kind::Lock, "lock_waits", counters.lock_waits),
        (Kind::Lock, "lock_delay", counters.lock_nanos),
        (Kind::Io, "io_calls", counters.io_calls),
        (Kind::Io, "io_bytes", counters.io_bytes),
    ];
    all.into_iter()
        .filter(|(kind, _, _)| recording.has(*kind))
        .map(|(_, name, count)| (name.to_owned(), count))
        .collect()
}

/// Counters, and their units in benchfmt.
const UNITS: [(&str, &str); 9] = [
    ("alloc_space", "B/op"),
    ("alloc_objects", "allocs/op"),
    ("growths", "growths/op"),
    ("growth_copied", "growth-B/op"),
    ("growth_added", "grown-B/op"),
    ("lock_waits", "lock-waits/op"),
    ("lock_delay", "lock-ns/op"),
    ("io_calls", "io-calls/op"),
    ("io_bytes", "io-B/op"),
];

/// Writes the totals of a bench into its line once more.
fn count_again(line: &mut Line, bench: &BenchTotals) {
    line.iterations = bench.iterations.unwrap_or(line.iterations);
    let counters = UNITS.map(|(counter, unit)| (bench.per_iteration(counter), unit));
    for (count, unit) in counters.into_iter().chain([(bench.nanos_per_iteration(), "ns/op")]) {
        let there = line.values.iter_mut().find(|(_, known)| *known == unit);
        if let (Some((value, _)), Some(count)) = (there, count) {
            *value = count;
        }
    }
}

/// What a bench leaves in benchfmt: time per iteration, and each counter per iteration.
fn line(
    program: &Program,
    measured: &Measured,
    bench: &BenchTotals,
    calls: Vec<(String, f64)>,
) -> Option<Line> {
    let (iterations, nanos) = match (bench.iterations, bench.nanos) {
        (Some(iterations), Some(nanos)) if iterations > 0 => (iterations, nanos as f64),
        _ => {
            let iterations = measured.samples.iter().map(|sample| sample.iterations).sum();
            (iterations, measured.samples.iter().map(|sample| sample.nanos).sum())
        }
    };
    if iterations == 0 {
        return None;
    }
    let mut values = vec![(nanos / iterations as f64, "ns/op")];
    for (counter, unit) in UNITS {
        values.extend(bench.per_iteration(counter).map(|value| (value, unit)));
    }
    Some(Line {
        package: program.package.clone(),
        target: program.target.clone(),
        harness: program.harness,
        bench: measured.bench.clone(),
        iterations,
        values,
        calls,
    })
}

/// Drops samples of a bench that are not below the harness's functions; unless that is all of
/// them, since then the names are not there to tell.
fn keep_below(profile: &mut Profile, bench: &str, function: &str) {
    let is_call: Vec<bool> = profile
        .locations
        .iter()
        .map(|location| {
            location.lines.iter().any(|line| {
                let function_there = profile.functions.get(line.function as usize);
                function_there.is_some_and(|f| f.name.contains(function))
            })
        })
        .collect();
    let below =
        |stack: &[u32]| stack.iter().any(|&at| is_call.get(at as usize).copied().unwrap_or(false));
    let own = |sample: &crate::model::profile::Sample| sample.label("bench") == Some(bench);
    if profile.samples.iter().any(|sample| own(sample) && below(&sample.stack)) {
        profile.samples.retain(|sample| !own(sample) || below(&sample.stack));
    }
}

/// A quantity that was not measured has no column: a column of zeros would say that it was.
fn drop_unrecorded(profile: &mut Profile, recorded: &[Kind]) {
    let kind_of = |name: &str| match name {
        "samples" | "cpu" => Some(Kind::Cpu),
        _ if name.starts_with("lock_") => Some(Kind::Lock),
        _ if name.starts_with("io_") => Some(Kind::Io),
        _ if name.starts_with("alloc_")
            || name.starts_with("inuse_")
            || name.starts_with("growth") =>
        {
            Some(Kind::Heap)
        }
        _ => None,
    };
    let keep: Vec<bool> = profile
        .sample_types
        .iter()
        .map(|kind| kind_of(&kind.name).is_none_or(|kind| recorded.contains(&kind)))
        .collect();
    let mut columns = keep.iter();
    profile.sample_types.retain(|_| columns.next().copied().unwrap_or(true));
    for sample in &mut profile.samples {
        let mut columns = keep.iter();
        sample.values.retain(|_| columns.next().copied().unwrap_or(true));
    }
}

/// When a recording was over, in the time of its events.
fn recording_end(recording: &Recording) -> u64 {
    recording.started.saturating_add(as_u64(recording.wall.as_nanos()))
}

fn lies_in(spans: &[(u64, u64)], time: u64) -> bool {
    spans.iter().any(|(start, end)| (*start..=*end).contains(&time))
}

/// A time of the system's clock as a time of the events.
fn monotonic(recording: &Recording, time: SystemTime) -> u64 {
    match time.duration_since(recording.started_at) {
        Ok(after) => recording.started.saturating_add(as_u64(after.as_nanos())),
        Err(before) => recording.started.saturating_sub(as_u64(before.duration().as_nanos())),
    }
}

fn processors() -> Option<u32> {
    std::thread::available_parallelism().ok().and_then(|n| u32::try_from(n.get()).ok())
}

fn as_u64(nanos: u128) -> u64 {
    u64::try_from(nanos).unwrap_or(u64::MAX)
}
