//! Recording benches and commands: what is chosen, what is refused, what is kept when something
//! fails, and whether what is counted is true.
#![allow(clippy::print_stderr, reason = "shown by a test that was skipped")]

mod calls;
mod choice;
mod faults;
mod interrupts;
mod macros;
mod project;
mod refusals;
mod scopes;
mod signals;
mod truth;
