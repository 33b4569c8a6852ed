//! The lints over their fixtures in `ui-tests/`, and the conventions that hold for every lint.
//!
//! `PERF_UPDATE=1 cargo test --test lints` writes what is generated or expected anew; read the
//! difference before committing it.

mod catalogue;
mod conventions;
mod fixtures;
mod heat;
mod methods;
mod profile_text;
mod ui;

use std::path::{Path, PathBuf};

/// The folder of the package.
fn package_dir() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Compares a checked-in file with what it should be, or writes it.
fn expect_file(path: &Path, wanted: &str) -> Result<(), String> {
    if std::env::var_os("PERF_UPDATE").is_some() {
        if wanted.is_empty() {
            let _ = std::fs::remove_file(path);
            return Ok(());
        }
        return std::fs::write(path, wanted)
            .map_err(|error| format!("{}: {error}", path.display()));
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    if found == wanted {
        return Ok(());
    }
    let shown = path.strip_prefix(package_dir()).unwrap_or(path);
    let diff = similar::TextDiff::from_lines(found.as_str(), wanted);
    let diff = diff.unified_diff().header("checked in", "wanted").to_string();
    Err(format!("{} is out of date:\n{diff}", shown.display()))
}

/// The names of the lint files.
fn lint_files() -> Vec<PathBuf> {
    files(&package_dir().join("lints"), "rs")
        .into_iter()
        .filter(|path| path.file_stem().is_some_and(|name| name != "mod"))
        .collect()
}

/// The files of a folder with an extension, by name.
fn files(dir: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(dir)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|known| known == extension))
        .collect();
    found.sort();
    found
}

/// The stem of a file's name.
fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
