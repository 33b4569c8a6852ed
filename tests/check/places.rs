//! What is looked at, and what is left out with a word.

use crate::project::{Project, SLOW, stderr, stdout};

#[test]
fn a_file_that_no_target_reaches_is_a_note_and_one_that_is_reached_an_error() {
    let project = Project::new(&[("src/lib.rs", SLOW), ("src/old.rs", "fn ] {")]);
    let output = project.perf(&["check"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stderr(&output).contains("note: src/old.rs:1:4: "), "{}", stderr(&output));
    assert!(stdout(&output).contains("1 finding"), "{}", stdout(&output));
    project.write("src/lib.rs", "mod old;\n");
    let output = project.perf(&["check"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("error: src/old.rs:1:4: "), "{}", stderr(&output));
    project.write("src/lib.rs", "pub fn [] {\n");
    assert_eq!(project.perf(&["check"]).status.code(), Some(2));
}

#[test]
fn a_pinned_toolchain_that_is_not_installed_is_not_needed() {
    let project = Project::new(&[("src/lib.rs", SLOW)]);
    project.write("rust-toolchain.toml", "[toolchain]\nchannel = \"no-such-toolchain\"\n");
    // As a shell calls it: cargo and rustup would have chosen a toolchain before.
    let mut command = project.command(&["check", "--fail-on", "certain"]);
    for name in ["CARGO", "RUSTC", "RUSTUP_TOOLCHAIN"] {
        command.env_remove(name);
    }
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stdout(&output).contains("1 finding"), "{}", stdout(&output));
}
