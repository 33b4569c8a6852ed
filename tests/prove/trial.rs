//! What cargo says of a tree.

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use cargo_perf::proof::prove::{Compiled, Stop, Tests, Tree, Trial};
use cargo_perf::workspace::Workspace;

use super::{loaded, put};

const LIB: &str = "pub fn two() -> u32 { 2 }\n#[test]\nfn two_is_two() { assert_eq!(two(), 2); }\n";

fn package(root: &Path) {
    put(root, "Cargo.toml", "[package]\nname = \"one\"\nedition = \"2021\"\n[workspace]\n");
    put(root, "src/lib.rs", LIB);
    put(root, "tests/good.rs", "#[test]\nfn good() { assert_eq!(one::two(), 2); }\n");
}

static NOT_INTERRUPTED: AtomicBool = AtomicBool::new(false);

fn trial_of<'a>(workspace: &'a Workspace) -> Trial<'a> {
    Trial { workspace, interrupt: &NOT_INTERRUPTED, slack: Trial::SLACK }
}

#[test]
fn a_test_that_does_not_build_does_not_keep_others_from_being_run() {
    let dir = tempfile::tempdir().unwrap();
    package(dir.path());
    put(dir.path(), "tests/bad.rs", "#[test]\nfn bad() { one::three(); }\n");
    let workspace = loaded(dir.path());
    let trial = trial_of(&workspace);
    let baseline = trial.baseline().unwrap();
    assert_eq!(baseline.only().as_deref(), Some("--lib --test good"));
    assert_eq!(trial.test(&baseline).unwrap(), Tests::Passed { known: Vec::new() });
    put(dir.path(), "src/lib.rs", &LIB.replace("{ 2 }", "{ 3 }"));
    assert_eq!(trial.compile().unwrap(), Compiled::Yes);
    let Tests::Failed(names) = trial.test(&baseline).unwrap() else { panic!("passed") };
    let tests: Vec<&String> = names.iter().filter(|name| !name.contains("--")).collect();
    assert_eq!(tests, ["good", "two_is_two"]);
}

#[test]
fn a_test_that_hangs_is_ended_with_what_it_started() {
    let dir = tempfile::tempdir().unwrap();
    package(dir.path());
    let workspace = loaded(dir.path());
    let trial = Trial { slack: Duration::from_secs(1), ..trial_of(&workspace) };
    // Built once, so that no build is in the time that the second run may take.
    let (hang, alive) = (dir.path().join("hang"), dir.path().join("alive"));
    let hangs = format!(
        "#[test]\nfn hangs() {{\n    if std::path::Path::new({hang:?}).exists() {{\n        \
         std::fs::write({alive:?}, std::process::id().to_string()).unwrap();\n        \
         std::thread::sleep(std::time::Duration::from_secs(600));\n    }}\n}}\n"
    );
    put(dir.path(), "src/lib.rs", &format!("{LIB}{hangs}"));
    let baseline = trial.baseline().unwrap();
    put(dir.path(), "hang", "");
    assert_eq!(trial.test(&baseline).unwrap(), Tests::Hung);
    let pid = std::fs::read_to_string(&alive).unwrap();
    // It is over as soon as a processor is free for that; nobody may have waited for it yet.
    let runs = || {
        std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z"))
    };
    let deadline = Instant::now() + Duration::from_secs(60);
    while runs() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(!runs(), "{pid} goes on");
}

#[test]
fn tests_of_which_none_builds_are_an_error_that_says_so() {
    let dir = tempfile::tempdir().unwrap();
    package(dir.path());
    put(dir.path(), "src/lib.rs", "pub fn two() -> u32 { nothing }\n");
    let workspace = loaded(dir.path());
    let trial = trial_of(&workspace);
    let Err(Stop::Failed { message, help }) = trial.baseline() else { panic!("they run") };
    assert!(message.contains("cannot find value `nothing`"), "{message}");
    assert!(message.contains("src/lib.rs:1:23"), "{message}");
    assert!(help.unwrap().contains("--no-tests"));
}

/// A crate that cargo takes from a folder, as it would take a published one from a registry.
fn registry_with(root: &Path, name: &str) {
    let folder = format!("registry/{name}");
    let manifest =
        format!("[package]\nname = \"{name}\"\nversion = \"1.2.3\"\nedition = \"2021\"\n");
    put(root, &format!("{folder}/Cargo.toml"), &manifest);
    put(root, &format!("{folder}/src/lib.rs"), "pub fn three() -> u32 { 3 }\n");
    put(root, &format!("{folder}/.cargo-checksum.json"), "{\"files\":{}}");
    let config =
        "[source.crates-io]\nreplace-with = \"here\"\n[source.here]\ndirectory = \"registry\"\n";
    put(root, ".cargo/config.toml", config);
}

/// The copy of a package that could have the crate `three`.
fn copy_beside_registry(root: &Path) -> (Tree, Workspace) {
    package(root);
    registry_with(root, "three");
    let workspace = loaded(root);
    let lock = "version = 4\n\n[[package]]\nname = \"one\"\nversion = \"0.0.0\"\n";
    put(root, "Cargo.lock", lock);
    let tree = Tree::copy(&workspace, &root.join("target/tree")).unwrap();
    let copy = loaded(tree.root());
    (tree, copy)
}

#[test]
fn a_dependency_is_added_as_cargo_adds_it_and_the_tree_is_left_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let (tree, copy) = copy_beside_registry(dir.path());
    let trial = trial_of(&copy);
    let texts = || ["Cargo.toml", "Cargo.lock"].map(|file| tree.read(Path::new(file)).unwrap());
    let before = texts();

    let changes = trial.with_dependency(&tree, "one", "three", true).unwrap();
    assert_eq!(texts(), before);
    let files: Vec<&Path> = changes.iter().map(|change| &*change.file).collect();
    assert_eq!(files, [Path::new("Cargo.lock"), Path::new("Cargo.toml")]);
    assert!(changes[0].after.contains("name = \"three\"\nversion = \"1.2.3\""), "{changes:?}");
    assert!(changes[1].after.contains("[dependencies]\nthree = \"1.2.3\""), "{changes:?}");
    // Who does not keep the lock file is not given one.
    let changes = trial.with_dependency(&tree, "one", "three", false).unwrap();
    assert_eq!(changes.len(), 1);

    let with = changes.into_iter().map(|change| (change.file, change.after)).collect();
    tree.write(&with).unwrap();
    put(tree.root(), "src/lib.rs", "pub fn two() -> u32 { three::three() - 1 }\n");
    assert_eq!(trial.compile().unwrap(), Compiled::Yes);
}

#[test]
fn a_crate_that_cannot_be_had_is_an_error_and_the_tree_is_left_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let (tree, copy) = copy_beside_registry(dir.path());
    let trial = trial_of(&copy);
    let before = tree.read(Path::new("Cargo.toml")).unwrap();
    let error = trial.with_dependency(&tree, "one", "four", false).unwrap_err();
    assert!(error.starts_with("`cargo add four` failed: error: "), "{error}");
    assert_eq!(tree.read(Path::new("Cargo.toml")).unwrap(), before);
}
