//! `cargo perf comment` as a workflow runs it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::mock::Mock;

fn comment(mock: &Mock, folder: &Path, token: Option<&str>, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-perf"));
    command.current_dir(folder).args(["perf", "comment"]).args(args).env_clear();
    command.env("GITHUB_API_URL", &mock.url).env("GITHUB_REPOSITORY", "o/r");
    command.env("GITHUB_STEP_SUMMARY", folder.join("summary.md"));
    command.env("GITHUB_EVENT_PATH", folder.join("event.json"));
    if let Some(token) = token {
        command.env("GITHUB_TOKEN", token);
    }
    command.output().unwrap()
}

/// One line as `check --message-format json` prints it.
fn finding() -> String {
    let span = |replacement: Value| {
        json!({"file_name": "src/a.rs", "byte_start": 9, "byte_end": 10, "line_start": 2,
               "line_end": 2, "column_start": 1, "column_end": 2, "is_primary": true,
               "text": [{"text": "b", "highlight_start": 1, "highlight_end": 2}],
               "suggested_replacement": replacement})
    };
    json!({"reason": "compiler-message", "message": {
        "message": "a regex is compiled on each call", "spans": [span(Value::Null)],
        "children": [{"level": "help", "message": "compile it once", "spans": [span(json!("B"))]}],
        "perf": {"schema": 1, "id": "recompiled_regex-5f0c1e", "lint": "recompiled_regex",
                 "confidence": "hot", "evidence": []}
    }})
    .to_string()
}

fn mock() -> Mock {
    let mock = Mock::start();
    mock.state().pulls.push(json!({"number": 5, "state": "open", "head": {"sha": "abc"}}));
    mock.state().files.push(json!({"filename": "src/a.rs", "patch": "@@ -1 +1,2 @@\n a\n+b"}));
    mock
}

#[test]
fn a_fork_collects_without_a_token_and_another_run_posts() {
    let mock = mock();
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("check.json"), finding()).unwrap();
    let args = ["--findings", "check.json", "--collect", "bundle.json"];
    let output = comment(&mock, folder, None, &args);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(mock.state().seen.is_empty());

    // What the fork says of its pull request is not even read.
    let event = json!({"workflow_run": {"head_sha": "abc", "pull_requests": [{"number": 99}]}});
    fs::write(folder.join("event.json"), event.to_string()).unwrap();
    let summary = fs::read_to_string(folder.join("summary.md")).unwrap();
    assert!(summary.contains("1 finding"), "the fork's own run has its summary: {summary}");
    for round in 0..2 {
        let args = ["--post", "bundle.json", "--review", "--check-run"];
        let output = comment(&mock, folder, Some("ghs_SECRET"), &args);
        assert_eq!(output.status.code(), Some(0), "{round}: {output:?}");
        assert!(!format!("{output:?}").contains("ghs_SECRET"));
    }
    let state = mock.state();
    assert!(state.violations.is_empty(), "{:?}", state.violations);
    assert_eq!((state.comments.len(), state.reviews.len()), (1, 1));
    let run = &state.check_runs[1];
    assert_eq!((&run["head_sha"], &run["conclusion"]), (&"abc".into(), &"neutral".into()));
    assert_eq!(run["output"]["annotations"][0]["path"], "src/a.rs");
    let suggestion = state.reviews[0]["comments"][0]["body"].as_str().unwrap();
    assert!(suggestion.contains("```suggestion\nB\n```"), "{suggestion}");
    let summary = fs::read_to_string(folder.join("summary.md")).unwrap();
    assert!(summary.contains("1 finding") && !summary.contains("ghs_SECRET"), "{summary}");
}

#[test]
fn a_token_that_only_reads_degrades_to_the_summary_with_a_warning() {
    let mock = mock();
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("check.json"), finding()).unwrap();
    mock.state().faults.push_back(crate::fault("POST", 403, "Resource not accessible"));
    let args = ["--findings", "check.json", "--pull-request", "5"];
    let output = comment(&mock, folder, Some("t"), &args);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(text.contains("pull-requests: write"), "{text}");
    assert!(folder.join("summary.md").exists());
}

#[test]
fn a_token_that_may_do_one_thing_does_that_one() {
    let mock = mock();
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("check.json"), finding()).unwrap();
    mock.state().faults.push_back(crate::fault("POST", 403, "Resource not accessible"));
    let args = ["--findings", "check.json", "--pull-request", "5", "--check-run"];
    let output = comment(&mock, folder, Some("t"), &args);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("pull-requests: write"));
    let state = mock.state();
    assert_eq!((state.comments.len(), state.check_runs.len()), (0, 1));
}

#[test]
fn what_failed_takes_nothing_from_the_rest_and_is_a_failure() {
    let mock = mock();
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("check.json"), finding()).unwrap();
    mock.state().faults.push_back(crate::fault("POST", 422, "Validation Failed"));
    let args = ["--findings", "check.json", "--pull-request", "5", "--check-run"];
    let output = comment(&mock, folder, Some("ghs_SECRET"), &args);
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(text.contains("Validation Failed"), "{text}");
    assert_eq!(mock.state().check_runs.len(), 1);
}

