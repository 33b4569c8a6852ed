//! What an editor does with `check --message-format json`: every line is read by cargo's own
//! reader, the rewrites are applied by rustfix, and the crate compiles afterwards.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use cargo_metadata::Message;

/// Tabs, letters of two and four bytes before and within the spans, and a text that stands in
/// both files, so that positions of the one would change the other.
const SOURCE: &str = "pub fn größen(wörter: &[&str]) -> Vec<usize> {
\tlet mut längen = Vec::new();
\tfor wört in wörter { let 𝑥 = wört.len(); längen.push(𝑥); }
\tlängen
}

pub fn laut(wörter: &[&str]) -> Vec<String> {
\tlet _ü = \"ü𝑥\"; let mut alle = Vec::new();
\tfor wört in wörter {
\t\talle.push(wört.to_uppercase());
\t}
\talle
}
";

fn project(dir: &Path) {
    fs::create_dir(dir.join("src")).unwrap();
    let manifest =
        "[package]\nname = \"demo\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[workspace]\n";
    fs::write(dir.join("Cargo.toml"), manifest).unwrap();
    fs::write(dir.join("src/lib.rs"), format!("pub mod crlf;\n{SOURCE}")).unwrap();
    fs::write(dir.join("src/crlf.rs"), SOURCE.replace('\n', "\r\n")).unwrap();
}

#[test]
fn each_line_is_read_and_what_it_suggests_compiles() {
    let dir = tempfile::tempdir().unwrap();
    project(dir.path());
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-perf"))
        .current_dir(dir.path())
        .args(["check", "--all", "--message-format", "json"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let mut fixed = 0;
    let files = ["src/lib.rs", "src/crlf.rs"]
        .map(|file| (file, fs::read_to_string(dir.path().join(file)).unwrap()));
    for (file, source) in &files {
        let mut suggestions = Vec::new();
        for line in text.lines() {
            let message: Message = serde_json::from_str(line).unwrap();
            let Message::CompilerMessage(message) = message else { panic!("{line}") };
            let children = message.message.children.iter().flat_map(|child| &child.spans);
            for span in message.message.spans.iter().chain(children) {
                let (_, own) = files.iter().find(|(file, _)| *file == span.file_name).unwrap();
                places_agree(own, span);
            }
            let value: serde_json::Value = serde_json::from_str(line).unwrap();
            let found = rustfix::get_suggestions_from_json(
                &value["message"].to_string(),
                &HashSet::new(),
                rustfix::Filter::MachineApplicableOnly,
            );
            let here = |own: &rustfix::Suggestion| own.snippets[0].file_name == *file;
            suggestions.extend(found.unwrap().into_iter().filter(here));
        }
        fixed += suggestions.len();
        let after = rustfix::apply_suggestions(source, &suggestions).unwrap();
        assert_ne!(after, *source, "{file}: {text}");
        fs::write(dir.path().join(file), after).unwrap();
    }
    assert!(fixed >= 4, "{text}");
    let cargo = Command::new(env!("CARGO"))
        .current_dir(dir.path())
        .args(["check", "--offline", "--quiet"])
        .env_remove("CARGO_TARGET_DIR")
        .output()
        .unwrap();
    assert!(cargo.status.success(), "{}", String::from_utf8_lossy(&cargo.stderr));
}

/// Bytes, lines and 1-based columns in characters name the same text.
fn places_agree(source: &str, span: &cargo_metadata::diagnostic::DiagnosticSpan) {
    let at = |byte: u32| {
        let before = &source[..byte as usize];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
        (line, column)
    };
    assert_eq!(at(span.byte_start), (span.line_start, span.column_start), "{span:?}");
    assert_eq!(at(span.byte_end), (span.line_end, span.column_end), "{span:?}");
    let lines: Vec<&str> = source.lines().collect();
    for (number, text) in (span.line_start..).zip(&span.text) {
        assert_eq!(lines[number - 1], text.text, "{span:?}");
    }
}

fn lines(dir: &Path, program: &str, args: &[&str], exit: i32) -> Vec<String> {
    let mut command = Command::new(program);
    let output = command.current_dir(dir).args(args).env_remove("CARGO_TARGET_DIR").output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(exit), "{args:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn the_compilers_own_lines_are_passed_on_as_they_are() {
    let dir = tempfile::tempdir().unwrap();
    project(dir.path());
    let lib = dir.path().join("src/lib.rs");
    let source = fs::read_to_string(&lib).unwrap();
    fs::write(&lib, format!("{source}fn ungenutzt() {{}}\n")).unwrap();
    let ours = env!("CARGO_BIN_EXE_cargo-perf");
    let args = ["check", "--with", "check", "--all", "--message-format", "json"];
    let all = lines(dir.path(), ours, &args, 0);
    for line in &all {
        let message: Message = serde_json::from_str(line).unwrap();
        assert!(!matches!(message, Message::TextLine(_)), "{line}");
    }
    assert!(all.iter().any(|line| line.contains("dead_code")), "{all:#?}");
    assert!(all.last().unwrap().contains("build-finished"), "{all:#?}");
    // Cargo says it again for what is built already, all but whether it is.
    let as_it_is = |line: &String| !line.contains("cargo_perf::");
    let fresh = |line: &String| line.replace("\"fresh\":false", "\"fresh\":true");
    let args = ["check", "--all-targets", "--offline", "--message-format", "json"];
    let mut theirs = lines(dir.path(), env!("CARGO"), &args, 0);
    let mut passed: Vec<String> = all.iter().filter(|line| as_it_is(line)).map(fresh).collect();
    assert!(passed.len() < all.len(), "ours are among them: {all:#?}");
    passed.sort();
    theirs.sort();
    assert_eq!(passed, theirs);

    fs::write(&lib, format!("{source}fn falsch() -> u8 {{ \"\" }}\n")).unwrap();
    let args = ["check", "--with", "check", "--all", "--message-format", "json"];
    let all = lines(dir.path(), ours, &args, 3);
    assert!(all.iter().any(|line| line.contains("E0308")), "{all:#?}");
    assert!(all.iter().any(|line| line.contains("cargo_perf::")), "{all:#?}");
}
