//! The git hook in a real repository.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn git(folder: &Path, args: &[&str]) {
    let status = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=a", "-c", "user.email=a@b"])
        .args(args)
        .status()
        .unwrap();
    assert!(status.success(), "git {args:?}");
}

fn perf(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cargo-perf")).current_dir(folder).args(args).output().unwrap()
}

#[test]
fn a_hook_is_installed_renewed_and_removed() {
    let repository = tempfile::tempdir().unwrap();
    git(repository.path(), &["init", "-q"]);
    let hook = repository.path().join(".git/hooks/pre-commit");
    for _ in 0..2 {
        let output = perf(repository.path(), &["hook", "install"]);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert!(fs::read_to_string(&hook).unwrap().contains("cargo-perf hook run pre-commit"));
    }
    assert_eq!(perf(repository.path(), &["hook", "uninstall"]).status.code(), Some(0));
    assert!(!hook.exists());
    assert_eq!(perf(repository.path(), &["hook", "uninstall"]).status.code(), Some(2));
}

#[test]
fn a_foreign_hook_stays_as_it_is() {
    let repository = tempfile::tempdir().unwrap();
    git(repository.path(), &["init", "-q"]);
    git(repository.path(), &["config", "core.hooksPath", "my-hooks"]);
    fs::create_dir(repository.path().join("my-hooks")).unwrap();
    let hook = repository.path().join("my-hooks/pre-commit");
    fs::write(&hook, b"#!/bin/sh\nexit 0 # \xff\n").unwrap();
    for action in ["install", "uninstall"] {
        let output = perf(repository.path(), &["hook", action]);
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains("hook run pre-commit"));
        assert_eq!(fs::read(&hook).unwrap(), b"#!/bin/sh\nexit 0 # \xff\n");
    }
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_somebodys_hook() {
    let repository = tempfile::tempdir().unwrap();
    git(repository.path(), &["init", "-q"]);
    let hook = repository.path().join(".git/hooks/pre-commit");
    std::os::unix::fs::symlink("not-built-yet", &hook).unwrap();
    for action in ["install", "uninstall"] {
        let output = perf(repository.path(), &["hook", action]);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert_eq!(fs::read_link(&hook).unwrap(), Path::new("not-built-yet"));
    }
}

#[test]
fn what_somebody_put_into_our_hook_stays() {
    let repository = tempfile::tempdir().unwrap();
    git(repository.path(), &["init", "-q"]);
    let below = repository.path().join("it's rust");
    fs::create_dir(&below).unwrap();
    let hook = repository.path().join(".git/hooks/pre-commit");
    assert_eq!(perf(repository.path(), &["hook", "install"]).status.code(), Some(0));
    // The workspace that it names may change, the rest is as we wrote it.
    assert_eq!(perf(&below, &["hook", "install"]).status.code(), Some(0));
    let ours = fs::read_to_string(&hook).unwrap();
    assert!(ours.contains("--manifest-path 'it'\\''s rust/Cargo.toml'"), "{ours}");
    for text in [
        ours.replacen('\n', "\necho theirs\n", 1),
        ours.clone() + "echo theirs\n",
        ours.replace("exec ", "echo theirs; exec "),
        ours.replace(" -- ", "\necho theirs\nexec cargo-perf hook run pre-commit -- "),
    ] {
        fs::write(&hook, &text).unwrap();
        for action in ["install", "uninstall"] {
            let output = perf(&below, &["hook", action]);
            assert_eq!(output.status.code(), Some(2), "{output:?}");
            assert!(String::from_utf8_lossy(&output.stderr).contains("was changed"), "{output:?}");
            assert_eq!(fs::read_to_string(&hook).unwrap(), text);
        }
    }
    fs::write(&hook, &ours).unwrap();
    assert_eq!(perf(repository.path(), &["hook", "uninstall"]).status.code(), Some(0));
    assert!(!hook.exists());
}

#[test]
fn the_hooks_of_every_repository_are_not_this_ones_to_write() {
    let repository = tempfile::tempdir().unwrap();
    git(repository.path(), &["init", "-q"]);
    let home = tempfile::tempdir().unwrap();
    let configuration = home.path().join("gitconfig");
    let shared = home.path().join("hooks");
    let text = format!("[core]\n\thooksPath = {}\n", shared.display());
    fs::write(&configuration, text).unwrap();
    let install = || {
        Command::new(env!("CARGO_BIN_EXE_cargo-perf"))
            .current_dir(repository.path())
            .args(["hook", "install"])
            .env("GIT_CONFIG_GLOBAL", &configuration)
            .output()
            .unwrap()
    };
    let output = install();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let own = repository.path().canonicalize().unwrap().join(".git/hooks");
    let advice = format!("git config --local core.hooksPath '{}'", own.display());
    assert!(said.contains("global") && said.contains(&advice), "{said}");
    assert!(!shared.exists() && !own.join("pre-commit").exists(), "nothing was written");
    git(repository.path(), &["config", "--local", "core.hooksPath", own.to_str().unwrap()]);
    assert_eq!(install().status.code(), Some(0), "as it was told");
    assert!(own.join("pre-commit").exists());
}

