//! `fix --prove` on the crates' own benches: what is kept, what is reverted, and why.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use cargo_perf::model::verdict::{Comparison, ExactVerdict};
use cargo_perf::report::proofs::seconds;
use cargo_perf::report::words::figures;
use serde_json::Value;

use crate::crates::{Crate, needs_nightly};

/// For each crate; the rest of its rewrites is then counted as not tried.
const BUDGET: &str = "6m";

/// One row per rewrite that was tried, and the counts; the kept ones lie beside it as patches.
pub fn prove(crates: &[Crate]) -> Result<(), String> {
    println!("| crate | rewrite | grade | tests | bench that speaks loudest | bound | fate |");
    println!("|---|---|---|---|---|---|---|");
    let (mut tried, mut kept, mut with, mut untried) = (0, 0, 0, 0);
    let mut failed = Vec::new();
    for one in crates {
        let name = format!("{} {}", one.name, one.version);
        eprintln!("== {name}");
        let messages = match run(one) {
            Ok(messages) => messages,
            Err(words) => {
                println!("| {name} | – | – | – | – | – | could not be tried: {} |", cell(&words));
                failed.push(name);
                continue;
            }
        };
        let of = |reason: &'static str| messages.iter().filter(move |m| m["reason"] == reason);
        for attempt in of("perf-attempt") {
            tried += 1;
            kept += usize::from(attempt["kept"] == true);
            println!("| {name} | {} |", row(attempt).join(" | "));
        }
        if of("perf-attempt").next().is_none() {
            println!("| {name} | – | – | – | – | – | no rewrite at a hot place |");
        }
        with += usize::from(of("perf-attempt").any(|attempt| attempt["kept"] == true));
        untried += of("perf-skipped").count();
    }
    println!(
        "\n{kept} of {tried} rewrites kept, in {with} of {} crates; {untried} findings whose \
         rewrite is left to a person or the budget",
        crates.len() - failed.len()
    );
    if failed.is_empty() { Ok(()) } else { Err(format!("not tried: {}", failed.join(", "))) }
}

fn run(one: &Crate) -> Result<Vec<Value>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/field");
    let left = root.join("prove");
    fs::create_dir_all(&left).map_err(|error| format!("{}: {error}", left.display()))?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-perf"));
    command
        .current_dir(&one.folder)
        .args(["fix", "--prove", "--budget", BUDGET, "--message-format", "json", "--patch"])
        .arg(left.join(format!("{}.patch", one.name)))
        .stderr(Stdio::inherit());
    // What depends on the toolchain is built apart.
    let build = if needs_nightly(&one.name)? {
        command.env("RUSTUP_TOOLCHAIN", "nightly");
        "build-nightly"
    } else {
        "build"
    };
    command.env("CARGO_TARGET_DIR", root.join(build));
    let output = command.output().map_err(|error| format!("could not run cargo-perf: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        return Err(format!("cargo-perf ended with {}, see above", output.status));
    }
    fs::write(left.join(format!("{}.json", one.name)), text.as_bytes())
        .map_err(|error| format!("{}: {error}", left.display()))?;
    text.lines().map(|line| serde_json::from_str(line).map_err(|error| error.to_string())).collect()
}

fn row(attempt: &Value) -> [String; 6] {
    let words = |value: &Value| value.as_str().map_or_else(|| "–".to_owned(), cell);
    let ids: Vec<String> = attempt["ids"].as_array().into_iter().flatten().map(words).collect();
    let tests = match attempt["compile_error"].as_str() {
        Some(error) => format!("does not compile: {}", cell(error)),
        None => words(&attempt["tests"]),
    };
    let benches = attempt["benches"].as_array().into_iter().flatten();
    let benches = benches.filter_map(|bench| serde_json::from_value(bench.clone()).ok());
    let loudest = benches.max_by(|a: &Comparison, b| loudness(a).total_cmp(&loudness(b)));
    let bound = attempt["bound"].as_f64().map_or_else(|| "?".to_owned(), figures);
    [
        ids.join(" + "),
        words(&attempt["grade"]),
        tests,
        loudest.map_or_else(|| "–".to_owned(), |bench| measured(&bench)),
        format!("{bound}×"),
        words(&attempt["why"]),
    ]
}

fn loudness(bench: &Comparison) -> f64 {
    bench.time.as_ref().map_or(0.0, |time| time.ratio.ln().abs())
}

fn measured(bench: &Comparison) -> String {
    let mut text = cell(&bench.name.to_string());
    if let Some(time) = &bench.time {
        let percent = |ratio: f64| format!("{:+.1}", (ratio - 1.0) * 100.0);
        let least = |values: &[f64]| values.iter().copied().fold(f64::INFINITY, f64::min);
        text.push_str(&format!(
            ": {} → {}, {} {} % [{}, {}], {} pairs",
            seconds(least(&time.before)),
            seconds(least(&time.after)),
            time.verdict.word(),
            percent(time.ratio),
            percent(time.low),
            percent(time.high),
            time.pairs
        ));
    }
    for change in bench.exact.iter().filter(|change| change.verdict != ExactVerdict::Same) {
        let (before, after) = (figures(change.before), figures(change.after));
        text.push_str(&format!("; {before} → {after} {}", change.unit));
    }
    text
}

/// Text that does not end a cell of the table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
