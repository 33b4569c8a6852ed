//! The copy of the workspace.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_perf::proof::prove::Tree;

use super::{loaded, put};

fn package(root: &Path, name: &str, more: &str) {
    put(root, "Cargo.toml", &format!("[package]\nname = \"{name}\"\nedition = \"2021\"\n{more}"));
    put(root, "src/lib.rs", "pub fn f() -> u32 { 1 }\n");
}

fn builds(root: &Path) -> bool {
    let output =
        Command::new(env!("CARGO")).args(["check", "--offline"]).current_dir(root).output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    true
}

fn files(root: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(root).sort_by_file_name().into_iter().map(Result::unwrap);
    entries
        .filter(|entry| !entry.file_type().is_dir())
        .map(|entry| entry.path().strip_prefix(root).unwrap().to_owned())
        .collect()
}

#[test]
fn a_copy_has_the_sources_and_neither_builds_nor_history() {
    let dir = tempfile::tempdir().unwrap();
    package(dir.path(), "one", "[workspace]\n");
    put(dir.path(), "data/ignored by git.bin", "data");
    put(dir.path(), ".gitignore", "data\n");
    put(dir.path(), ".git/HEAD", "ref");
    put(dir.path(), "target/debug/one", "old");
    put(dir.path(), "sub/target/CACHEDIR.TAG", "tag");
    put(dir.path(), "sub/target/thing", "old");
    put(dir.path(), ".cargo/config.toml", "");
    let workspace = loaded(dir.path());
    let tree = Tree::copy(&workspace, &workspace.perf_dir().join("prove")).unwrap();
    let mut expected = ["Cargo.toml", "src/lib.rs", "data/ignored by git.bin", ".gitignore"]
        .map(PathBuf::from)
        .to_vec();
    // Cargo's own answer to being asked for metadata.
    expected.extend(dir.path().join("Cargo.lock").exists().then(|| "Cargo.lock".into()));
    expected.sort();
    let mut found = files(tree.root());
    found.sort();
    assert_eq!(found, expected);
    assert!(builds(tree.root()));
}

#[test]
fn a_second_copy_follows_the_workspace_and_leaves_alone_what_is_the_same() {
    let dir = tempfile::tempdir().unwrap();
    package(dir.path(), "one", "[workspace]\n");
    put(dir.path(), "src/old.rs", "");
    let workspace = loaded(dir.path());
    let folder = workspace.perf_dir().join("prove");
    let tree = Tree::copy(&workspace, &folder).unwrap();
    let manifest_time =
        || fs::metadata(tree.root().join("Cargo.toml")).unwrap().modified().unwrap();
    let before = manifest_time();
    fs::remove_file(dir.path().join("src/old.rs")).unwrap();
    put(dir.path(), "src/new.rs", "");
    put(dir.path(), "src/lib.rs", "pub fn g() {}\n");
    put(tree.root(), "left/over.txt", "");
    Tree::copy(&workspace, &folder).unwrap();
    assert!(!tree.root().join("src/old.rs").exists());
    assert!(!tree.root().join("left").exists());
    assert!(tree.root().join("src/new.rs").exists());
    assert_eq!(tree.read(Path::new("src/lib.rs")).unwrap(), "pub fn g() {}\n");
    assert_eq!(manifest_time(), before);
}

#[test]
fn paths_out_of_the_workspace_lead_where_they_led() {
    let dir = tempfile::tempdir().unwrap();
    package(
        &dir.path().join("libs/dep"),
        "dep",
        "[dependencies]\nfar = { path = \"../../far\" }\n",
    );
    package(&dir.path().join("far"), "far", "");
    package(&dir.path().join("patched"), "patched", "");
    let app = dir.path().join("apps/app");
    package(
        &app,
        "app",
        "[workspace]\n[dependencies]\ndep = { path = \"../../libs/dep\" }\n\
         [patch.crates-io]\npatched = { path = \"../../patched\" }\n",
    );
    let workspace = loaded(&app);
    let tree = Tree::copy(&workspace, &workspace.perf_dir().join("prove")).unwrap();
    assert!(tree.root().ends_with("apps/app"));
    assert!(builds(tree.root()));
}

#[test]
fn texts_are_written_to_the_copy_and_never_through_a_link_out_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    package(dir.path(), "one", "[workspace]\n");
    put(outside.path(), "shared.rs", "mine");
    std::os::unix::fs::symlink(outside.path().join("shared.rs"), dir.path().join("src/shared.rs"))
        .unwrap();
    let workspace = loaded(dir.path());
    let tree = Tree::copy(&workspace, &workspace.perf_dir().join("prove")).unwrap();
    let write = |file: &str| tree.write(&BTreeMap::from([(file.into(), "new".to_owned())]));
    assert!(write("src/lib.rs").unwrap());
    assert!(!write("src/lib.rs").unwrap());
    assert_eq!(
        fs::read_to_string(dir.path().join("src/lib.rs")).unwrap(),
        "pub fn f() -> u32 { 1 }\n"
    );
    assert!(write("src/shared.rs").is_err());
    assert!(write("../../../../src/lib.rs").is_err());
    assert_eq!(fs::read_to_string(outside.path().join("shared.rs")).unwrap(), "mine");
}
