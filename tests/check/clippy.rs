//! `check --with clippy`: its performance lints beside ours.

use std::process::Command;

use serde_json::Value;

use crate::project::{Project, stderr, stdout};

/// One lint of the group `perf`, one of another group, one that is no performance lint.
const CODE: &str = "pub fn first(x: &str) -> bool {\n    x.to_string() == \"a\"\n}\n\n\
                    pub fn add(list: &mut String, n: u8) {\n    list.push_str(&format!(\"{n}\"));\n}\n\n\
                    pub fn same(x: bool) -> bool {\n    x == true\n}\n";

/// A package that depends on nothing: this one is compiled.
fn project(code: &str) -> Project {
    let project = Project::new(&[("src/lib.rs", code)]);
    let manifest =
        "[package]\nname = \"demo\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[workspace]\n";
    project.write("Cargo.toml", manifest);
    project
}

#[allow(clippy::print_stderr)]
fn has_clippy() -> bool {
    let there = Command::new("cargo").args(["clippy", "--version"]).output();
    let there = there.is_ok_and(|output| output.status.success());
    if !there {
        eprintln!("skipped: clippy is not installed");
    }
    there
}

fn codes(json: &str) -> Vec<String> {
    let messages = json.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    messages.filter_map(|m| m["message"]["code"]["code"].as_str().map(str::to_owned)).collect()
}

#[test]
fn its_performance_lints_are_findings_like_ours() {
    if !has_clippy() {
        return;
    }
    let project = project(CODE);
    let output = project.perf(&["check", "--with", "clippy"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    assert!(text.contains("warning[clippy::cmp_owned]"), "{text}");
    assert!(!text.contains("bool_comparison"), "{text}");
    assert!(project.path("target/perf/clippy").is_dir(), "builds in a folder of its own");
    assert!(!project.path("target/debug").exists(), "and leaves the user's alone");
    for format in ["short", "sarif", "github", "markdown"] {
        let output = project.perf(&["check", "--with", "clippy", "--message-format", format]);
        assert!(stdout(&output).contains("cmp_owned"), "{format}: {}", stdout(&output));
    }
    let fails = project.perf(&["check", "--with", "clippy", "--fail-on", "certain"]);
    assert_eq!(fails.status.code(), Some(1));
}

#[test]
fn an_editor_gets_its_other_lines_too() {
    if !has_clippy() {
        return;
    }
    let project = project(CODE);
    let args = ["check", "--with", "clippy", "--all", "--message-format", "json"];
    let codes = codes(&stdout(&project.perf(&args)));
    assert!(codes.contains(&"clippy::bool_comparison".to_owned()), "{codes:?}");
    // Of one place one finding: ours says more.
    let of_push = ["clippy::format_push_string", "cargo_perf::string_concat_in_loop"];
    let spoken = codes.iter().filter(|code| of_push.contains(&code.as_str()));
    assert!(spoken.count() <= 1, "{codes:?}");
}

#[test]
fn what_does_not_compile_fails_with_the_compilers_words() {
    if !has_clippy() {
        return;
    }
    let project = project("pub fn f() -> u8 { \"\" }\n");
    let output = project.perf(&["check", "--with", "clippy"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("mismatched types"), "{}", stderr(&output));
}

#[test]
#[cfg(target_os = "linux")]
fn who_ends_the_check_ends_the_compiler_below_it() {
    use std::fs;
    use std::process::Stdio;
    use std::time::{Duration, Instant};

    let project = project(CODE);
    // It writes down who started it, which is cargo.
    let script = "fn main() {\n    let cargo = std::os::unix::process::parent_id();\n    \
                  std::fs::write(\"cargo.new\", cargo.to_string()).unwrap();\n    \
                  std::fs::rename(\"cargo.new\", \"cargo\").unwrap();\n    \
                  std::thread::sleep(std::time::Duration::from_secs(600));\n}\n";
    project.write("build.rs", script);
    let mut child = Command::new(env!("CARGO_BIN_EXE_cargo-perf"))
        .current_dir(project.folder.path())
        .args(["check", "--with", "check"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let start = Instant::now();
    while !project.path("cargo").exists() && start.elapsed() < Duration::from_secs(300) {
        std::thread::sleep(Duration::from_millis(20));
    }
    let cargo = fs::read_to_string(project.path("cargo")).unwrap();
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(3));
    // A process that nobody has waited for yet is over all the same.
    let runs = || {
        let stat = fs::read_to_string(format!("/proc/{cargo}/stat")).unwrap_or_default();
        stat.contains("(cargo)") && !stat.contains(") Z")
    };
    assert!(!runs(), "cargo {cargo} goes on");
}
