//! `cargo perf`: hands the arguments to the library and its exit code to the shell.

use std::process::ExitCode;

fn main() -> ExitCode {
    cargo_perf::main(std::env::args_os()).into()
}
