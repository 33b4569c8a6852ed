//! What recording must not change: output, exit code, signals; and how a run is ended.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::process::ExitStatusExt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use cargo_perf::capture::raw::{Event, What};
use cargo_perf::capture::{self, CpuBackend, End, Error, Input, Kind, Output, Request};

fn shell(dir: &tempfile::TempDir, script: &str) -> Request {
    let mut request = Request::new("/bin/sh", dir.path(), dir.path().join("agent"));
    request.args = vec!["-c".into(), script.into()];
    request.kinds = vec![Kind::Cpu];
    request.stdin = Input::Null;
    request.stdout = Output::File(dir.path().join("out"));
    request.stderr = Output::File(dir.path().join("err"));
    request
}

fn run(request: &Request) -> capture::Recording {
    capture::record(request, &AtomicBool::new(false)).expect("the shell runs")
}

/// Interrupts the program as soon as it has written a line, however long it takes to get there.
fn interrupted_after_a_line(request: &Request) -> capture::Recording {
    let Output::File(out) = &request.stdout else { panic!("{:?}", request.stdout) };
    let interrupt = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !fs::read_to_string(out).is_ok_and(|text| text.ends_with('\n')) {
                thread::sleep(Duration::from_millis(10));
            }
            interrupt.store(true, Ordering::Relaxed);
        });
        capture::record(request, &interrupt).expect("the shell runs")
    })
}

#[test]
fn output_and_exit_code_are_the_programs_own() {
    let dir = tempfile::tempdir().unwrap();
    let recording = run(&shell(&dir, "echo out; echo err >&2; exit 7"));
    let End::Exited(status) = recording.end else { panic!("{:?}", recording.end) };
    assert_eq!(status.code(), Some(7));
    assert_eq!(fs::read_to_string(dir.path().join("out")).unwrap(), "out\n");
    assert_eq!(fs::read_to_string(dir.path().join("err")).unwrap(), "err\n");
}

#[test]
fn both_streams_may_go_to_one_file() {
    let dir = tempfile::tempdir().unwrap();
    let mut request = shell(&dir, "echo one; echo two >&2; echo three");
    request.stderr = request.stdout.clone();
    run(&request);
    assert_eq!(fs::read_to_string(dir.path().join("out")).unwrap(), "one\ntwo\nthree\n");
}

#[test]
fn a_program_killed_by_a_signal_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let recording = run(&shell(&dir, "kill -SEGV $$"));
    let End::Exited(status) = recording.end else { panic!("{:?}", recording.end) };
    assert_eq!(status.signal(), Some(11));
}

#[test]
fn the_program_sees_its_name_arguments_directory_and_environment() {
    let dir = tempfile::tempdir().unwrap();
    let mut request = shell(&dir, "echo $0 $1; pwd; env");
    request.args.extend(["zero".into(), "one".into()]);
    request.cwd = Some("/usr".into());
    request.env = vec![("ADDED-name.x".into(), Some("1".into())), ("HOME".into(), None)];
    run(&request);
    let out = fs::read_to_string(dir.path().join("out")).unwrap();
    assert!(out.starts_with("zero one\n/usr\n"), "{out}");
    assert!(!out.contains("\nHOME="), "{out}");
}

#[test]
fn a_program_that_is_not_there_is_an_error_with_its_name() {
    let dir = tempfile::tempdir().unwrap();
    let request = Request::new("/nowhere/program", dir.path(), dir.path());
    let error = capture::record(&request, &AtomicBool::new(false)).unwrap_err();
    assert!(matches!(error, Error::Start { .. }), "{error:?}");
    assert!(error.to_string().contains("/nowhere/program"), "{error}");
}

#[test]
fn the_time_limit_ends_the_program_and_keeps_the_samples() {
    let dir = tempfile::tempdir().unwrap();
    let mut request = shell(&dir, "while :; do :; done");
    request.time_limit = Some(Duration::from_secs(2));
    let recording = run(&request);
    assert_eq!(recording.end, End::TimedOut);
    assert!(cpu_samples(&recording) > 0, "{}", recording.summary());
}

