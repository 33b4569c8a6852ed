//! A profile: stacks with values, as pprof models it, and the per-bench totals beside it.

use std::collections::BTreeMap;

use super::timeline::Timeline;

/// Stacks, each with one value per sample type.
///
/// The tables are those of pprof's `profile.proto`; indices stand where the format has ids.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// What the values of a sample mean, in order.
    pub sample_types: Vec<ValueType>,
    /// The sample type a viewer starts with.
    pub default_sample_type: Option<usize>,
    /// The stacks.
    pub samples: Vec<Sample>,
    /// Program addresses, each resolved to one line per inlined function.
    pub locations: Vec<Location>,
    /// Functions named by the lines.
    pub functions: Vec<Function>,
    /// Executables and libraries.
    pub mappings: Vec<Mapping>,
    /// Start of the recording, nanoseconds since the epoch.
    pub time_nanos: i64,
    /// How long was recorded.
    pub duration_nanos: i64,
    /// What `period` counts.
    pub period_type: Option<ValueType>,
    /// Distance between two samples.
    pub period: i64,
    /// Free text for people.
    pub comments: Vec<String>,
    /// pprof's `drop_frames`.
    pub drop_frames: String,
    /// pprof's `keep_frames`.
    pub keep_frames: String,
    /// Where this kind of profile is explained.
    pub doc_url: String,
    /// Exact totals of each bench over its timed region; on disk they ride in the comments.
    pub benches: Vec<BenchTotals>,
    /// The threads over time, where the recorder saw them; on disk it rides in the comments, too.
    pub timeline: Option<Timeline>,
}

/// A name and a unit, such as `cpu` in `nanoseconds`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ValueType {
    /// What is counted.
    pub name: String,
    /// In what.
    pub unit: String,
}

impl ValueType {
    /// A name and a unit.
    pub fn new(name: &str, unit: &str) -> Self {
        ValueType { name: name.to_owned(), unit: unit.to_owned() }
    }
}

/// What a hash table of std has beyond its entries and their control bytes: a group of control bytes
/// more, as many as the machine looks at in one step.
pub const TABLE_GROUP: u64 =
    if cfg!(any(target_arch = "x86_64", target_arch = "x86")) { 16 } else { 8 };

/// One stack with its values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sample {
    /// Indices into [`Profile::locations`], innermost first.
    pub stack: Vec<u32>,
    /// One value per sample type.
    pub values: Vec<i64>,
    /// Labels with text, such as `bench` and `thread`.
    pub labels: Vec<Label>,
}

/// A label of a sample; with a number, or with text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Label {
    /// The name.
    pub key: String,
    /// Its text; empty where the label is a number.
    pub text: String,
    /// Its number, where the text is empty.
    pub number: i64,
    /// The number's unit.
    pub unit: String,
}

impl Label {
    /// A label with text.
    pub fn text(key: &str, text: &str) -> Self {
        Label { key: key.to_owned(), text: text.to_owned(), ..Label::default() }
    }

    /// How large the blocks are that were allocated or have become, as pprof's heap profiles label
    /// them.
    pub fn bytes(size: u64) -> Self {
        let number = i64::try_from(size).unwrap_or(i64::MAX);
        Label { unit: "bytes".to_owned(), ..Label::number("bytes", number) }
    }

    /// A label with a number.
    pub fn number(key: &str, number: i64) -> Self {
        Label { key: key.to_owned(), number, ..Label::default() }
    }
}

impl Sample {
    /// The text of a label.
    pub fn label(&self, key: &str) -> Option<&str> {
        self.labels.iter().find(|label| label.key == key).map(|label| label.text.as_str())
    }

    /// How large the blocks are that were allocated here or have become, where that is known.
    pub fn block_size(&self) -> Option<u64> {
        let label = self.labels.iter().find(|label| label.key == "bytes" && label.unit == "bytes");
        label.and_then(|label| u64::try_from(label.number).ok())
    }
}

/// An address of the program and what stands there in the source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Location {
    /// Index into [`Profile::mappings`].
    pub mapping: Option<u32>,
    /// The address, as in the running process.
    pub address: u64,
    /// Innermost inlined function first; the last is the function the code belongs to.
    pub lines: Vec<Line>,
    /// pprof's `is_folded`.
    pub is_folded: bool,
}

/// A place in a source file within a function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Line {
    /// Index into [`Profile::functions`].
    pub function: u32,
    /// 1-based; 0 is the compiler's own code, counted to the enclosing line.
    pub line: u32,
    /// 1-based; 0 where unknown.
    pub column: u32,
}

