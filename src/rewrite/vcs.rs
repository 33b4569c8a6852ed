//! What git would not bring back: uncommitted changes, untracked files, no repository at all.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Why a change to the tree could not be undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// Not under version control, or git is not installed.
    NoRepository,
    /// These files have changes that are not committed.
    Uncommitted(Vec<String>),
    /// These files, which are to be written, are not tracked.
    Untracked(Vec<PathBuf>),
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Obstacle::NoRepository => f.write_str(
                "the project is not in a git repository, so changes could not be undone",
            ),
            Obstacle::Uncommitted(files) => {
                write!(f, "the working tree has uncommitted changes: {}", few(files.iter()))
            }
            Obstacle::Untracked(files) => write!(
                f,
                "git does not track what would be written: {}",
                few(files.iter().map(|file| file.display()))
            ),
        }
    }
}

/// The first few of many.
fn few<T: fmt::Display>(files: impl ExactSizeIterator<Item = T>) -> String {
    const SHOWN: usize = 5;
    let more = files.len().saturating_sub(SHOWN);
    let mut names: Vec<String> = files.take(SHOWN).map(|file| file.to_string()).collect();
    if more > 0 {
        names.push(format!("and {more} more"));
    }
    names.join(", ")
}

/// What stands against writing these files, which are relative to `root`.
pub fn obstacles(root: &Path, files: &[PathBuf]) -> Option<Obstacle> {
    let status = git(root, &["status", "--porcelain=v1", "-z", "--untracked-files=no"]);
    let Some(status) = status else { return Some(Obstacle::NoRepository) };
    let changed = changed_files(&status);
    if !changed.is_empty() {
        return Some(Obstacle::Uncommitted(changed));
    }
    let Some(listed) = listed(root) else { return Some(Obstacle::NoRepository) };
    let tracked: BTreeSet<&str> = listed.split('\0').collect();
    let untracked: Vec<PathBuf> = files
        .iter()
        .filter(|file| !tracked.contains(file.to_string_lossy().replace('\\', "/").as_str()))
        .cloned()
        .collect();
    (!untracked.is_empty()).then_some(Obstacle::Untracked(untracked))
}

/// Whether git keeps a file, which is relative to `root`.
pub fn is_tracked(root: &Path, file: &str) -> bool {
    listed(root).is_some_and(|listed| listed.split('\0').any(|known| known == file))
}

fn listed(root: &Path) -> Option<String> {
    git(root, &["ls-files", "-z"])
}

/// Paths of `git status --porcelain=v1 -z`; a rename is followed by the name it had.
fn changed_files(status: &str) -> Vec<String> {
    let mut entries = status.split('\0');
    let mut files = Vec::new();
    while let Some(entry) = entries.next() {
        let Some((state, file)) = entry.split_at_checked(3) else { continue };
        if state.contains(['R', 'C']) {
            entries.next();
        }
        files.push(file.to_owned());
    }
    files
}

fn git(root: &Path, args: &[&str]) -> Option<String> {
    let output = Command::new("git")
        .current_dir(root)
        // Looking must not write: no refresh of the index, no lock beside a running git.
        .env("GIT_OPTIONAL_LOCKS", "0")
        .args(args)
        .stdin(Stdio::null())
        .output()
        .ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
