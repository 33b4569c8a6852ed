//! Views of a profile, from the command line.

// What is skipped for want of a program is said on standard error.
#![allow(clippy::print_stderr)]

mod browser;
mod differential;
mod drawings;
mod hostile;
mod latest;
mod page;
mod parity;
mod perf_data;
mod random;
mod round_trip;
mod run;
mod source;