#[test]
fn a_wrong_token_is_a_failure_and_not_a_token_that_only_reads() {
    let mock = mock();
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("check.json"), finding()).unwrap();
    mock.state().faults.push_back(crate::fault("GET", 401, "Bad credentials"));
    let args = ["--findings", "check.json", "--pull-request", "5"];
    let output = comment(&mock, folder, Some("t"), &args);
    assert_eq!(output.status.code(), Some(3), "{output:?}");
}

#[test]
fn a_run_that_a_later_push_overtook_writes_nothing() {
    let mock = mock();
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("check.json"), finding()).unwrap();
    for event in [
        json!({"pull_request": {"number": 5, "head": {"sha": "older"}}}),
        json!({"workflow_run": {"head_sha": "older"}}),
    ] {
        fs::write(folder.join("event.json"), event.to_string()).unwrap();
        let output = comment(&mock, folder, Some("t"), &["--findings", "check.json"]);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{text}");
        assert!(text.contains("moved on"), "{text}");
    }
    assert!(mock.state().comments.is_empty());
    let event = json!({"pull_request": {"number": 5, "head": {"sha": "abc"}}});
    fs::write(folder.join("event.json"), event.to_string()).unwrap();
    comment(&mock, folder, Some("t"), &["--findings", "check.json"]);
    assert_eq!(mock.state().comments.len(), 1);
}

#[test]
fn a_hostile_bundle_stays_inert_wherever_it_is_written() {
    let mock = mock();
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let evil = "/approve\n/merge @everyone <img src=x> [a](http://b) \u{1b}[2J\u{202e} ``` #1";
    let finding = json!({"path": "src/a.rs", "first": 2, "last": 2, "lint": evil, "id": evil,
        "confidence": "hot", "message": evil, "evidence": [], "rewrite": evil,
        "replacement": format!("x\n```\n{evil}")});
    // A forge refuses all annotations of a run for one at a place that no file has.
    let at = |path: &str, first: u64, last: u64| {
        let mut other = finding.clone();
        (other["path"], other["first"], other["last"]) = (path.into(), first.into(), last.into());
        other
    };
    let findings =
        [finding.clone(), at("src/a.rs", 0, 0), at("", 1, 1), at("src/a.rs", 1, u64::MAX)];
    let bench = json!({"name": evil, "change": "slower", "before": evil, "after": evil,
        "delta": evil, "exact": [evil], "notes": [evil]});
    let bundle = json!({"schema": 1, "base": evil, "head": evil, "machine": evil, "canary": evil,
        "findings": findings, "benches": [bench]});
    fs::write(folder.join("bundle.json"), bundle.to_string()).unwrap();
    let args = ["--post", "bundle.json", "--review", "--check-run", "--pull-request", "5"];
    let output = comment(&mock, folder, Some("t"), &args);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let state = mock.state();
    assert!(state.violations.is_empty(), "{:?}", state.violations);
    let annotations = state.check_runs[0]["output"]["annotations"].as_array().unwrap();
    assert_eq!(annotations.len(), 1, "{annotations:?}");
    let said = state.comments.values().next().unwrap()["body"].as_str().unwrap();
    let at_line = state.reviews[0]["comments"][0]["body"].as_str().unwrap();
    let summary = fs::read_to_string(folder.join("summary.md")).unwrap();
    for text in [said, at_line, &summary, &state.check_runs[0].to_string()] {
        assert!(!text.contains(['\x1b', '\u{202e}']), "{text}");
        // Within a fenced block, forges take nothing for a command.
        let prose = text.split("````").step_by(2).collect::<String>();
        assert!(!prose.lines().any(|line| line.starts_with('/')), "{text}");
    }
    // Outside of code nothing is left alive, and what cannot be shown as it is is no suggestion.
    let is_prose = |line: &&str| !line.contains("``");
    for live in ["<img", "@everyone", "](http://", " #1"] {
        let alive = said.lines().filter(is_prose).any(|line| line.contains(live));
        assert!(!alive, "{live} in {said}");
    }
    assert!(!at_line.contains("suggestion"), "{at_line}");
}

#[test]
fn what_is_missing_or_malformed_is_named() {
    let mock = mock();
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("bad.json"), "{\"schema\": 1, \"evil\": 2}").unwrap();
    fs::write(folder.join("check.json"), finding()).unwrap();
    fs::write(folder.join("event.json"), "{}").unwrap();
    for (args, word) in [
        (&["--post", "absent.json"][..], "absent.json"),
        (&["--post", "bad.json"], "bad.json"),
        (&["--findings", "bad.json", "--repository", "no slash"], "--repository"),
        (&["--findings", "check.json"], "--pull-request"),
        (&[], "--findings"),
    ] {
        let output = comment(&mock, folder, Some("t"), args);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {text}");
        assert!(text.contains(word), "{args:?}: {text}");
    }
}
