//! Questions to git that may go unanswered.

use std::path::Path;
use std::process::{Command, Stdio};

/// What git prints for these arguments; `None` where it fails or is not there.
pub(super) fn git(folder: &Path, args: &[&str]) -> Option<String> {
    let output = Command::new("git")
        .current_dir(folder)
        // Git sets these for its hooks, as seen from where it called us.
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_INDEX_FILE")
        .env_remove("GIT_PREFIX")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .args(args)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}

/// Whether this is a whole hash.
pub(super) fn is_hash(text: &str) -> bool {
    text.len() >= 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether a hash stands for nothing.
pub(super) fn is_nothing(hash: &str) -> bool {
    hash.bytes().all(|byte| byte == b'0')
}
