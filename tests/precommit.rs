//! pre-commit and prek run the hook as this repository publishes it. Both are looked for on the
//! PATH (`pip install pre-commit prek`); a test says so where one is missing, and passes.
#![allow(clippy::print_stderr, reason = "shown by a test that was skipped")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const QUICK: &str = "pub fn f(x: u8) -> u8 {\n    x\n}\n";
const SLOW: &str = "pub fn f(x: &[&str]) -> usize {
    let mut n = 0;
    for l in x {
        let r = regex::Regex::new(\"[0-9]+\").unwrap();
        n += usize::from(r.is_match(l));
    }
    n
}
";

/// A repository whose hooks come from another one.
struct Scratch {
    dir: tempfile::TempDir,
    tool: &'static str,
}

impl Scratch {
    /// `None` where the tool is not installed.
    fn new(tool: &'static str) -> Option<Scratch> {
        if Command::new(tool).arg("--version").output().is_err() {
            eprintln!("skipped: {tool} is not installed");
            return None;
        }
        let dir = tempfile::tempdir().unwrap();
        let hooks = dir.path().join("hooks");
        fs::create_dir(&hooks).unwrap();
        let published = Path::new(env!("CARGO_MANIFEST_DIR")).join(".pre-commit-hooks.yaml");
        fs::copy(published, hooks.join(".pre-commit-hooks.yaml")).unwrap();
        let scratch = Scratch { dir, tool };
        scratch.commit(&hooks);
        let top = scratch.top();
        fs::create_dir_all(top.join("src")).unwrap();
        let manifest = "[package]\nname = \"work\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\
                        [workspace]\n[dependencies]\nregex = \"1\"\n";
        fs::write(top.join("Cargo.toml"), manifest).unwrap();
        fs::write(top.join(".gitignore"), "target\nCargo.lock\n").unwrap();
        let config = format!(
            "repos:\n- repo: {}\n  rev: v1\n  hooks:\n  - id: cargo-perf-system\n",
            hooks.display()
        );
        fs::write(top.join(".pre-commit-config.yaml"), config).unwrap();
        scratch.write("src/lib.rs", QUICK);
        scratch.write("src/old.rs", SLOW);
        scratch.commit(&top);
        Some(scratch)
    }

    fn top(&self) -> PathBuf {
        self.dir.path().join("work")
    }

    fn commit(&self, folder: &Path) {
        git(folder, &["init", "-q"]);
        git(folder, &["add", "."]);
        git(folder, &["commit", "-qm", "x"]);
        git(folder, &["tag", "v1"]);
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.top().join(name), text).unwrap();
    }

    fn stage(&self, name: &str, text: &str) {
        self.write(name, text);
        git(&self.top(), &["add", name]);
    }

    fn command(&self, program: &str, args: &[&str]) -> Output {
        let ours = Path::new(env!("CARGO_BIN_EXE_cargo-perf")).parent().unwrap().to_owned();
        let old = std::env::var_os("PATH").unwrap_or_default();
        let paths = std::iter::once(ours).chain(std::env::split_paths(&old));
        Command::new(program)
            .current_dir(self.top())
            .args(args)
            .env("PATH", std::env::join_paths(paths).unwrap())
            .env("PRE_COMMIT_HOME", self.dir.path().join("home"))
            .env("PREK_HOME", self.dir.path().join("home"))
            .output()
            .unwrap()
    }

    /// Runs the hooks on what is staged; what it said, and whether they passed.
    fn run(&self) -> (bool, String) {
        let output = self.command(self.tool, &["run"]);
        let text = String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr);
        (output.status.success(), format!("{}: {text}", self.tool))
    }
}

fn git(folder: &Path, args: &[&str]) {
    let status = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=a", "-c", "user.email=a@b"])
        .args(args)
        .status()
        .unwrap();
    assert!(status.success(), "git {args:?}");
}

fn with_each(test: impl Fn(Scratch)) {
    for tool in ["pre-commit", "prek"] {
        if let Some(scratch) = Scratch::new(tool) {
            test(scratch);
        }
    }
}

#[test]
fn what_is_staged_passes_or_fails() {
    with_each(|scratch| {
        let (passed, text) = scratch.run();
        assert!(passed && text.contains("no files to check"), "nothing is staged: {text}");
        scratch.stage("src/lib.rs", &QUICK.replace("f(", "g("));
        let (passed, text) = scratch.run();
        assert!(passed && text.contains("Passed"), "{text}");
        scratch.stage("src/lib.rs", SLOW);
        let (passed, text) = scratch.run();
        assert!(!passed && text.contains("src/lib.rs:4:17: warning"), "{text}");
        assert!(!text.contains("src/old.rs"), "it stood there before: {text}");
    });
}

#[test]
fn the_index_is_read_and_not_the_disk() {
    with_each(|scratch| {
        scratch.stage("src/lib.rs", SLOW);
        scratch.write("src/lib.rs", QUICK);
        let (passed, text) = scratch.run();
        assert!(!passed && text.contains("recompiled_regex"), "slow is staged: {text}");
        let disk = fs::read_to_string(scratch.top().join("src/lib.rs")).unwrap();
        assert_eq!(disk, QUICK, "the disk is as it was");
        scratch.stage("src/lib.rs", &QUICK.replace("f(", "g("));
        scratch.write("src/lib.rs", SLOW);
        let (passed, text) = scratch.run();
        assert!(passed, "slow is not staged: {text}");
    });
}

#[test]
fn a_renamed_file_changed_no_line() {
    with_each(|scratch| {
        git(&scratch.top(), &["mv", "src/old.rs", "src/new.rs"]);
        let (passed, text) = scratch.run();
        assert!(passed, "{text}");
        scratch.stage("src/new.rs", &SLOW.replace("[0-9]+", "[0-9]*"));
        let (passed, text) = scratch.run();
        assert!(!passed && text.contains("src/new.rs:4"), "{text}");
    });
}

#[test]
fn a_commit_is_refused_by_the_installed_hook() {
    with_each(|scratch| {
        let output = scratch.command(scratch.tool, &["install"]);
        assert!(output.status.success(), "{output:?}");
        scratch.stage("src/lib.rs", SLOW);
        let args = ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "y"];
        let output = scratch.command("git", &args);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(format!("{output:?}").contains("recompiled_regex"), "{output:?}");
        scratch.stage("src/lib.rs", &QUICK.replace("f(", "g("));
        assert!(scratch.command("git", &args).status.success());
    });
}
