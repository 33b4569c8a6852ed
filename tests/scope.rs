//! `check` on what is staged, on changed lines, and on an editor's buffer, in a real repository.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const SLOW: &str = "pub fn count(lines: &[&str]) -> usize {
    let mut count = 0;
    for line in lines {
        let number = regex::Regex::new(\"[0-9]+\").unwrap();
        count += usize::from(number.is_match(line));
    }
    count
}
";

fn git(folder: &Path, args: &[&str]) {
    let output = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=a", "-c", "user.email=a@b"])
        .args(args)
        .output()
        .unwrap();
    assert!(output.status.success(), "git {args:?}: {output:?}");
}

/// A package that depends on nothing that would have to be fetched: linting needs names only.
fn repository(source: &str) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let manifest = "[package]\nname = \"demo\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\
                    [dependencies]\nregex = \"1\"\n[workspace]\n";
    fs::write(dir.path().join("Cargo.toml"), manifest).unwrap();
    fs::create_dir(dir.path().join("src")).unwrap();
    fs::write(dir.path().join("src/lib.rs"), source).unwrap();
    git(dir.path(), &["init", "-q"]);
    git(dir.path(), &["add", "."]);
    git(dir.path(), &["commit", "-qm", "first"]);
    dir
}

fn perf(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cargo-perf")).current_dir(folder).args(args).output().unwrap()
}

/// The lines that findings stand on.
fn lines(output: &Output) -> Vec<u64> {
    assert!(output.status.code().is_some_and(|code| code < 2), "{output:?}");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|value| value["message"]["spans"][0]["line_start"].as_u64().unwrap())
        .collect()
}

fn staged(folder: &Path) -> Vec<u64> {
    lines(&perf(folder, &["check", "--staged", "--message-format", "json"]))
}

#[test]
fn the_index_speaks_and_not_the_disk() {
    let dir = repository("pub fn nothing() {}\n");
    let source = dir.path().join("src/lib.rs");
    assert_eq!(staged(dir.path()), [0_u64; 0]);
    fs::write(&source, SLOW).unwrap();
    assert_eq!(staged(dir.path()), [0_u64; 0], "not staged yet");
    git(dir.path(), &["add", "."]);
    fs::write(&source, "pub fn nothing() {}\n").unwrap();
    assert_eq!(staged(dir.path()), [4], "staged, though gone from the disk's file");
    fs::write(dir.path().join("src/more.rs"), SLOW).unwrap();
    git(dir.path(), &["add", "src/more.rs"]);
    fs::remove_file(dir.path().join("src/more.rs")).unwrap();
    assert_eq!(staged(dir.path()), [4, 4], "staged, though the file is gone");
}

#[test]
fn only_staged_lines_are_spoken_of() {
    let dir = repository(SLOW);
    let source = dir.path().join("src/lib.rs");
    fs::write(&source, format!("{SLOW}\npub fn more() {{}}\n")).unwrap();
    git(dir.path(), &["add", "."]);
    assert_eq!(staged(dir.path()), [0_u64; 0]);
    git(dir.path(), &["mv", "src/lib.rs", "src/main.rs"]);
    assert_eq!(staged(dir.path()), [0_u64; 0], "a renamed file is not new");
}

