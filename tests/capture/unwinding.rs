//! Completeness of stacks in work as real programs do it.

use std::env;
use std::hint::black_box;
use std::thread;

use cargo_perf::capture::CpuBackend;

use crate::programs::{Run, request, run};

/// The share that must reach the start of their thread.
const COMPLETE: f64 = 0.999;

/// Parses and prints JSON, compiles a pattern and searches with it.
fn unit(round: u64) -> usize {
    let text = format!(
        r#"{{"user":{{"id":{round},"mail":"u{round}@example.org","tags":["a","b{round}"]}}}}"#
    );
    let value: serde_json::Value = serde_json::from_str(&text).expect("valid JSON");
    let printed = serde_json::to_string(&value).expect("printable");
    let pattern = regex::Regex::new(r"(\w+)@(\w+)\.(org|com)").expect("a valid pattern");
    pattern.captures_iter(&printed).count() + printed.len()
}

#[test]
#[ignore = "the program that the other tests of this file record"]
fn regex_and_json_on_four_threads() {
    let rounds: u64 = env::var("ROUNDS").map_or(1, |text| text.parse().expect("a number"));
    let work = |at: u64| (0..rounds).map(|round| black_box(unit(round + at))).sum::<usize>();
    thread::scope(|scope| {
        for at in 0..4 {
            scope.spawn(move || work(at));
        }
    });
}

fn recorded(backend: CpuBackend) -> Run {
    let own = env::current_exe().expect("our own path");
    let name = "unwinding::regex_and_json_on_four_threads";
    let mut request = request(&own, &["--ignored", "--exact", name]);
    request.0.cpu_backend = backend;
    request.0.env = vec![("ROUNDS".into(), Some("40".into()))];
    run(request)
}

fn assert_complete(run: &Run) {
    assert!(run.quality.stacks >= 200, "{:?}; {}", run.quality, run.recording.summary());
    let share = run.quality.complete_share().expect("stacks");
    assert!(share >= COMPLETE, "{share}: {:?}", run.quality);
    assert!(run.share("cpu", "unit") >= 0.9);
}

#[test]
fn stacks_of_regex_and_json_work_are_complete() {
    assert_complete(&recorded(CpuBackend::Auto));
}

#[test]
fn stacks_that_the_timers_take_are_complete_too() {
    assert_complete(&recorded(CpuBackend::Timers));
}
