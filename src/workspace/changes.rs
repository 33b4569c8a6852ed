//! Which lines of which Rust files changed, by git: in the index, or since a revision.

use std::fmt;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A changed file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Where it lies.
    pub path: PathBuf,
    /// Its changed lines, 1-based.
    pub lines: Vec<RangeInclusive<u32>>,
}

impl Changed {
    /// Whether any of these lines changed.
    pub fn touches(&self, lines: &RangeInclusive<u32>) -> bool {
        self.lines.iter().any(|own| own.start() <= lines.end() && lines.start() <= own.end())
    }
}

/// Why git could not be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangesError {
    /// Git is missing, or this is no repository.
    Git(String),
    /// There is no such revision here.
    Revision(String),
    /// A staged file is not text.
    NotText(PathBuf),
    /// Of a file there is more than one staged text: a merge waits to be resolved.
    Unmerged(PathBuf),
}

impl fmt::Display for ChangesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ChangesError::Git(why) => write!(f, "git: {why}"),
            ChangesError::Revision(revision) => {
                write!(f, "there is no revision `{revision}` in this repository")
            }
            ChangesError::NotText(path) => {
                write!(f, "{}: what is staged is not UTF-8", path.display())
            }
            ChangesError::Unmerged(path) => {
                write!(f, "{}: the merge of this file is not resolved", path.display())
            }
        }
    }
}

impl std::error::Error for ChangesError {}

/// Where a folder lies in its repository; empty at the top, and where there is no repository.
///
/// Looked up without git: a forge's outputs need it, and they are printed without one as well.
pub fn below_top(folder: &Path) -> PathBuf {
    let top = folder.ancestors().find(|folder| folder.join(".git").exists());
    top.and_then(|top| folder.strip_prefix(top).ok()).unwrap_or(Path::new("")).to_owned()
}

/// A repository, seen from one of its folders.
pub struct Repository {
    dir: PathBuf,
    top: PathBuf,
}

impl Repository {
    /// The repository that a folder lies in.
    pub fn around(dir: &Path) -> Result<Repository, ChangesError> {
        let dir = dir.to_owned();
        let top = git(&dir, &["rev-parse", "--show-toplevel"])?;
        let top = PathBuf::from(String::from_utf8_lossy(&top).trim_end_matches(['\n', '\r']));
        Ok(Repository { top: top.canonicalize().unwrap_or(top), dir })
    }

    /// What is staged for the next commit, whatever the files on disk say.
    pub fn staged(&self) -> Result<Vec<Changed>, ChangesError> {
        let unmerged = ["diff", "--cached", "--name-only", "-z", "--diff-filter=U", "--", ":/*.rs"];
        let unmerged = git(&self.dir, &unmerged)?;
        match unmerged.split(|&byte| byte == 0).next() {
            Some(name) if !name.is_empty() => {
                Err(ChangesError::Unmerged(String::from_utf8_lossy(name).as_ref().into()))
            }
            _ => self.diff(&["--cached"]),
        }
    }

    /// What the working tree changed since it left a revision, new files included.
    pub fn since(&self, revision: &str) -> Result<Vec<Changed>, ChangesError> {
        let commit = format!("{revision}^{{commit}}");
        let verify = ["rev-parse", "--verify", "--quiet", "--end-of-options", &commit];
        let found =
            git(&self.dir, &verify).map_err(|_| ChangesError::Revision(revision.to_owned()))?;
        let found = String::from_utf8_lossy(&found).trim().to_owned();
        // What the base did meanwhile is not this change's. A shallow clone may not know.
        let base = git(&self.dir, &["merge-base", &found, "HEAD"])
            .map_or(found, |base| String::from_utf8_lossy(&base).trim().to_owned());
        let mut changed = self.diff(&[&base])?;
        let list = ["ls-files", "--others", "--exclude-standard", "--full-name", "-z", "--", ":/"];
        let untracked = git(&self.dir, &list)?;
        for name in untracked.split(|&byte| byte == 0).filter(|name| name.ends_with(b".rs")) {
            let path = self.top.join(String::from_utf8_lossy(name).as_ref());
            changed.push(Changed { path, lines: vec![1..=u32::MAX] });
        }
        Ok(changed)
    }

    /// The text that is staged of a file.
    pub fn staged_text(&self, path: &Path) -> Result<String, ChangesError> {
        let name =
            path.strip_prefix(&self.top).unwrap_or(path).to_string_lossy().replace('\\', "/");
        let bytes = git(&self.dir, &["cat-file", "blob", &format!(":0:{name}")])?;
        String::from_utf8(bytes).map_err(|_| ChangesError::NotText(path.to_owned()))
    }