#[test]
fn lines_changed_since_a_revision_count_and_new_files_whole() {
    let dir = repository(SLOW);
    let since = |revision: &str| {
        lines(&perf(dir.path(), &["check", "--since", revision, "--message-format", "json"]))
    };
    assert_eq!(since("HEAD"), [0_u64; 0]);
    fs::write(dir.path().join("src/lib.rs"), SLOW.replace("[0-9]+", "[a-z]+")).unwrap();
    assert_eq!(since("HEAD"), [4]);
    git(dir.path(), &["checkout", "-q", "."]);
    fs::write(dir.path().join("src/new.rs"), SLOW).unwrap();
    assert_eq!(since("HEAD"), [4]);
    let output = perf(dir.path(), &["check", "--since", "--upload-pack=x"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let output = perf(dir.path(), &["check", "--since", "no-such-branch"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no-such-branch"));
}

#[test]
fn types_of_files_that_did_not_change_are_known() {
    let dir = repository("pub mod job;\n");
    fs::write(
        dir.path().join("src/job.rs"),
        "pub struct Job { pub seen: std::sync::Mutex<u64> }\n\
         impl Job { pub async fn work(&self) {} }\n",
    )
    .unwrap();
    git(dir.path(), &["add", "."]);
    git(dir.path(), &["commit", "-qm", "job"]);
    let text = "pub mod job;\npub async fn run(job: &job::Job) -> u64 {\n    \
                let seen = job.seen.lock().unwrap();\n    job.work().await;\n    *seen\n}\n";
    fs::write(dir.path().join("src/lib.rs"), text).unwrap();
    let output = perf(dir.path(), &["check", "--since", "HEAD", "--message-format", "json"]);
    assert_eq!(lines(&output), [4], "{output:?}");
    let output = perf(dir.path(), &["check", "--since", "HEAD"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("1 finding in 1 file"), "{said}");
}

#[test]
fn an_editors_buffer_is_checked_under_its_path() {
    let dir = repository("pub fn nothing() {}\n");
    let check_text = |path: &str, text: &[u8]| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_cargo-perf"))
            .current_dir(dir.path())
            .args(["check", "--stdin", "--stdin-path", path, "--message-format", "json"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A run that refuses the path does not read on.
        let _ = child.stdin.take().unwrap().write_all(text);
        child.wait_with_output().unwrap()
    };
    let check = |path: &str| check_text(path, SLOW.as_bytes());
    assert_eq!(lines(&check("src/lib.rs")), [4]);
    assert_eq!(check("src").status.code(), Some(2));
    let no_text = check_text("src/lib.rs", b"fn a() {}\n// \xc3\xa9\xff\n");
    let said = String::from_utf8_lossy(&no_text.stderr).into_owned();
    assert!(said.contains("standard input:2:5: not UTF-8\nhelp:"), "{said}");
    assert_eq!(no_text.status.code(), Some(2));
    assert_eq!(check("/elsewhere/x.rs").status.code(), Some(2));
    assert_eq!(perf(dir.path(), &["check", "--stdin"]).status.code(), Some(2));
}

#[test]
fn the_hook_fails_a_commit_that_brings_a_certain_finding() {
    let dir = repository("pub fn nothing() {}\n");
    assert_eq!(perf(dir.path(), &["hook", "run"]).status.code(), Some(0));
    fs::write(dir.path().join("src/lib.rs"), SLOW).unwrap();
    git(dir.path(), &["add", "."]);
    assert_eq!(perf(dir.path(), &["hook", "run", "pre-commit"]).status.code(), Some(1));
}

#[test]
fn a_member_that_is_a_submodule_has_an_index_of_its_own() {
    let dir = repository("");
    let top = dir.path();
    let member = top.join("member");
    fs::create_dir_all(member.join("src")).unwrap();
    let manifest = fs::read_to_string(top.join("Cargo.toml")).unwrap();
    let own = manifest.replace("[workspace]\n", "").replace("demo", "own");
    fs::write(member.join("Cargo.toml"), own).unwrap();
    fs::write(top.join("Cargo.toml"), manifest + "members = [\"member\"]\n").unwrap();
    fs::write(member.join("src/lib.rs"), SLOW).unwrap();
    git(&member, &["init", "-q"]);
    git(&member, &["add", "."]);
    assert_eq!(staged(&member), [4]);
    assert_eq!(staged(top), [0_u64; 0]);
    let args = ["check", "--staged", "--message-format", "json", "--manifest-path"];
    let args = [&args[..], &["member/Cargo.toml"]].concat();
    assert_eq!(lines(&perf(top, &args)), [4]);
}

#[test]
fn outside_a_repository_staged_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(
        dir.path().join("Cargo.toml"),
        "[package]\nname = \"demo\"\nversion = \"0.1.0\"\n[lib]\npath = \"lib.rs\"\n[workspace]\n",
    )
    .unwrap();
    fs::write(dir.path().join("lib.rs"), "").unwrap();
    let output = perf(dir.path(), &["check", "--staged"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}

#[test]
fn an_unresolved_merge_is_not_clean() {
    let dir = repository("pub fn one() {}\n");
    let source = dir.path().join("src/lib.rs");
    git(dir.path(), &["branch", "other"]);
    std::fs::write(&source, "pub fn two() {}\n").unwrap();
    git(dir.path(), &["commit", "-qam", "two"]);
    git(dir.path(), &["checkout", "-q", "other"]);
    std::fs::write(&source, "pub fn three() {}\n").unwrap();
    git(dir.path(), &["commit", "-qam", "three"]);
    let merge = Command::new("git").current_dir(dir.path()).args(["merge", "-q", "-"]).output();
    assert!(!merge.unwrap().status.success());
    let output = perf(dir.path(), &["check", "--staged"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("src/lib.rs: the merge of this file is not resolved\nhelp:"), "{said}");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_source_that_is_no_text_is_named_with_the_place() {
    let dir = repository("pub fn nothing() {}\n");
    std::fs::write(dir.path().join("src/lib.rs"), b"fn a() {}\n// \xc3\xa9\xff\n").unwrap();
    let output = perf(dir.path(), &["check"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("error: src/lib.rs:2:5: not UTF-8: "), "{said}");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_source_that_cannot_be_read_takes_nothing_from_what_the_others_show() {
    let dir = repository(&format!("mod bad;\n{SLOW}"));
    std::fs::write(dir.path().join("src/bad.rs"), b"fn a() {}\n\xff\n").unwrap();
    git(dir.path(), &["add", "."]);
    for args in [&["check", "--all"][..], &["check", "--all", "--since", "HEAD~0"]] {
        // The change of the second is in the file that can be read, too.
        std::fs::write(dir.path().join("src/lib.rs"), format!("mod bad;\n\n{SLOW}{SLOW}")).unwrap();
        let output = perf(dir.path(), args);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("error: src/bad.rs:2:1: not UTF-8: "), "{args:?}: {said}");
        let shown = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(shown.contains("--> src/lib.rs:"), "{args:?}: {shown}");
        assert!(shown.contains("1 file could not be checked"), "{args:?}: {shown}");
        assert!(shown.contains(" in 1 file: "), "{args:?}: {shown}");
        assert_eq!(output.status.code(), Some(2), "{args:?}");
    }
}

#[test]
fn what_is_not_there_is_named_with_the_next_step() {
    let dir = repository(SLOW);
    for args in [&["check", "src/nope.rs"][..], &["check", "--from", "nope.pb"], &["merge", "nope"]]
    {
        let output = perf(dir.path(), args);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("nope") && said.contains("help: "), "{said}");
    }
}

#[test]
fn a_path_outside_of_the_workspace_is_refused() {
    let dir = repository(SLOW);
    let other = tempfile::tempdir().unwrap();
    let output = perf(dir.path(), &["check", "--all", other.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("is no part of this workspace"));
    assert_eq!(
        lines(&perf(dir.path(), &["check", "--all", "--message-format", "json", "src"])).len(),
        1
    );
}

#[test]
fn a_path_without_sources_is_named() {
    let dir = repository(SLOW);
    fs::create_dir(dir.path().join("docs")).unwrap();
    let output = perf(dir.path(), &["check", "docs"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("docs: no source of this workspace lies there"), "{said}");
}

/// Permissions do not hold the superuser back: then there is nothing to see here.
#[cfg(unix)]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
#[test]
fn a_folder_that_cannot_be_looked_into_is_named_unless_no_target_has_it() {
    use std::os::unix::fs::PermissionsExt;
    let dir = repository(SLOW);
    let closed = |name: &str, mode: u32| {
        let folder = dir.path().join(name);
        fs::create_dir_all(&folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
        folder
    };
    let outside = closed("data", 0);
    if fs::read_dir(&outside).is_ok() {
        eprintln!("skipped: this user may look into every folder");
        return;
    }
    assert_eq!(lines(&perf(dir.path(), &["check", "--message-format", "json"])), [4]);
    closed("src/inner", 0);
    let output = perf(dir.path(), &["check"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("src/inner"), "{said}");
    // What was not asked for is not missed.
    let output = perf(dir.path(), &["check", "src/lib.rs"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    closed("src/inner", 0o755);
    closed("data", 0o755);
}

#[test]
fn modules_of_a_library_beside_its_manifest_are_its_own() {
    let dir = tempfile::tempdir().unwrap();
    let manifest = "[package]\nname = \"demo\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\
                    [lib]\npath = \"lib.rs\"\n[dependencies]\nregex = \"1\"\n[workspace]\n";
    fs::write(dir.path().join("Cargo.toml"), manifest).unwrap();
    fs::write(dir.path().join("lib.rs"), "mod near;\npub(crate) mod deep;\n").unwrap();
    fs::create_dir_all(dir.path().join("deep")).unwrap();
    fs::create_dir_all(dir.path().join("data")).unwrap();
    fs::write(dir.path().join("near.rs"), SLOW).unwrap();
    fs::write(dir.path().join("deep/mod.rs"), SLOW).unwrap();
    // Nobody's module.
    fs::write(dir.path().join("data/sample.rs"), SLOW).unwrap();
    let output = perf(dir.path(), &["check", "--from", "none", "--message-format", "json"]);
    assert_eq!(lines(&output), [4, 4]);
}
