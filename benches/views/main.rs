//! How long the views take on large profiles, beside the tools people use today.
//!
//! `cargo bench --bench views` makes the profiles, runs each command a few times, the tools in
//! turn, and prints the shortest time of each. A tool that is not installed is left out.

// The figures are the output.
#![allow(clippy::print_stdout)]

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use cargo_perf::formats::pprof;
use cargo_perf::model::profile::{Function, Line, Location, Mapping, Profile, Sample, ValueType};

const ROUNDS: usize = 3;
const FUNCTIONS: usize = 4000;

fn main() {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("views");
    fs::create_dir_all(&dir).expect("a directory for the profiles");
    let large = dir.join("million.pb.gz");
    write_profile(&large, 1_000_000);
    let small = dir.join("hundred-thousand.pb.gz");
    write_profile(&small, 100_000);
    let script = dir.join("perf-script.txt");
    write_script(&script, 200 << 20);

    let ours = env!("CARGO_BIN_EXE_cargo-perf");
    let path = |path: &Path| path.display().to_string();
    let (large, small, script) = (path(&large), path(&small), path(&script));
    println!("{:<44} {:>12} {:>12}", "", "cargo perf", "the other");
    let row = |what: &str, mine: &[&str], other: Option<(&str, &[&str])>| {
        let mut times = [Duration::MAX, Duration::MAX];
        let mut there = other.is_some();
        for _ in 0..ROUNDS {
            times[0] = times[0].min(time(ours, mine).expect("our own program runs"));
            if let Some((program, args)) = other.filter(|_| there) {
                match time(program, args) {
                    Some(elapsed) => times[1] = times[1].min(elapsed),
                    None => there = false,
                }
            }
        }
        let shown = |time: Duration| format!("{:.2} s", time.as_secs_f64());
        let theirs = if there { shown(times[1]) } else { "not there".to_owned() };
        println!("{what:<44} {:>12} {theirs:>12}", shown(times[0]));
    };
    row(
        "top, a million samples (go tool pprof)",
        &["top", "--from", &large],
        Some(("go", &["tool", "pprof", "-top", &large])),
    );
    row(
        "flame graph, a million samples (pprof -dot)",
        &["flamegraph", "--from", &large],
        Some(("go", &["tool", "pprof", "-dot", &large])),
    );
    row(
        "collapse 200 MB of perf script (inferno)",
        &["export", "--format", "collapsed", "--from", &script],
        Some(("inferno-collapse-perf", &[&script])),
    );
    row("report, a hundred thousand samples", &["report", "--from", &small], None);
    let report = Command::new(ours).args(["report", "--from", &small]).output();
    let size = report.map_or(0, |ran| ran.stdout.len());
    println!("the report's size: {:.2} MB", size as f64 / 1e6);
}

/// How long a command takes; `None` where it is not there or fails.
fn time(program: &str, args: &[&str]) -> Option<Duration> {
    let start = Instant::now();
    let ran = Command::new(program)
        .args(args)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .ok()?;
    ran.success().then(|| start.elapsed())
}

/// Numbers that depend on nothing but how many were drawn.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 20) as usize % end
    }
}

/// A stack of functions, outermost first: stacks part the later the closer to the root, as those
/// of programs do.
fn stack(numbers: &mut Numbers) -> Vec<usize> {
    let depth = 12 + numbers.below(28);
    let mut at = 0;
    let step = |level: usize| {
        let ways = if level < 6 { 2 } else { 3 };
        at = (at * 13 + level + numbers.below(ways)) % FUNCTIONS;
        at
    };
    (0..depth).map(step).collect()
}

fn name(function: usize) -> String {
    format!("app::module_{}::Type{}::method_{function}", function % 50, function % 400)
}

fn write_profile(path: &Path, samples: usize) {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let mut profile = Profile {
        sample_types: vec![
            ValueType::new("samples", "count"),
            ValueType::new("cpu", "nanoseconds"),
        ],
        mappings: vec![Mapping {
            start: 0x40_0000,
            limit: 0x80_0000,
            filename: "/opt/app".to_owned(),
            has: [true; 4],
            ..Mapping::default()
        }],
        ..Profile::default()
    };
    for at in 0..FUNCTIONS {
        let filename = format!("src/module_{}.rs", at % 50);
        profile.functions.push(Function { name: name(at), filename, ..Function::default() });
        // Some lines of each function.
        for line in 0..4 {
            profile.locations.push(Location {
                mapping: Some(0),
                address: 0x40_0000 + (at * 64 + line * 8) as u64,
                lines: vec![Line { function: at as u32, line: 10 + line as u32, column: 5 }],
                is_folded: false,
            });
        }
    }
    for _ in 0..samples {
        let functions = stack(&mut numbers);
        let place = |function: usize| (function * 4 + numbers.below(4)) as u32;
        let stack: Vec<u32> = functions.into_iter().rev().map(place).collect();
        profile.samples.push(Sample { stack, values: vec![1, 1_000_000], labels: Vec::new() });
    }
    let file = File::create(path).expect("a file for the profile");
    pprof::write(&profile, BufWriter::new(file)).expect("room for the profile");
}

fn write_script(path: &Path, bytes: usize) {
    let mut numbers = Numbers(0x2545_f491_4f6c_dd1d);
    let mut out = BufWriter::new(File::create(path).expect("a file for the text"));
    let mut written = 0;
    let mut event = 0;
    while written < bytes {
        let mut text = format!(
            "app 4711/4712 [001] {}.{:06}:    1000000 cpu-clock:pppH: \n",
            100 + event / 1000,
            event % 1000 * 1000
        );
        for function in stack(&mut numbers).into_iter().rev() {
            let offset = numbers.below(4) * 8;
            let address = 0x55_0000_0000_usize + function * 64 + offset;
            text += &format!("\t    {address:x} {}+0x{offset:x} (/opt/app)\n", name(function));
        }
        text.push('\n');
        out.write_all(text.as_bytes()).expect("room for the text");
        written += text.len();
        event += 1;
    }
}
