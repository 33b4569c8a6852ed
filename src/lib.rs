//! A performance linter that knows what is hot.
//!
//! The folders are the stages of one pipeline, and imports run one way along it:
//!
//! ```text
//! workspace → bench → capture → symbolize → record → model::Profile
//!           → source (frame → syntax node + heat) → lint (+ facts) → model::Finding
//!           → rewrite → proof (patched copy, paired runs) → stats → verdict
//!           → report (one renderer per output)
//! ```
//!
//! `cli` turns raw arguments into one call of a stage; nothing below it knows of arguments,
//! terminals or exit codes.

pub mod bench;
pub mod capture;
pub mod ci;
pub mod cli;
pub mod config;
pub mod exit;
pub mod facts;
pub mod formats;
pub mod lint;
#[path = "../lints/mod.rs"]
pub mod lints;
pub mod model;
pub mod proof;
pub mod record;
pub mod report;
pub mod rewrite;
pub mod source;
pub mod stats;
pub mod symbolize;
pub mod tables;
pub mod term;
pub mod workspace;

use std::ffi::OsString;
use std::io::Write;

use exit::Exit;

/// Runs with the process's own standard streams.
pub fn main(args: impl IntoIterator<Item = OsString>) -> Exit {
    let args: Vec<OsString> = args.into_iter().collect();
    let (out, err) = (std::io::stdout(), std::io::stderr());
    run(&args, &mut out.lock(), &mut err.lock(), term::Terminal::of_process())
}

/// Runs one invocation: arguments in, bytes out, an exit code back.
pub fn run(
    args: &[OsString],
    out: &mut dyn Write,
    err: &mut dyn Write,
    terminal: term::Terminal,
) -> Exit {
    cli::run(args, out, err, terminal)
}
