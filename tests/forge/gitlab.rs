//! The comment's life on GitLab, over real HTTP against a mock that takes what GitLab's
//! documentation of its REST API (version 4) allows.

use std::fs;
use std::process::{Command, Output};

use cargo_perf::ci::comment::{Body, Outcome, marker, upsert};
use cargo_perf::ci::forge::{CheckRun, Conclusion, Error, Forge};
use cargo_perf::ci::gitlab::GitLab;
use serde_json::{Value, json};

use crate::mock::{Mock, State, matches, page};

/// Method, path, parameters of the query, required parts of the body.
const OPERATIONS: &[(&str, &str, &[&str], &[&str])] = &[
    ("GET", "/user", &[], &[]),
    (
        "GET",
        "/projects/{id}/merge_requests/{iid}/notes",
        &["sort", "order_by", "page", "per_page"],
        &[],
    ),
    ("POST", "/projects/{id}/merge_requests/{iid}/notes", &[], &["body"]),
    ("PUT", "/projects/{id}/merge_requests/{iid}/notes/{note}", &[], &["body"]),
    ("DELETE", "/projects/{id}/merge_requests/{iid}/notes/{note}", &[], &[]),
    ("GET", "/projects/{id}/merge_requests", &["state", "order_by", "page", "per_page"], &[]),
    ("GET", "/projects/{id}/merge_requests/{iid}", &[], &[]),
    ("GET", "/projects/{id}/merge_requests/{iid}/diffs", &["page", "per_page"], &[]),
    ("POST", "/projects/{id}/merge_requests/{iid}/discussions", &[], &["body", "position"]),
    ("POST", "/projects/{id}/statuses/{sha}", &[], &["state"]),
];
/// What a position of a text needs.
const POSITION: &[&str] =
    &["position_type", "base_sha", "start_sha", "head_sha", "new_path", "old_path", "new_line"];

fn violation(method: &str, target: &str, body: &Value) -> Option<String> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let found = OPERATIONS.iter().find(|(own, like, ..)| *own == method && matches(like, path));
    let Some((_, _, parameters, parts)) = found else {
        return Some(format!("{method} {path}: unknown"));
    };
    let names = query.split('&').filter_map(|pair| pair.split('=').next());
    let strange = names.filter(|name| !name.is_empty()).find(|name| !parameters.contains(name));
    let absent = parts.iter().find(|part| body[**part].is_null());
    let unplaced = parts
        .contains(&"position")
        .then(|| POSITION.iter().find(|part| body["position"][**part].is_null()));
    let wrong = strange.or(absent.copied()).or(unplaced.flatten().copied())?;
    Some(format!("{method} {path}: {wrong}"))
}

fn answer(
    method: &str,
    target: &str,
    body: &Value,
    state: &mut State,
    base: &str,
) -> (u16, Vec<String>, Value) {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let list = |items: Vec<Value>| page(&items, path, query, base);
    let note = |id: u64, own: &Value| {
        let author = json!({"username": own["user"]["login"]});
        json!({"id": id, "body": own["body"], "author": author, "type": null})
    };
    match (method, parts.as_slice()) {
        ("GET", ["user"]) => (200, vec![], json!({"username": "bot"})),
        ("GET", ["projects", "7", "merge_requests", _, "notes"]) => {
            let notes = state.comments.iter().map(|(id, own)| note(*id, own));
            list(notes.chain(state.line_comments.iter().cloned()).collect())
        }
        ("POST", ["projects", "7", "merge_requests", _, "notes"]) => {
            let id = state.comment("bot", body["body"].as_str().unwrap());
            (201, vec![], note(id, &state.comments[&id]))
        }
        ("PUT", ["projects", "7", "merge_requests", _, "notes", id]) => {
            match state.comments.get_mut(&id.parse::<u64>().unwrap()) {
                Some(comment) => {
                    comment["body"] = body["body"].clone();
                    (200, vec![], comment.clone())
                }
                None => (404, vec![], json!({"message": "404 Not found"})),
            }
        }
        ("DELETE", ["projects", "7", "merge_requests", _, "notes", id]) => {
            state.comments.remove(&id.parse::<u64>().unwrap());
            (204, vec![], Value::Null)
        }
        ("GET", ["projects", "7", "merge_requests"]) => list(state.pulls.clone()),
        ("GET", ["projects", "7", "merge_requests", iid]) => {
            let found = state.pulls.iter().find(|own| own["iid"].as_u64() == iid.parse().ok());
            let absent = (404, vec![], json!({"message": "404 Not found"}));
            found.map_or(absent, |own| (200, vec![], own.clone()))
        }
        ("GET", ["projects", "7", "merge_requests", _, "diffs"]) => list(state.files.clone()),
        ("POST", ["projects", "7", "merge_requests", _, "discussions"]) => {
            state.reviews.push(body.clone());
            let author = json!({"username": "bot"});
            let note =
                json!({"id": 99, "type": "DiffNote", "author": author, "body": body["body"]});
            state.line_comments.push(note);
            (201, vec![], json!({"id": "d"}))
        }
        ("POST", ["projects", "7", "statuses", _]) => {
            state.check_runs.push(body.clone());
            (201, vec![], json!({"id": 1}))
        }
        _ => (404, vec![], json!({"message": "404 Not found"})),
    }
}