/// A function.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Function {
    /// For people: demangled, without the hash.
    pub name: String,
    /// As the linker knows it.
    pub system_name: String,
    /// The source file as the compiler recorded it.
    pub filename: String,
    /// First line of the function; 0 where unknown.
    pub start_line: u32,
}

/// An executable or library in the process.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Mapping {
    /// First address.
    pub start: u64,
    /// One past the last address.
    pub limit: u64,
    /// Offset of `start` in the file.
    pub offset: u64,
    /// The file.
    pub filename: String,
    /// Its build id, in hexadecimal.
    pub build_id: String,
    /// pprof's flags: functions, filenames, line numbers, inlined frames are resolved.
    pub has: [bool; 4],
}

/// What one bench did in its timed region, exactly.
///
/// A quantity that was not measured is `None`, never 0.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct BenchTotals {
    /// The harness's own name of the bench; the same text as the samples' `bench` label.
    pub bench: String,
    /// Package and bench target it belongs to.
    pub package: String,
    /// The bench target.
    pub target: String,
    /// `criterion`, `divan`, `libtest`, `bencher`, `main` or `command`.
    pub harness: String,
    /// Iterations within the timed region. Of a whole program, how often it ran.
    pub iterations: Option<u64>,
    /// Wall time of the timed region.
    pub nanos: Option<u64>,
    /// Processors that it could run on.
    #[serde(default)]
    pub processors: Option<u32>,
    /// CPU samples that fell into it.
    pub cpu_samples: u64,
    /// Allocations of which the stack was taken.
    #[serde(default)]
    pub alloc_samples: u64,
    /// Growths of which the stack was taken.
    #[serde(default)]
    pub growth_samples: u64,
    /// Exact counters over it, by the name of the sample type (`alloc_objects`, `alloc_space`,
    /// `growths`, `growth_copied`, `lock_waits`, `lock_delay`, `io_calls`, `io_bytes`).
    pub counters: BTreeMap<String, u64>,
}

impl BenchTotals {
    /// A counter divided by the iterations.
    pub fn per_iteration(&self, counter: &str) -> Option<f64> {
        let iterations = self.iterations.filter(|&n| n > 0)?;
        Some(*self.counters.get(counter)? as f64 / iterations as f64)
    }

    /// The time of the timed region divided by the iterations.
    pub fn nanos_per_iteration(&self) -> Option<f64> {
        let iterations = self.iterations.filter(|&n| n > 0)?;
        Some(self.nanos? as f64 / iterations as f64)
    }

    /// How many times faster it can be at most by waiting less, if its work took so much CPU time:
    /// then all processors compute all the time.
    pub fn most_parallel(&self, cpu_nanos: u64) -> Option<f64> {
        let (nanos, processors) = self.nanos.filter(|&nanos| nanos > 0).zip(self.processors)?;
        let used = cpu_nanos as f64 / nanos as f64;
        (used > 0.0).then(|| (f64::from(processors) / used).max(1.0))
    }

    /// Adds what was measured of the same bench in another run.
    pub fn add(&mut self, again: &BenchTotals) {
        let sum = |a: Option<u64>, b: Option<u64>| a.zip(b).map(|(a, b)| a + b);
        self.iterations = sum(self.iterations, again.iterations);
        self.nanos = sum(self.nanos, again.nanos);
        self.cpu_samples += again.cpu_samples;
        self.alloc_samples += again.alloc_samples;
        self.growth_samples += again.growth_samples;
        for (counter, count) in &again.counters {
            *self.counters.entry(counter.clone()).or_default() += count;
        }
    }
}

impl Profile {
    /// How many benches anything was measured of: one that fails at once leaves nothing.
    pub fn heated_benches(&self) -> usize {
        let heated = |bench: &&BenchTotals| {
            bench.cpu_samples > 0 || bench.counters.values().any(|&count| count > 0)
        };
        self.benches.iter().filter(heated).count()
    }

    /// The benches that are whole programs and ran several times, with how often.
    pub fn repeated(&self) -> Vec<(String, u64)> {
        let whole = self.benches.iter().filter(|bench| bench.harness == "main");
        let runs = whole.filter_map(|bench| Some((bench.bench.clone(), bench.iterations?)));
        runs.filter(|(_, runs)| *runs > 1).collect()
    }

    /// Index of a sample type by name.
    pub fn sample_type(&self, name: &str) -> Option<usize> {
        self.sample_types.iter().position(|kind| kind.name == name)
    }
}
