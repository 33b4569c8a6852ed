//! What was found is kept: a second run says the same, and after an edit what a first run would.

use std::fs;

use crate::project::{Project, SLOW, stderr, stdout};

const MANY: &str = "use crate::kinds::Name;\n\npub fn all(names: &[Name]) -> usize {\n    \
                    let mut n = 0;\n    for name in names {\n        let copy = name.text.clone();\n        \
                    if copy.is_empty() {\n            n += 1;\n        }\n    }\n    n\n}\n";
const OWNED: &str = "pub struct Name {\n    pub text: String,\n}\n";
const SHARED: &str = "pub struct Name {\n    pub text: std::sync::Arc<str>,\n}\n";

fn all(project: &Project) -> String {
    let output = project.perf(&["check", "--all", "--message-format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    stdout(&output)
}

/// The same, with nothing kept.
fn anew(project: &Project) -> String {
    let _ = fs::remove_dir_all(project.path("target/perf/check"));
    all(project)
}

#[test]
fn a_second_run_says_the_same() {
    let project = Project::new(&[("src/lib.rs", SLOW)]);
    let first = all(&project);
    assert!(!first.is_empty());
    assert!(project.path("target/perf/check/said").exists());
    assert_eq!(all(&project), first);
}

#[test]
fn an_edit_elsewhere_is_seen_where_it_matters() {
    let lib = "mod kinds;\nmod many;\n";
    let files = [("src/lib.rs", lib), ("src/many.rs", MANY), ("src/kinds.rs", OWNED)];
    let project = Project::new(&files);
    let owned = all(&project);
    assert!(owned.contains("src/many.rs"), "{owned}");
    project.write("src/kinds.rs", SHARED);
    let shared = all(&project);
    assert_ne!(shared, owned, "the type of the field is another one now");
    assert_eq!(shared, anew(&project));
    project.write("src/kinds.rs", OWNED);
    assert_eq!(all(&project), owned);
}

#[test]
fn a_file_that_is_new_gone_or_for_tests_only_now_is_looked_at_again() {
    let project = Project::new(&[("src/lib.rs", "pub mod slow;\n"), ("src/slow.rs", SLOW)]);
    let first = all(&project);
    assert!(first.contains("src/slow.rs"));
    project.write("src/lib.rs", "#[cfg(test)]\nmod slow;\n");
    assert_eq!(all(&project), "");
    project.write("src/lib.rs", "pub mod slow;\n");
    assert_eq!(all(&project), first);
    project.write("src/lib.rs", "pub mod slow;\npub mod more;\n");
    project.write("src/more.rs", SLOW);
    assert_eq!(all(&project).lines().count(), 2 * first.lines().count());
    fs::remove_file(project.path("src/more.rs")).unwrap();
    project.write("src/lib.rs", "pub mod slow;\n");
    assert_eq!(all(&project), first);
}

#[test]
fn what_was_kept_badly_is_as_good_as_nothing() {
    let project = Project::new(&[("src/lib.rs", SLOW)]);
    let first = all(&project);
    for name in ["said", "asked", "declared"] {
        let path = project.path(&format!("target/perf/check/{name}"));
        let whole = fs::read(&path).unwrap();
        for damaged in [&whole[..whole.len() / 2], &b"nothing"[..], &[]] {
            fs::write(&path, damaged).unwrap();
            assert_eq!(all(&project), first, "{name}");
            fs::write(&path, damaged).unwrap();
            project.write("src/lib.rs", &format!("{SLOW}\n// more\n"));
            assert_eq!(all(&project).lines().count(), first.lines().count(), "{name}");
            project.write("src/lib.rs", SLOW);
        }
    }
}

#[test]
fn only_some_lints_and_other_settings_are_asked_of_what_was_kept() {
    let project = Project::new(&[("src/lib.rs", SLOW)]);
    let first = all(&project);
    let one = ["check", "--all", "--lint", "double_lookup", "--message-format", "json"];
    assert_eq!(stdout(&project.perf(&one)), "");
    assert_eq!(all(&project), first);
    let manifest = fs::read_to_string(project.path("Cargo.toml")).unwrap();
    let off = "[package.metadata.perf.lints]\nrecompiled_regex = \"off\"\n";
    project.write("Cargo.toml", &format!("{manifest}\n{off}"));
    assert!(!all(&project).contains("recompiled_regex"));
    project.write("Cargo.toml", &manifest);
    assert_eq!(all(&project), first);
}

#[test]
fn a_comment_for_a_lint_that_is_turned_off_is_not_called_useless() {
    let line = "    let mut count = 0;\n";
    let useless = SLOW.replace(line, &format!("    // perf: allow(double_lookup) why\n{line}"));
    let project = Project::new(&[("src/lib.rs", &useless)]);
    assert!(all(&project).contains("suppression"));
    let manifest = fs::read_to_string(project.path("Cargo.toml")).unwrap();
    for off in ["double_lookup", "suppression"] {
        let off = format!("[package.metadata.perf.lints]\n{off} = \"off\"\n");
        project.write("Cargo.toml", &format!("{manifest}\n{off}"));
        assert!(!all(&project).contains("suppression"), "{off}");
    }
}
