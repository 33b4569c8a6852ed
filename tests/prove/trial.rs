//! What cargo says of a tree.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use cargo_perf::proof::prove::{Compiled, Stop, Tests, Trial};

use super::{loaded, put};

const LIB: &str = "pub fn two() -> u32 { 2 }\n#[test]\nfn two_is_two() { assert_eq!(two(), 2); }\n";

fn package(root: &Path) {
    put(root, "Cargo.toml", "[package]\nname = \"one\"\nedition = \"2021\"\n[workspace]\n");
    put(root, "src/lib.rs", LIB);
    put(root, "tests/good.rs", "#[test]\nfn good() { assert_eq!(one::two(), 2); }\n");
}

#[test]
fn a_test_that_does_not_build_does_not_keep_others_from_being_run() {
    let dir = tempfile::tempdir().unwrap();
    package(dir.path());
    put(dir.path(), "tests/bad.rs", "#[test]\nfn bad() { one::three(); }\n");
    let workspace = loaded(dir.path());
    let trial = Trial { workspace: &workspace, interrupt: &AtomicBool::new(false) };
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
fn tests_of_which_none_builds_are_an_error_that_says_so() {
    let dir = tempfile::tempdir().unwrap();
    package(dir.path());
    put(dir.path(), "src/lib.rs", "pub fn two() -> u32 { nothing }\n");
    let workspace = loaded(dir.path());
    let trial = Trial { workspace: &workspace, interrupt: &AtomicBool::new(false) };
    let Err(Stop::Failed { message, help }) = trial.baseline() else { panic!("they run") };
    assert!(message.contains("cannot find value `nothing`"), "{message}");
    assert!(message.contains("src/lib.rs:1:23"), "{message}");
    assert!(help.unwrap().contains("--no-tests"));
}
