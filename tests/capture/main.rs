//! Recording, from the outside: programs whose behaviour is known by construction.
#![cfg(target_os = "linux")]
#![allow(clippy::print_stdout, reason = "shown by a test that was skipped")]

mod memory;
mod outcome;
mod programs;
mod shares;
mod unwinding;
