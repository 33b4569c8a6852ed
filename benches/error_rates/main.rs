//! How often a comparison claims a change where there is none, and how often it finds one that is
//! there: `cargo bench --bench error_rates -- [--minutes N] [--table] [--fresh]`.
//!
//! Builds one small package in several variants: the same, with 2, 5 and 10 % more work, and the
//! same instructions in another order of sections. These are compared over and over: by
//! `compare`'s own pairs, by criterion's own verdict, and by benchstat's test on ten runs of one
//! followed by ten of the other. Each answer is kept in `target/error_rates/rows.jsonl`; a further
//! run adds to it, and the table, in `table.md` beside it, is made of all of them. What the claims
//! rest on is measured first, so a run may be ended at any time. This takes long and needs the crate
//! registry, which is why it is a command and no test.

#![allow(clippy::print_stdout, clippy::print_stderr, missing_docs)]

mod busy;
mod methods;
mod project;
mod rows;
mod settings;
mod table;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use project::Project;
use rows::Rows;
use settings::{CELLS, Method};

const USAGE: &str = "usage: cargo bench --bench error_rates -- [OPTIONS]

  --minutes N      begin no further comparison after N minutes of comparing
  --criterion S    seconds that criterion measures for its own verdict [default: 5, its own]
  --table          only print the table of what was measured before
  --fresh          forget what was measured before";

struct Options {
    minutes: f64,
    criterion: f64,
    fresh: bool,
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if args.first().is_some_and(|arg| arg == busy::ARGUMENT) {
        busy::spin();
    }
    let rows = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/error_rates/rows.jsonl");
    let done = match parse(&args) {
        Some(Parsed::Table) => Rows::read(&rows).map(|rows| print!("{}", table::text(&rows))),
        Some(Parsed::Run(options)) => run(&options, &rows),
        None => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

enum Parsed {
    Table,
    Run(Options),
}

/// `None` without `--minutes`, since it takes long.
fn parse(args: &[String]) -> Option<Parsed> {
    let mut options = Options { minutes: 0.0, criterion: 5.0, fresh: false };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--table" => return Some(Parsed::Table),
            "--fresh" => options.fresh = true,
            "--minutes" => options.minutes = args.next()?.parse().ok()?,
            "--criterion" => options.criterion = args.next()?.parse().ok()?,
            _ => return None,
        }
    }
    (options.minutes > 0.0).then_some(Parsed::Run(options))
}

fn run(options: &Options, path: &PathBuf) -> Result<(), String> {
    if options.fresh {
        let _ = std::fs::remove_file(path);
    }
    let mut rows = Rows::read(path)?;
    let dir = path.parent().unwrap_or(Path::new(".")).to_owned();
    let table = dir.join("table.md");
    let project = Project::build(&dir)?;
    let start = Instant::now();
    let limit = Duration::from_secs_f64(options.minutes * 60.0);
    let possible: Vec<_> = CELLS.iter().filter(|c| project.has(c.setting.variant)).collect();
    while start.elapsed() < limit {
        let Some(cell) = settings::next(&possible, |cell| rows.of(cell).count()) else { break };
        eprintln!(
            "{:4.0} s: {} / {}",
            start.elapsed().as_secs_f64(),
            cell.method.name(),
            cell.setting.name
        );
        let busy = cell.setting.busy.then(busy::Busy::start).transpose()?;
        let swapped = rows.of(cell).count() % 2 == 1;
        let left = limit.saturating_sub(start.elapsed());
        let seed = rows.len() as u64;
        let found = match cell.method {
            Method::Pairs => methods::pairs(&project, cell, swapped, seed, left, &dir),
            Method::Criterion => {
                methods::criterion(&project, cell, swapped, options.criterion, &dir)
            }
            Method::Sequential => methods::sequential(&project, cell, swapped, &dir),
        };
        drop(busy);
        rows.add(found?)?;
        // The table so far is there, should the run be ended from outside.
        table::write(&rows, &table)?;
    }
    print!("{}", table::text(&rows));
    Ok(())
}
