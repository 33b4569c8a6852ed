//! The user's workspace: which packages and bench targets were asked for, and how they are built.

mod answer;
mod build;
mod captured;
mod changes;
mod child;
pub mod clippy;
mod compiler;
mod disk;
mod environment;
mod facts_build;
mod features;
mod load;
mod machine;
mod manifest;
mod nearest;
mod relink;
mod select;
mod targets;
mod toolchain;

pub use build::{BuildError, BuildPlan, Built, Executable, Messages, build};
pub use captured::{Captured, run_captured};
pub use changes::{Changed, ChangesError, Repository, below_top};
pub use compiler::{Compiled, Compiler, compile};
pub use disk::{empty_dir, is_looked_into, replace};
pub use environment::run_environment;
pub use facts_build::{build_for_facts, facts_dir};
pub use features::{Enabled, Features};
pub use load::{LoadError, Request, Workspace, load, recall};
pub use machine::machine;
pub use nearest::nearest;
pub use relink::{Link, keep_link, own_program, stand_in};
pub use select::SelectError;
pub use targets::{BenchTarget, Kind, Skipped, TargetError, Targets, bench_targets};
pub use toolchain::{Toolchain, ToolchainError};
