//! `fix --prove`: apply a rewrite, compile it, test it, measure it, keep it or not.
//!
//! ```text
//! tree      a copy of the workspace, in which everything happens
//! laboratory   what can be done to the copy: look for findings, compile, test, compare
//! rounds    which rewrite is tried when, and what is kept; knows of no process and no file
//! ledger    what was proved, kept until the code changes
//! ```

mod attempt;
mod depend;
mod ledger;
mod rounds;
mod tree;
mod trial;

pub use attempt::{Attempt, Compiled, Fate, Kept, Tests};
pub use ledger::{Ledger, LedgerError};
pub use rounds::{Compared, Laboratory, Options, Outcome, Step, Stop, prove};
pub use tree::{Tree, TreeError};
pub use trial::{Baseline, Trial};
