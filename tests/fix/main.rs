//! `cargo perf fix` as it is called.

mod apply;
mod interrupts;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A handler that compiles its pattern on each call.
const SLOW: &str = "use regex::Regex;\n\npub fn is_color(text: &str) -> bool {\n    \
    let color = Regex::new(\"^#[0-9a-f]{6}$\").unwrap();\n    color.is_match(text)\n}\n";

/// A package under git with these modules, everything committed.
fn project(modules: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("src")).unwrap();
    fs::write(
        dir.path().join("Cargo.toml"),
        "[package]\nname = \"handler\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[workspace]\n\n\
         [dependencies]\nregex = \"1\"\n",
    )
    .unwrap();
    fs::write(dir.path().join(".gitignore"), "/target\nCargo.lock\n").unwrap();
    let mut root = String::new();
    for (name, text) in modules {
        root += &format!("pub mod {name};\n");
        fs::write(dir.path().join(format!("src/{name}.rs")), text).unwrap();
    }
    fs::write(dir.path().join("src/lib.rs"), root).unwrap();
    git(dir.path(), &["init", "--quiet"]);
    git(dir.path(), &["add", "."]);
    git(dir.path(), &["commit", "--quiet", "--message", "as it was"]);
    dir
}

fn git(dir: &Path, args: &[&str]) -> String {
    let output = Command::new("git")
        .current_dir(dir)
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.invalid"])
        .args(["-c", "core.autocrlf=false", "-c", "commit.gpgsign=false"])
        .args(args)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn command(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-perf"));
    command.current_dir(dir).arg("fix").args(args).stdin(Stdio::null());
    command
}

fn fix(dir: &Path, args: &[&str]) -> Output {
    command(dir, args).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Every file but those of git and the build, with its text.
fn tree(dir: &Path) -> Vec<(String, Vec<u8>)> {
    walkdir::WalkDir::new(dir)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| entry.file_name() != ".git" && entry.file_name() != "target")
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| (entry.path().display().to_string(), fs::read(entry.path()).unwrap()))
        .collect()
}
