//! The outputs of findings, read back by those who read them: cargo's and rustfix's own readers.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use cargo_metadata::{Message, Target};
use cargo_perf::model::evidence::Evidence;
use cargo_perf::model::finding::Related;
use cargo_perf::model::finding::{
    Confidence, Edit, Finding, Grade, Proof, Span, Suggestion, Types,
};
use cargo_perf::report::{
    Files, Owner, Renderer, Report, Style, Summary, github, human, json, markdown, sarif, short,
};

const SOURCE: &str =
    "fn ä(ü: &str) -> bool {\r\n\tlet é = Regex::new(\"a\").unwrap();\r\n\té.is_match(ü)\r\n}\r\n";

struct OneFile;

impl Files for OneFile {
    fn text(&self, file: &Path) -> Option<&str> {
        (file == Path::new("src/lib.rs")).then_some(SOURCE)
    }

    fn owner(&self, _file: &Path) -> Option<Owner> {
        let target = serde_json::json!({
            "name": "demo", "kind": ["lib"], "crate_types": ["lib"], "src_path": "/w/src/lib.rs",
            "edition": "2024", "doctest": true, "test": true, "doc": true
        });
        let target: Target = serde_json::from_value(target).unwrap();
        Some(Owner { package_id: "path+file:///w#demo@0.1.0".into(), target })
    }
}

fn span(part: &str) -> Span {
    let start = SOURCE.find(part).unwrap();
    Span { file: PathBuf::from("src/lib.rs"), bytes: start..start + part.len() }
}

fn finding(grade: Grade) -> Finding {
    Finding {
        id: "recompiled_regex-5f0c1e".into(),
        lint: "recompiled_regex",
        confidence: Confidence::Proved,
        types: Types::NotNeeded,
        span: span("Regex::new(\"a\")"),
        message: "a regex is compiled on each call".into(),
        label: "compiled here".into(),
        evidence: vec![Evidence {
            bench: "one".into(),
            samples: 1204,
            cpu_share: Some(0.931),
            cpu_self_share: Some(0.0),
            bound: Some(14.5),
            allocs_per_iter: Some(71.0),
            ..Evidence::default()
        }],
        related: Vec::new(),
        hot_path: Vec::new(),
        notes: Vec::new(),
        suggestions: ["&*RE", "re"]
            .map(|text| Suggestion {
                message: "compile it once".into(),
                grade,
                edits: vec![Edit { span: span("Regex::new(\"a\").unwrap()"), text: text.into() }],
                sketch: None,
                caveat: None,
                dependency: None,
            })
            .to_vec(),
        proof: None,
        setting: None,
    }
}

