//! The cases of the documents that began this project, theirs against ours:
//! `cargo bench --bench cases [-- PACKAGE…]`.
//!
//! Each package of `examples/` is copied below `target/cases`. There `fix --prove` rewrites it, or
//! `check` finds what a person rewrote by hand, and both forms are measured in paired runs. The
//! table that is printed is the whole result; nothing is compared with an earlier one.

#![allow(clippy::print_stdout, clippy::print_stderr, missing_docs)]

mod by_hand;
mod copy;
mod held;
mod row;
mod tool;

use std::collections::BTreeMap;
use std::process::ExitCode;

use serde::Deserialize;

use row::{Row, print};

#[derive(Debug, Deserialize)]
struct Cases {
    case: Vec<Case>,
}

/// One case, theirs and where ours comes from.
#[derive(Debug, Deserialize)]
pub struct Case {
    pub title: String,
    pub theirs: String,
    /// Folder below `examples/`.
    pub package: String,
    pub bench: String,
    pub by: By,
    /// Whether it is about memory that is held at the end, not about time.
    #[serde(default)]
    pub held: bool,
    /// Any of these must speak; none for a package as a whole.
    pub lints: Vec<String>,
}

/// Who makes the rewrite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    Tool,
    Hand,
    /// Nobody: finding it is all.
    Check,
}

fn main() -> ExitCode {
    let named: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    match run(&named) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether every case was found, and each that is timed went in the documents' direction.
fn run(named: &[String]) -> Result<bool, String> {
    let cases: Cases =
        toml::from_str(include_str!("cases.toml")).map_err(|error| error.to_string())?;
    let mut packages: BTreeMap<&str, Vec<&Case>> = BTreeMap::new();
    for case in &cases.case {
        let name = case.package.rsplit('/').next().unwrap_or(&case.package);
        if named.is_empty() || named.iter().any(|wanted| wanted == name) {
            packages.entry(&case.package).or_default().push(case);
        }
    }
    let mut rows: Vec<Row> = Vec::new();
    for (package, cases) in packages {
        eprintln!("== {package}");
        let copied = copy::package(package)?;
        let answered = match cases.iter().map(|case| case.by).next() {
            Some(By::Tool) => tool::prove(&copied, &cases),
            Some(By::Hand) => by_hand::measure(&copied, &cases),
            _ => tool::check(&copied, &cases),
        };
        match answered {
            Ok(some) => rows.extend(some),
            Err(error) => rows.extend(cases.iter().map(|case| Row::failed(case, &error))),
        }
    }
    // In the order of the list, whatever the order of the packages was.
    let order = |row: &Row| cases.case.iter().position(|case| case.title == row.title);
    rows.sort_by_key(order);
    print(&rows);
    Ok(rows.iter().all(|row| row.is_as_theirs))
}
