//! The scripts and pages that `completions` and `man` print, read by the shells and the tools that
//! they are for; what is not installed is said and skipped.
#![allow(clippy::print_stderr, reason = "shown by a test that was skipped")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn perf(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-perf")).args(args).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// What a program says, or `None` where it is not installed.
fn said(program: &str, args: &[&str]) -> Option<Output> {
    let output = Command::new(program).args(args).env("TERM", "dumb").output();
    if output.is_err() {
        eprintln!("skipped: {program} is not installed");
    }
    output.ok()
}

/// A shell reads the script and completes `cargo-perf che`.
fn completes(shell: &str, script: &Path, ask: &str) {
    let ask = ask.replace("SCRIPT", &script.display().to_string());
    let Some(output) = said(shell, &["-c", &ask]) else { return };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && text.contains("check"), "{shell}: {output:?}");
}

#[test]
fn each_shell_reads_its_script() {
    let dir = tempfile::tempdir().unwrap();
    let script = |shell: &str| {
        let path = dir.path().join(format!("completions.{shell}"));
        let text = perf(&["completions", shell]);
        assert!(text.contains("check") && text.contains("message-format"), "{shell}: {text}");
        fs::write(&path, text).unwrap();
        path
    };
    let ask = "source 'SCRIPT'; COMP_WORDS=(cargo-perf che); COMP_CWORD=1; \
               $(complete -p cargo-perf | sed 's/.*-F \\([^ ]*\\).*/\\1/') cargo-perf che cargo-perf; \
               echo \"${COMPREPLY[@]}\"";
    completes("bash", &script("bash"), ask);
    let ask = "autoload -U compinit; compinit -u -D; source 'SCRIPT'; _cargo-perf_commands \
               2>/dev/null; whence -f _cargo-perf_commands";
    completes("zsh", &script("zsh"), ask);
    completes("fish", &script("fish"), "source 'SCRIPT'; complete -C 'cargo-perf che'");
    // These two complete only where a person types; that the scripts are there is all.
    script("powershell");
    script("elvish");
}

#[test]
fn each_page_is_read_by_man() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("pages");
    perf(&["man", "--out-dir", out.to_str().unwrap()]);
    let pages: Vec<_> = fs::read_dir(&out).unwrap().flatten().map(|entry| entry.path()).collect();
    assert!(pages.len() > 20, "{pages:?}");
    for page in &pages {
        let name = page.file_stem().unwrap().to_str().unwrap();
        let Some(output) = said("man", &["-l", page.to_str().unwrap()]) else { break };
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success() && text.contains(name), "{name}: {output:?}");
    }
    for page in &pages {
        let args = ["-Tlint", "-W", "error", page.to_str().unwrap()];
        let Some(output) = said("mandoc", &args) else { break };
        assert!(output.status.success(), "{output:?}");
    }
}
