//! `fix --prove` from end to end.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use super::put;

/// A string allocated on each turn only to be appended: gone, the work allocates no more.
const LIB: &str = "pub fn joined(words: &[u32]) -> String {
    let mut text = String::new();
    for word in words {
        text.push_str(&format!(\"{word},\"));
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn joins() {
        assert_eq!(super::joined(&[1, 2]), \"1,2,\");
    }
}
";

const BENCH: &str = "fn main() {
    let words: Vec<u32> = (0..1000).collect();
    let mut length = 0;
    for _ in 0..2000 {
        length += words::joined(std::hint::black_box(&words)).len();
    }
    assert_eq!(length, 7_780_000);
}
";

fn project(root: &Path) {
    put(
        root,
        "Cargo.toml",
        "[package]\nname = \"words\"\nedition = \"2021\"\n\n[[bench]]\nname = \"joined\"\n\
         harness = false\n\n[workspace]\n",
    );
    put(root, "src/lib.rs", LIB);
    put(root, "benches/joined.rs", BENCH);
}

fn prove(root: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-perf"));
    command
        .args(["fix", "--prove", "--allow-dirty", "--message-format", "json"])
        .current_dir(root)
        .env_remove("CARGO_TARGET_DIR");
    command.output().unwrap()
}

/// The attempt to write straight into the string. What else is hot, and tried, is up to the machine.
fn attempt(output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stdout);
    let mut messages = text.lines().map(|line| serde_json::from_str(line).unwrap());
    let is_it = |message: &Value| {
        message["reason"] == "perf-attempt" && message["lints"][0] == "string_concat_in_loop"
    };
    messages
        .find(is_it)
        .unwrap_or_else(|| panic!("not tried: {text}\n{}", String::from_utf8_lossy(&output.stderr)))
}

#[test]
fn what_allocates_less_and_passes_is_kept_and_written() {
    let dir = tempfile::tempdir().unwrap();
    project(dir.path());
    let output = prove(dir.path());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let attempt = attempt(&output);
    assert_eq!(attempt["kept"], true, "{attempt:#}");
    assert_eq!(attempt["tests"], "passed");
    let text = fs::read_to_string(dir.path().join("src/lib.rs")).unwrap();
    assert!(text.contains("let _ = write!(text, \"{word},\");"), "{text}");
}

#[test]
fn what_breaks_a_test_is_not_kept_however_fast() {
    let dir = tempfile::tempdir().unwrap();
    project(dir.path());
    let particular = "#[test]\nfn formats() {\n    let text = include_str!(\"../src/lib.rs\");\n    \
                      assert!(text.contains(\"&format!\"));\n}\n";
    put(dir.path(), "tests/particular.rs", particular);
    let output = prove(dir.path());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let attempt = attempt(&output);
    assert_eq!(attempt["kept"], false);
    assert!(attempt["tests"].as_str().unwrap().starts_with("failed: "), "{attempt:#}");
    let text = fs::read_to_string(dir.path().join("src/lib.rs")).unwrap();
    assert!(text.contains("text.push_str(&format!(\"{word},\"));"), "{text}");
}
