//! Plain data that the stages hand to each other: no files, no processes, no printing.

pub mod callee;
pub mod clock;
pub mod evidence;
pub mod few;
pub mod finding;
pub mod fnv;
pub mod profile;
pub mod timeline;
pub mod type_name;
pub mod verdict;
