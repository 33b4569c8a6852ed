//! Applying rewrites at once.

use std::fs;

use super::{SLOW, err, fix, git, out, project, tree};

#[test]
fn a_dry_run_prints_a_patch_that_git_applies_and_writes_nothing() {
    let dir = project(&[("color", SLOW)]);
    let before = tree(dir.path());
    let output = fix(dir.path(), &["--all", "--dry-run"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert_eq!(tree(dir.path()), before);
    let patch = tempfile::NamedTempFile::new().unwrap();
    fs::write(patch.path(), output.stdout).unwrap();
    git(dir.path(), &["apply", patch.path().to_str().unwrap()]);
    let by_git = tree(dir.path());
    git(dir.path(), &["checkout", "--quiet", "."]);
    assert_eq!(fix(dir.path(), &["--all"]).status.code(), Some(0));
    assert_eq!(tree(dir.path()), by_git);
    assert_ne!(by_git, before);
}

#[test]
fn applying_twice_changes_nothing_more() {
    let dir = project(&[("color", SLOW)]);
    assert!(out(&fix(dir.path(), &["--all"])).starts_with("src/color.rs:4:"));
    let once = tree(dir.path());
    let again = fix(dir.path(), &["--all", "--allow-dirty"]);
    assert_eq!(out(&again), "");
    assert_eq!(tree(dir.path()), once);
}

#[test]
fn one_finding_is_rewritten_by_its_id_and_an_unknown_one_is_an_error() {
    let dir = project(&[("a", SLOW), ("b", SLOW)]);
    let listed = fix(dir.path(), &["--all", "--dry-run", "--verbose"]);
    assert_eq!(out(&listed).matches("+++ ").count(), 2);
    let unknown = fix(dir.path(), &["recompiled_regex-none"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(err(&unknown).contains("no finding `recompiled_regex-none`"));
    let similar = err(&unknown);
    let id = similar.rsplit('`').nth(1).unwrap();
    assert_eq!(fix(dir.path(), &[id]).status.code(), Some(0));
    let changed = git(dir.path(), &["status", "--porcelain"]);
    assert_eq!(changed.lines().count(), 1, "{changed}");
}

#[test]
fn uncommitted_changes_are_refused_unless_allowed() {
    let dir = project(&[("color", SLOW), ("other", "pub fn f() {}\n")]);
    fs::write(dir.path().join("src/other.rs"), "pub fn g() {}\n").unwrap();
    let before = tree(dir.path());
    for args in [&["--all"][..], &["--all", "--allow-no-vcs"]] {
        let refused = fix(dir.path(), args);
        assert_eq!(refused.status.code(), Some(2));
        assert!(err(&refused).contains("uncommitted changes: src/other.rs"), "{}", err(&refused));
        assert_eq!(tree(dir.path()), before);
    }
    git(dir.path(), &["add", "."]);
    assert_eq!(fix(dir.path(), &["--all"]).status.code(), Some(2));
    assert_eq!(fix(dir.path(), &["--all", "--allow-dirty"]).status.code(), Some(0));
    assert_ne!(tree(dir.path()), before);
}

#[test]
fn what_git_does_not_track_is_refused_unless_allowed() {
    let dir = project(&[("color", "pub fn f() {}\n")]);
    fs::write(dir.path().join("src/lib.rs"), "pub mod color;\npub mod fresh;\n").unwrap();
    git(dir.path(), &["commit", "--quiet", "--all", "--message", "one more"]);
    fs::write(dir.path().join("src/fresh.rs"), SLOW).unwrap();
    let refused = fix(dir.path(), &["--all"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(err(&refused).contains("git does not track"), "{}", err(&refused));
    assert_eq!(fix(dir.path(), &["--all", "--allow-dirty"]).status.code(), Some(0));
}

#[test]
fn without_a_repository_it_must_be_allowed() {
    let dir = project(&[("color", SLOW)]);
    fs::remove_dir_all(dir.path().join(".git")).unwrap();
    let refused = fix(dir.path(), &["--all"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(err(&refused).contains("not in a git repository"), "{}", err(&refused));
    assert_eq!(fix(dir.path(), &["--all", "--dry-run"]).status.code(), Some(0));
    assert_eq!(fix(dir.path(), &["--all", "--allow-no-vcs"]).status.code(), Some(0));
}

#[test]
fn a_read_only_file_stops_all_and_says_which() {
    let dir = project(&[("a", SLOW), ("b", SLOW), ("c", SLOW)]);
    let file = dir.path().join("src/b.rs");
    let mut permissions = fs::metadata(&file).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&file, permissions).unwrap();
    git(dir.path(), &["commit", "--quiet", "--all", "--allow-empty", "--message", "mode"]);
    let before = tree(dir.path());
    let refused = fix(dir.path(), &["--all", "--allow-dirty"]);
    assert_eq!(refused.status.code(), Some(3));
    assert!(err(&refused).contains("src/b.rs: read-only"), "{}", err(&refused));
    assert_eq!(tree(dir.path()), before);
}

#[test]
fn a_file_that_does_not_parse_is_reported_and_the_others_rewritten() {
    let dir = project(&[("color", SLOW), ("broken", "pub fn f( {}\n")]);
    let output = fix(dir.path(), &["--all"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("src/broken.rs:1:"), "{}", err(&output));
    assert_eq!(git(dir.path(), &["status", "--porcelain"]), " M src/color.rs\n");
}

#[test]
fn a_file_with_carriage_returns_keeps_them() {
    let dir = project(&[("color", &SLOW.replace('\n', "\r\n"))]);
    assert_eq!(fix(dir.path(), &["--all"]).status.code(), Some(0));
    let text = fs::read_to_string(dir.path().join("src/color.rs")).unwrap();
    assert!(text.contains("LazyLock"));
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
}
