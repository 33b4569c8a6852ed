//! Benches that fail, hang or write garbage: said, shown, and nothing lost.

use std::time::{Duration, Instant};

use crate::project::{BUSY, PLAIN, Project, Ran};

/// `BUSY` under another name, then something else.
fn busy_then(what: &str) -> String {
    BUSY.replace("fn main() { busy() }", &format!("fn main() {{ busy(); {what} }}"))
}

#[test]
fn a_bench_that_panics_shows_what_it_wrote_and_keeps_the_rest() {
    let manifest = format!("{PLAIN}[[bench]]\nname = \"a\"\nharness = false\n");
    let project = Project::new(&[
        ("Cargo.toml", &manifest),
        ("src/lib.rs", ""),
        ("benches/a.rs", &busy_then("panic!(\"the data file is missing\")")),
        ("benches/b.rs", BUSY),
    ]);
    let ran = project.run(&["record"]);
    ran.fails(3, &["`a` failed", "the data file is missing", "a bench failed", "profile.pb.gz"]);
    let names: Vec<String> = project.benches().into_iter().map(|bench| bench.bench).collect();
    assert!(names.contains(&"b".to_owned()), "{names:?}");
    // And the findings of the others are still reported.
    let ran = project.run(&["run"]);
    ran.fails(3, &["a bench failed"]);
    assert!(ran.out.contains("0 findings") || ran.out.contains("finding"), "{}", ran.out);
}

#[test]
fn a_bench_target_that_does_not_build_is_named_and_the_rest_is_recorded() {
    let manifest = |name: &str| PLAIN.replace("plain", name).replace("[workspace]\n", "");
    let project = Project::new(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"one\", \"two\"]\nresolver = \"2\"\n"),
        (
            "one/Cargo.toml",
            &format!("{}[[bench]]\nname = \"a\"\nharness = false\n", manifest("one")),
        ),
        ("one/src/lib.rs", ""),
        ("one/benches/a.rs", &BUSY.replace("busy()", "busy_too()")),
        ("one/benches/b.rs", "fn main() { missing() }"),
        ("two/Cargo.toml", &manifest("two")),
        ("two/src/lib.rs", ""),
        ("two/benches/b.rs", BUSY),
    ]);
    let said = [
        "cannot find function `missing`",
        "bench target `b` of package `one` is left out: it does not build",
        "error: bench target `b` does not build",
        "profile.pb.gz",
    ];
    project.run(&["record"]).fails(3, &said);
    let names: Vec<String> = project.benches().into_iter().map(|bench| bench.bench).collect();
    assert_eq!(names, ["a", "b"]);
    // And the findings of the others are still reported.
    let ran = project.run(&["run"]);
    ran.fails(3, &said);
    assert!(ran.out.contains("heat from 2 benches"), "{}", ran.out);
    // Of those that match a filter none may be left: no success either.
    project.run(&["record", "--bench", "b", "-p", "one"]).fails(3, &["the benches do not build"]);
    project.run(&["record", "no-such"]).fails(3, &["`b` does not build", "nothing was recorded"]);
}

#[test]
fn a_library_whose_benches_do_not_build_takes_nothing_from_its_bench_targets() {
    let library = "#![feature(test)] #[cfg(test)] mod benches { extern crate test; \
                   #[bench] fn own(b: &mut test::Bencher) { b.iter(missing) } }";
    let project =
        Project::new(&[("Cargo.toml", PLAIN), ("src/lib.rs", library), ("benches/b.rs", BUSY)]);
    // Lets a stable compiler build the benches of libtest.
    let mut command = project.command("", &["record"]);
    let ran = Ran::of(command.env("RUSTC_BOOTSTRAP", "1").output().unwrap());
    ran.fails(3, &["cannot find value `missing`", "bench target `plain` is left out"]);
    assert_eq!(project.benches().len(), 1);
}

#[test]
fn a_bench_of_libtest_that_panics_is_named_and_keeps_the_rest() {
    let manifest = PLAIN.replace("harness = false\n", "");
    let bench = "#![feature(test)] extern crate test;\n\
        #[bench] fn a(b: &mut test::Bencher) { b.iter(|| test::black_box(1)) }\n\
        #[bench] fn b(b: &mut test::Bencher) { b.iter(|| panic!(\"the data file is missing\")) }\n\
        #[bench] fn c(b: &mut test::Bencher) { b.iter(|| test::black_box(vec![1])) }\n";
    let files = [("Cargo.toml", &*manifest), ("src/lib.rs", ""), ("benches/b.rs", bench)];
    let project = Project::new(&files);
    // Lets a stable compiler build the benches of libtest.
    let mut command = project.command("", &["record", "--time", "50ms"]);
    let ran = Ran::of(command.env("RUSTC_BOOTSTRAP", "1").output().unwrap());
    ran.fails(3, &["bench `b` failed", "the data file is missing", "a bench failed"]);
    let names: Vec<String> = project.benches().into_iter().map(|bench| bench.bench).collect();
    assert!(names.contains(&"a".to_owned()) && names.contains(&"c".to_owned()), "{names:?}");
}

