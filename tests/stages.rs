//! The stages import one way: a module may use those listed before it, and none behind it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use walkdir::WalkDir;

/// Along the data flow. What stands on one line does not know of each other.
const ORDER: &[&[&str]] = &[
    &["exit", "term", "model", "stats"],
    &["formats", "workspace"],
    &["config"],
    &["capture", "bench", "tables"],
    &["symbolize"],
    &["record"],
    &["source"],
    &["facts"],
    &["lint"],
    &["lints"],
    &["rewrite"],
    &["proof"],
    &["report"],
    &["ci"],
    &["cli"],
];

/// Modules named in `crate::…` paths below a folder or in a file.
fn imports(place: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in WalkDir::new(place).into_iter().map(Result::unwrap) {
        if entry.path().extension().is_none_or(|ending| ending != "rs") {
            continue;
        }
        let text = fs::read_to_string(entry.path()).unwrap();
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        for line in code {
            for part in line.split("crate::").skip(1) {
                let name = |c: char| c.is_ascii_lowercase() || c == '_';
                let end = part.find(|c| !name(c)).unwrap_or(part.len());
                found.insert(part[..end].to_owned());
            }
            // `use crate::{a, b}` on one line or over several would hide names from this test.
            assert!(!line.contains("crate::{"), "{}: spell out {line}", entry.path().display());
        }
    }
    found
}

fn place(module: &str) -> std::path::PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    if module == "lints" {
        return root.join("lints");
    }
    let folder = root.join("src").join(module);
    if folder.is_dir() { folder } else { folder.with_extension("rs") }
}

#[test]
fn stages_import_one_way() {
    let mut before: BTreeSet<&str> = BTreeSet::new();
    for line in ORDER {
        for module in *line {
            let backward: Vec<String> = imports(&place(module))
                .into_iter()
                .filter(|other| other != module && !other.is_empty())
                .filter(|other| ORDER.concat().contains(&other.as_str()))
                .filter(|other| !before.contains(other.as_str()))
                .collect();
            assert!(backward.is_empty(), "{module} imports {backward:?}, which come behind it");
        }
        before.extend(*line);
    }
}

#[test]
fn every_module_has_its_place_in_the_order() {
    let text = fs::read_to_string(place("lib").with_file_name("lib.rs")).unwrap();
    for line in text.lines() {
        if let Some(module) = line.strip_prefix("pub mod ").and_then(|m| m.strip_suffix(';')) {
            assert!(ORDER.concat().contains(&module), "{module} is not in the order");
        }
    }
}

#[test]
fn statistics_and_formats_touch_no_files_and_no_processes() {
    for module in ["stats", "formats", "model"] {
        for entry in WalkDir::new(place(module)).into_iter().map(Result::unwrap) {
            let Ok(text) = fs::read_to_string(entry.path()) else { continue };
            for word in ["std::fs", "std::process", "std::env::", "std::net"] {
                assert!(!text.contains(word), "{} uses {word}", entry.path().display());
            }
        }
    }
}
