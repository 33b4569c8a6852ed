//! The action's own steps, taken from `action.yml` and run in a repository with a base and a head,
//! as a runner would: once for a branch of the repository, once as the pair of jobs for a fork.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::mock::Mock;

/// The command of a step. No step holds more than one: there is no logic in shell.
fn step(name: &str) -> String {
    let action = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("action.yml"));
    let action = action.unwrap();
    let (_, step) = action.split_once(&format!("- name: {name}\n")).unwrap();
    let step = step.split("- name: ").next().unwrap();
    let (_, command) = step.split_once("run: ").unwrap();
    let command = command.lines().next().unwrap().trim();
    let bare = command.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
    bare.unwrap_or(command).to_owned()
}

fn git(folder: &Path, args: &[&str]) -> String {
    let output = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=a", "-c", "user.email=a@b", "-c", "protocol.file.allow=always"])
        .args(args)
        .output()
        .unwrap();
    assert!(output.status.success(), "git {args:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

const QUICK: &str = "pub fn count(lines: &[&str]) -> usize {\n    lines.len()\n}\n";
const SLOW: &str = "pub fn count(lines: &[&str]) -> usize {
    let mut all = Vec::new();
    for line in lines {
        all.push(line.to_string());
    }
    all.len()
}
";

fn write_package(dir: &Path, source: &str) {
    fs::create_dir_all(dir.join("src")).unwrap();
    fs::create_dir_all(dir.join("benches")).unwrap();
    let manifest = "[package]\nname = \"work\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\
                    [workspace]\n[[bench]]\nname = \"counting\"\nharness = false\n";
    fs::write(dir.join("Cargo.toml"), manifest).unwrap();
    fs::write(dir.join(".gitignore"), "target\nCargo.lock\n").unwrap();
    fs::write(dir.join("src/lib.rs"), source).unwrap();
    let bench = "fn main() {\n    let lines = vec![\"a line\"; 1000];\n    for _ in 0..300 {\n        \
                 std::hint::black_box(work::count(std::hint::black_box(&lines)));\n    }\n}\n";
    fs::write(dir.join("benches/counting.rs"), bench).unwrap();
}

/// A clone as `actions/checkout` leaves it, with the commit that the forge merged; and the event.
struct Run {
    dir: tempfile::TempDir,
    head: String,
    merged: String,
}

impl Run {
    fn new(depth: &str) -> Run {
        let dir = tempfile::tempdir().unwrap();
        let origin = dir.path().join("origin");
        fs::create_dir(&origin).unwrap();
        git(&origin, &["init", "-q", "-b", "main"]);
        git(&origin, &["config", "uploadpack.allowAnySHA1InWant", "true"]);
        write_package(&origin, QUICK);
        git(&origin, &["add", "."]);
        git(&origin, &["commit", "-qm", "base"]);
        let event_base = git(&origin, &["rev-parse", "HEAD"]);
        git(&origin, &["checkout", "-qb", "change"]);
        write_package(&origin, SLOW);
        git(&origin, &["commit", "-qam", "change"]);
        let head = git(&origin, &["rev-parse", "HEAD"]);
        git(&origin, &["checkout", "-q", "main"]);
        // The base goes on after the event was written.
        fs::write(origin.join("README"), "later").unwrap();
        git(&origin, &["add", "."]);
        git(&origin, &["commit", "-qm", "later"]);
        git(&origin, &["merge", "-q", "--no-ff", "-m", "merged", "change"]);
        let merged = git(&origin, &["rev-parse", "HEAD"]);
        let url = format!("file://{}", origin.display());
        git(dir.path(), &["clone", "-q", "--depth", depth, &url, "work"]);
        let event = json!({"pull_request": {
            "number": 5, "head": {"sha": head}, "base": {"sha": event_base},
        }});
        fs::write(dir.path().join("event.json"), event.to_string()).unwrap();
        let bin = dir.path().join("temp/cargo-perf/bin");
        fs::create_dir_all(&bin).unwrap();
        fs::copy(env!("CARGO_BIN_EXE_cargo-perf"), bin.join("cargo-perf")).unwrap();
        Run { dir, head, merged }
    }

    /// Runs a step of the action in a folder, with a token or without.
    fn step(&self, name: &str, folder: &str, mock: &Mock, bundle: &str, token: &str) -> Output {
        let at = self.dir.path();
        let mut command = Command::new("bash");
        command
            .current_dir(at.join(folder))
            .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", &step(name)])
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("GITLAB_CI")
            .env("RUNNER_TEMP", at.join("temp"))
            .env("GITHUB_SHA", &self.merged)
            .env("GITHUB_REPOSITORY", "o/r")
            .env("GITHUB_API_URL", &mock.url)
            .env("GITHUB_EVENT_PATH", at.join("event.json"))
            .env("GITHUB_STEP_SUMMARY", at.join("summary.md"))
            .env("ARGS", "--budget 1s")
            .env("BUNDLE", bundle)
            .env("ID", "default")
            .env_remove("GITHUB_TOKEN");
        if !token.is_empty() {
            command.env("GITHUB_TOKEN", token);
        }
        command.output().unwrap()
    }

    fn mock(&self) -> Mock {
        let mock = Mock::start();
        let pull = json!({"number": 5, "state": "open", "head": {"sha": self.head}});
        mock.state().pulls.push(pull);
        let lines: String = SLOW.lines().map(|line| format!("+{line}\n")).collect();
        let patch = format!("@@ -1,3 +1,7 @@\n{lines}");
        mock.state().files.push(json!({"filename": "src/lib.rs", "patch": patch}));
        mock
    }
}

fn said(mock: &Mock) -> String {
    let state = mock.state();
    assert!(state.violations.is_empty(), "{:?}", state.violations);
    assert_eq!(state.comments.len(), 1);
    state.comments.values().next().unwrap()["body"].as_str().unwrap().to_owned()
}

#[test]
fn a_shallow_clone_of_the_merge_commit_is_measured_and_commented_on() {
    let run = Run::new("1");
    let mock = run.mock();
    // Without the parents there is nothing to compare with, and the step says what to do.
    let output = run.step("Measure", "work", &mock, "", "");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains("fetch-depth: 2"), "{text}");

    let fetch = "Fetch the parents of what is checked out";
    let output = run.step(fetch, "work", &mock, "", "");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let output = run.step("Measure", "work", &mock, "", "");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    // Allocations are counted, so that this is slower on any machine.
    assert!(output.status.code().is_some_and(|code| code < 2), "{text}");
    let bundle = run.dir.path().join("temp/cargo-perf-bundle.json");
    let output = run.step("Comment", "work", &mock, bundle.to_str().unwrap(), "ghs_SECRET");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(!format!("{output:?}").contains("SECRET"));
    let said = said(&mock);
    let base = git(&run.dir.path().join("work"), &["rev-parse", "HEAD^1"]);
    assert!(said.contains(&base[..10]), "the base is what was merged: {said}");
    assert!(said.contains("`counting`"), "{said}");
    assert!(said.contains("machine") && said.contains("canary"), "{said}");
    let summary = fs::read_to_string(run.dir.path().join("summary.md")).unwrap();
    assert!(summary.contains("`counting`"), "{summary}");
    assert_eq!(mock.state().check_runs[0]["head_sha"], run.head.as_str());
}

