//! `record --signal`: only what happens between two signals is in the profile.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::project::{BUSY, Project, Ran};

/// Three phases; the second and the third begin when a file comes.
const PHASES: &str = r#"
use std::{fs, hint, path::Path, time::{Duration, Instant}};

#[inline(never)]
fn spin(until: &dyn Fn() -> bool) -> Vec<u64> {
    let mut kept = Vec::new();
    while !until() {
        for i in 0..20_000u64 { hint::black_box(i.wrapping_mul(31)); }
        kept.push(hint::black_box(1));
        kept = kept.clone();
    }
    kept
}
#[inline(never)]
fn first() -> Vec<u64> { hint::black_box(spin(&|| Path::new("go-two").exists())) }
#[inline(never)]
fn second() -> Vec<u64> { hint::black_box(spin(&|| Path::new("go-three").exists())) }
#[inline(never)]
fn third() -> Vec<u64> {
    let start = Instant::now();
    hint::black_box(spin(&|| start.elapsed() > Duration::from_millis(300)))
}
fn main() {
    fs::write("one", "").unwrap();
    first();
    fs::write("two.new", std::process::id().to_string()).unwrap();
    fs::rename("two.new", "two").unwrap();
    second();
    third();
}
"#;

/// Sends the signal and waits until it was taken.
fn signal(child: &Child) {
    let sent = Command::new("kill").args(["-USR2", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let is_at_rest = |thread: &PathBuf| {
        let status = fs::read_to_string(thread.join("status")).unwrap_or_default();
        let is_said = |line: &str| status.lines().any(|said| said.starts_with(line));
        is_said("State:\tS") && is_said("ShdPnd:\t0000000000000000")
    };
    let threads = || -> Vec<PathBuf> {
        let all = fs::read_dir(format!("/proc/{}/task", child.id())).unwrap();
        all.map(|entry| entry.unwrap().path()).collect()
    };
    let are_at_rest = || threads().iter().all(is_at_rest);
    // The thread that takes it runs until it has woken the one that turns the switch, which may have
    // been looked at before: the second look sees it running.
    wait_until("the signal was taken", || are_at_rest() && are_at_rest());
}

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(120);
    while !is_so() {
        assert!(Instant::now() < deadline, "in vain: {what}");
        sleep(Duration::from_millis(5));
    }
}

/// CPU time of a process, in hundredths of a second.
fn spent(pid: &str) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let (_, fields) = stat.rsplit_once(')').unwrap();
    fields.split_whitespace().nth(11).unwrap().parse().unwrap()
}

fn project() -> Project {
    let project = Project::plain(BUSY);
    project.write("phases.rs", PHASES);
    let built = Command::new("rustc")
        .args(["-g", "-O", "--edition=2021", "phases.rs", "-o", "phases"])
        .current_dir(project.path(""))
        .status()
        .unwrap();
    assert!(built.success());
    project
}

#[test]
fn only_what_lies_between_two_signals_is_recorded() {
    let project = project();
    let child = project.start(&["record", "--signal", "usr2", "--", "./phases"]);
    let (one, two) = (project.path("one"), project.path("two"));
    wait_until("the first phase began", || one.exists());
    project.write("go-two", "");
    wait_until("the second phase began", || two.exists());
    let pid = fs::read_to_string(&two).unwrap();
    signal(&child);
    let before = spent(&pid);
    wait_until("it worked for a while", || spent(&pid) >= before + 20);
    signal(&child);
    project.write("go-three", "");
    let ran = Ran::of(child.wait_with_output().unwrap());
    ran.succeeds();
    assert!(ran.err.contains("kill -USR2"), "{}", ran.err);
    let profile = project.profile();
    let has = |name: &str| {
        let is_it = |at: &u32| {
            let lines = &profile.locations[*at as usize].lines;
            lines.iter().any(|line| profile.functions[line.function as usize].name.contains(name))
        };
        profile.samples.iter().any(|sample| sample.stack.iter().any(is_it))
    };
    assert!(has("phases::second"));
    assert!(!has("phases::first") && !has("phases::third"));
    // Exact counters are those of the whole run, which is not what was asked for.
    assert!(profile.benches[0].counters.is_empty());
    let timeline = profile.timeline.expect("threads over time");
    assert_eq!(timeline.threads[0].name, "main");
    assert!(timeline.places.iter().any(|place| place.file.ends_with("phases.rs")));
}

#[test]
fn a_signal_that_never_comes_is_a_failure() {
    let project = project();
    project.write("go-two", "");
    project.write("go-three", "");
    let ran = project.run(&["record", "--signal", "SIGUSR1", "--", "./phases"]);
    ran.fails(3, &["no signal came", "kill -USR1"]);
    assert!(!project.path("target/perf/profile.pb.gz").exists());
}

#[test]
fn a_command_is_told_what_it_allocated() {
    let project = project();
    project.write("go-two", "");
    project.write("go-three", "");
    let ran = project.run(&["record", "--", "./phases"]);
    ran.succeeds();
    for words in ["allocations of", "in use:", "at the peak", "at the end"] {
        assert!(ran.err.contains(words), "{}", ran.err);
    }
}