#[test]
fn a_program_that_ignores_the_request_to_end_is_killed_with_its_children() {
    let dir = tempfile::tempdir().unwrap();
    // What the shell ignores the child ignores from its first moment on.
    let script = "trap '' TERM; (while :; do sleep 0.05; done) & \
                  echo $!; while :; do sleep 0.05; done";
    let recording = interrupted_after_a_line(&shell(&dir, script));
    assert_eq!(recording.end, End::Interrupted);
    let child = fs::read_to_string(dir.path().join("out")).unwrap();
    let state = format!("/proc/{}/stat", child.trim());
    let gone = || !fs::read_to_string(&state).is_ok_and(|stat| !stat.contains(" Z "));
    let end = Instant::now() + Duration::from_secs(60);
    while !gone() && Instant::now() < end {
        thread::sleep(Duration::from_millis(10));
    }
    assert!(gone(), "the child {} still runs", child.trim());
}

#[test]
fn an_interrupt_ends_the_program_and_keeps_the_samples() {
    let dir = tempfile::tempdir().unwrap();
    let script = "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; echo $i; while :; do :; done";
    let recording = interrupted_after_a_line(&shell(&dir, script));
    assert_eq!(recording.end, End::Interrupted);
    assert!(cpu_samples(&recording) > 0, "{}", recording.summary());
}

#[test]
fn processes_that_the_program_starts_are_recorded_when_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let script = "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done";
    let mut request = shell(&dir, &format!("sh -c '{script}'; true"));
    request.children = true;
    let with = run(&request);
    request.children = false;
    request.raw_dir = dir.path().join("second");
    fs::create_dir(&request.raw_dir).unwrap();
    let without = run(&request);
    assert!(others(&with) > 0, "{}", with.summary());
    assert_eq!(others(&without), 0);
}

#[test]
fn a_full_disk_ends_the_samples_and_not_the_program() {
    let dir = tempfile::tempdir().unwrap();
    let mut request = shell(&dir, "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; echo done");
    request.cpu_backend = CpuBackend::PerfEvents;
    for cpu in 0..1024 {
        symlink("/dev/full", dir.path().join(format!("perf-{cpu}.raw"))).unwrap();
    }
    let recording = match capture::record(&request, &AtomicBool::new(false)) {
        Ok(recording) => recording,
        Err(Error::NoBackend { why }) => return println!("skipped: {why}"),
        Err(error) => panic!("{error}"),
    };
    assert!(matches!(recording.end, End::Exited(status) if status.success()));
    assert_eq!(fs::read_to_string(dir.path().join("out")).unwrap(), "done\n");
    let why = recording.missing.iter().find(|missing| missing.kind == Kind::Cpu);
    assert!(why.is_some_and(|it| it.why.contains("No space left")), "{}", recording.summary());
}

#[test]
fn files_that_were_cut_short_are_read_up_to_there() {
    let dir = tempfile::tempdir().unwrap();
    let recording = run(&shell(&dir, "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done"));
    let whole = cpu_samples(&recording);
    for entry in fs::read_dir(dir.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "raw") {
            let file = fs::File::options().write(true).open(&path).unwrap();
            let length = file.metadata().unwrap().len();
            file.set_len(length - length.min(100)).unwrap();
        }
    }
    let cut = cpu_samples(&recording);
    assert!(cut > 0 && cut <= whole, "{cut} of {whole}");
}

fn others(recording: &capture::Recording) -> usize {
    count(recording, |pid| pid != recording.pid)
}

fn cpu_samples(recording: &capture::Recording) -> usize {
    count(recording, |_| true)
}

fn count(recording: &capture::Recording, wanted: impl Fn(u32) -> bool) -> usize {
    let mut events = recording.events().unwrap();
    let mut count = 0;
    while let Some(event) = events.next().unwrap() {
        if let Event::Stack(stack) = event
            && matches!(stack.what, What::Cpu { .. })
            && wanted(stack.pid)
        {
            count += 1;
        }
    }
    count
}
