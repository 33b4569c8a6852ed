//! Builds a program, runs it with the agent, and reads what was left.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{LazyLock, Mutex};

use cargo_perf::capture::preload::{Agent, Reader, Summary, Wanted, captures};
use cargo_perf::capture::raw::{ClockRead, Counters, Event, Map, What};

/// A stack without its bytes.
#[derive(Clone, Debug)]
pub struct Sample {
    pub what: What,
    pub bytes: usize,
    pub tail: Option<(u64, usize)>,
}

/// What one process left.
pub struct Process {
    pub summary: Summary,
    pub samples: Vec<Sample>,
    pub clocks: Vec<ClockRead>,
    pub maps: Vec<Map>,
    pub names: Vec<(u32, String)>,
    pub exits: Vec<(u32, Counters)>,
    pub lost: u64,
}

/// A run with the agent.
pub struct Run {
    pub output: Output,
    /// In the order in which they began.
    pub processes: Vec<Process>,
}

impl Run {
    pub fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.output.stdout).into_owned()
    }

    /// The process that was started.
    pub fn first(&self) -> &Process {
        self.processes.first().expect("the process left a capture file")
    }
}

impl Process {
    /// Pairs of neighbouring clock reads on one thread that do at least something between them.
    pub fn pairs(&self) -> Vec<(ClockRead, ClockRead)> {
        let mut before: HashMap<u32, ClockRead> = HashMap::new();
        let mut pairs = Vec::new();
        for read in &self.clocks {
            if let Some(before) = before.insert(read.tid, *read) {
                pairs.push((before, *read));
            }
        }
        pairs
    }

    /// What the thread did between its only two reads of the clock.
    pub fn timed(&self) -> Counters {
        let pairs = self.pairs();
        let [(start, end)] = pairs.as_slice() else { panic!("one pair expected: {pairs:?}") };
        minus(&end.counters, &start.counters)
    }
}

/// The difference of two readings.
pub fn minus(end: &Counters, start: &Counters) -> Counters {
    Counters {
        allocs: end.allocs - start.allocs,
        alloc_bytes: end.alloc_bytes - start.alloc_bytes,
        frees: end.frees - start.frees,
        growths: end.growths - start.growths,
        growth_copied: end.growth_copied - start.growth_copied,
        growth_added: end.growth_added - start.growth_added,
        lock_waits: end.lock_waits - start.lock_waits,
        lock_nanos: end.lock_nanos - start.lock_nanos,
        io_calls: end.io_calls - start.io_calls,
        io_bytes: end.io_bytes - start.io_bytes,
        io_nanos: end.io_nanos - start.io_nanos,
    }
}

/// A fixture, compiled once per test run.
pub fn program(name: &'static str) -> PathBuf {
    build(name, &["-O", "-g"])
}

/// A fixture, compiled with these options.
pub fn build(name: &'static str, options: &[&str]) -> PathBuf {
    static BUILT: LazyLock<Mutex<HashMap<(String, String), PathBuf>>> =
        LazyLock::new(Mutex::default);
    let mut built = BUILT.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let key = (name.to_owned(), options.join(" "));
    if let Some(path) = built.get(&key) {
        return path.clone();
    }
    let source = format!("{}/tests/fixtures/agent/{name}.rs", env!("CARGO_MANIFEST_DIR"));
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!(
        "agent-{}-{name}-{}",
        std::process::id(),
        built.len()
    ));
    let status = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .args(["--edition", "2024"])
        .args(options)
        .arg(source)
        .arg("-o")
        .arg(&path)
        .status()
        .expect("rustc starts");
    assert!(status.success(), "the fixture {name} compiles");
    built.insert(key, path.clone());
    path
}

/// Everything, with every event kept.
pub fn everything() -> Wanted {
    Wanted {
        heap: true,
        lock: true,
        io: true,
        threads: true,
        clock: true,
        heap_mean: 0,
        growth_mean: 0,
        first: u64::MAX,
        ..Wanted::default()
    }
}

/// Runs the workload with the agent.
pub fn run(wanted: &Wanted, args: &[&str]) -> Run {
    run_program(&program("workload"), wanted, args, |_| {})
}

/// Runs a program with the agent.
pub fn run_program(
    program: &Path,
    wanted: &Wanted,
    args: &[&str],
    prepare: impl FnOnce(&mut Command),
) -> Run {
    let directory = tempfile::tempdir().expect("a directory");
    let agent = Agent::install(wanted.variant(), &directory.path().join("agent"));
    let agent = agent.expect("this build carries the agent");
    let environment = wanted.environment(&agent, directory.path(), None).expect("an environment");
    let mut command = Command::new(program);
    command.args(args).envs(environment);
    prepare(&mut command);
    let output = command.output().expect("the program starts");
    let mut processes: Vec<Process> =
        captures(directory.path()).expect("listed").iter().map(|path| read(path)).collect();
    processes.sort_by_key(|process| process.summary.started);
    Run { output, processes }
}

/// Reads a capture file to its end.
pub fn read(path: &Path) -> Process {
    let mut reader = Reader::open(path).expect("a capture file");
    let mut process = Process {
        summary: Summary::default(),
        samples: Vec::new(),
        clocks: Vec::new(),
        maps: Vec::new(),
        names: Vec::new(),
        exits: Vec::new(),
        lost: 0,
    };
    while let Some(event) = reader.next().expect("readable") {
        match event {
            Event::Stack(stack) => process.samples.push(Sample {
                what: stack.what,
                bytes: stack.bytes.len(),
                tail: stack.tail.map(|(at, bytes)| (at, bytes.len())),
            }),
            Event::Clock(read) => process.clocks.push(read),
            Event::Map(map) => process.maps.push(map),
            Event::Thread { tid, name, .. } => process.names.push((tid, name)),
            Event::Exit { tid, counters, .. } => process.exits.push((tid, counters)),
            Event::Lost { events } => process.lost += events,
            Event::Fork { .. } | Event::Exec { .. } | Event::Call { .. } => {}
        }
    }
    process.summary = *reader.summary();
    assert_eq!(process.summary.damaged, None, "a file of a whole run makes sense to its end");
    process
}
