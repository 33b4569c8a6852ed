//! Findings that are known and accepted.

use std::fs;

use crate::project::{Project, SLOW, stderr, stdout};

const BAR: [&str; 5] = ["check", "--fail-on", "certain", "--baseline", "known.txt"];

fn accepted() -> Project {
    let project = Project::new(&[("src/lib.rs", SLOW)]);
    let output = project.perf(&["check", "--write-baseline", "known.txt"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stderr(&output).contains("1 finding written down in known.txt"), "{}", stderr(&output));
    project
}

#[test]
fn what_is_in_the_baseline_neither_shows_nor_fails_and_is_counted() {
    let project = accepted();
    let output = project.perf(&BAR);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(!stdout(&output).contains("warning["), "{}", stdout(&output));
    assert!(stdout(&output).contains("1 finding held back by the baseline"));
    let output = project.perf(&[&BAR[..], &["--message-format", "json"]].concat());
    assert_eq!(stdout(&output), "");
    assert!(stderr(&output).contains("1 finding held back"), "{}", stderr(&output));
    assert_eq!(project.findings(&[]).len(), 1);
    assert_eq!(project.findings(&["--baseline", "known.txt"]).len(), 0);
}

#[test]
fn it_survives_reformatting_and_moved_code() {
    let project = accepted();
    let broken = SLOW.replace(
        "regex::Regex::new(\"[0-9]+\").unwrap()",
        "regex::Regex::new(\n            \"[0-9]+\",\n        )\n        .unwrap()",
    );
    assert_ne!(broken, SLOW);
    project.write("src/lib.rs", "mod deep;\n\npub fn other() {}\n");
    project.write("src/deep.rs", &format!("\n\n// moved\n{broken}"));
    let output = project.perf(&BAR);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    assert!(stdout(&output).contains("1 finding held back"), "{}", stdout(&output));
    assert!(!stderr(&output).contains("found no more"), "{}", stderr(&output));
}

#[test]
fn what_is_new_shows_and_fails() {
    let project = accepted();
    let more = SLOW.replace("count(", "count_more(").replace("[0-9]", "[a-z]");
    project.write("src/lib.rs", &format!("{SLOW}{more}"));
    let output = project.perf(&BAR);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stdout(&output).matches("warning[").count(), 1, "{}", stdout(&output));
    assert!(stdout(&output).contains("[a-z]+"));
}

#[test]
fn an_entry_that_matches_nothing_any_more_is_mentioned() {
    let project = accepted();
    project.write("src/lib.rs", "pub fn nothing() {}\n");
    project.write("src/other.rs", "");
    let output = project.perf(&BAR);
    assert_eq!(output.status.code(), Some(0));
    assert!(stderr(&output).contains("known.txt:2: `recompiled_regex-"), "{}", stderr(&output));
    // Nobody looked where it stood.
    let output = project.perf(&[&BAR[..], &["src/other.rs"]].concat());
    assert!(!stderr(&output).contains("found no more"), "{}", stderr(&output));
}

#[test]
fn a_baseline_that_is_none_is_refused_with_its_place() {
    let project = accepted();
    let output = project.perf(&["check", "--baseline", "none.txt"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("none.txt"), "{}", stderr(&output));
    assert!(stderr(&output).contains("--write-baseline"), "{}", stderr(&output));
    let text = fs::read_to_string(project.path("known.txt")).unwrap();
    fs::write(project.path("known.txt"), text.replace(" certain ", " perhaps ")).unwrap();
    let output = project.perf(&BAR);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("known.txt:2: `perhaps`"), "{}", stderr(&output));
    assert_eq!(stdout(&output), "");
    let output = project.perf(&["check", "--staged", "--write-baseline", "x"]);
    assert_eq!(output.status.code(), Some(2));
}
