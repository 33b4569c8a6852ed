//! From raw events to a profile: unwinding, symbols, inlined frames.
//!
//! Events are taken one by one ([`Builder::event`]). What stays in memory is what the profile
//! will hold: distinct addresses, distinct stacks and their values; so memory follows the size
//! of the programs, not the length of the recording. Names and lines are looked up at the end,
//! once per distinct address.

mod ahead;
mod builder;
mod finish;
mod functions;
mod image;
pub mod perf_data;
mod resolve;
mod root;
mod space;
mod stacks;
mod unwind;
mod values;

pub use builder::{Builder, InUse, LabelSet, Occurrence, Quality};
pub use functions::{Found, Functions};
