//! The exam: places of published crates where somebody fixed the performance, before and after.
//!
//! What is found before counts as found, what is said of the same place after is a false alarm. All
//! places of a finding count: a growing collection is told at the `push`, and fixed at the `let`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;
use serde_json::Value;

use crate::crates::{Crate, copy, perf};

const EXAM: &str = include_str!("exam.toml");

#[derive(Deserialize)]
struct Exam {
    fix: Vec<Fix>,
}

#[derive(Deserialize)]
struct Fix {
    #[serde(rename = "crate")]
    name: String,
    class: String,
    file: String,
    before: Place,
    after: Place,
}

#[derive(Deserialize)]
struct Place {
    version: String,
    line: u64,
}

/// A finding: lint, and the file with first and last line of each of its places.
type Found = (String, Vec<(String, u64, u64)>);

/// The lints that speak of a class.
fn speaks_of(class: &str, lint: &str) -> bool {
    match class {
        "capacity" => lint.starts_with("unpreallocated_") || lint == "buffer_per_iteration",
        "lookup" => lint == "double_lookup",
        "format" => {
            ["format_for_one_value", "string_concat_in_loop", "copied_out_buffer"].contains(&lint)
        }
        "clone" => [
            "copied_out_buffer",
            "format_for_one_value",
            "owned_map_key",
            "cloned_to_walk",
            "recased_to_compare",
            "cloned_to_borrow",
            "cloned_at_last_use",
            "cloned_to_assign",
            "collected_once",
            "decoded_again",
            "eager_default",
        ]
        .contains(&lint),
        _ => false,
    }
}

/// One row per fix, and the shares. No crate need be named: the exam brings its own.
pub fn exam() -> Result<(), String> {
    let exam: Exam = toml::from_str(EXAM).map_err(|error| format!("exam.toml: {error}"))?;
    let mut known: BTreeMap<(String, String), Vec<Found>> = BTreeMap::new();
    let mut classes: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for fix in &exam.fix {
        let mut spoken = [false; 2];
        for (place, spoken) in [&fix.before, &fix.after].into_iter().zip(&mut spoken) {
            let key = (fix.name.clone(), place.version.clone());
            if !known.contains_key(&key) {
                known.insert(key.clone(), findings(&fix.name, &place.version)?);
            }
            *spoken = known[&key].iter().any(|(lint, places)| {
                let here = places.iter().any(|(file, first, last)| {
                    *file == fix.file && *first <= place.line && place.line <= *last
                });
                speaks_of(&fix.class, lint) && here
            });
        }
        let word = |spoken: bool| if spoken { "yes" } else { "-" };
        println!(
            "{:<9} found {:<3} after {:<3} {} {} {}:{}",
            fix.class,
            word(spoken[0]),
            word(spoken[1]),
            fix.name,
            fix.before.version,
            fix.file,
            fix.before.line
        );
        let counts = classes.entry(&fix.class).or_default();
        counts[0] += 1;
        counts[1] += usize::from(spoken[0]);
        counts[2] += usize::from(spoken[1]);
    }
    println!();
    let mut all = [0; 3];
    for (class, counts) in classes {
        row(class, counts);
        for (sum, count) in all.iter_mut().zip(counts) {
            *sum += count;
        }
    }
    row("all", all);
    Ok(())
}

fn row(class: &str, [fixes, found, alarms]: [usize; 3]) {
    let percent = |n: usize| 100.0 * n as f64 / fixes.max(1) as f64;
    println!(
        "{class:<9} {fixes:>3} fixes, {found:>3} found ({:.0} %), {alarms:>3} false alarms ({:.0} %)",
        percent(found),
        percent(alarms)
    );
}

fn findings(name: &str, version: &str) -> Result<Vec<Found>, String> {
    let from = fetch(name, version)?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/field/exam");
    let folder = root.join(format!("{name}-{version}"));
    copy(&from, &folder)?;
    let one = Crate { name: name.to_owned(), version: version.to_owned(), folder };
    let args = ["check", "--all", "--from", "none", "--message-format", "json"];
    let output = perf(&one, &args)?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(format!("{name} {version}: {words}"));
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(text.lines().filter_map(|line| found(&serde_json::from_str(line).ok()?)).collect())
}

fn found(message: &Value) -> Option<Found> {
    let place = |span: &Value| {
        let first = span["line_start"].as_u64()?;
        // A second place is named by where it starts: a whole loop would cover anything in it.
        let is_primary = span["is_primary"] == true;
        let last = if is_primary { span["line_end"].as_u64()? } else { first };
        Some((span["file_name"].as_str()?.to_owned(), first, last))
    };
    Some((
        message["message"]["perf"]["lint"].as_str()?.to_owned(),
        message["message"]["spans"].as_array()?.iter().filter_map(place).collect(),
    ))
}

/// The sources of one version, fetched by cargo without what they depend on.
fn fetch(name: &str, version: &str) -> Result<PathBuf, String> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo"))).ok_or("no home")?;
    let folder = || -> Option<PathBuf> {
        let registries = fs::read_dir(home.join("registry/src")).ok()?;
        registries
            .filter_map(Result::ok)
            .map(|registry| registry.path().join(format!("{name}-{version}")))
            .find(|folder| folder.join("Cargo.toml").exists())
    };
    if let Some(found) = folder() {
        return Ok(found);
    }
    // Not below the repository: cargo would take its own lock file for the answer.
    let output = Command::new("cargo")
        .current_dir(std::env::temp_dir())
        .args(["info", "--quiet", &format!("{name}@{version}")])
        .output()
        .map_err(|error| error.to_string())?;
    folder().ok_or_else(|| {
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        format!("cargo could not fetch {name} {version}: {words}")
    })
}
