//! The methods: each compares the base with a variant once and answers per bench.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use cargo_perf::bench::{self, Length, Run};
use cargo_perf::model::verdict::Comparison;
use cargo_perf::proof::paired::{self, Ended, Options, Side};
use cargo_perf::stats;
use cargo_perf::workspace::Executable;

use crate::project::Project;
use crate::rows::Row;
use crate::settings::{Cell, Variant};

const CRITERION_BENCHES: [&str; 3] = ["bytes", "lookup", "parse"];

/// Both builds, in the order in which they are compared.
fn sides(cell: &Cell, swapped: bool) -> (Variant, Variant) {
    if swapped {
        (cell.setting.variant, Variant::Same)
    } else {
        (Variant::Same, cell.setting.variant)
    }
}

fn row(cell: &Cell, swapped: bool, bench: &str, claim: &str, ratio: f64, seconds: f64) -> Row {
    let truth = match (cell.setting.variant, swapped) {
        (Variant::More(_), false) => "slower",
        (Variant::More(_), true) => "faster",
        _ => "same",
    };
    Row {
        method: cell.method.name().to_owned(),
        setting: cell.setting.name.to_owned(),
        bench: bench.to_owned(),
        truth: truth.to_owned(),
        claim: claim.to_owned(),
        ratio: ratio.is_finite().then_some(ratio),
        seconds,
    }
}

/// As `cargo perf compare` does it, with its own settings; nothing is counted.
pub fn pairs(
    project: &Project,
    cell: &Cell,
    swapped: bool,
    seed: u64,
    left: Duration,
    dir: &Path,
) -> Result<Vec<Row>, String> {
    let (first, second) = sides(cell, swapped);
    let side =
        |variant| Side { workspace: &project.workspace, executables: project.executables(variant) };
    let mut options = Options::new(dir.join("paired"));
    options.exact = false;
    options.seed ^= seed;
    options.budget = Some(left);
    // Of an interrupted run with other orders nothing is to be taken over.
    let _ = fs::remove_dir_all(&options.dir);
    let never = AtomicBool::new(false);
    let report = paired::compare(&side(first), &side(second), &options, &|_| {}, &never)
        .map_err(|error| error.to_string())?;
    if report.ended != Ended::Done {
        // An answer that was cut short is none.
        return Ok(Vec::new());
    }
    if let Some(failed) = report.failed.first() {
        return Err(format!("{} {}", failed.name, failed.fault));
    }
    let answer = |(comparison, spent): (&Comparison, &Duration)| {
        let time = comparison.time.as_ref()?;
        let (name, word) = (comparison.name.to_string(), time.verdict.word());
        Some(row(cell, swapped, &name, word, time.ratio, spent.as_secs_f64()))
    };
    Ok(report.comparisons.iter().zip(&report.spent).filter_map(answer).collect())
}

/// `--save-baseline`, then `--baseline`, and what criterion says of it.
pub fn criterion(
    project: &Project,
    cell: &Cell,
    swapped: bool,
    seconds: f64,
    dir: &Path,
) -> Result<Vec<Row>, String> {
    let (first, second) = sides(cell, swapped);
    let home = dir.join("criterion");
    let mut rows = Vec::new();
    for bench in CRITERION_BENCHES {
        let _ = fs::remove_dir_all(&home);
        let start = Instant::now();
        let mut said = String::new();
        for (variant, baseline) in [(first, "--save-baseline"), (second, "--baseline")] {
            let executable = project.criterion(variant)?;
            let time = format!("{seconds}");
            let mut command = Command::new(&executable.path);
            command.args(["--bench", "--noplot", baseline, "base", "--measurement-time", &time]);
            command.args(["--warm-up-time", &format!("{}", seconds * 0.6)]);
            command.args(["--exact", bench]).env("CRITERION_HOME", &home);
            let output = command.output().map_err(|error| format!("{bench}: {error}"))?;
            if !output.status.success() {
                return Err(format!("{bench}: {}", String::from_utf8_lossy(&output.stderr)));
            }
            said = String::from_utf8_lossy(&output.stdout).into_owned();
        }
        let claim = if said.contains("Performance has regressed") {
            "slower"
        } else if said.contains("Performance has improved") {
            "faster"
        } else if said.contains("change:") {
            "no change"
        } else {
            return Err(format!("{bench}: criterion compared nothing: {said}"));
        };
        let spent = start.elapsed().as_secs_f64();
        rows.push(row(cell, swapped, &format!("by_criterion/{bench}"), claim, f64::NAN, spent));
    }
    Ok(rows)
}

/// Ten short processes of one side, then ten of the other; the mean of each goes into benchstat's
/// test.
pub fn sequential(
    project: &Project,
    cell: &Cell,
    swapped: bool,
    dir: &Path,
) -> Result<Vec<Row>, String> {
    const RUNS: usize = 10;
    let (first, second) = sides(cell, swapped);
    let scratch = dir.join("sequential");
    let mut rows = Vec::new();
    for bench in CRITERION_BENCHES {
        let start = Instant::now();
        let runs = |variant| -> Result<Vec<f64>, String> {
            let executable = project.criterion(variant)?;
            (0..RUNS).map(|_| mean(executable, bench, &scratch)).collect()
        };
        let (before, after) = (runs(first)?, runs(second)?);
        let median = |values: &[f64]| {
            let mut sorted = values.to_vec();
            stats::sort(&mut sorted);
            stats::median(&sorted)
        };
        let ratio = median(&after) / median(&before);
        let differs = stats::mann_whitney(&before, &after).is_ok_and(|test| test.p <= 0.05);
        let claim = match (differs, ratio > 1.0) {
            (false, _) => "no change",
            (true, true) => "slower",
            (true, false) => "faster",
        };
        let spent = start.elapsed().as_secs_f64();
        rows.push(row(cell, swapped, &format!("by_criterion/{bench}"), claim, ratio, spent));
    }
    Ok(rows)
}

/// The mean time of an iteration in one process, as criterion gives it to benchstat's users.
fn mean(executable: &Executable, bench: &str, scratch: &Path) -> Result<f64, String> {
    let _ = fs::remove_dir_all(scratch);
    fs::create_dir_all(scratch).map_err(|error| format!("{}: {error}", scratch.display()))?;
    let adapter = bench::criterion(&executable.packages);
    let length = Length {
        warm_up: Duration::from_millis(100),
        measure: Duration::from_millis(200),
        samples: 30,
    };
    let call = adapter.sample(bench, &length, scratch);
    let mut command = Command::new(&executable.path);
    command.args(&call.args);
    for (name, value) in call.env {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let output = command.output().map_err(|error| format!("{bench}: {error}"))?;
    if !output.status.success() {
        return Err(format!("{bench}: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let run = Run { stdout: "", stderr: "", scratch, reads: None };
    let measured = adapter.measured(&run);
    let samples = measured.iter().flat_map(|measured| &measured.samples);
    let (nanos, iterations) = samples
        .fold((0.0, 0), |(nanos, count), sample| (nanos + sample.nanos, count + sample.iterations));
    if iterations == 0 {
        return Err(format!("{bench}: criterion saved no samples"));
    }
    Ok(nanos / iterations as f64)
}
