//! pprof's `profile.proto`, gzipped or not, written by any language.
//!
//! The reader streams: it holds the tables it builds and one message at a time, never the whole
//! inflated file, and stops at [`Limits`]. The writer streams as well.

mod benches;
mod read;
mod read_error;
mod resolve;
mod wire;
mod write;

pub use benches::COMMENT_PREFIX;
pub use read::{Limits, read, read_with};
pub use read_error::ReadError;
pub use write::{write, write_uncompressed};

/// The comments as they stand in a file: the profile's own, then the bench totals
/// and the timeline.
pub fn comments_on_disk(profile: &crate::model::profile::Profile) -> Vec<String> {
    let mut comments = profile.comments.clone();
    comments.extend(benches::to_comment(&profile.benches));
    comments.extend(profile.timeline.as_ref().map(benches::timeline_to_comment));
    comments
}

#[cfg(test)]
mod tests;
