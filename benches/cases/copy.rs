//! A fresh copy of an example, so that nothing in the repository is rewritten.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use walkdir::WalkDir;

/// A copied package.
pub struct Copied {
    /// Its name.
    pub name: String,
    /// Its own folder.
    pub folder: PathBuf,
}

/// Copies the workspace of a package below `target/cases`.
pub fn package(package: &str) -> Result<Copied, String> {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let (workspace, below) = package.split_once('/').unwrap_or((package, ""));
    let root = target().join("copies").join(workspace);
    if root.exists() {
        fs::remove_dir_all(&root).map_err(|error| format!("{}: {error}", root.display()))?;
    }
    folder(&examples.join(workspace), &root)?;
    let name = package.rsplit('/').next().unwrap_or(package).to_owned();
    Ok(Copied { name, folder: root.join(below) })
}

/// Where all of this happens.
pub fn target() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/cases")
}

/// Copies a folder over another, but for what was built in it.
pub fn folder(from: &Path, to: &Path) -> Result<(), String> {
    let is_source = |entry: &walkdir::DirEntry| entry.file_name() != "target";
    for entry in WalkDir::new(from).into_iter().filter_entry(is_source) {
        let entry = entry.map_err(|error| error.to_string())?;
        let path = entry.path().strip_prefix(from).map_err(|error| error.to_string())?;
        let to = to.join(path);
        let copied = if entry.file_type().is_dir() {
            fs::create_dir_all(&to)
        } else {
            fs::copy(entry.path(), &to).map(drop)
        };
        copied.map_err(|error| format!("{}: {error}", to.display()))?;
    }
    Ok(())
}

/// Runs the tool in a package; all packages share one folder for what is built.
pub fn perf(copied: &Copied, args: &[&str]) -> Result<Output, String> {
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-perf"))
        .current_dir(&copied.folder)
        .env("CARGO_TARGET_DIR", target().join("build"))
        .args(args)
        .stderr(std::process::Stdio::inherit())
        .output()
        .map_err(|error| format!("cargo-perf could not be run: {error}"))?;
    if output.status.success() {
        return Ok(output);
    }
    Err(format!("cargo-perf {} ended with {}", args.join(" "), output.status))
}
