//! Interrupts at any moment, and a disk that fills up: the tree is as it was or completely changed.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::{SLOW, command, git, project, tree};

type Tree = Vec<(String, Vec<u8>)>;

/// A project whose every module is rewritten, its tree before and after, and how long that takes.
fn many() -> (tempfile::TempDir, Tree, Tree, Duration) {
    let names: Vec<String> = (0..12).map(|n| format!("module_{n}")).collect();
    let modules: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), SLOW)).collect();
    let dir = project(&modules);
    let before = tree(dir.path());
    let start = Instant::now();
    assert!(all(dir.path()).status().unwrap().success());
    let took = start.elapsed();
    let after = tree(dir.path());
    reset(dir.path());
    assert_eq!(tree(dir.path()), before);
    (dir, before, after, took)
}

/// Rewrites everything, without the many calls of rustfmt, which would be most of the time.
fn all(dir: &Path) -> Command {
    let mut command = command(dir, &["--all"]);
    command.env("RUSTFMT", "no-such-program").stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn reset(dir: &Path) {
    git(dir, &["checkout", "--quiet", "."]);
}

/// What was on its way when the run was killed arrives; whoever moves files holds the lock.
fn settled(dir: &Path) -> Tree {
    if let Ok(lock) = File::open(dir.join("target/perf/fix/lock")) {
        lock.lock().unwrap();
    }
    tree(dir)
}

fn signal(child: &std::process::Child, name: &str) {
    let sent = Command::new("kill").arg(format!("-{name}")).arg(child.id().to_string()).output();
    sent.unwrap();
}

#[test]
fn at_fifty_moments_the_tree_is_as_it_was_or_completely_changed() {
    let (dir, before, after, took) = many();
    let mut unchanged = 0;
    for moment in 0..50 {
        let name = ["INT", "TERM", "HUP", "KILL"][moment % 4];
        let mut child = all(dir.path()).spawn().unwrap();
        std::thread::sleep(took.mul_f64(moment as f64 / 45.0));
        signal(&child, name);
        child.wait().unwrap();
        let now = settled(dir.path());
        match () {
            () if now == before => unchanged += 1,
            () if now == after => {}
            () => panic!("SIG{name} at moment {moment} left the tree between"),
        }
        reset(dir.path());
    }
    assert!(unchanged > 0, "every run was over before it was interrupted");
    // Undisturbed, the same command does change everything, however slow the machine is.
    assert!(all(dir.path()).status().unwrap().success());
    assert_eq!(tree(dir.path()), after);
}

/// Renames are a matter of microseconds, which moments taken by the clock seldom meet.
#[test]
fn killed_after_the_first_file_was_moved_all_are_moved() {
    let (dir, before, after, _) = many();
    let (first, old) = before.iter().zip(&after).find(|(old, new)| old != new).unwrap().0;
    for _ in 0..20 {
        let mut child = all(dir.path()).spawn().unwrap();
        loop {
            let has_ended = child.try_wait().unwrap().is_some();
            if fs::read(first).unwrap() != *old {
                break;
            }
            assert!(!has_ended, "ended without a change");
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(settled(dir.path()) == after, "left between");
        reset(dir.path());
    }
}

#[test]
fn a_run_after_a_killed_one_does_its_work() {
    let (dir, before, after, took) = many();
    for moment in 0..5 {
        let mut child = all(dir.path()).spawn().unwrap();
        std::thread::sleep(took.mul_f64(f64::from(moment) / 5.0));
        signal(&child, "KILL");
        child.wait().unwrap();
        assert!(all(dir.path()).arg("--allow-dirty").status().unwrap().success());
        assert_eq!(tree(dir.path()), after);
        reset(dir.path());
        assert_eq!(tree(dir.path()), before);
    }
}

/// The same command where no file can grow beyond so many blocks: a full disk, as far as one can
/// have that without being root.
#[cfg(unix)]
fn within(blocks: u32, dir: &Path) -> Command {
    let inner = all(dir);
    let mut command = Command::new("sh");
    // The signal would end the process before it saw the error.
    command.arg("-c").arg(format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"")).arg("sh");
    command.arg(inner.get_program()).args(inner.get_args()).current_dir(dir);
    command.env("RUSTFMT", "no-such-program").stdout(Stdio::null()).stderr(Stdio::null());
    command
}

#[cfg(unix)]
#[test]
fn where_the_disk_is_full_the_tree_is_as_it_was_or_completely_changed() {
    let (dir, before, after, _) = many();
    let mut unchanged = 0;
    for blocks in [0, 1, 2, 4, 8, 16, 32, 1 << 20] {
        let status = within(blocks, dir.path()).status().unwrap();
        let now = tree(dir.path());
        if now == before {
            assert_eq!(status.code(), Some(3), "with {blocks} blocks");
            unchanged += 1;
        } else {
            assert!(now == after, "{blocks} blocks left the tree between");
            assert!(status.success(), "with {blocks} blocks");
        }
        reset(dir.path());
    }
    assert!(unchanged > 0, "nothing was ever too large");
    // Space again, and nothing that was left half-done stands in the way.
    assert!(all(dir.path()).status().unwrap().success());
    assert_eq!(tree(dir.path()), after);
}
