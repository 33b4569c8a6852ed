//! What is counted per iteration is what the fixture's benches do by construction, for every
//! harness; set-up, warm-up and the harness's own work are not in it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Mutex, OnceLock};

use cargo_perf::model::profile::{BenchTotals, Profile};

use crate::project::{Ran, read};

struct Recorded {
    profile: Profile,
    benches: BTreeMap<String, BenchTotals>,
    err: String,
    lines: String,
}

/// One recording of all benches of the fixture, for all tests of this file.
fn recorded() -> &'static Recorded {
    static RECORDED: OnceLock<Recorded> = OnceLock::new();
    RECORDED.get_or_init(|| {
        let ran = record(&["--time", "200ms", "-v", "--out", "all.pb.gz"], &[]);
        ran.succeeds();
        let profile = read(&target().join("all.pb.gz"));
        let benches = profile
            .benches
            .iter()
            .map(|bench| (format!("{}: {}", bench.target, bench.bench), bench.clone()));
        Recorded { benches: benches.collect(), profile, err: ran.err, lines: ran.out }
    })
}

/// Kept between test runs: the harnesses take long to build.
fn target() -> std::path::PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("harnesses")
}

pub fn record(args: &[&str], env: &[(&str, &str)]) -> Ran {
    // A probe of one test would slow the same program of another.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/harnesses");
    std::fs::create_dir_all(target()).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-perf"));
    command.arg("record").args(args).arg("--manifest-path").arg(fixture.join("Cargo.toml"));
    command.current_dir(target()).env("CARGO_TARGET_DIR", target()).stdin(Stdio::null());
    // Lets a stable compiler build the benches of libtest, which is the same in a nightly one.
    command.env("RUSTC_BOOTSTRAP", "1").envs(env.iter().copied());
    Ran::of(command.output().unwrap())
}

/// Counters per iteration of a bench, by its target and name.
#[track_caller]
fn counted(bench: &str, counters: &[(&str, f64)]) {
    let recorded = recorded();
    let Some(totals) = recorded.benches.get(bench) else {
        panic!("no `{bench}` in {:?}", recorded.benches.keys());
    };
    assert!(totals.iterations.unwrap_or(0) > 0, "{totals:?}\n{}", recorded.err);
    for (counter, expected) in counters {
        let seen = totals.per_iteration(counter);
        assert_eq!(seen, Some(*expected), "{bench}, {counter}: {totals:?}\n{}", recorded.err);
    }
}

const THREE: &[(&str, f64)] = &[
    ("alloc_objects", 3.0),
    ("alloc_space", 1124.0),
    ("growths", 0.0),
    ("io_calls", 0.0),
    ("io_bytes", 0.0),
];
const PUSH: &[(&str, f64)] = &[("alloc_objects", 1.0), ("growths", 5.0)];
const WRITES: &[(&str, f64)] = &[("io_calls", 2.0), ("io_bytes", 20.0), ("alloc_objects", 0.0)];

#[test]
fn criterion_counts_a_loop_of_one_sample() {
    counted("by_criterion: three", THREE);
    counted("by_criterion: push 100", PUSH);
    counted("by_criterion: writes", WRITES);
    counted("by_criterion: group/own settings", THREE);
}

#[test]
fn criterion_counts_parameters_apart() {
    counted("by_criterion: group/many/1", &[("alloc_objects", 1.0), ("alloc_space", 10.0)]);
    counted("by_criterion: group/many/10", &[("alloc_objects", 10.0), ("alloc_space", 100.0)]);
}

#[test]
fn criterion_batches_count_without_their_set_up() {
    counted("by_criterion: batched/small", THREE);
    counted("by_criterion: batched/each", THREE);
    counted("by_criterion: batched/by reference", THREE);
    counted("by_criterion: large drop", PUSH);
}

#[test]
fn criterion_counts_what_a_bench_times_itself() {
    counted("by_criterion: custom", THREE);
}

#[test]
fn criterion_says_where_times_are_of_the_benchs_own_making() {
    let recorded = recorded();
    let totals = &recorded.benches["by_criterion: custom, of its own making"];
    assert_eq!((totals.iterations, totals.nanos), (None, None));
    assert!(totals.counters.is_empty());
    assert!(totals.cpu_samples > 0);
    assert!(recorded.err.contains("custom, of its own making"), "{}", recorded.err);
}

#[test]
fn divan_counts_every_kind_of_bench() {
    // Its name is that of a bench of another target, too.
    counted("by_divan: by_divan/three", THREE);
    counted("by_divan: push_100", PUSH);
    counted("by_divan: by_divan/writes", WRITES);
    counted("by_divan: many::1", &[("alloc_objects", 1.0), ("alloc_space", 10.0)]);
    counted("by_divan: many::10", &[("alloc_objects", 10.0), ("alloc_space", 100.0)]);
    counted("by_divan: generic::u64::30", &[("alloc_objects", 1.0), ("alloc_space", 240.0)]);
    counted("by_divan: a group::by value", THREE);
    counted("by_divan: a group::by_reference", THREE);
}

#[test]
fn divan_counts_each_of_its_threads() {
    counted("by_divan: threads::t=1", THREE);
    counted("by_divan: threads::t=2", THREE);
}

#[test]
fn libtest_counts_what_it_does_not_tell() {
    counted("by_libtest: by_libtest/three", THREE);
    counted("by_libtest: by_libtest/push_100", PUSH);
    counted("by_libtest: clock_in_set_up", THREE);
    counted("by_libtest: inner::writes", WRITES);
}

