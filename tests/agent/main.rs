//! The preload agent, on programs whose answer is known by construction.
#![cfg(all(target_os = "linux", target_env = "gnu"))]

mod file;
mod outcome;
mod recorded;
mod truth;
