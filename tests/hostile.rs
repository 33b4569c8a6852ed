//! Names and sources written by somebody who wants more than a finding: whatever is printed of
//! them, for people, runners, forges and editors, says what it says and does nothing.
#![cfg(unix)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use cargo_perf::ci::comment::body;
use cargo_perf::ci::comment::bundle::{self, Bench, Bundle, Change, Flagged, SCHEMA};
use cargo_perf::model::evidence::Evidence;
use cargo_perf::model::finding::Confidence;
use comrak::nodes::NodeValue;
use comrak::{Arena, Options, parse_document};

/// What a file or a bench may be called.
const NAMES: &[&str] = &[
    "a\n::error::pwned.rs",
    "\x1b[31mred\x07.rs",
    "\u{202e}sr.kcab.rs",
    "@everyone #12 GH-3 !4 [a](javascript:x) ![i](x) <img src=x onerror=y>.rs",
    "www.evil.example.rs",
    "x`|y``|z.rs",
    "a,b:c%0A::error::x.rs",
    "##[error]x --> <!-- cargo-perf comment default -->.rs",
    "\\.rs",
];

/// A source that has something to find, within a line that wants out of every fence and table.
const SOURCE: &str = "pub fn f(x: &[&str]) -> usize {
    let mut n = 0;
    for l in x {
        let r = regex::Regex::new(\"\x1b[31m\u{202e} @everyone </details> ```` | ::error::x ##[error]y ##vso[z] [a](http://b)\").unwrap();
        n += usize::from(r.is_match(l));
    }
    n
}
";

/// A repository with the workspace below its top.
fn project(top: &Path) -> std::path::PathBuf {
    let dir = top.join("be low");
    fs::create_dir_all(dir.join("src")).unwrap();
    fs::create_dir(top.join(".git")).unwrap();
    let manifest = "[package]\nname = \"work\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\
                    [workspace]\n[dependencies]\nregex = \"1\"\n";
    fs::write(dir.join("Cargo.toml"), manifest).unwrap();
    let mut lib = SOURCE.to_owned();
    for (at, name) in NAMES.iter().enumerate() {
        fs::write(dir.join("src").join(name), SOURCE).unwrap();
        lib.push_str(&format!("#[path = {name:?}]\npub mod m{at};\n"));
    }
    fs::write(dir.join("src/lib.rs"), lib).unwrap();
    // No target reaches it and it cannot be read, which is said on standard error.
    fs::write(dir.join("src/b\n::error::broken\x1b.rs"), "pub fn broken( {").unwrap();
    dir
}

fn check(dir: &Path, format: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-perf"));
    let output = command.current_dir(dir).args(["check", "--message-format", format]);
    let output = output.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    is_quiet(&String::from_utf8(output.stderr.clone()).unwrap(), "on standard error");
    output
}

/// No escape sequence, nothing that reorders a line.
fn is_plain(text: &str, what: &str) {
    let live = text.chars().find(|&c| {
        (c.is_control() && c != '\n' && c != '\t') || ('\u{202a}'..='\u{202e}').contains(&c)
    });
    assert_eq!(live, None, "{what}: {text}");
}

/// Nor a command of a runner.
fn is_quiet(text: &str, what: &str) {
    is_plain(text, what);
    let is_command = |line: &&str| {
        line.trim_start().starts_with("::") || line.contains("##[") || line.contains("##vso[")
    };
    let command = text.lines().find(is_command);
    assert_eq!(command, None, "{what}: {text}");
}

#[test]
fn people_and_runners_read_lines_that_do_nothing() {
    let top = tempfile::tempdir().unwrap();
    let dir = project(top.path());
    for format in ["human", "short", "markdown"] {
        let text = String::from_utf8(check(&dir, format).stdout).unwrap();
        assert!(text.matches("recompiled_regex").count() > NAMES.len(), "{format}: {text}");
        is_quiet(&text, format);
    }
    let text = String::from_utf8(check(&dir, "json").stdout).unwrap();
    for line in text.lines() {
        let message: serde_json::Value = serde_json::from_str(line).unwrap();
        is_quiet(message["message"]["rendered"].as_str().unwrap(), "rendered");
        is_quiet(line, "json");
    }
}

