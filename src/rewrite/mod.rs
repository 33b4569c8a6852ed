//! Rewrites as text: edits merged per file or refused, formatted, shown as a diff, landed.
//!
//! ```text
//! Suggestion → source (what may be touched) → merge (what goes together, and still parses)
//!            → rustfmt (where the file was clean) → diff, or land (all files or none)
//! ```

mod diff;
mod land;
mod merge;
mod renames;
mod rustfmt;
mod shield;
mod source;
mod vcs;

pub use diff::unified;
pub use land::{LandError, land, recover};
pub use merge::{Change, Patch, Refusal, merge, merge_texts};
pub use rustfmt::Rustfmt;
pub use vcs::{Obstacle, is_tracked, obstacles};
