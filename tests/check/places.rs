//! What is looked at, and what is left out with a word.

use crate::project::{Project, SLOW, stderr, stdout};

#[test]
fn a_file_that_no_target_reaches_is_a_note_and_one_that_is_reached_an_error() {
    let project = Project::new(&[("src/lib.rs", SLOW), ("src/old.rs", "fn ] {")]);
    let output = project.perf(&["check"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stderr(&output).contains("note: src/old.rs:1:4: "), "{}", stderr(&output));
    assert!(stdout(&output).contains("1 finding"), "{}", stdout(&output));
    assert!(!stderr(&output).contains("help:"), "{}", stderr(&output));
    project.write("src/lib.rs", "mod old;\n");
    let output = project.perf(&["check"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("error: src/old.rs:1:4: "), "{}", stderr(&output));
    assert!(stderr(&output).contains("help: `cargo check` says more"), "{}", stderr(&output));
    project.write("src/lib.rs", "pub fn [] {\n");
    let output = project.perf(&["check"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stdout(&output).contains("1 file could not be checked"), "{}", stdout(&output));
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

#[test]
fn a_bench_or_a_feature_that_is_not_there_is_a_wrong_invocation() {
    let project = Project::new(&[("src/lib.rs", SLOW), ("benches/real.rs", "fn main() {}")]);
    for (args, word) in [
        (&["check", "--bench", "reel"][..], "`real`"),
        (&["check", "--features", "fast"], "`fast`"),
        (&["fix", "--dry-run", "--bench", "reel"], "`real`"),
        (&["run", "--lint", "no_such_lint"], "no_such_lint"),
    ] {
        let output = project.perf(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(word), "{args:?}: {}", stderr(&output));
        assert!(stdout(&output).is_empty(), "{args:?}: {}", stdout(&output));
    }
    assert!(!project.path("target").exists(), "nothing was built");
    assert_eq!(project.perf(&["check", "--bench", "real"]).status.code(), Some(0));
}

#[test]
fn an_expression_that_is_too_long_to_walk_is_an_error_and_no_crash() {
    for link in ["!", "return ", "- "] {
        let text = format!("pub fn f() {{ let _ = {}true; }}\n", link.repeat(200_000));
        let project = Project::new(&[("src/lib.rs", &text)]);
        let output = project.perf(&["check"]);
        assert_eq!(output.status.code(), Some(2), "{link}: {}", stderr(&output));
        assert!(stderr(&output).contains("src/lib.rs:1:"), "{link}: {}", stderr(&output));
    }
}

#[cfg(unix)]
#[test]
fn what_is_written_where_a_link_lies_goes_through_it() {
    let project = Project::new(&[("src/lib.rs", SLOW)]);
    let (link, file) = (project.path("link"), project.path("file"));
    std::os::unix::fs::symlink(&file, &link).unwrap();
    let output = project.perf(&["check", "--write-baseline", "link"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert!(std::fs::read_to_string(&file).unwrap().contains("recompiled_regex"));
}

#[test]
fn a_module_without_a_file_is_an_error_unless_a_build_script_may_make_it() {
    let lib = "#[cfg(windows)]\nmod windows;\nmod inner;\n";
    let project = Project::new(&[("src/lib.rs", lib), ("src/inner.rs", "pub mod gone;\n")]);
    let output = project.perf(&["check"]);
    assert_eq!(output.status.code(), Some(2));
    let said = "src/inner.rs:1:1: module `gone` has no file src/inner/gone.rs";
    assert!(stderr(&output).contains(&format!("error: {said}")), "{}", stderr(&output));
    assert!(!stderr(&output).contains("windows"), "{}", stderr(&output));
    let out = stdout(&output);
    assert!(out.contains("no findings in 2 files\n1 file could not be checked"), "{out}");
    // What was not asked for is not missed.
    assert_eq!(project.perf(&["check", "src/lib.rs"]).status.code(), Some(0));
    project.write("build.rs", "fn main() {}");
    let output = project.perf(&["check"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stderr(&output).contains(&format!("warning: {said}")), "{}", stderr(&output));
    project.write("src/inner/gone/mod.rs", "");
    assert_eq!(stderr(&project.perf(&["check"])), "");
}
