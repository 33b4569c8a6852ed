//! What a push brings: which revisions, measured against what the other side has.

use std::path::Path;

use super::git::{git, is_hash, is_nothing};

/// A revision to be pushed and the one to measure it against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pushed {
    /// What the other side has.
    pub base: String,
    /// What it gets.
    pub head: String,
}

/// What git hands to `pre-push` on standard input: one line per ref,
/// `LOCAL-REF LOCAL-HASH REMOTE-REF REMOTE-HASH`. Nothing is pushed by a line that deletes.
pub fn from_lines(folder: &Path, remote: Option<&str>, lines: &str) -> Vec<Pushed> {
    let mut pushed: Vec<Pushed> = Vec::new();
    for line in lines.lines() {
        let [_, head, _, theirs] = line.split(' ').collect::<Vec<_>>()[..] else { continue };
        if !is_hash(head) || !is_hash(theirs) || is_nothing(head) {
            continue;
        }
        let known = !is_nothing(theirs) && commit(folder, theirs).is_some();
        let base = if known { Some(theirs.to_owned()) } else { left(folder, remote, head) };
        let head = head.to_owned();
        let both = base.and_then(|base| commit(folder, &base)).zip(commit(folder, &head));
        if let Some((base, head)) = both {
            let one = Pushed { base, head };
            if one.base != one.head && !pushed.contains(&one) {
                pushed.push(one);
            }
        }
    }
    pushed
}

/// From one revision to another, as pre-commit says them.
pub fn from_revisions(folder: &Path, base: &str, head: &str) -> Option<Pushed> {
    let one = Pushed { base: commit(folder, base)?, head: commit(folder, head)? };
    (one.base != one.head).then_some(one)
}

/// What stands between the upstream branch and `HEAD`, for a run by hand.
pub fn from_upstream(folder: &Path) -> Option<Pushed> {
    let base = git(folder, &["merge-base", "@{upstream}", "HEAD"])?;
    from_revisions(folder, &base, "HEAD")
}

/// Whether anything between the two can change how fast a bench is.
pub fn touches_code(folder: &Path, pushed: &Pushed) -> bool {
    let files = [":/*.rs", ":/*.toml", ":/*.lock"];
    let mut args = vec!["diff", "--name-only", "--no-ext-diff", &pushed.base, &pushed.head, "--"];
    args.extend(files);
    // Where git cannot tell, measuring is the safe answer.
    git(folder, &args).is_none_or(|names| !names.is_empty())
}

/// Where a branch that is new to a remote left what the remote has.
fn left(folder: &Path, remote: Option<&str>, head: &str) -> Option<String> {
    // A remote may be named by its address, of which no branches are known here.
    let remote = remote.filter(|remote| !remote.is_empty() && !remote.starts_with('-'))?;
    let default = format!("refs/remotes/{remote}/HEAD");
    if let Some(base) = git(folder, &["merge-base", &default, head]) {
        return Some(base);
    }
    let pattern = format!("refs/remotes/{remote}/");
    let branches = git(folder, &["for-each-ref", "--format=%(objectname)", &pattern])?;
    // Of all its branches, the one that has most of this.
    let bases = branches.lines().filter_map(|tip| git(folder, &["merge-base", tip, head]));
    bases.min_by_key(|base| {
        let range = format!("{base}..{head}");
        let count = git(folder, &["rev-list", "--count", &range]);
        count.and_then(|count| count.parse::<u64>().ok()).unwrap_or(u64::MAX)
    })
}

fn commit(folder: &Path, revision: &str) -> Option<String> {
    let wanted = format!("{revision}^{{commit}}");
    git(folder, &["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted])
}