    fn diff(&self, what: &[&str]) -> Result<Vec<Changed>, ChangesError> {
        let mut args = vec!["-c", "core.quotePath=false", "diff"];
        args.extend(["--no-ext-diff", "--no-textconv", "--no-color", "--unified=0"]);
        args.extend(["--find-renames", "--diff-filter=ACMR", "--ignore-submodules=all"]);
        args.extend(["--src-prefix=a/", "--dst-prefix=b/"]);
        args.extend(what);
        args.extend(["--", ":/*.rs"]);
        let text = git(&self.dir, &args)?;
        Ok(parse(&String::from_utf8_lossy(&text), &self.top))
    }
}

/// Reads a diff without context lines.
fn parse(diff: &str, top: &Path) -> Vec<Changed> {
    let mut changed: Vec<Changed> = Vec::new();
    let mut lines = diff.lines();
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix("+++ ") {
            let name = unquoted(name.trim_end_matches('\t'));
            if let Some(name) = name.strip_prefix("b/") {
                changed.push(Changed { path: top.join(name), lines: Vec::new() });
            }
        } else if let Some((removed, first, added)) = hunk(line) {
            if let Some(file) = changed.last_mut().filter(|_| added > 0) {
                file.lines.push(first..=first + (added - 1));
            }
            // The lines themselves may look like headers.
            for _ in 0..removed + added {
                lines.next();
            }
        }
    }
    changed.retain(|file| !file.lines.is_empty());
    changed
}

/// `@@ -a,b +c,d @@`: removed lines, first new line, new lines.
fn hunk(line: &str) -> Option<(u32, u32, u32)> {
    let (old, rest) = line.strip_prefix("@@ -")?.split_once(" +")?;
    let (new, _) = rest.split_once(" @@")?;
    let part = |part: &str| -> Option<(u32, u32)> {
        match part.split_once(',') {
            Some((first, count)) => Some((first.parse().ok()?, count.parse().ok()?)),
            None => Some((part.parse().ok()?, 1)),
        }
    };
    let ((_, removed), (first, added)) = (part(old)?, part(new)?);
    Some((removed, first, added))
}

/// Git quotes names with control characters, quotes or backslashes as C does.
fn unquoted(name: &str) -> String {
    let Some(inner) = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')) else {
        return name.to_owned();
    };
    let mut bytes = Vec::new();
    let mut rest = inner.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        match rest.next() {
            Some(b'n') => bytes.push(b'\n'),
            Some(b't') => bytes.push(b'\t'),
            Some(b'r') => bytes.push(b'\r'),
            Some(digit @ b'0'..=b'3') => {
                let octal = [Some(digit), rest.next(), rest.next()];
                let value = octal.into_iter().flatten().fold(0_u32, |value, digit| {
                    value * 8 + u32::from(digit.wrapping_sub(b'0') & 7)
                });
                bytes.push(value as u8);
            }
            Some(other) => bytes.push(other),
            None => {}
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn git(dir: &Path, args: &[&str]) -> Result<Vec<u8>, ChangesError> {
    let mut command = Command::new("git");
    // Git tells its hooks where index and repository lie, as seen from where it called them.
    for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"] {
        let Some(path) = std::env::var_os(name).map(PathBuf::from) else { continue };
        if let (true, Ok(here)) = (path.is_relative(), std::env::current_dir()) {
            command.env(name, here.join(path));
        }
    }
    let output = command
        .current_dir(dir)
        // Looking must not write: no refresh of the index, no lock beside a running git.
        .env("GIT_OPTIONAL_LOCKS", "0")
        .args(args)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| ChangesError::Git(error.to_string()))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let words = String::from_utf8_lossy(&output.stderr);
    Err(ChangesError::Git(words.trim().trim_start_matches("fatal: ").to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_look_like_headers_are_content() {
        let diff = "diff --git a/x.rs b/x.rs\n--- a/x.rs\n+++ b/x.rs\n@@ -3,2 +3 @@ fn a()\n--- a/y\n-b\n\
                    +++ b/evil.rs\n@@ -9,0 +9,2 @@\n+c\n+d\n@@ -20 +21,0 @@\n-e\n";
        let changed = parse(diff, Path::new("/w"));
        let expected = Changed { path: "/w/x.rs".into(), lines: vec![3..=3, 9..=10] };
        assert_eq!(changed, [expected]);
    }

    #[test]
    fn quoted_names_are_read_and_pure_renames_changed_nothing() {
        let diff = "diff --git a/a.rs b/b.rs\nsimilarity index 100%\nrename from a.rs\nrename to b.rs\n\
                    diff --git a/c b/c\n--- /dev/null\n+++ \"b/q\\\"\\303\\274.rs\"\n@@ -0,0 +1 @@\n+x\n";
        let changed = parse(diff, Path::new("/w"));
        assert_eq!(changed, [Changed { path: "/w/q\"ü.rs".into(), lines: vec![1..=1] }]);
    }
}
