//! Small repositories to compare revisions of.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

pub fn write(dir: &Path, name: &str, text: &str) {
    fs::write(dir.join(name), text).unwrap();
}

pub fn git(dir: &Path, args: &[&str]) -> String {
    let mut command = Command::new("git");
    command.current_dir(dir).args(["-c", "user.name=a", "-c", "user.email=a@b"]).args(args);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Makes the directory a repository and commits what is in it.
pub fn init(dir: &Path) {
    git(dir, &["init", "-q"]);
    commit(dir);
}

pub fn commit(dir: &Path) {
    git(dir, &["add", "-A"]);
    git(dir, &["commit", "-q", "-m", "x"]);
}

pub fn compare(dir: &Path, args: &[&str]) -> Output {
    compare_as(Path::new(env!("CARGO_BIN_EXE_cargo-perf")), dir, args)
}

/// The same by a copy of the program.
pub fn compare_as(program: &Path, dir: &Path, args: &[&str]) -> Output {
    Command::new(program)
        .arg("compare")
        .args(args)
        .current_dir(dir)
        .env_remove("CARGO_TARGET_DIR")
        .output()
        .unwrap()
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
