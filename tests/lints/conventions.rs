//! What every lint keeps to: names, headings, sizes, messages.

use super::{lint_files, stem, ui};

const HEADINGS: [&str; 5] =
    ["What it finds", "What it costs", "The rewrite", "When to keep the code", "How it was proved"];

#[test]
fn each_text_has_the_fixed_headings() {
    for entry in cargo_perf::lints::ALL {
        let text = entry.text();
        let found: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("# ")).collect();
        assert_eq!(found, HEADINGS, "{}", entry.lint.name);
        for part in text.split("# ").skip(1) {
            assert!(part.lines().count() > 2, "{}: an empty part: {part}", entry.lint.name);
        }
    }
}

#[test]
fn a_lint_is_called_as_its_file() {
    let files: Vec<String> = lint_files().iter().map(|path| stem(path)).collect();
    let lints: Vec<&str> = cargo_perf::lints::ALL.iter().map(|entry| entry.lint.name).collect();
    assert_eq!(lints, files);
    for name in lints {
        assert!(name.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{name}");
    }
}

#[test]
fn a_lint_file_stays_small() {
    for path in lint_files() {
        let lines = std::fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines <= 500, "{} has {lines} lines", path.display());
    }
}

#[test]
fn messages_are_sentences_without_a_full_stop() {
    for (lint, path) in ui::fixtures() {
        for finding in ui::checked(&path).outcome.findings {
            let place = format!("{lint}/{}: {}", stem(&path), finding.message);
            assert!(!finding.message.ends_with(['.', '!']), "{place}");
            assert!(!finding.message.contains('\n'), "{place}");
            assert!(finding.message.starts_with(|c: char| !c.is_uppercase()), "{place}");
            for suggestion in &finding.suggestions {
                assert!(!suggestion.message.ends_with('.'), "{place}");
                let shows = suggestion.sketch.is_some() || !suggestion.edits.is_empty();
                assert!(shows, "{place}: a rewrite that shows nothing");
            }
        }
    }
}
