//! `cargo perf compare` from end to end.

mod harnesses;
mod repository;
mod verdicts;
