//! Never a panic, never a hang: the lints over every Rust file of the toolchains' sources and of
//! cargo's registry, as they are and damaged.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use cargo_perf::config::Settings;
use cargo_perf::facts::Facts;
use cargo_perf::lint::{Input, check, names};
use cargo_perf::lints::ALL;
use cargo_perf::source::{Package, Role, SourceFile};
use walkdir::WalkDir;

/// Files in one go: as many as keep all processors busy.
const BATCH: usize = 64;
/// Nothing takes as long as this.
const LONG: Duration = Duration::from_secs(10);

/// Looks at everything below the folders that are there; fails if anything panicked.
pub fn torture() -> Result<(), String> {
    let folders = folders();
    for folder in &folders {
        println!("{}", folder.display());
    }
    let (mut files, mut lines, mut refused, mut bad) = (0, 0, 0, Vec::new());
    let mut batch = Vec::new();
    let mut seed = 1;
    let sources = folders.iter().flat_map(|folder| WalkDir::new(folder).sort_by_file_name());
    for entry in sources.filter_map(Result::ok) {
        let is_source = entry.path().extension().is_some_and(|ending| ending == "rs");
        if !is_source {
            continue;
        }
        let Ok(text) = fs::read_to_string(entry.path()) else { continue };
        files += 1;
        lines += text.lines().count();
        for damage in [false, true] {
            let text = if damage { damaged(&text, &mut seed) } else { text.clone() };
            batch.push(source(entry.path(), text));
        }
        if batch.len() >= BATCH {
            refused += look(std::mem::take(&mut batch), &mut bad);
        }
    }
    refused += look(batch, &mut bad);
    println!("{files} files, {lines} lines, each as it is and damaged; {refused} are no Rust");
    for (path, words) in &bad {
        println!("{}: {words}", path.display());
    }
    if bad.is_empty() { Ok(()) } else { Err(format!("{} files made trouble", bad.len())) }
}

fn folders() -> Vec<PathBuf> {
    let home = |variable: &str, folder: &str| {
        let named = std::env::var_os(variable).map(PathBuf::from);
        named.or_else(|| Some(std::env::home_dir()?.join(folder)))
    };
    let cargo = home("CARGO_HOME", ".cargo").map(|home| home.join("registry/src"));
    let toolchains = home("RUSTUP_HOME", ".rustup").map(|home| home.join("toolchains"));
    cargo.into_iter().chain(toolchains).filter(|folder| folder.is_dir()).collect()
}

fn source(path: &Path, text: String) -> SourceFile {
    let package = Arc::new(Package { name: "app".to_owned(), ..Package::default() });
    SourceFile::new(path.to_owned(), text, Role::Product, package)
}

/// How many were refused as no Rust. What makes trouble in a batch is looked for one by one.
fn look(batch: Vec<SourceFile>, bad: &mut Vec<(PathBuf, String)>) -> usize {
    let start = Instant::now();
    if let Ok(refused) = lint(&batch)
        && start.elapsed() < LONG
    {
        return refused;
    }
    let mut refused = 0;
    for file in batch {
        let path = file.path.clone();
        let start = Instant::now();
        match lint(&[file]) {
            Ok(count) => refused += count,
            Err(()) => bad.push((path.clone(), "panics".to_owned())),
        }
        if start.elapsed() >= LONG {
            bad.push((path, format!("takes {:?}", start.elapsed())));
        }
    }
    refused
}

fn lint(files: &[SourceFile]) -> Result<usize, ()> {
    let lints: Vec<_> = ALL.iter().collect();
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        check(&Input {
            files,
            heat: None,
            facts: &Facts::none(),
            lints: &lints,
            known: &names(ALL),
            settings: &Settings::default(),
            foreign: &[],
        })
    }));
    outcome.map(|outcome| outcome.problems.len()).map_err(|_| ())
}

/// A piece cut out, doubled, or moved elsewhere: the same each time.
fn damaged(text: &str, seed: &mut u64) -> String {
    let mut next = |below: usize| {
        *seed =
            seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*seed >> 33) as usize % below.max(1)
    };
    let mut at = |limit: usize| {
        let wanted = next(limit + 1);
        (0..=wanted).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
    };
    let (a, b, c) = (at(text.len()), at(text.len()), at(text.len()));
    let end = a.max(b).min(a.min(b) + 200);
    let end = (a.min(b)..=end).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(a.min(b));
    let piece = &text[a.min(b)..end];
    match c % 3 {
        0 => format!("{}{}", &text[..a.min(b)], &text[end..]),
        1 => format!("{}{piece}{}", &text[..end], &text[end..]),
        _ => format!("{}{piece}{}", &text[..c], &text[c..]),
    }
}
