//! The command line, called as a shell calls it and as cargo calls it.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use cargo_perf::exit::Exit;
use cargo_perf::term::Terminal;

fn binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_cargo-perf"))
}

/// `cargo-perf ARGS`.
fn direct(args: &[&str]) -> Output {
    Command::new(binary()).args(args).output().unwrap()
}

/// `cargo perf ARGS`, by cargo itself, which finds the binary in `PATH`.
fn by_cargo(args: &[&str]) -> Output {
    let folder = binary().parent().unwrap();
    let old = std::env::var_os("PATH").unwrap_or_default();
    let paths = std::iter::once(folder.to_owned()).chain(std::env::split_paths(&old));
    Command::new(env!("CARGO"))
        .arg("perf")
        .args(args)
        .env("PATH", std::env::join_paths(paths).unwrap())
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn both_spellings_print_the_same() {
    for args in [&["lints"][..], &["--version"], &["explain", "recompiled_regex"], &["--help"]] {
        let (one, other) = (direct(args), by_cargo(args));
        assert_eq!(one.status.code(), Some(0), "{args:?}: {}", text(&one.stderr));
        assert_eq!(text(&one.stdout), text(&other.stdout), "{args:?}");
        assert_eq!(one.status.code(), other.status.code(), "{args:?}");
    }
}

#[test]
fn flags_stand_on_either_side_of_the_subcommand() {
    let before = direct(&["--message-format", "json", "lints"]);
    let behind = direct(&["lints", "--message-format", "json"]);
    assert_eq!(before.status.code(), Some(0), "{}", text(&before.stderr));
    assert_eq!(text(&before.stdout), text(&behind.stdout));
    assert!(text(&before.stdout).starts_with('{'));
}

#[test]
fn a_wrong_invocation_ends_with_2_and_names_the_nearest() {
    for (args, word) in [
        (&["check", "--lnt", "x"][..], "--lint"),
        (&["explain", "recompiled_regx"], "recompiled_regex"),
        (&["check", "--fail-on", "maybe"], "proved"),
        (&["check", "--manifest-path", "no/such/Cargo.toml"], "no/such/Cargo.toml"),
        (&["record", "--manifest-path", "no/such/Cargo.toml"], "no/such/Cargo.toml"),
        (&["--manifest-path", "no/such/Cargo.toml"], "no/such/Cargo.toml"),
    ] {
        let output = direct(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", text(&output.stderr));
        assert!(text(&output.stderr).contains(word), "{args:?}: {}", text(&output.stderr));
        assert!(output.stdout.is_empty(), "{args:?}");
    }
}

#[test]
fn a_format_that_a_subcommand_does_not_have_is_refused_with_those_it_has() {
    for args in [
        &["record", "json"][..],
        &["fix", "json"],
        &["fix", "--prove", "short"],
        &["compare", "github"],
        &["merge", "sarif", "left"],
        &["stat", "sarif", "bench.txt"],
        &["stat", "short", "bench.txt"],
        &["top", "json"],
        &["list", "json", "main"],
        &["peek", "json", "main"],
        &["tree", "json"],
        &["traces", "json"],
        &["tags", "json"],
        &["report", "json"],
        &["flamegraph", "json"],
        &["diff", "json", "base.pb.gz"],
        &["export", "json", "--format", "raw"],
        &["explain", "json", "recompiled_regex"],
        &["lints", "markdown"],
        &["comment", "json"],
        &["ci", "json"],
        &["init", "json"],
        &["hook", "install", "json"],
        &["hook", "run", "pre-push", "sarif"],
        &["completions", "json", "bash"],
        &["man", "json"],
    ] {
        let formats = ["json", "sarif", "github", "short", "markdown"];
        let at = args.iter().position(|arg| formats.contains(arg)).unwrap();
        let args = [&args[..at], &["--message-format"], &args[at..]].concat();
        let output = direct(&args);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        let refused = format!("there is no `--message-format {}` here", args[at + 1]);
        assert!(said.contains(&refused), "{args:?}: {said}");
        assert!(said.contains("help: this subcommand has human"), "{args:?}: {said}");
        assert!(output.stdout.is_empty(), "{args:?}");
    }
}

#[test]
fn a_place_that_cannot_be_written_is_refused_before_the_work() {
    let dir = tempfile::tempdir().unwrap();
    for args in [
        &["record", "--out"][..],
        &["fix", "--prove", "--patch"],
        &["--write-baseline"],
        &["check", "--write-baseline"],
        &["top", "--output"],
        &["flamegraph", "--output"],
        &["export", "--format", "raw", "--output"],
        &["report", "--output"],
    ] {
        for (place, why) in [("no/such/file", "there is no such folder"), (".", "this is a folder")]
        {
            // Without a manifest or a profile: nothing else was looked at.
            let output = Command::new(binary())
                .current_dir(dir.path())
                .args(args)
                .arg(place)
                .output()
                .unwrap();
            let said = text(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
            let option = args.last().unwrap();
            let refused = format!("error: {option} {place}: {why}\nhelp: ");
            assert!(said.starts_with(&refused), "{args:?}: {said}");
        }
    }
}

#[test]
fn a_reader_that_goes_away_ends_the_run_quietly() {
    let mut child = Command::new(binary())
        .args(["completions", "bash"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(!text(&output.stderr).contains("panicked"), "{}", text(&output.stderr));
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn colour_is_asked_for_by_flag_environment_and_cargo_in_this_order() {
    let colored = |flag: Option<&str>, environment: &[(&str, &str)]| {
        let mut command = Command::new(binary());
        command.args(["check", "--manifest-path", "no/such/Cargo.toml"]);
        command.env_remove("NO_COLOR").env_remove("CARGO_TERM_COLOR");
        command.envs(environment.iter().copied());
        if let Some(when) = flag {
            command.args(["--color", when]);
        }
        text(&command.output().unwrap().stderr).contains('\x1b')
    };
    assert!(!colored(None, &[]));
    assert!(colored(Some("always"), &[("NO_COLOR", "1")]));
    assert!(colored(None, &[("CARGO_TERM_COLOR", "always")]));
    assert!(!colored(None, &[("CARGO_TERM_COLOR", "always"), ("NO_COLOR", "1")]));
    assert!(!colored(Some("never"), &[("CARGO_TERM_COLOR", "always")]));
}

/// A reader that is gone before anything is written.
struct Gone;

impl std::io::Write for Gone {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(std::io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_reader_that_went_away_is_no_failure() {
    for args in [&["lints"][..], &["explain", "recompiled_regex"], &["man"]] {
        let args: Vec<_> = ["cargo-perf"].iter().chain(args).map(OsString::from).collect();
        let mut said = Vec::new();
        let exit = cargo_perf::run(&args, &mut Gone, &mut said, Terminal::plain());
        assert_eq!(exit, Exit::Clean, "{args:?}: {}", text(&said));
    }
}