#[test]
fn libtest_is_ended_when_it_has_shown_enough() {
    let slow = &recorded().benches["by_libtest: inner::slow"];
    // How many there are depends on the machine; without an end it would be 301.
    assert!((1..301).contains(&slow.iterations.unwrap()), "{slow:?}");
    assert!(slow.nanos.unwrap() >= 150_000_000, "{slow:?}");
    assert!(!recorded().benches.contains_key("by_libtest: inner::left_out"));
}

#[test]
fn bencher_counts_each_bench_as_libtest_does() {
    counted("on_bencher: on_bencher/push_100", PUSH);
    counted("on_bencher: on_bencher/inner::writes", WRITES);
}

#[test]
fn bencher_benches_whose_names_hold_each_other_are_told_apart() {
    let allocs = |count, space| [("alloc_objects", count), ("alloc_space", space)];
    counted("on_bencher: on_bencher/three", THREE);
    counted("on_bencher: not_three", &allocs(1.0, 10.0));
    counted("on_bencher: three_and_one", &allocs(4.0, 40.0));
    let benches = recorded().profile.benches.iter();
    assert_eq!(benches.filter(|bench| bench.harness == "bencher").count(), 7);
}

#[test]
fn timed_code_that_reads_the_clock_is_counted_all_the_same() {
    let two: &[(&str, f64)] = &[("alloc_objects", 2.0), ("alloc_space", 100.0)];
    counted("by_criterion: reads the clock", two);
    counted("by_divan: reads_the_clock", two);
    counted("by_libtest: by_libtest/reads_the_clock", two);
    counted("on_bencher: on_bencher/reads_the_clock", two);
}

#[test]
fn work_that_is_handed_to_another_thread_counts() {
    for bench in [
        "by_criterion: other thread",
        "by_divan: other_thread",
        "by_libtest: inner::other_thread",
        "on_bencher: on_bencher/other_thread",
    ] {
        counted(bench, &[("alloc_objects", 5.0), ("alloc_space", 50.0)]);
    }
    assert!(recorded().err.contains("counted over all threads"), "{}", recorded().err);
}

#[test]
fn no_sample_lies_in_set_up_of_a_bench_whose_region_is_known() {
    let profile = &recorded().profile;
    let functions = |stack: &[u32]| -> Vec<&str> {
        let lines = stack.iter().flat_map(|&at| &profile.locations[at as usize].lines);
        lines.map(|line| profile.functions[line.function as usize].name.as_str()).collect()
    };
    assert!(profile.samples.len() > 100);
    for sample in &profile.samples {
        let functions = functions(&sample.stack);
        let in_set_up = functions.iter().any(|name| name.starts_with("harnesses::set_up"));
        assert!(!in_set_up, "{functions:#?}: {:?}, {:?}", sample.values, sample.labels);
    }
}

#[test]
fn every_bench_has_samples_of_its_own_and_a_line() {
    let recorded = recorded();
    for (name, bench) in &recorded.benches {
        if bench.harness == "main" {
            continue;
        }
        let own = |sample: &&cargo_perf::model::profile::Sample| {
            sample.label("bench") == Some(bench.bench.as_str())
        };
        // At a sample a millisecond, a bench that spends its time on set-up may have none.
        if bench.nanos.is_some_and(|nanos| nanos > 50_000_000) {
            assert!(recorded.profile.samples.iter().any(|s| own(&s)), "{name}");
            assert!(bench.cpu_samples > 0, "{name}");
        }
    }
    assert!(recorded.lines.contains("\nBenchmarkThree "), "{}", recorded.lines);
    let push = recorded.lines.lines().find(|line| line.starts_with("BenchmarkPush_100 "));
    assert!(push.is_some_and(|line| line.contains(" 1 allocs/op 5 growths/op")), "{push:?}");
}

#[test]
fn a_plain_main_counts_from_its_start_to_its_end() {
    let totals = |count: &str| {
        let out = format!("main-{count}.pb.gz");
        let args = ["--bench", "by-main", "--out", &out];
        record(&args, &[("ALLOCATIONS", count)]).succeeds();
        read(&target().join(out)).benches.remove(0)
    };
    let (less, more) = (totals("1000"), totals("3000"));
    let differ =
        |counter: &str| more.per_iteration(counter).unwrap() - less.per_iteration(counter).unwrap();
    assert_eq!(differ("alloc_objects"), 2000.0);
    assert_eq!(differ("alloc_space"), 20_000.0);
    assert_eq!(differ("io_calls"), 4.0);
    assert_eq!(differ("io_bytes"), 40.0);
}

#[test]
fn a_plain_main_of_milliseconds_runs_several_times_and_counts_per_run() {
    let of = |time: &str| {
        let args = ["--bench", "by-main", "--time", time, "--out", "times.pb.gz"];
        let ran = record(&args, &[]);
        ran.succeeds();
        (ran.out, read(&target().join("times.pb.gz")).benches.remove(0))
    };
    let ((lines, bench), (_, once)) = (of("3s"), of("1ms"));
    assert_eq!(once.iterations, Some(1));
    let runs = bench.iterations.unwrap();
    assert!(runs > 1, "{bench:?}");
    for counter in ["alloc_objects", "alloc_space", "growths", "io_calls"] {
        assert_eq!(bench.per_iteration(counter), once.per_iteration(counter), "{bench:?}");
    }
    let line = lines.lines().find(|line| line.starts_with(&format!("BenchmarkBy-main {runs} ")));
    let line = line.unwrap_or_else(|| panic!("{lines}"));
    let words: Vec<&str> = line.split(' ').collect();
    let value = |unit: &str| {
        let at = words.iter().position(|word| *word == unit).unwrap();
        words[at - 1].parse::<f64>().ok()
    };
    assert_eq!(value("ns/op"), bench.nanos_per_iteration(), "{line}");
    assert_eq!(value("allocs/op"), once.per_iteration("alloc_objects"), "{line}");
}
