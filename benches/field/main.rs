//! Tries the tool on published crates: `cargo bench --bench field -- COMMAND [CRATE…]`.
//!
//! The crates are pinned in `crates.toml`, fetched by cargo, and copied below `target/field`, so
//! that nothing outside the target folder is written. This needs the crate registry, which is why
//! it is a command and no test.

#![allow(clippy::print_stdout, clippy::print_stderr, missing_docs)]

mod crates;
mod density;
mod exam;
mod prove;
mod safety;
mod speed;
mod torture;
mod types;

use std::process::ExitCode;

/// That of the tool, so that what its parser takes is comparable.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const USAGE: &str = "usage: cargo bench --bench field -- COMMAND [CRATE…]

  density      findings per 1,000 lines without a profile: shown by default, and with --all
  sample       the default findings in full, to be judged one by one
  safety       all safe rewrites at once: does each crate still build and pass its tests
  prove        `fix --prove` on the crates' own benches: what is kept, what not, and why
  speed        cold, warm and after an edit, beside another linter that SPEED_PEER names
  types        what inference says of each local, against the debug info of a build
  exam         real fixes of published crates: how many are found, and false alarms after them
  torture      all Rust files of the toolchains and of cargo's registry, also damaged: no panic
  fetch        only fetch and copy the crates, and print where they are";

fn main() -> ExitCode {
    let mut args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let command = if args.is_empty() { String::new() } else { args.remove(0) };
    if command == "exam" {
        return ended(exam::exam());
    }
    if command == "torture" {
        return ended(torture::torture());
    }
    let run: fn(&[crates::Crate]) -> Result<(), String> = match command.as_str() {
        "density" => density::density,
        "sample" => density::sample,
        "safety" => safety::safety,
        "prove" => prove::prove,
        "speed" => speed::speed,
        "types" => types::types,
        "fetch" => crates::show,
        _ => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
    };
    // Not all publish their benches; a rewrite has to hold in any.
    let tables: &[&str] = match command.as_str() {
        "prove" => &["benched"],
        "safety" | "fetch" => &["crates", "benched"],
        _ => &["crates"],
    };
    ended(crates::fetch(tables, &args).and_then(|crates| run(&crates)))
}

fn ended(result: Result<(), String>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