#[test]
fn the_pair_of_jobs_for_a_fork_measures_without_a_token_and_comments_without_the_code() {
    let run = Run::new("2");
    let mock = run.mock();
    let output = run.step("Measure", "work", &mock, "", "");
    assert!(output.status.code().is_some_and(|code| code < 2), "{output:?}");
    assert!(mock.state().seen.is_empty(), "the fork's job asks the forge nothing");

    // The other job: another folder, the artifact, and an event that names a revision only.
    let at = run.dir.path();
    fs::create_dir_all(at.join("other/bundle")).unwrap();
    let bundle = at.join("other/bundle/cargo-perf-bundle.json");
    fs::rename(at.join("temp/cargo-perf-bundle.json"), &bundle).unwrap();
    let event = json!({"workflow_run": {"head_sha": run.head, "pull_requests": []}});
    fs::write(at.join("event.json"), event.to_string()).unwrap();
    let path = "bundle/cargo-perf-bundle.json";
    let output = run.step("Comment", "other", &mock, path, "ghs_SECRET");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(said(&mock).contains("`counting`"));
}

#[test]
fn the_action_holds_no_logic_in_shell() {
    for name in ["Install", "Fetch the parents of what is checked out", "Measure", "Comment"] {
        let command = step(name);
        for word in [";", "&&", "||", "|", "`", "$(", "if ", "\n"] {
            assert!(!command.contains(word), "{word:?} in {command}");
        }
        // An expression within a command would be pasted into it before the shell reads it.
        assert!(!command.contains("${{"), "{command}");
    }
}

