//! The life of the pull-request comment, over real HTTP against a mock of GitHub.
#![allow(clippy::print_stderr, reason = "shown by a test that was skipped")]

mod action;
mod command;
mod gitlab;
mod mock;

use cargo_perf::ci::comment::{Body, Outcome, marker, upsert};
use cargo_perf::ci::forge::{
    Annotation, CheckRun, Conclusion, Error, Forge, LineComment, PullRequest,
};
use cargo_perf::ci::github::GitHub;
use mock::{Fault, Mock};
use serde_json::json;

const TOKEN: &str = "ghs_SECRET";
const BOT: &str = "github-actions[bot]";

fn github(mock: &Mock) -> GitHub {
    GitHub::new(&mock.url, "o/r", TOKEN, None, |_| {})
}

fn body(text: &str) -> Body {
    Body { text: text.to_owned(), worth_saying: true }
}

fn no_violations(mock: &Mock) {
    assert!(mock.state().violations.is_empty(), "{:#?}", mock.state().violations);
}

fn fault(method: &'static str, status: u16, message: &'static str) -> Fault {
    Fault { method, status, headers: &[], message, done: false }
}

#[test]
fn a_comment_is_created_updated_in_place_and_left_when_unchanged() {
    let mock = Mock::start();
    let forge = github(&mock);
    let silent = Body { text: "nothing".into(), worth_saying: false };
    assert_eq!(upsert(&forge, 5, "a", &silent).unwrap(), Outcome::Silent);
    assert_eq!(upsert(&forge, 5, "a", &body("slower")).unwrap(), Outcome::Created);
    assert_eq!(upsert(&forge, 5, "a", &body("slower")).unwrap(), Outcome::Unchanged);
    assert_eq!(upsert(&forge, 5, "a", &silent).unwrap(), Outcome::Updated);
    assert_eq!(upsert(&forge, 5, "b", &body("other id")).unwrap(), Outcome::Created);
    let state = mock.state();
    let texts: Vec<&str> = state.comments.values().map(|c| c["body"].as_str().unwrap()).collect();
    assert_eq!(texts, [marker("a") + "\nnothing", marker("b") + "\nother id"]);
    drop(state);
    no_violations(&mock);
}

#[test]
fn the_comment_is_found_past_the_first_page_by_marker_and_author() {
    let mock = Mock::start();
    let ours = {
        let mut state = mock.state();
        for _ in 0..250 {
            state.comment("somebody", "hello");
        }
        state.comment("mallory", &(marker("a") + "\npasted"));
        state.comment(BOT, "quoting is not being: <!-- cargo-perf comment a -->");
        state.comment(BOT, &(marker("a") + "\nold"))
    };
    assert_eq!(upsert(&github(&mock), 5, "a", &body("new")).unwrap(), Outcome::Updated);
    assert_eq!(mock.state().comments[&ours]["body"], marker("a") + "\nnew");
    assert_eq!(mock.state().comments.len(), 253);
    no_violations(&mock);
}

#[test]
fn what_was_written_twice_is_removed() {
    let mock = Mock::start();
    let first = mock.state().comment(BOT, &(marker("a") + "\none"));
    mock.state().comment(BOT, &(marker("a") + "\ntwo"));
    assert_eq!(upsert(&github(&mock), 5, "a", &body("three")).unwrap(), Outcome::Updated);
    let state = mock.state();
    assert_eq!(state.comments.keys().copied().collect::<Vec<_>>(), [first]);
}

#[test]
fn a_comment_that_was_deleted_meanwhile_is_written_anew() {
    let mock = Mock::start();
    mock.state().comment(BOT, &(marker("a") + "\none"));
    mock.state().faults.push_back(fault("PATCH", 404, "Not Found"));
    assert_eq!(upsert(&github(&mock), 5, "a", &body("two")).unwrap(), Outcome::Updated);
}

#[test]
fn an_answer_that_was_lost_does_not_make_a_second_comment() {
    let mock = Mock::start();
    mock.state().faults.push_back(Fault { done: true, ..fault("POST", 502, "Bad Gateway") });
    upsert(&github(&mock), 5, "a", &body("one")).unwrap();
    assert_eq!(mock.state().comments.len(), 1);
}