#[test]
fn a_bench_that_hangs_is_ended_and_what_was_recorded_is_kept() {
    let project = Project::plain(&busy_then("loop { std::thread::park() }"));
    let started = Instant::now();
    let ran = project.run(&["record", "--timeout", "2s", "--time", "100ms"]);
    ran.fails(3, &["`b` showed no progress for 2 s and was ended"]);
    // The build is in this time, too.
    assert!(started.elapsed() < Duration::from_secs(100));
    let profile = project.profile();
    assert!(profile.functions.iter().any(|function| function.name.contains("busy")));
}

#[test]
fn a_signal_that_ends_a_bench_is_named() {
    let project = Project::plain(&busy_then("std::process::abort()"));
    project.run(&["record"]).fails(3, &["`b` failed (signal: 6"]);
}

#[test]
fn garbage_on_standard_output_is_only_output() {
    let write = "use std::io::Write; std::io::stdout().write_all(&[0xff, 0, 0x1b, b'[', 0xfe])\
                 .unwrap(); println!(\"test x ... bench: ns/iter\")";
    let project = Project::plain(&busy_then(write));
    let ran = project.run(&["record"]);
    ran.succeeds();
    assert!(!ran.out.contains('\x1b') && !ran.err.contains('\x1b'));
    assert_eq!(project.benches().len(), 1);
}

#[test]
fn what_a_failing_bench_wrote_for_a_terminal_does_not_reach_ours() {
    let project = Project::plain(&busy_then("panic!(\"\\x1b]0;owned\\x07\")"));
    let ran = project.run(&["record"]);
    ran.fails(3, &["owned"]);
    assert!(!ran.err.contains('\x1b') && !ran.err.contains('\x07'));
}

#[test]
fn what_a_failing_bench_wrote_is_no_command_to_a_runner() {
    let write = "eprintln!(\"::error::owned\"); eprintln!(\"  ::set-env name=a::b\"); panic!()";
    let ran = Project::plain(&busy_then(write)).run(&["record"]);
    ran.fails(3, &["`b` failed", "error::owned"]);
    let is_command = |line: &str| line.trim_start().starts_with("::");
    assert!(!ran.err.lines().any(is_command), "{}", ran.err);
}

#[test]
fn a_full_disk_fails_and_says_so() {
    let project = Project::plain(BUSY);
    // Through a link, so that a mistake of ours would replace the link and not the device.
    std::os::unix::fs::symlink("/dev/full", project.path("full")).unwrap();
    let ran = project.run(&["record", "--out", "full"]);
    ran.fails(3, &["full", "No space left on device"]);
}

#[test]
fn a_backend_that_does_not_exist_is_refused_before_anything_runs() {
    let project = Project::new(&[("x", "")]);
    let mut command = project.command("", &["record", "--", "sh", "-c", "echo ran"]);
    let ran = Ran::of(command.env("CARGO_PERF_CPU", "perfs").output().unwrap());
    ran.fails(2, &["CARGO_PERF_CPU is `perfs`", "`timer`"]);
    assert!(!ran.out.contains("ran"), "{}", ran.out);
}

#[test]
fn a_command_that_fails_is_no_success_and_its_recording_is_kept() {
    let project = Project::new(&[("x", "")]);
    let ran = project.run(&["record", "--", "sh", "-c", "exit 7"]);
    ran.fails(3, &["warning: command `sh` failed (exit status: 7)", "the command failed"]);
    assert!(project.path("target/perf/profile.pb.gz").exists());
    project
        .run(&["record", "--", "no-such-program-anywhere"])
        .fails(2, &["no-such-program", "help: "]);
}

#[test]
fn a_command_with_a_time_is_ended_after_it_and_that_is_no_failure() {
    let project = Project::new(&[("x", "")]);
    let started = Instant::now();
    project.run(&["record", "--time", "500ms", "--", "sleep", "600"]).succeeds();
    assert!(started.elapsed() < Duration::from_secs(60));
}
