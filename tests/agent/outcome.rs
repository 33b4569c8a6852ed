//! The program does what it would have done without the agent.

use std::process::Command;

use cargo_perf::capture::preload::Wanted;
use cargo_perf::capture::raw::What;

use crate::recorded::{Process, everything, program, run};

/// Everything by the agent, CPU timers included.
fn all() -> Wanted {
    Wanted { cpu_period: Some(std::time::Duration::from_millis(1)), ..everything() }
}

#[test]
fn output_and_exit_code_are_unchanged() {
    for args in [&["exit", "0"][..], &["exit", "42"], &["panic"], &["killed"], &["sleep"]] {
        let plain = Command::new(program("workload")).args(args).output().expect("starts");
        let recorded = run(&all(), args);
        assert_eq!(recorded.output.status, plain.status, "{args:?}");
        assert_eq!(recorded.output.stdout, plain.stdout, "{args:?}");
        let lines = |text: &[u8]| String::from_utf8_lossy(text).lines().count();
        assert_eq!(lines(&recorded.output.stderr), lines(&plain.stderr), "{args:?}");
    }
}

#[test]
fn the_program_sees_its_own_environment() {
    let plain = Command::new(program("workload")).arg("environment").output().expect("starts");
    let recorded = run(&all(), &["environment"]);
    assert_eq!(recorded.output.stdout, plain.stdout);
}

#[test]
fn data_up_to_a_kill_is_kept() {
    let run = run(&everything(), &["killed"]);
    let boxes = run
        .first()
        .samples
        .iter()
        .filter(|sample| matches!(sample.what, What::Alloc { bytes: 100, .. }));
    assert_eq!(boxes.count(), 100);
    assert!(run.first().summary.process.allocs >= 100);
}

#[test]
fn a_forked_child_has_a_file_of_its_own() {
    let run = run(&all(), &["fork"]);
    assert_eq!(run.stdout(), "child exited with 7\n");
    let [parent, child] = run.processes.as_slice() else {
        panic!("two files expected, not {}", run.processes.len())
    };
    assert_eq!(child.summary.parent, parent.summary.pid);
    let boxes = |samples: &[crate::recorded::Sample], size: u64| {
        let of = |what: &What| matches!(what, What::Alloc { bytes, .. } if *bytes == size);
        samples.iter().filter(|sample| of(&sample.what)).count()
    };
    assert_eq!(boxes(&parent.samples, 2000), 5);
    assert_eq!(boxes(&child.samples, 1000), 10);
    assert_eq!(boxes(&parent.samples, 1000) + boxes(&child.samples, 2000), 0);
    near(child, 1, 200);
    assert!(!child.maps.is_empty());
}

#[test]
fn programs_that_are_started_are_recorded_only_if_asked() {
    let without = run(&all(), &["spawn", "boxes"]);
    assert_eq!(without.processes.len(), 1);
    let with = run(&Wanted { children: true, ..all() }, &["spawn", "boxes"]);
    assert_eq!(with.processes.len(), 2);
    assert_eq!(with.processes[1].timed().allocs, 1000);
}

#[test]
fn a_sigprof_handler_of_the_program_wins() {
    let run = run(&all(), &["sigprof"]);
    assert_eq!(run.stdout(), "before 0, handled 1\n");
    assert!(run.first().summary.notes.sigprof_taken);
}

#[test]
fn a_program_that_resets_sigprof_sees_what_it_expects_and_is_sampled() {
    let run = run(&all(), &["sigprof-ignored"]);
    assert_eq!(run.stdout(), "0 1\n");
    assert!(!run.first().summary.notes.sigprof_taken);
    near(run.first(), 1, 200);
}

#[test]
fn cpu_time_adds_up_on_every_thread() {
    let wanted =
        Wanted { cpu_period: Some(std::time::Duration::from_millis(1)), ..Wanted::default() };
    let run = run(&wanted, &["spin-threads", "500"]);
    near(run.first(), 2, 1000);
}

/// The samples stand for this much CPU time. The kernel looks at the timers at its ticks, which
/// may be far apart on a busy machine; what a thread uses after its last one is not sampled.
fn near(process: &Process, threads: u64, millis: u64) {
    let nanos = process.samples.iter().filter_map(|sample| match sample.what {
        What::Cpu { nanos } => Some(nanos),
        _ => None,
    });
    let (sampled, longest) = (nanos.clone().sum::<u64>() as f64, nanos.max().unwrap_or(0) as f64);
    let truth = millis as f64 * 1e6;
    let missed = threads as f64 * longest * 1.5 + 10e6;
    assert!(sampled <= truth * 1.05 + 10e6, "{sampled} of {truth}");
    assert!(sampled + missed >= truth * 0.95, "{sampled} and at most {missed} of {truth}");
}

#[test]
fn deep_recursion_is_cut_and_keeps_the_base() {
    let run = run(&all(), &["recurse"]);
    let cut = run.first().samples.iter().filter(|sample| sample.tail.is_some());
    assert!(cut.clone().count() > 0);
    for sample in cut {
        assert_eq!(sample.tail.map(|(_, bytes)| bytes), Some(8 * 1024));
        assert_eq!(sample.bytes + 8 * 1024, 64 * 1024);
    }
}