#[test]
fn rate_limits_are_waited_for_and_named_when_they_last_too_long() {
    let mock = Mock::start();
    mock.state().faults.push_back(Fault {
        headers: &[("retry-after", "3")],
        ..fault("POST", 403, "You have exceeded a secondary rate limit")
    });
    mock.state().faults.push_back(fault("GET", 502, "Bad Gateway"));
    assert_eq!(upsert(&github(&mock), 5, "a", &body("one")).unwrap(), Outcome::Created);
    mock.state().faults.push_back(Fault {
        headers: &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "99999999999")],
        ..fault("GET", 403, "API rate limit exceeded")
    });
    let forge = GitHub::new(&mock.url, "o/r", TOKEN, Some(BOT.into()), |_| {});
    let error = upsert(&forge, 5, "a", &body("two")).unwrap_err();
    assert!(matches!(error, Error::Limited { .. }), "{error}");
}

#[test]
fn a_missing_permission_is_named_and_the_token_is_not() {
    let mock = Mock::start();
    mock.state().faults.push_back(Fault {
        headers: &[("x-accepted-github-permissions", "issues=write; pull_requests=write")],
        ..fault("POST", 403, "Resource not accessible by integration ghs_SECRET")
    });
    let error = upsert(&github(&mock), 5, "a", &body("one")).unwrap_err().to_string();
    assert!(error.contains("pull_requests=write"), "{error}");
    assert!(!error.contains(TOKEN), "{error}");
}

#[test]
fn a_token_where_a_long_answer_is_cut_off_is_hidden_whole() {
    let mock = Mock::start();
    let long: &'static str = ("x".repeat(495) + TOKEN).leak();
    mock.state().faults.push_back(fault("POST", 403, long));
    let error = upsert(&github(&mock), 5, "a", &body("one")).unwrap_err().to_string();
    assert!(error.contains("xxx") && !error.contains("ghs"), "{error}");
}

#[test]
fn a_server_that_is_not_there_is_an_error_without_the_token() {
    let forge = GitHub::new("http://127.0.0.1:1", "o/r", TOKEN, Some(BOT.into()), |_| {});
    let error = upsert(&forge, 5, "a", &body("one")).unwrap_err().to_string();
    assert!(!error.contains(TOKEN) && error.contains("GET /repos/o/r"), "{error}");
}

#[test]
fn reviews_and_check_runs_are_as_the_description_wants_them() {
    let mock = Mock::start();
    let forge = github(&mock);
    mock.state().pulls.push(json!({"number": 5, "state": "open", "head": {"sha": "abc"}}));
    mock.state().pulls.push(json!({"number": 6, "state": "closed", "head": {"sha": "abc"}}));
    mock.state().files.push(json!({"filename": "src/a.rs", "patch": "@@ -1 +1,2 @@\n a\n+b"}));
    let pull = PullRequest { number: 5, head: "abc".into() };
    assert_eq!(forge.pull_requests_at("abc").unwrap(), vec![pull.clone()]);
    assert!(forge.pull_requests_at("cba").unwrap().is_empty());
    assert_eq!(forge.pull_request(5).unwrap(), pull);
    assert!(matches!(forge.pull_request(9), Err(Error::Missing { .. })));
    assert_eq!(forge.changed_lines(5).unwrap(), [("src/a.rs".to_owned(), vec![1, 2])]);
    let comment =
        LineComment { path: "src/a.rs".into(), first: 1, last: 2, body: "```suggestion".into() };
    forge.review(&pull, &[comment]).unwrap();
    let annotation = Annotation {
        path: "src/a.rs".into(),
        first: 1,
        last: 2,
        title: "t".into(),
        message: "m".into(),
    };
    let run = CheckRun {
        name: "cargo perf",
        conclusion: Conclusion::Neutral,
        title: "title",
        summary: "summary",
        annotations: &vec![annotation; 120],
    };
    forge.check_run("abc", &run).unwrap();
    let sizes: Vec<usize> = mock
        .state()
        .check_runs
        .iter()
        .map(|run| run["output"]["annotations"].as_array().unwrap().len())
        .collect();
    assert_eq!(sizes, [50, 50, 20]);
    no_violations(&mock);
}
