//! The engine of the lints: one walk over each file, the heat gate, levels and suppression.
//!
//! A lint says what is wrong with the shape of a piece of code and what that would cost
//! ([`Claim`]). The engine asks the profile whether it does (`gate`), and makes findings of the
//! claims that hold.

pub mod absent;
pub mod attributes;
pub mod baseline;
pub mod benched;
pub mod callers;
pub mod claim;
pub mod collects;
pub mod consumed;
pub mod copies;
mod dispatch;
pub mod driver;
pub mod filled;
pub mod flow;
pub mod foreign;
mod gate;
pub mod guards;
pub mod handed_on;
pub mod id;
pub mod invariants;
mod judge;
pub mod keeper;
mod kept;
mod known;
pub mod lent_list;
pub mod lookups;
mod overlap;
pub mod pattern_ideas;
pub mod patterns;
pub mod place;
pub mod prelude;
pub mod registry;
mod room;
mod said;
pub mod short_lists;
pub mod site;
mod stray;
pub mod streams;
pub mod suppression;
mod survey;
pub mod swapped;
pub mod test_code;
pub mod turns;
pub mod untouched;
mod walk;

pub use absent::{Absent, absent};
pub use baseline::Baseline;
pub use claim::{Claim, Shape, Witness};
pub use driver::{Input, Outcome, Problem, check, check_and_keep};
pub use foreign::Foreign;
pub use registry::{Entry, Kind, Lint, names};
pub use site::Site;
