//! Bench totals and the timeline as comments of the profile.
//!
//! pprof leaves comments that begin with `#` out of its reports, so that other viewers open our
//! profiles without a line of JSON above the table.

use crate::model::profile::BenchTotals;
use crate::model::timeline::Timeline;

/// What the comment with the totals begins with.
pub const COMMENT_PREFIX: &str = "#cargo-perf benches: ";

/// What the comment with the timeline begins with.
const TIMELINE_PREFIX: &str = "#cargo-perf timeline: ";

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

/// The comment for a timeline.
pub(super) fn timeline_to_comment(timeline: &Timeline) -> String {
    let json = serde_json::to_string(timeline).unwrap_or_default();
    format!("{TIMELINE_PREFIX}{json}")
}

/// The timeline in a comment; `None` where it is another comment, or not ours after all.
pub(super) fn timeline_from_comment(comment: &str) -> Option<Timeline> {
    let timeline: Timeline = serde_json::from_str(comment.strip_prefix(TIMELINE_PREFIX)?).ok()?;
    let fits =
        |place: Option<u32>| place.is_none_or(|place| (place as usize) < timeline.places.len());
    let cells = || timeline.threads.iter().flat_map(|thread| &thread.cells);
    cells().all(|cell| cell.slot < timeline.slots && fits(cell.place)).then_some(timeline)
}