#[test]
fn a_runner_reads_one_annotation_per_finding_below_the_top_of_the_repository() {
    let top = tempfile::tempdir().unwrap();
    let dir = project(top.path());
    let text = String::from_utf8(check(&dir, "github").stdout).unwrap();
    is_plain(&text, "github");
    assert_eq!(text.lines().count(), NAMES.len() + 1, "{text}");
    let mut files = BTreeSet::new();
    for line in text.lines() {
        // As a runner reads it: properties up to the first `::`, parted by commas.
        let (properties, _) = line.strip_prefix("::warning ").unwrap().split_once("::").unwrap();
        let properties: Vec<&str> = properties.split(',').collect();
        let names: Vec<&str> =
            properties.iter().map(|property| property.split_once('=').unwrap().0).collect();
        assert_eq!(names, ["file", "line", "endLine", "col", "endColumn", "title"], "{line}");
        let file = properties[0].strip_prefix("file=be low/src/").expect(line);
        files.insert(file.replace("%3A", ":").replace("%2C", ",").replace("%25", "%"));
    }
    assert!(files.contains("lib.rs") && files.contains("a,b:c%0A::error::x.rs"), "{files:?}");
}

#[test]
fn sarif_names_each_file_and_links_to_nothing() {
    let top = tempfile::tempdir().unwrap();
    let dir = project(top.path());
    let text = String::from_utf8(check(&dir, "sarif").stdout).unwrap();
    is_quiet(&text, "sarif");
    let log: serde_json::Value = serde_json::from_str(&text).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), NAMES.len() + 1);
    for result in results {
        is_plain(result["message"]["text"].as_str().unwrap(), "a message");
        let uri = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        let uri = uri.as_str().unwrap();
        assert!(uri.starts_with("be%20low/src/"), "{uri}");
        assert!(uri.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~/%".contains(&b)), "{uri}");
    }
}

#[test]
fn the_page_of_a_report_names_files_without_reordering_them() {
    let top = tempfile::tempdir().unwrap();
    let dir = project(top.path());
    let profile = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pprof/cpu.pb.gz");
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-perf"))
        .current_dir(&dir)
        .args(["report", "-o", "page.html", "--from"])
        .arg(profile)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let page = fs::read_to_string(dir.join("page.html")).unwrap();
    assert!(page.contains("sr.kcab.rs"), "{page}");
    is_plain(&page, "the page");
}

/// What a forge makes of a text: nothing but what our own words hold.
fn is_inert_markdown(text: &str, html: &[&str]) {
    let mut options = Options::default();
    let extension = &mut options.extension;
    extension.table = true;
    extension.autolink = true;
    extension.strikethrough = true;
    extension.tasklist = true;
    extension.footnotes = true;
    extension.math_dollars = true;
    extension.alerts = true;
    let arena = Arena::new();
    for node in parse_document(&arena, text, &options).descendants() {
        let word = |literal: &str| {
            for line in literal.lines().filter(|line| !line.trim().is_empty()) {
                // Nobody sees a marker, and nothing follows it on its line.
                if line.starts_with("<!-- cargo-perf comment ") && line.ends_with(" -->") {
                    assert_eq!(line.matches("--").count(), 2, "{line}");
                    continue;
                }
                let known = html.iter().any(|known| line.trim().starts_with(known));
                assert!(known, "{line:?} in {text}");
                let rest = html.iter().fold(line.to_owned(), |rest, known| rest.replace(known, ""));
                assert!(!rest.contains('<'), "{line:?} in {text}");
                linkless(&rest);
            }
        };
        match &node.data.borrow().value {
            NodeValue::Link(_)
            | NodeValue::Image(_)
            | NodeValue::FootnoteReference(_)
            | NodeValue::FootnoteDefinition(_)
            | NodeValue::Math(_)
            | NodeValue::Strikethrough
            | NodeValue::Emph
            | NodeValue::TaskItem(_)
            | NodeValue::BlockQuote
            | NodeValue::Alert(_) => panic!("{:?} in {text}", node.data.borrow().value),
            NodeValue::HtmlBlock(block) => word(&block.literal),
            NodeValue::HtmlInline(literal) => word(literal),
            NodeValue::Text(literal) => linkless(literal),
            NodeValue::Heading(heading) => assert_eq!(heading.level, 3, "{text}"),
            _ => {}
        }
    }
}

