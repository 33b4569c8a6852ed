//! The git hook in a real repository.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn git(folder: &Path, args: &[&str]) {
    let status = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=a", "-c", "user.email=a@b"])
        .args(args)
        .status()
        .unwrap();
    assert!(status.success(), "git {args:?}");
}

fn perf(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cargo-perf")).current_dir(folder).args(args).output().unwrap()
}

#[test]
fn a_hook_is_installed_renewed_and_removed() {
    let repository = tempfile::tempdir().unwrap();
    git(repository.path(), &["init", "-q"]);
    let hook = repository.path().join(".git/hooks/pre-commit");
    for _ in 0..2 {
        let output = perf(repository.path(), &["hook", "install"]);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert!(fs::read_to_string(&hook).unwrap().contains("cargo-perf hook run pre-commit"));
    }
    assert_eq!(perf(repository.path(), &["hook", "uninstall"]).status.code(), Some(0));
    assert!(!hook.exists());
    assert_eq!(perf(repository.path(), &["hook", "uninstall"]).status.code(), Some(2));
}

#[test]
fn a_foreign_hook_stays_as_it_is() {
    let repository = tempfile::tempdir().unwrap();
    git(repository.path(), &["init", "-q"]);
    git(repository.path(), &["config", "core.hooksPath", "my-hooks"]);
    fs::create_dir(repository.path().join("my-hooks")).unwrap();
    let hook = repository.path().join("my-hooks/pre-commit");
    fs::write(&hook, b"#!/bin/sh\nexit 0 # \xff\n").unwrap();
    for action in ["install", "uninstall"] {
        let output = perf(repository.path(), &["hook", action]);
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains("hook run pre-commit"));
        assert_eq!(fs::read(&hook).unwrap(), b"#!/bin/sh\nexit 0 # \xff\n");
    }
}

#[test]
fn outside_a_repository_it_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let output = perf(folder.path(), &["hook", "install"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no git repository"));
}