#[test]
fn a_workspace_below_the_top_is_named_from_the_top() {
    let dir = tempfile::tempdir().unwrap();
    let below = dir.path().join("crates");
    write_package(&below, QUICK);
    let manifest = fs::read_to_string(below.join("Cargo.toml")).unwrap();
    fs::write(below.join("Cargo.toml"), manifest + "[dependencies]\nregex = \"1\"\n").unwrap();
    git(dir.path(), &["init", "-q"]);
    git(dir.path(), &["add", "."]);
    git(dir.path(), &["commit", "-qm", "base"]);
    let compiled = "pub fn any(lines: &[&str]) -> bool {\n    for line in lines {\n        \
                    if regex::Regex::new(\"[0-9]+\").unwrap().is_match(line) {\n            \
                    return true;\n        }\n    }\n    false\n}\n";
    fs::write(below.join("src/lib.rs"), compiled).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-perf"))
        .current_dir(dir.path())
        .args(["ci", "--no-compare", "--no-record", "--base", "HEAD", "--collect", "b.json"])
        .args(["--manifest-path", "crates/Cargo.toml"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let bundle = fs::read_to_string(dir.path().join("b.json")).unwrap();
    let bundle: serde_json::Value = serde_json::from_str(&bundle).unwrap();
    assert_eq!(bundle["findings"][0]["path"], "crates/src/lib.rs", "{bundle}");
}

/// `ci` and `merge` fail a job where something is slower, and that is what there is to say.
#[test]
fn a_job_that_fails_for_a_regression_goes_on_to_say_so() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let workflow = root.join("docs/workflows/cargo-perf-sharded.yml");
    let workflow = fs::read_to_string(workflow).unwrap();
    let (mut has_failed, mut steps) = (false, 0);
    for step in workflow.split("\n      - ").skip(1) {
        if has_failed {
            assert!(step.contains("if: ${{ !cancelled() }}"), "{step}");
            steps += 1;
        }
        has_failed |= step.contains("cargo perf ci") || step.contains("cargo perf merge");
        // The last step of a job is followed by the head of the next.
        has_failed &= !step.contains("runs-on:");
    }
    assert_eq!(steps, 3, "the upload, the check and the comment: {workflow}");
}

/// Ctrl-C while one step is at work is meant for the whole.
#[cfg(unix)]
#[test]
fn an_interrupted_comparison_ends_the_run() {
    let dir = tempfile::tempdir().unwrap();
    write_package(dir.path(), QUICK);
    let begun = dir.path().join("target/begun");
    fs::create_dir(dir.path().join("target")).unwrap();
    let script = format!(
        "fn main() {{\n    std::fs::write({begun:?}, \"\").unwrap();\n    \
         std::thread::sleep(std::time::Duration::from_secs(600));\n}}\n"
    );
    fs::write(dir.path().join("build.rs"), script).unwrap();
    git(dir.path(), &["init", "-q"]);
    git(dir.path(), &["add", "."]);
    git(dir.path(), &["commit", "-qm", "base"]);
    let child = Command::new(env!("CARGO_BIN_EXE_cargo-perf"))
        .current_dir(dir.path())
        .args(["ci", "--base", "HEAD"])
        .env_remove("CARGO_TARGET_DIR")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(120);
    while !begun.exists() {
        assert!(Instant::now() < deadline, "the build never began");
        std::thread::sleep(Duration::from_millis(20));
    }
    fs::remove_file(&begun).unwrap();
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    assert!(!begun.exists(), "the next step built again");
    assert!(!dir.path().join("target/perf/bundle.json").exists());
}

/// `actionlint` on the PATH (or what `ACTIONLINT` names) and `shellcheck`, where they are installed.
#[test]
fn the_workflows_pass_actionlint_and_the_steps_shellcheck() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let linter = std::env::var("ACTIONLINT").unwrap_or_else(|_| "actionlint".to_owned());
    let files: Vec<_> = fs::read_dir(root.join("docs/workflows")).unwrap().flatten().collect();
    let paths: Vec<_> = files.iter().map(|file| file.path()).collect();
    match Command::new(linter).args(&paths).output() {
        Err(_) => eprintln!("skipped: actionlint is not installed"),
        Ok(output) => assert!(output.status.success(), "{output:?}"),
    }
    for name in ["Install", "Fetch the parents of what is checked out", "Measure", "Comment"] {
        let dir = tempfile::tempdir().unwrap();
        let script = dir.path().join("step.sh");
        fs::write(&script, format!("#!/bin/bash\n{}\n", step(name))).unwrap();
        // `$ARGS` is several arguments.
        match Command::new("shellcheck").args(["-e", "SC2086"]).arg(&script).output() {
            Err(_) => eprintln!("skipped: shellcheck is not installed"),
            Ok(output) => assert!(output.status.success(), "{name}: {output:?}"),
        }
    }
}

#[test]
fn a_base_that_is_not_there_is_refused_and_nothing_is_called_resolved() {
    let run = Run::new("2");
    let at = run.dir.path().join("work");
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-perf"))
        .current_dir(&at)
        .args(["ci", "--base", "no-such-base", "--collect", "bundle.json"])
        .env_remove("CARGO_TARGET_DIR")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("there is no commit `no-such-base`"), "{said}");
    assert!(output.stdout.is_empty() && !at.join("bundle.json").exists());
}
