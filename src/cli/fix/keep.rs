//! Where kept rewrites go: into the tree, into commits, into a patch file, or onto the screen.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Args, refuse_if_not_undoable, write};
use crate::cli::Context;
use crate::exit::{Exit, Failure};
use crate::proof::prove::{Outcome, Step};
use crate::report::proofs;
use crate::rewrite::{Change, unified};
use crate::workspace::Workspace;

pub(super) fn put_where_asked(
    args: &Args,
    workspace: &Workspace,
    outcome: &Outcome,
    context: &mut Context<'_>,
) -> Result<Exit, Failure> {
    let changes = together(&outcome.steps);
    if changes.is_empty() {
        context.note("no file was changed");
        return Ok(Exit::Clean);
    }
    if args.dry_run {
        context.print(unified(&changes).as_bytes())?;
        return Ok(Exit::Clean);
    }
    if let Some(path) = &args.patch {
        write_patch(path, &changes)?;
        context.note(&format!("what is kept is in {}; no file was changed", path.display()));
        return Ok(Exit::Clean);
    }
    let mut landed = 0;
    let written = refuse_if_not_undoable(args, workspace.root(), &changes).and_then(|()| {
        if args.commit {
            commit_each(workspace, outcome, &mut landed)
        } else {
            write(workspace, &changes)
        }
    });
    if let Err(failure) = written {
        let rest = together(&outcome.steps[landed..]);
        return Err(leave_patch(workspace, &rest, failure));
    }
    let files = crate::report::words::count(changes.len(), "file");
    context.note(&format!("what is kept was written to {files}"));
    Ok(Exit::Clean)
}

/// Puts what was kept into a patch file and says so with the failure: hours of measuring are not
/// lost to an interrupt, or to a file that was edited meanwhile.
pub(super) fn leave_patch(workspace: &Workspace, changes: &[Change], failure: Failure) -> Failure {
    if changes.is_empty() {
        return failure;
    }
    let path = workspace.perf_dir().join("prove/kept.patch");
    let words = match write_patch(&path, changes) {
        Ok(()) => format!("what was kept is in {}", path.display()),
        Err(unwritten) => format!("what was kept could not be saved: {}", unwritten.message),
    };
    let help = failure.help.as_ref().map_or(words.clone(), |help| format!("{help}; {words}"));
    failure.help(help)
}

/// All steps as one change per file.
pub(super) fn together(steps: &[Step]) -> Vec<Change> {
    let mut files: BTreeMap<&Path, Change> = BTreeMap::new();
    for change in steps.iter().flat_map(|step| &step.changes) {
        files
            .entry(&change.file)
            .and_modify(|all| all.after.clone_from(&change.after))
            .or_insert_with(|| change.clone());
    }
    files.into_values().filter(|change| change.before != change.after).collect()
}

fn write_patch(path: &Path, changes: &[Change]) -> Result<(), Failure> {
    std::fs::write(path, unified(changes))
        .map_err(|error| Failure::environment(format!("{}: {error}", path.display())))
}

/// `landed` counts the steps that were written, also where it ends early.
fn commit_each(
    workspace: &Workspace,
    outcome: &Outcome,
    landed: &mut usize,
) -> Result<(), Failure> {
    for step in &outcome.steps {
        let Some(attempt) = outcome.attempts.get(step.attempt) else { continue };
        write(workspace, &step.changes)?;
        *landed += 1;
        let files = step.changes.iter().map(|change| &change.file);
        commit(workspace.root(), &proofs::message(attempt), files)?;
    }
    Ok(())
}