#[test]
fn outside_a_repository_it_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let output = perf(folder.path(), &["hook", "install"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no git repository"));
}

/// One package below the top of a repository, with a bench that does this much work.
fn project(top: &Path, rounds: u64) {
    let below = top.join("it's rust");
    fs::create_dir_all(below.join("benches")).unwrap();
    fs::create_dir_all(below.join("src")).unwrap();
    let manifest = "[package]\nname = \"work\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\
                    [workspace]\n[[bench]]\nname = \"spin\"\nharness = false\n";
    fs::write(below.join("Cargo.toml"), manifest).unwrap();
    fs::write(below.join("src/lib.rs"), "").unwrap();
    fs::write(below.join(".gitignore"), "target\nCargo.lock\n").unwrap();
    let bench = format!(
        "fn main() {{ let mut v = Vec::new(); for i in 0..{rounds}_u64 {{ v.push(Box::new(i)); }} std::hint::black_box(&v); }}\n"
    );
    fs::write(below.join("benches/spin.rs"), bench).unwrap();
}

fn pushing(folder: &Path, lines: &str) -> Output {
    use std::io::Write as _;
    use std::process::Stdio;
    let mut child = Command::new(env!("CARGO_BIN_EXE_cargo-perf"))
        .current_dir(folder)
        .args(["hook", "run", "pre-push", "--manifest-path", "it's rust/Cargo.toml"])
        .args(["--budget", "1s", "--", "origin", "url"])
        .env_remove("CARGO_TARGET_DIR")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn hash(folder: &Path, revision: &str) -> String {
    let mut command = Command::new("git");
    let output = command.current_dir(folder).args(["rev-parse", revision]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn a_push_is_compared_with_what_the_other_side_has() {
    let repository = tempfile::tempdir().unwrap();
    let top = repository.path();
    git(top, &["init", "-q"]);
    for rounds in [2_000, 3_000_000] {
        project(top, rounds);
        git(top, &["add", "."]);
        git(top, &["commit", "-qm", "x"]);
    }
    fs::write(top.join("README"), "text").unwrap();
    git(top, &["add", "."]);
    git(top, &["commit", "-qm", "text"]);
    let nothing = "0".repeat(40);
    let (first, second, third) = (hash(top, "HEAD~2"), hash(top, "HEAD~1"), hash(top, "HEAD"));
    for (lines, why) in [
        (format!("(delete) {nothing} refs/heads/x {first}\n"), "a branch is deleted"),
        (format!("refs/heads/x {third} refs/heads/x {second}\n"), "no code changed"),
        (format!("refs/heads/x {first} refs/heads/x {first}\n"), "nothing is new"),
    ] {
        let output = pushing(top, &lines);
        assert_eq!(output.status.code(), Some(0), "{why}: {output:?}");
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(text.contains("no code to compare"), "{why}: {text}");
    }
    let output = pushing(top, &format!("refs/heads/x {second} refs/heads/x {first}\n"));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    // What it comes to is the machine's to say; here it counts that it was measured at all.
    assert!(output.status.code().is_some_and(|code| code < 2), "{output:?}");
    assert!(text.contains("spin"), "{text}");
}

#[test]
fn a_commit_is_checked_by_git_itself_from_a_workspace_below_the_top() {
    let repository = tempfile::tempdir().unwrap();
    let top = repository.path();
    git(top, &["init", "-q"]);
    project(top, 1);
    git(top, &["add", "."]);
    git(top, &["commit", "-qm", "x"]);
    let below = top.join("it's rust");
    assert_eq!(perf(&below, &["hook", "install"]).status.code(), Some(0));
    let manifest = fs::read_to_string(below.join("Cargo.toml")).unwrap();
    fs::write(below.join("Cargo.toml"), manifest + "[dependencies]\nregex = \"1\"\n").unwrap();
    let slow = "pub fn f(x: &[&str]) -> usize {\n    let mut n = 0;\n    for l in x {\n        \
                let r = regex::Regex::new(\"[0-9]+\").unwrap();\n        n += usize::from(r.is_match(l));\n    }\n    n\n}\n";
    fs::write(below.join("src/lib.rs"), slow).unwrap();
    let commit = |folder: &Path, args: &[&str]| {
        let folders = Path::new(env!("CARGO_BIN_EXE_cargo-perf")).parent().unwrap().to_owned();
        let old = std::env::var_os("PATH").unwrap_or_default();
        let paths = std::iter::once(folders).chain(std::env::split_paths(&old));
        Command::new("git")
            .current_dir(folder)
            .args(["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-m", "y"])
            .args(args)
            .env("PATH", std::env::join_paths(paths).unwrap())
            .output()
            .unwrap()
    };
    // `-a` and a path make git use an index beside the usual one.
    for args in [&["-a"][..], &["--", "it's rust/src/lib.rs"]] {
        let output = commit(top, args);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {output:?}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned()
            + &String::from_utf8_lossy(&output.stdout);
        assert!(said.contains("recompiled_regex"), "{said}");
    }
    let kept = slow
        .replace("        let r", "        // perf: allow(recompiled_regex) short\n        let r");
    fs::write(below.join("src/lib.rs"), kept).unwrap();
    let output = commit(&below, &["-a"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}
