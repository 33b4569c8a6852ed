//! Shares of CPU time against what the programs' own clocks say.

use std::collections::BTreeSet;

use cargo_perf::capture::{self, Backend, CpuBackend, Kind};

use crate::programs::{Run, compile, program, request, run};

/// Points by which a share may differ from the truth.
const TOLERANCE: f64 = 0.03;

/// Records two functions that take turns.
fn shares(backend: CpuBackend, threads: &str, millis: &str) -> Run {
    let mut request = request(&program("shares"), &[threads, millis]);
    request.0.cpu_backend = backend;
    run(request)
}

fn assert_true_shares(run: &Run) {
    let told: Vec<f64> =
        run.stdout.split_whitespace().map(|nanos| nanos.parse().expect("nanoseconds")).collect();
    let total: f64 = told.iter().sum();
    for (function, nanos) in [("light", told[0]), ("heavy", told[1])] {
        let (truth, measured) = (nanos / total, run.share("cpu", function));
        assert!(
            (measured - truth).abs() <= TOLERANCE,
            "{function}: {measured:.3} measured, {truth:.3} true; {}",
            run.recording.summary()
        );
    }
    // Not only the shares: the sum is the CPU time that was used.
    let cpu = run.sum("cpu", |_| true) as f64;
    assert!((cpu / total - 1.0).abs() <= 0.1, "{cpu} sampled of {total}");
}

#[test]
fn shares_of_cpu_time_are_those_of_the_threads_own_clock() {
    assert_true_shares(&shares(CpuBackend::Auto, "1", "1500"));
}

#[test]
fn timers_see_the_same_shares() {
    let run = shares(CpuBackend::Timers, "1", "2500");
    assert!(run.recording.ran.iter().any(|ran| ran.backend == Backend::CpuTimers));
    assert_true_shares(&run);
    assert_own_code_is_complete(&run);
}

#[test]
fn timers_see_the_same_shares_on_four_threads() {
    assert_true_shares(&shares(CpuBackend::Timers, "4", "800"));
}

#[test]
fn one_run_gives_cpu_time_and_all_that_the_agent_records() {
    let mut request = request(&program("shares"), &["1", "1000"]);
    request.0.kinds = Kind::ALL.to_vec();
    request.0.clock_reads = true;
    let run = run(request);
    assert_true_shares(&run);
    for kind in Kind::ALL {
        assert!(run.recording.has(kind), "{}", run.recording.summary());
    }
    // The line that the program prints.
    assert!(run.sum("io_calls", |_| true) > 0);
    let functions = run.profile.functions.iter().map(|function| &function.filename);
    assert!(functions.clone().all(|file| !file.contains("/agent/")));
    assert!(run.profile.mappings.iter().any(|mapping| mapping.filename.contains("shares")));
}

#[test]
fn four_threads_have_their_shares_and_names() {
    let run = shares(CpuBackend::Auto, "4", "500");
    assert_true_shares(&run);
    let threads: BTreeSet<&str> =
        run.profile.samples.iter().filter_map(|sample| sample.label("thread")).collect();
    for name in ["worker-0", "worker-1", "worker-2", "worker-3"] {
        assert!(threads.contains(name), "{threads:?}");
    }
}

#[test]
fn every_stack_is_complete_and_names_the_line() {
    let run = shares(CpuBackend::Auto, "1", "300");
    assert_own_code_is_complete(&run);
    let heavy =
        run.profile.functions.iter().position(|function| function.name.ends_with("::heavy"));
    let heavy = heavy.expect("the function") as u32;
    let lines: BTreeSet<u32> = run
        .profile
        .locations
        .iter()
        .flat_map(|location| &location.lines)
        .filter(|line| line.function == heavy)
        .map(|line| line.line)
        .collect();
    // The loop of `heavy` and its body.
    assert!(lines.iter().any(|line| (39..=41).contains(line)), "{lines:?}");
    assert!(lines.iter().all(|line| (37..=44).contains(line)), "{lines:?}");
}

/// Every stack that reached the program's own code has all of it. A few hundred stacks cannot tell
/// the 99.9 % that `unwinding` demands of thousands: some may fall on instructions of the program's
/// start or end that no unwind table describes.
fn assert_own_code_is_complete(run: &Run) {
    assert!(run.quality.stacks > 100, "{:?}", run.quality);
    for sample in &run.profile.samples {
        let functions = run.functions(sample);
        let is_own = functions.contains("heavy") || functions.contains("light");
        let begun = |name: &&str| name.starts_with("__rust_begin_short_backtrace");
        assert!(!is_own || functions.iter().any(begun), "{functions:?}; {:?}", run.quality);
    }
}

#[test]
fn a_static_program_is_sampled_as_any_other() {
    let flags = ["-Ctarget-feature=+crt-static"];
    let program = match compile("shares", "shares-static", &flags) {
        Ok(program) => program,
        Err(error) => {
            // Not every system has the C library to link against.
            println!("skipped, no static program can be built: {error}");
            return;
        }
    };
    if !capture::samples_densely() {
        println!("skipped, no agent can be preloaded, and perf events are not permitted");
        return;
    }
    let run = run(request(&program, &["1", "700"]));
    assert_true_shares(&run);
    assert_own_code_is_complete(&run);
}

#[test]
fn below_a_deep_recursion_the_caller_still_has_its_share() {
    let run = run(request(&program("deep"), &["20000"]));
    assert!(run.quality.truncated > 0, "{:?}", run.quality);
    for function in ["burn", "caller", "descend", "[truncated]"] {
        let share = run.share("cpu", function);
        assert!(share >= 0.95, "{function}: {share:.3}; {:?}", run.quality);
    }
}

#[test]
fn a_fork_is_part_of_the_profile_when_children_are() {
    let mut request = request(&program("forks"), &[]);
    request.0.children = true;
    let both = run(request);
    let (child, parent) = (both.share("cpu", "in_child"), both.share("cpu", "in_parent"));
    assert!(
        (child - 0.75).abs() <= TOLERANCE && (parent - 0.25).abs() <= TOLERANCE,
        "{child} {parent}"
    );
}

#[test]
fn a_fork_is_left_out_when_children_are() {
    for backend in [CpuBackend::Auto, CpuBackend::Timers] {
        let mut request = request(&program("forks"), &[]);
        request.0.cpu_backend = backend;
        let alone = run(request);
        assert_eq!(alone.share("cpu", "in_child"), 0.0);
        assert!(alone.share("cpu", "in_parent") >= 0.95);
    }
}

#[test]
fn without_a_cpu_backend_nothing_is_sampled_and_that_is_said() {
    let mut request = request(&program("shares"), &["1", "50"]);
    request.0.cpu_backend = CpuBackend::Off;
    let run = run(request);
    assert!(!run.recording.has(Kind::Cpu));
    assert!(run.profile.samples.is_empty());
    assert!(run.recording.summary().contains("no cpu"), "{}", run.recording.summary());
}
