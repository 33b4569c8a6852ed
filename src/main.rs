//! `cargo perf`: hands the arguments to the library and its exit code to the shell, unless a build
//! of ours calls it in place of a compiler or linker.

use std::process::ExitCode;

/// Syntax trees are many small pieces: with the system's allocator, `check` spends a quarter of
/// its time in it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let args: Vec<_> = std::env::args_os().collect();
    match cargo_perf::workspace::stand_in(&args) {
        Some(code) => code,
        None => cargo_perf::main(args).into(),
    }
}
