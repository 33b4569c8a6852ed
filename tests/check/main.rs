//! `cargo perf check` as a user calls it, on packages made on the spot.

mod baseline;
mod clippy;
mod damaged;
mod kept;
mod places;
mod project;
mod types;
