//! Bench totals as one comment of the profile.
//!
//! pprof leaves comments that begin with `#` out of its reports, so that other viewers open our
//! profiles without a line of JSON above the table.

use crate::model::profile::BenchTotals;

/// What the comment begins with.
pub const COMMENT_PREFIX: &str = "#cargo-perf benches: ";

/// The comment for these totals; `None` where there are none.
pub(super) fn to_comment(benches: &[BenchTotals]) -> Option<String> {
    if benches.is_empty() {
        return None;
    }
    // Strings, numbers and maps with string keys: serialization cannot fail.
    let json = serde_json::to_string(benches).unwrap_or_default();
    Some(format!("{COMMENT_PREFIX}{json}"))
}

/// The totals in a comment; `None` where it is another comment, or not ours after all.
pub(super) fn from_comment(comment: &str) -> Option<Vec<BenchTotals>> {
    serde_json::from_str(comment.strip_prefix(COMMENT_PREFIX)?).ok()
}
