//! What a run of a forge is about: the revision that the checked-out one is measured against.

use std::fmt;
use std::path::Path;

use serde_json::Value;

use super::git::{git, is_hash, is_nothing};

/// Why there is nothing to compare with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BaseError {
    /// The event names no revision to compare with.
    Unnamed,
    /// The revision is named, and its commit is not in this clone.
    Absent(String),
}

impl fmt::Display for BaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BaseError::Unnamed => f.write_str("the event names no revision to compare with"),
            BaseError::Absent(hash) => {
                write!(f, "the base {hash} is not in this clone")
            }
        }
    }
}

impl std::error::Error for BaseError {}

/// The base of an event, of which the clone in `folder` has the head checked out.
pub fn base(folder: &Path, event: &Value) -> Result<String, BaseError> {
    let pull = &event["pull_request"];
    let parents = parents(folder);
    let named = match (pull["base"]["sha"].as_str(), parents.as_slice()) {
        // What the forge merged for this run: the base may have gone on since the event.
        (Some(_), [base, head]) if pull["head"]["sha"] == head.as_str() => base.clone(),
        (Some(base), _) => base.to_owned(),
        // A merge queue, or a push, or GitLab's merge request.
        (None, _) => {
            let named = [&event["merge_group"]["base_sha"], &event["before"]];
            let named = named.into_iter().find_map(Value::as_str);
            named.ok_or(BaseError::Unnamed)?.to_owned()
        }
    };
    if !is_hash(&named) || is_nothing(&named) {
        return Err(BaseError::Unnamed);
    }
    let Some(known) = commit(folder, &named) else { return Err(BaseError::Absent(named)) };
    // What the base did since the change began is not the change's; a shallow clone cannot tell.
    Ok(git(folder, &["merge-base", &known, "HEAD"]).unwrap_or(known))
}

/// The commit that a revision names, where the clone has it.
pub fn commit(folder: &Path, revision: &str) -> Option<String> {
    let commit = format!("{revision}^{{commit}}");
    git(folder, &["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])
}

/// The parents of what is checked out, also those that a shallow clone has not got.
fn parents(folder: &Path) -> Vec<String> {
    let commit = git(folder, &["cat-file", "commit", "HEAD"]).unwrap_or_default();
    let head = commit.lines().take_while(|line| !line.is_empty());
    head.filter_map(|line| line.strip_prefix("parent ")).map(str::to_owned).collect()
}