/// What forges look for in rendered text.
fn linkless(text: &str) {
    let chars: Vec<char> = text.chars().collect();
    for pair in chars.windows(2) {
        let live = matches!(pair[0], '@' | '#') && pair[1].is_alphanumeric();
        assert!(!live, "{text}");
    }
    let lower = text.to_lowercase();
    for live in ["://", "www.", "gh-3", "javascript:x"] {
        assert!(!lower.contains(live), "{text}");
    }
}

const DETAILS: &[&str] = &["<details><summary>", "</summary>", "<details>", "</details>"];

#[test]
fn the_markdown_of_check_is_tables_and_folds_alone() {
    let top = tempfile::tempdir().unwrap();
    let dir = project(top.path());
    let text = String::from_utf8(check(&dir, "markdown").stdout).unwrap();
    is_inert_markdown(&text, DETAILS);
}

fn flagged(evil: &str) -> Flagged {
    let evidence = Evidence { bench: evil.into(), cpu_share: Some(0.5), ..Evidence::default() };
    Flagged {
        path: evil.into(),
        first: 1,
        last: 2,
        lint: evil.into(),
        id: evil.into(),
        confidence: Confidence::Hot,
        message: evil.into(),
        evidence: vec![evidence; 3],
        replacement: None,
        rewrite: Some(evil.into()),
    }
}

fn bench(evil: &str, change: Change) -> Bench {
    Bench {
        name: evil.into(),
        change,
        before: evil.into(),
        after: evil.into(),
        delta: evil.into(),
        pairs: 3,
        exact: vec![evil.into()],
        notes: vec![evil.into()],
    }
}

#[test]
fn the_comment_of_a_forged_bundle_is_tables_and_folds_alone() {
    let own = [DETAILS, &["<br>", "<sub>", "</sub>"]].concat();
    let lines = ["/close", "- [ ] a", "1. a", "> a", "# a", "~~~", "===", "\t", "[^1]: x", "$a$"];
    for evil in NAMES.iter().chain(&lines) {
        let forged = Bundle {
            schema: SCHEMA,
            base: (*evil).into(),
            head: (*evil).into(),
            machine: (*evil).into(),
            canary: (*evil).into(),
            benches: vec![bench(evil, Change::Slower), bench(evil, Change::Same)],
            findings: vec![flagged(evil)],
        };
        let forged = bundle::read(&serde_json::to_vec(&forged).unwrap()).unwrap();
        let text = body::body(&forged).text;
        is_quiet(&text, "the comment");
        is_inert_markdown(&text, &own);
        // Three tables, each with its head, its rule and one row: no row was broken or added.
        assert_eq!(text.lines().filter(|line| line.starts_with('|')).count(), 9, "{text}");
        let line = body::line_body(&forged.findings[0], "suggestion");
        is_quiet(&line, "at a line");
        is_inert_markdown(&line, &own);
        assert!(!line.contains("suggestion\n"), "{line}");
        let command = line.lines().find(|line| line.starts_with('/'));
        assert_eq!(command, None, "GitLab would do it: {line}");
    }
}

#[test]
fn a_forged_bundle_cannot_make_a_comment_that_is_too_long() {
    let long = "\u{1b}@".repeat(50_000);
    let mut finding = flagged(&"\u{1b}@".repeat(500));
    finding.evidence.truncate(1);
    finding.evidence = vec![finding.evidence[0].clone(); 20];
    finding.replacement = Some("\u{1b}".repeat(7_999));
    let forged = Bundle {
        schema: SCHEMA,
        base: long.clone(),
        head: long.clone(),
        machine: long,
        findings: vec![finding; 20],
        ..Bundle::default()
    };
    let forged = bundle::read(&serde_json::to_vec(&forged).unwrap()).unwrap();
    assert!(body::body(&forged).text.chars().count() < 65_500);
    let line = body::line_body(&forged.findings[0], "suggestion");
    assert!(line.chars().count() < 65_536, "{}", line.chars().count());
}