fn render(renderer: &dyn Renderer, findings: &[Finding]) -> String {
    let mut out = Vec::new();
    let summary =
        Summary { files: 1, suspects: 2, profiled: true, benches: 1, ..Summary::default() };
    let below = Path::new("");
    renderer.render(&Report { findings, files: &OneFile, below, summary }, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn cargos_reader_accepts_each_line_and_columns_count_characters() {
    let text = render(&json::Json, &[finding(Grade::Safe)]);
    let messages: Vec<Message> =
        Message::parse_stream(text.as_bytes()).collect::<Result<_, _>>().unwrap();
    let Message::CompilerMessage(message) = &messages[0] else { panic!("{messages:?}") };
    let code = message.message.code.as_ref().unwrap();
    assert_eq!(code.code, "cargo_perf::recompiled_regex");
    let span = &message.message.spans[0];
    assert_eq!((span.line_start, span.column_start, span.column_end), (2, 10, 25));
    assert_eq!(span.text[0].text, "\tlet é = Regex::new(\"a\").unwrap();");
    assert_eq!((span.text[0].highlight_start, span.text[0].highlight_end), (10, 25));
    assert_eq!(&SOURCE[span.byte_start as usize..span.byte_end as usize], "Regex::new(\"a\")");
}

#[test]
fn a_rewrite_of_several_places_is_written_out_once() {
    let two = |id: &str| {
        let mut finding = finding(Grade::Unsafe);
        finding.id = id.into();
        finding.suggestions.truncate(1);
        finding.suggestions[0].edits =
            ["let", ";"].map(|at| Edit { span: span(at), text: "fresh".into() }).to_vec();
        finding
    };
    let human = human::Human { style: Style::default() };
    let text = render(&human, &[two("first-1"), two("second-2")]);
    assert_eq!(text.matches("fresh").count(), 2, "{text}");
    let help = "help: compile it once (unsafe): the rewrite beside first-1\n";
    assert!(text.contains(help), "{text}");
    // One edit is as short as its name.
    let text = render(&human, &[finding(Grade::Unsafe), finding(Grade::Unsafe)]);
    assert!(!text.contains("the rewrite beside"), "{text}");
}

#[test]
fn of_many_findings_that_are_alike_the_last_are_told_by_their_places() {
    let alike = |count: usize| -> Vec<Finding> {
        let with_id = |n| Finding { id: format!("like-{n}"), ..finding(Grade::Unsafe) };
        (0..count).map(with_id).collect()
    };
    let human = human::Human { style: Style::default() };
    let mut findings = alike(5);
    findings[1].message = "another one".into();
    let text = render(&human, &findings);
    assert_eq!(text.matches("\nhelp: ").count(), 2 * 5, "few are shown in full: {text}");
    findings.extend(alike(8).split_off(5));
    let text = render(&human, &findings);
    let note = "note: 4 more like like-3\n";
    assert!(text.contains(note), "{text}");
    let (_, behind) = text.split_once(note).unwrap();
    for (line, id) in behind.lines().zip(["like-4", "like-5", "like-6", "like-7"]) {
        assert!(line.starts_with("  --> ") && line.ends_with(&format!("id {id}")), "{line}");
        assert!(line.contains(":2:10: "), "{line}");
    }
    assert_eq!(behind.lines().nth(4), Some(""), "{text}");
    // One line each, and for machines, all are told.
    assert_eq!(render(&short::Short, &findings).matches("[like-").count(), 8);
    let is_message = |line: &&str| line.contains("\"compiler-message\"");
    assert_eq!(render(&json::Json, &findings).lines().filter(is_message).count(), 8);
}

#[test]
fn quantities_that_were_not_measured_are_null() {
    let text = render(&json::Json, &[finding(Grade::Safe)]);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let perf = &value["message"]["perf"];
    assert_eq!(perf["schema"], 1);
    assert_eq!(perf["types"], "not-needed");
    assert_eq!(perf["evidence"][0]["allocs_per_iter"], 71.0);
    assert!(perf["evidence"][0]["io_calls_per_iter"].is_null());
    assert!(perf["proof"].is_null());
}

#[test]
fn rustfix_applies_the_one_rewrite_that_may_be_applied() {
    let text = render(&json::Json, &[finding(Grade::Safe)]);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let suggestions = rustfix::get_suggestions_from_json(
        &value["message"].to_string(),
        &HashSet::new(),
        rustfix::Filter::MachineApplicableOnly,
    )
    .unwrap();
    let fixed = rustfix::apply_suggestions(SOURCE, &suggestions).unwrap();
    assert_eq!(fixed, SOURCE.replace("Regex::new(\"a\").unwrap()", "&*RE"));
}

#[test]
fn an_unsafe_rewrite_is_applicable_once_it_was_proved() {
    let mut finding = finding(Grade::Unsafe);
    let applicable = |finding: &Finding| {
        render(&json::Json, std::slice::from_ref(finding)).matches("MachineApplicable").count()
    };
    assert_eq!(applicable(&finding), 0);
    finding.proof = Some(Proof {
        verdict: "faster".into(),
        ratio: 0.11,
        low: 0.1,
        high: 0.12,
        pairs: 12,
        unit: "sec/op".into(),
        allocs_before: Some(71.0),
        allocs_after: Some(0.0),
        tests: "passed".into(),
    });
    assert_eq!(applicable(&finding), 1);
    for suggestion in &mut finding.suggestions {
        suggestion.grade = Grade::Safe;
    }
    assert_eq!(applicable(&finding), 1);
    finding.proof.as_mut().unwrap().tests = "failed".into();
    assert_eq!(applicable(&finding), 0, "what broke a test is nothing to apply unseen");
}

#[test]
fn people_see_source_evidence_bound_and_rewrite() {
    let text = render(&human::Human { style: Style::default() }, &[finding(Grade::Safe)]);
    for part in [
        "warning[cargo_perf::recompiled_regex]: a regex is compiled on each call",
        "src/lib.rs:2:10",
        "compiled here: 93.1 % of CPU in `one`",
        "bound 14.5×",
        "compile it once (safe)",
        "recompiled_regex-5f0c1e",
        "1 finding in 1 file: 1 proved; heat from 1 bench",
        "2 suspects not shown",
    ] {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
    assert!(!text.contains('\x1b'));
}

/// The same source on one line, with a megabyte before it and behind.
struct OneLine(String);

impl Files for OneLine {
    fn text(&self, _file: &Path) -> Option<&str> {
        Some(&self.0)
    }

    fn owner(&self, _file: &Path) -> Option<Owner> {
        None
    }
}

#[test]
fn of_a_line_of_megabytes_what_lies_around_the_rewrite_is_shown() {
    let far = format!("/*{}*/", "x".repeat(1 << 20));
    let mut finding = finding(Grade::Safe);
    let edits = finding.suggestions.iter_mut().flat_map(|suggestion| &mut suggestion.edits);
    for span in edits.map(|edit| &mut edit.span).chain([&mut finding.span]) {
        span.bytes = span.bytes.start + far.len()..span.bytes.end + far.len();
    }
    let files = OneLine(format!("{far}{}{far}", SOURCE.replace("\r\n", "  ")));
    let text = human::Human { style: Style::default() }.finding(&finding, &files);
    assert!(text.contains("let é = &*RE;"), "{}", text.len());
    assert!(text.contains(" … ") && text.len() < 3000, "{}", text.len());
}

#[test]
fn nothing_from_a_name_or_a_source_reaches_the_terminal_alive() {
    let mut finding = finding(Grade::Safe);
    finding.message = "a\x1b]0;evil\x07b\u{202e}".into();
    finding.evidence[0].bench = "x\x1b[2J\ny".into();
    for renderer in [&human::Human { style: Style::default() } as &dyn Renderer, &short::Short] {
        let text = render(renderer, std::slice::from_ref(&finding));
        assert!(!text.contains(['\x1b', '\x07', '\u{202e}']), "{text:?}");
    }
}

/// Every part of a finding that a renderer may print, each of them hostile.
fn hostile() -> Finding {
    let evil =
        "\x1b]0;evil\x07 <script>alert(1)</script> @team [x](http://y) ```\n::error::z\u{202e}";
    let mut finding = finding(Grade::Safe);
    finding.message = evil.into();
    finding.label = evil.into();
    finding.evidence[0].bench = evil.into();
    finding.notes = vec![evil.into()];
    finding.suggestions[0].message = evil.into();
    finding.related = vec![Related { span: span("ä"), label: evil.into() }];
    finding.hot_path = vec![Related { span: span("ü"), label: evil.into() }];
    finding
}

#[test]
fn sarif_satisfies_the_published_schema() {
    let rules =
        [sarif::Rule { name: "recompiled_regex", summary: "one", text: "# long".to_owned() }];
    // The published schema has one pattern with a stray bracket, which is no regular expression.
    let schema = include_str!("fixtures/sarif/sarif-schema-2.1.0.json")
        .replace("^[a-zA-Z]{2}-[a-zA-Z]{2}]?$", "^[a-zA-Z]{2}-[a-zA-Z]{2}?$");
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for findings in [vec![], vec![finding(Grade::Safe), hostile()]] {
        let text = render(&sarif::Sarif { rules: &rules }, &findings);
        let log: serde_json::Value = serde_json::from_str(&text).unwrap();
        let errors: Vec<String> = validator.iter_errors(&log).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), findings.len());
    }
}

#[test]
fn a_sarif_fix_replaces_the_characters_it_names() {
    let text = render(&sarif::Sarif { rules: &[] }, &[finding(Grade::Safe)]);
    let log: serde_json::Value = serde_json::from_str(&text).unwrap();
    let result = &log["runs"][0]["results"][0];
    let region = &result["fixes"][0]["artifactChanges"][0]["replacements"][0]["deletedRegion"];
    let line = SOURCE.lines().nth(region["startLine"].as_u64().unwrap() as usize - 1).unwrap();
    let (start, end) = (region["startColumn"].as_u64(), region["endColumn"].as_u64());
    let (start, end) = (start.unwrap() as usize - 1, end.unwrap() as usize - 1);
    let deleted: String = line.chars().skip(start).take(end - start).collect();
    assert_eq!(deleted, "Regex::new(\"a\").unwrap()");
    assert_eq!(result["rank"], 93.1);
}

#[test]
fn hostile_names_stay_inert_in_every_output_for_forges() {
    let text = render(&github::Github, &[hostile()]);
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(!text.contains('\x1b'));
    let text = render(&markdown::Markdown, &[hostile()]);
    for live in ["<script>", "@team", "](http://", "\x1b", "\u{202e}"] {
        assert!(!text.contains(live), "{live:?} in {text}");
    }
}
