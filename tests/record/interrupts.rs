//! Ctrl-C in each phase: children are ended, what was recorded is kept, the exit code says so.

use std::process::{Child, Command};
use std::time::{Duration, Instant};

use crate::project::{BUSY, Project, Ran};

/// A bench that is recorded, leaves its number and then hangs.
fn hanging() -> Project {
    let busy = BUSY.replace(
        "fn main() { busy() }",
        &format!(
            "fn main() {{ busy(); {} std::thread::sleep(std::time::Duration::from_secs(600)) }}",
            leave_pid("running")
        ),
    );
    Project::plain(&busy)
}

fn interrupt(child: &Child) {
    signal(child, &["INT"]);
}

/// Sends all of them at once: a shell sends signals by itself.
fn signal(child: &Child, names: &[&str]) {
    let kills: Vec<String> =
        names.iter().map(|name| format!("kill -{name} {}", child.id())).collect();
    let sent = Command::new("sh").args(["-c", &kills.join(" && ")]).status().unwrap();
    assert!(sent.success());
}

/// Waits for a file that the project's code writes with its process's number.
fn pid_in(project: &Project, file: &str) -> String {
    let deadline = Instant::now() + Duration::from_secs(120);
    loop {
        match std::fs::read_to_string(project.path(file)) {
            Ok(text) if !text.is_empty() => return text,
            _ => assert!(Instant::now() < deadline, "{file} never came"),
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Whether it is gone, given a moment; a zombie is.
fn is_gone(pid: &str) -> bool {
    let deadline = Instant::now() + Duration::from_secs(60);
    while Instant::now() < deadline {
        match std::fs::read_to_string(format!("/proc/{pid}/stat")) {
            Ok(stat) if !stat.contains(") Z ") => std::thread::sleep(Duration::from_millis(20)),
            _ => return true,
        }
    }
    false
}

/// Rust code that leaves its process's number in a file of the package.
fn leave_pid(file: &str) -> String {
    format!(
        "std::fs::write(\"{file}.tmp\", std::process::id().to_string()).unwrap(); \
             std::fs::rename(\"{file}.tmp\", \"{file}\").unwrap();"
    )
}

#[test]
fn during_the_build_the_compiler_and_its_children_end() {
    end_a_build(&["INT"]);
}

#[test]
fn signals_that_come_at_once_are_one_interrupt() {
    // Two of one kind, of which none was handled yet, would be one for the system already.
    end_a_build(&["INT", "TERM"]);
}

fn end_a_build(signals: &[&str]) {
    let project = Project::plain(BUSY);
    let script = format!(
        "fn main() {{ {} std::thread::sleep(std::time::Duration::from_secs(600)) }}",
        leave_pid("building")
    );
    project.write("build.rs", &script);
    let child = project.start(&["record"]);
    let pid = pid_in(&project, "building");
    signal(&child, signals);
    let ran = Ran::of(child.wait_with_output().unwrap());
    ran.fails(3, &["interrupted"]);
    assert!(is_gone(&pid));
}

#[test]
fn during_a_bench_it_ends_and_its_samples_are_kept() {
    let project = hanging();
    let child = project.start(&["record"]);
    let pid = pid_in(&project, "running");
    interrupt(&child);
    let ran = Ran::of(child.wait_with_output().unwrap());
    ran.fails(3, &["interrupted", "profile.pb.gz"]);
    assert!(is_gone(&pid));
    let profile = project.profile();
    assert!(profile.functions.iter().any(|function| function.name.contains("busy")));
    let left = std::fs::read_dir(project.path("target/perf")).unwrap();
    let names: Vec<String> =
        left.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert!(!names.iter().any(|name| name.starts_with("run-")), "{names:?}");
}

#[test]
fn an_interrupt_before_anything_was_recorded_leaves_the_last_recording() {
    let project = Project::plain(BUSY);
    project.run(&["record"]).succeeds();
    let before = std::fs::read(project.path("target/perf/profile.pb.gz")).unwrap();
    let script = format!(
        "fn main() {{ {} std::thread::sleep(std::time::Duration::from_secs(600)) }}",
        leave_pid("building")
    );
    project.write("build.rs", &script);
    let child = project.start(&["record"]);
    pid_in(&project, "building");
    interrupt(&child);
    Ran::of(child.wait_with_output().unwrap()).fails(3, &["interrupted"]);
    assert_eq!(std::fs::read(project.path("target/perf/profile.pb.gz")).unwrap(), before);
}

#[test]
fn a_later_interrupt_kills_what_was_started() {
    // It does not listen to the request to end that the first interrupt brings it.
    let deaf =
        "trap '' TERM; echo $$ > running.tmp; mv running.tmp running; while :; do sleep 1; done";
    let project = Project::plain(&format!(
        "use std::os::unix::process::CommandExt; \
         fn main() {{ panic!(\"{{}}\", std::process::Command::new(\"sh\").args([\"-c\", {deaf:?}]).exec()) }}"
    ));
    let mut child = project.start(&["record"]);
    let pid = pid_in(&project, "running").trim().to_owned();
    interrupt(&child);
    // Later than the same interrupt sent again, and before the bench is killed without being asked for it.
    std::thread::sleep(Duration::from_millis(700));
    interrupt(&child);
    child.wait().unwrap();
    assert!(is_gone(&pid));
}
