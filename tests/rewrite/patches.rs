//! What `git apply` makes of our diffs.

use std::path::Path;
use std::process::Command;

use cargo_perf::rewrite::{Change, unified};

use super::change;

/// Lets git apply the diff of the changes to their old texts, and reads what came of it.
pub fn applied_by_git(changes: &[Change]) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    for change in changes {
        let file = dir.path().join(&change.file);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, &change.before).unwrap();
    }
    let patch = dir.path().join("the.patch");
    std::fs::write(&patch, unified(changes)).unwrap();
    let output = Command::new("git")
        .current_dir(&dir)
        // Not in whatever repository lies above the temporary folder.
        .env("GIT_CEILING_DIRECTORIES", dir.path().parent().unwrap())
        .args(["-c", "core.autocrlf=false", "apply", "--whitespace=nowarn"])
        .arg(&patch)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    changes.iter().map(|c| std::fs::read_to_string(dir.path().join(&c.file)).unwrap()).collect()
}

#[test]
fn git_turns_the_old_texts_into_the_new_ones() {
    let changes = [
        change("src/lib.rs", "a\nb\nc\n", "a\nB\nc\n"),
        change("src/end.rs", "a\nb", "a\nB"),
        change("src/newline_added.rs", "a\nb", "a\nb\n"),
        change("src/newline_lost.rs", "a\nb\n", "a\nb"),
        change("src/crlf.rs", "a\r\nb\r\nc\r\n", "a\r\nB\r\nc\r\n"),
        change("src/cr.rs", "a\rb\nc\r", "a\rB\nc\r"),
        change("src/a b.rs", "a\n", "b\n"),
        change("src/\"q\".rs", "a\n", "b\n"),
        change("src/ü.rs", "a\n", "b\n"),
        change("src/empty.rs", "", "b\n"),
        change("src/dashes.rs", "-- a\n", "++ a\n"),
    ];
    let expected: Vec<String> = changes.iter().map(|change| change.after.clone()).collect();
    assert_eq!(applied_by_git(&changes), expected);
}

#[test]
fn a_diff_names_the_files_as_git_does() {
    let diff = unified(&[change("src/lib.rs", "a\nb\nc\nd\ne\n", "a\nb\nc\nd\nE\n")]);
    assert_eq!(diff, "--- a/src/lib.rs\n+++ b/src/lib.rs\n@@ -2,4 +2,4 @@\n b\n c\n d\n-e\n+E\n");
    assert_eq!(unified(&[change("src/lib.rs", "a\n", "a\n")]), "");
    assert!(
        unified(&[change(Path::new("x.rs").to_str().unwrap(), "a", "b")])
            .ends_with("-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n")
    );
}