fn mock() -> Mock {
    let mock = Mock::of("/api/v4", answer, violation);
    let refs = json!({"base_sha": "b", "start_sha": "s", "head_sha": "abc"});
    let merge = json!({"iid": 5, "state": "opened", "sha": "abc", "diff_refs": refs});
    mock.state().pulls.push(merge);
    let diff = "@@ -1 +1,3 @@\n a\n+b\n+c\n";
    let file = json!({"new_path": "src/a.rs", "old_path": "src/old.rs", "diff": diff});
    mock.state().files.push(file);
    mock
}

fn gitlab(mock: &Mock) -> GitLab {
    GitLab::new(&mock.url, "7", "glpat-SECRET", None, |_| {})
}

fn body(text: &str) -> Body {
    Body { text: text.to_owned(), worth_saying: true }
}

#[test]
fn a_note_is_created_found_over_pages_updated_and_its_double_removed() {
    let mock = mock();
    let forge = gitlab(&mock);
    for _ in 0..150 {
        mock.state().comment("somebody", "hello");
    }
    mock.state().comment("mallory", &(marker("a") + "\npasted"));
    assert_eq!(upsert(&forge, 5, "a", &body("one")).unwrap(), Outcome::Created);
    mock.state().comment("bot", &(marker("a") + "\ntwice"));
    assert_eq!(upsert(&forge, 5, "a", &body("two")).unwrap(), Outcome::Updated);
    let state = mock.state();
    let ours: Vec<&str> = state
        .comments
        .values()
        .filter(|own| own["user"]["login"] == "bot")
        .map(|own| own["body"].as_str().unwrap())
        .collect();
    assert_eq!(ours, [marker("a") + "\ntwo"]);
    assert!(state.violations.is_empty(), "{:?}", state.violations);
}

#[test]
fn a_missing_scope_is_named_and_limits_are_waited_for() {
    let mock = mock();
    mock.state().faults.push_back(crate::mock::Fault {
        headers: &[("retry-after", "3")],
        ..crate::fault("POST", 429, "Too many requests")
    });
    assert_eq!(upsert(&gitlab(&mock), 5, "a", &body("one")).unwrap(), Outcome::Created);
    mock.state().faults.push_back(crate::fault("PUT", 403, "insufficient scope, glpat-SECRET"));
    let error = upsert(&gitlab(&mock), 5, "a", &body("two")).unwrap_err();
    assert!(matches!(error, Error::Forbidden { .. }), "{error}");
    assert!(!error.to_string().contains("SECRET"), "{error}");
}

#[test]
fn a_status_stands_for_the_check_run() {
    let mock = mock();
    let run = CheckRun {
        name: "cargo perf",
        conclusion: Conclusion::Failure,
        title: &"slower ".repeat(100),
        summary: "",
        annotations: &[],
    };
    gitlab(&mock).check_run("abc", &run).unwrap();
    let state = mock.state();
    assert_eq!(state.check_runs[0]["state"], "failed");
    assert_eq!(state.check_runs[0]["description"].as_str().unwrap().len(), 255);
}

fn comment(mock: &Mock, folder: &std::path::Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cargo-perf"))
        .current_dir(folder)
        .args(["perf", "comment"])
        .args(args)
        .env_clear()
        .env("GITLAB_CI", "true")
        .env("CI_API_V4_URL", &mock.url)
        .env("CI_PROJECT_ID", "7")
        .env("CI_MERGE_REQUEST_IID", "5")
        .env("CI_COMMIT_SHA", "abc")
        .env("GITLAB_TOKEN", "glpat-SECRET")
        .output()
        .unwrap()
}

#[test]
fn a_pipeline_comments_with_a_suggestion_that_reaches_back_over_its_lines() {
    let mock = mock();
    let folder = tempfile::tempdir().unwrap();
    let finding = json!({"path": "src/a.rs", "first": 2, "last": 3, "lint": "recompiled_regex",
        "id": "recompiled_regex-1", "confidence": "hot", "message": "m", "evidence": [],
        "replacement": "B\nC", "rewrite": "/close"});
    let bundle = json!({"schema": 1, "findings": [finding]});
    fs::write(folder.path().join("bundle.json"), bundle.to_string()).unwrap();
    for _ in 0..2 {
        let output =
            comment(&mock, folder.path(), &["--post", "bundle.json", "--review", "--check-run"]);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert!(!format!("{output:?}").contains("SECRET"));
    }
    let state = mock.state();
    assert!(state.violations.is_empty(), "{:?}", state.violations);
    assert_eq!((state.comments.len(), state.reviews.len()), (1, 1));
    let text = state.reviews[0]["body"].as_str().unwrap();
    assert!(text.contains("```suggestion:-1+0\nB\nC\n```"), "{text}");
    assert!(!text.lines().any(|line| line.starts_with('/')), "a quick action: {text}");
    let position = &state.reviews[0]["position"];
    assert_eq!((&position["new_line"], &position["old_path"]), (&3.into(), &"src/old.rs".into()));
    assert_eq!(state.check_runs[0]["state"], "success");
}
