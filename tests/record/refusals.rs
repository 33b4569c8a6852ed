//! What cannot be recorded is refused with its reason and the next step, before anything runs.

use crate::project::{BUSY, PLAIN, Project, Ran};

#[test]
fn no_manifest_is_said_in_cargos_words() {
    let project = Project::new(&[("README.md", "")]);
    for args in [&["record"][..], &["run"], &[]] {
        project
            .run(args)
            .fails(2, &["error: could not find `Cargo.toml`", "help: ", "--manifest-path"]);
    }
}

#[test]
fn a_broken_manifest_is_said_in_cargos_words() {
    let project = Project::new(&[("Cargo.toml", "[package\nname = 3")]);
    project.run(&["record"]).fails(2, &["unclosed table", "Cargo.toml:1", "help: "]);
}

#[test]
fn a_command_needs_no_manifest_but_one_that_is_named_must_be_there() {
    let project = Project::new(&[("x", "")]);
    let args = ["record", "--manifest-path", "no/Cargo.toml", "--", "true"];
    project.run(&args).fails(2, &["no/Cargo.toml", "help: "]);
    project.run(&["record", "--", "true"]).succeeds();
}

#[test]
fn no_benches_says_how_to_add_one() {
    let manifest = "[package]\nname = \"empty\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";
    let project = Project::new(&[("Cargo.toml", manifest), ("src/lib.rs", "")]);
    let ran = project.run(&["record"]);
    ran.fails(2, &["no benches in package `empty`", "[[bench]]", "harness = false"]);
    assert!(!project.path("target").exists());
}

#[test]
fn a_bench_target_that_only_the_manifest_knows_is_named() {
    let manifest = "[package]\nname = \"gone\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\
                    [[bench]]\nname = \"speed\"\nharness = false\n";
    let project = Project::new(&[("Cargo.toml", manifest), ("src/lib.rs", "")]);
    for args in [&["record"][..], &["record", "--bench", "speed"]] {
        let expected = ["bench target `speed` has no source file", "benches/speed.rs", "`path`"];
        project.run(args).fails(2, &expected);
    }
}

#[test]
fn a_bench_target_without_bench_functions_says_what_it_lacks() {
    let manifest = "[package]\nname = \"hollow\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";
    let files = [("Cargo.toml", manifest), ("src/lib.rs", ""), ("benches/b.rs", "fn main() {}")];
    Project::new(&files)
        .run(&["record"])
        .fails(2, &["there is none in b", "--features", "harness = false"]);
}

#[test]
fn a_name_that_is_not_there_finds_the_nearest() {
    let project = Project::plain(BUSY);
    project.run(&["record", "--bench", "bb"]).fails(2, &["no bench target `bb`", "there are: b"]);
    project.run(&["record", "-p", "plian"]).fails(2, &["no package `plian`", "`plain`"]);
}

#[test]
fn a_filter_that_nothing_matches_is_no_empty_success() {
    let project = Project::plain(BUSY);
    project.run(&["record", "nothing-like-it"]).fails(2, &["no bench matches nothing-like-it"]);
    assert!(!project.path("target/perf/profile.pb.gz").exists());
}

#[test]
fn a_bench_that_does_not_build_shows_cargos_errors() {
    let project = Project::plain("fn main() { let x: u8 = \"no\"; }");
    project.run(&["record"]).fails(3, &["mismatched types", "--> benches/b.rs", "do not build"]);
}

#[test]
fn features_that_are_off_are_named() {
    let manifest = format!("{PLAIN}[features]\nfast = []\nbig = []\n")
        .replace("harness = false", "harness = false\nrequired-features = [\"fast\", \"big\"]");
    let files = [("Cargo.toml", manifest.as_str()), ("src/lib.rs", ""), ("benches/b.rs", BUSY)];
    let project = Project::new(&files);
    project.run(&["record"]).fails(2, &["require features that are off", "--features big,fast"]);
    project
        .run(&["record", "--bench", "b", "--features", "fast"])
        .fails(2, &["`b` of package `plain` requires the features: big"]);
    project.run(&["record", "-F", "fast big"]).succeeds();
}

#[test]
fn a_toolchain_that_is_not_installed_is_named() {
    let project = Project::plain(BUSY);
    project.write("rust-toolchain.toml", "[toolchain]\nchannel = \"1.0.0-never\"\n");
    // As from a shell: cargo itself has not chosen a toolchain for us yet.
    let mut command = project.command("", &["record"]);
    for name in ["CARGO", "RUSTC", "RUSTUP_TOOLCHAIN"] {
        command.env_remove(name);
    }
    let by_rustup = std::process::Command::new("rustup").arg("--version").output().is_ok();
    let ran = crate::project::Ran::of(command.output().unwrap());
    if by_rustup {
        ran.fails(3, &["rust-toolchain.toml", "1.0.0-never", "RUSTUP_TOOLCHAIN=stable"]);
    } else {
        ran.succeeds();
    }
}

#[test]
fn a_place_that_cannot_be_written_is_refused_before_anything_is_built() {
    let project = Project::plain(BUSY);
    let ran = project.run(&["record", "--out", "no/such/folder/p.pb.gz"]);
    ran.fails(2, &["no/such/folder", "help: make it first"]);
    assert!(!project.path("target").exists());
}

/// A limit for the size of files is a full disk, as far as one can have that without being root.
#[cfg(target_os = "linux")]
#[test]
fn a_recording_that_finds_no_room_says_so_and_is_no_success() {
    let no_room = "no heap, lock, io: a file of a few megabytes found no room in target/perf";
    let nothing = "nothing that was asked for could be recorded";
    in_little_room(&["record", "--kind", "heap,lock,io", "--", "true"])
        .fails(3, &[no_room, nothing]);
    // What else was recorded is kept, and the rest is missing all the same.
    let part = "error: not all that was recorded could be written";
    in_little_room(&["record", "--", "true"])
        .fails(3, &[no_room, part, "target/perf/profile.pb.gz"]);
}

#[cfg(target_os = "linux")]
fn in_little_room(args: &[&str]) -> Ran {
    let project = Project::new(&[("x", "")]);
    let inner = project.command("", args);
    let mut command = std::process::Command::new("sh");
    // More than the agent itself takes, less than its first file does.
    command.arg("-c").arg("trap '' XFSZ; ulimit -f 4000; exec \"$@\"").arg("sh");
    command.arg(inner.get_program()).args(inner.get_args()).current_dir(project.path(""));
    Ran::of(command.output().unwrap())
}