fn commit<'f>(
    root: &Path,
    message: &str,
    files: impl Iterator<Item = &'f PathBuf>,
) -> Result<(), Failure> {
    let output = Command::new("git")
        .current_dir(root)
        .args(["--literal-pathspecs", "commit", "--quiet", "--message", message, "--"])
        .args(files)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Failure::environment(format!("could not start git: {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(Failure::environment(format!("git did not commit: {words}"))
        .help("the rewrite itself was written"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::finding::{Confidence, Finding, Grade, Suggestion};
    use crate::model::verdict::{BenchName, Comparison, TimeChange, Verdict};
    use crate::proof::prove::{Attempt, Compiled, Fate, Kept, Tests};

    fn git(dir: &Path, args: &[&str]) -> String {
        let output = Command::new("git").current_dir(dir).args(args).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn project() -> (tempfile::TempDir, Workspace) {
        let dir = tempfile::tempdir().unwrap();
        let put = |file: &str, text: &str| {
            std::fs::create_dir_all(dir.path().join("src")).unwrap();
            std::fs::write(dir.path().join(file), text).unwrap();
        };
        put("Cargo.toml", "[package]\nname = \"a\"\nedition = \"2021\"\n[workspace]\n");
        put("src/lib.rs", "one two\n");
        put("src/other.rs", "three\n");
        put(".gitignore", "/target\nCargo.lock\n");
        git(dir.path(), &["init", "--quiet"]);
        git(dir.path(), &["config", "user.name", "Test"]);
        git(dir.path(), &["config", "user.email", "test@example.invalid"]);
        git(dir.path(), &["add", "."]);
        git(dir.path(), &["commit", "--quiet", "--message", "as it was"]);
        let request = crate::workspace::Request {
            dir: dir.path().to_owned(),
            ..crate::workspace::Request::default()
        };
        let workspace = crate::workspace::load(request).unwrap();
        (dir, workspace)
    }

    fn attempt(id: &str, message: &str) -> Attempt {
        let time = TimeChange {
            verdict: Verdict::Faster,
            ratio: 0.5,
            low: 0.49,
            high: 0.51,
            p: 0.001,
            p_holm: 0.001,
            pairs: 12,
            more_pairs: None,
            before: vec![2e-6],
            after: vec![1e-6],
        };
        let name = BenchName { package: "a".into(), target: "b".into(), bench: "c".into() };
        Attempt {
            findings: vec![Finding::blank(id, "lint", Confidence::Proved, 0..1)],
            suggestions: vec![Suggestion {
                message: message.to_owned(),
                grade: Grade::Safe,
                edits: Vec::new(),
                sketch: None,
                caveat: None,
                dependency: None,
            }],
            round: 1,
            compiled: Some(Compiled::Yes),
            tests: Some(Tests::Passed { known: Vec::new() }),
            benches: vec![Comparison {
                name,
                time: Some(time),
                exact: Vec::new(),
                notes: Vec::new(),
            }],
            fate: Fate::Kept(Kept::Faster),
        }
    }

    fn change(file: &str, before: &str, after: &str) -> Change {
        Change { file: file.into(), before: before.to_owned(), after: after.to_owned() }
    }

    fn outcome() -> Outcome {
        Outcome {
            attempts: vec![attempt("lint-1", "do the first"), attempt("lint-2", "do the second")],
            steps: vec![
                Step { attempt: 0, changes: vec![change("src/lib.rs", "one two\n", "1 two\n")] },
                Step {
                    attempt: 1,
                    changes: vec![
                        change("src/lib.rs", "1 two\n", "1 2\n"),
                        change("src/other.rs", "three\n", "3\n"),
                    ],
                },
            ],
            ..Outcome::default()
        }
    }

    #[test]
    fn steps_together_are_one_change_per_file() {
        let changes = together(&outcome().steps);
        assert_eq!(
            changes,
            [change("src/lib.rs", "one two\n", "1 2\n"), change("src/other.rs", "three\n", "3\n")]
        );
    }

    #[test]
    fn each_kept_rewrite_is_a_commit_that_says_what_was_measured() {
        let (dir, workspace) = project();
        commit_each(&workspace, &outcome(), &mut 0).unwrap();
        let log = git(dir.path(), &["log", "--reverse", "--format=%B"]);
        let messages: Vec<&str> = log.split("\n\n\n").collect();
        assert!(messages[0].starts_with("as it was\n\nDo the first\n\n"), "{log}");
        assert!(log.contains("b/c: 2 µs -> 1 µs, faster -50.0 % [-51.0, -49.0]"), "{log}");
        assert!(log.contains("Found by lint-2."), "{log}");
        assert_eq!(git(dir.path(), &["status", "--porcelain"]), "");
        let first = git(dir.path(), &["show", "HEAD~1:src/lib.rs"]);
        assert_eq!(
            (first.as_str(), git(dir.path(), &["show", "HEAD:src/lib.rs"]).as_str()),
            ("1 two\n", "1 2\n")
        );
    }
}
