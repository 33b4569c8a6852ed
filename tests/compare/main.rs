//! `cargo perf compare` from end to end.

mod harnesses;
mod layout;
mod repository;
mod verdicts;
