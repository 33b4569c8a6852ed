//! From the profiles as read to the one profile a view shows: merged, subtracted, pruned, filtered.

mod demangle;
mod filter;
mod fold;
mod merge;
mod prune;
mod tag_filter;
mod tag_nodes;

pub(super) use demangle::simplify_names;
pub use filter::Filters;
pub(super) use filter::apply;
pub use filter::keep_benches;
pub(super) use fold::{System, fold};
pub(super) use merge::is_base;
pub use merge::{Base, combine, merge};
pub(super) use prune::remove_uninteresting;
pub(super) use tag_filter::{Units, units};
pub(super) use tag_nodes::add_tag_nodes;

use regex::Regex;

use super::error::ViewError;

/// Compiles an option's regular expression; an empty one is none.
pub(super) fn pattern(option: &'static str, text: &str) -> Result<Option<Regex>, ViewError> {
    if text.is_empty() {
        return Ok(None);
    }
    Regex::new(text)
        .map(Some)
        .map_err(|error| ViewError::BadPattern { option, what: error.to_string() })
}
