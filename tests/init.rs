//! `cargo perf init` in a project that has some of the files.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn init(dir: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-perf"));
    command.current_dir(dir).arg("init").args(args).output().unwrap()
}

#[test]
fn it_shows_what_it_would_write_and_writes_only_what_is_not_there() {
    let top = tempfile::tempdir().unwrap();
    let dir = top.path().join("below");
    fs::create_dir_all(dir.join("src")).unwrap();
    fs::create_dir(top.path().join(".git")).unwrap();
    let manifest = "[package]\nname = \"demo\"\nversion = \"0.1.0\"\n[workspace]\n";
    fs::write(dir.join("Cargo.toml"), manifest).unwrap();
    fs::write(dir.join("src/lib.rs"), "").unwrap();
    let theirs = top.path().join(".pre-commit-config.yaml");
    fs::write(&theirs, "repos: []\n").unwrap();

    let output = init(&dir, &[]);
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    for part in ["id: cargo-perf", "fetch-depth: 2", "workflow_run", "overrideCommand"] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    assert!(!top.path().join(".github").exists() && !top.path().join(".vscode").exists());

    let output = init(&dir, &["vscode", "pre-commit", "--write"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(shown.contains(".pre-commit-config.yaml: is there already"), "{shown}");
    assert_eq!(fs::read_to_string(&theirs).unwrap(), "repos: []\n");
    let settings = fs::read_to_string(top.path().join(".vscode/settings.json")).unwrap();
    let settings: serde_json::Value = serde_json::from_str(&settings).unwrap();
    let command = settings["rust-analyzer.check.overrideCommand"].to_string();
    assert!(command.contains("cargo-perf") && command.contains("json"), "{command}");
    assert!(!top.path().join(".github").exists());
}
