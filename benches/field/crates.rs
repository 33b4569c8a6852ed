//! Fetches the pinned crates with cargo and makes scratch copies of their sources.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_metadata::MetadataCommand;
use walkdir::WalkDir;

const LIST: &str = include_str!("crates.toml");

/// A published crate and the scratch copy of its sources.
pub struct Crate {
    pub name: String,
    pub version: String,
    pub folder: PathBuf,
}

/// All crates listed in tables of `crates.toml`, or those named; the first table that lists a
/// crate decides on its version.
pub fn fetch(tables: &[&str], named: &[String]) -> Result<Vec<Crate>, String> {
    let mut list = BTreeMap::new();
    for table in tables.iter().rev() {
        list.extend(self::list(table)?);
    }
    if let Some(unknown) = named.iter().find(|name| !list.contains_key(*name)) {
        let tables = tables.join("] and [");
        return Err(format!("{unknown} is not in [{tables}] of benches/field/crates.toml"));
    }
    if !named.is_empty() {
        list.retain(|name, _| named.contains(name));
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/field");
    let manifest = root.join("fetch/Cargo.toml");
    write_manifest(&manifest, &list)?;
    let metadata = MetadataCommand::new()
        .manifest_path(&manifest)
        .exec()
        .map_err(|error| format!("cargo could not fetch the crates: {error}"))?;
    let mut crates = Vec::new();
    for package in &metadata.packages {
        let version = package.version.to_string();
        if list.get(package.name.as_str()).is_none_or(|pin| !is_pinned(&version, pin)) {
            continue;
        }
        let from = package.manifest_path.parent().ok_or("a manifest without a folder")?;
        let folder = root.join("crates").join(format!("{}-{version}", package.name));
        copy(from.as_std_path(), &folder)
            .map_err(|error| format!("could not copy {from}: {error}"))?;
        crates.push(Crate { name: package.name.to_string(), version, folder });
    }
    crates.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(crates)
}

/// Names and folders of the crates and of everything that they depend on, as cargo fetched it; the
/// listed crates first, each name once.
pub fn sources(crates: &[Crate]) -> Result<Vec<(String, PathBuf)>, String> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/field/fetch/Cargo.toml");
    let metadata = MetadataCommand::new()
        .manifest_path(&manifest)
        .exec()
        .map_err(|error| format!("cargo could not fetch the crates: {error}"))?;
    let mut found: Vec<(String, PathBuf)> =
        crates.iter().map(|one| (one.name.clone(), one.folder.clone())).collect();
    for package in &metadata.packages {
        let name = package.name.to_string();
        let is_new = found.iter().all(|(known, _)| *known != name) && name != "fetch";
        if let (true, Some(folder)) = (is_new, package.manifest_path.parent()) {
            found.push((name, folder.as_std_path().to_owned()));
        }
    }
    Ok(found)
}

/// Prints where the copies are.
pub fn show(crates: &[Crate]) -> Result<(), String> {
    for one in crates {
        println!("{} {} {}", one.name, one.version, one.folder.display());
    }
    Ok(())
}

/// Whether the benches of a crate are built by a nightly compiler only.
pub fn needs_nightly(name: &str) -> Result<bool, String> {
    let lists = parsed()?;
    let nightly = lists.get("nightly").and_then(toml::Value::as_array).ok_or("no `nightly`")?;
    Ok(nightly.iter().any(|listed| listed.as_str() == Some(name)))
}

fn parsed() -> Result<toml::Table, String> {
    LIST.parse().map_err(|error| format!("crates.toml: {error}"))
}

/// The pinned versions by name.
fn list(table: &str) -> Result<BTreeMap<String, String>, String> {
    let lists = parsed()?;
    let crates = lists.get(table).and_then(toml::Value::as_table);
    let crates = crates.ok_or_else(|| format!("no [{table}]"))?;
    Ok(crates
        .iter()
        .filter_map(|(name, version)| Some((name.clone(), version.as_str()?.to_owned())))
        .collect())
}

fn is_pinned(version: &str, pin: &str) -> bool {
    version.split('+').next() == Some(pin)
}

/// A package that depends on all of them, so that one lock file decides and cargo fetches once.
fn write_manifest(path: &Path, list: &BTreeMap<String, String>) -> Result<(), String> {
    let mut text = String::from(
        "[package]\nname = \"fetch\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n[workspace]\n\n\
         [lib]\npath = \"lib.rs\"\n\n[dependencies]\n",
    );
    for (name, version) in list {
        text.push_str(&format!("{name} = \"={version}\"\n"));
    }
    let folder = path.parent().ok_or("a manifest without a folder")?;
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(folder.join("lib.rs"), ""))
        .and_then(|()| fs::write(path, text))
        .map_err(|error| format!("{}: {error}", path.display()))
}

/// A fresh copy each time: what an earlier run changed in it must not stay.
pub fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let failed = |error: std::io::Error| error.to_string();
    if to.exists() {
        fs::remove_dir_all(to).map_err(failed)?;
    }
    for entry in WalkDir::new(from).sort_by_file_name() {
        let entry = entry.map_err(|error| error.to_string())?;
        let path = entry.path().strip_prefix(from).map_err(|error| error.to_string())?;
        if entry.file_type().is_dir() {
            fs::create_dir_all(to.join(path)).map_err(failed)?;
        } else if path != Path::new("rust-toolchain.toml") && path != Path::new(".cargo-ok") {
            fs::copy(entry.path(), to.join(path)).map_err(failed)?;
        }
    }
    let manifest = to.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).map_err(failed)?;
    if !text.lines().any(|line| line.trim_end() == "[workspace]") {
        fs::write(&manifest, format!("{text}\n[workspace]\n")).map_err(failed)?;
    }
    Ok(())
}

/// Runs a command of the tool in a crate's copy and returns its output.
pub fn perf(one: &Crate, args: &[&str]) -> Result<std::process::Output, String> {
    Command::new(env!("CARGO_BIN_EXE_cargo-perf"))
        .current_dir(&one.folder)
        .args(args)
        .output()
        .map_err(|error| format!("could not run cargo-perf: {error}"))
}
