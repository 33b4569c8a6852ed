//! Every lint runs over every fixture: findings and rewrites are compared with checked-in files.
//!
//! Beside a fixture `x.rs` stand `x.profile` (what its benches measured, if anything),
//! `x.expected` (the findings, suspects included) and `x.fixed` (the fixture with every safe
//! rewrite applied). A missing file is an empty one.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use cargo_perf::config::Settings;
use cargo_perf::facts::Facts;
use cargo_perf::lint::{Entry, Input, Outcome, check};
use cargo_perf::model::finding::{Confidence, Grade, Suggestion};
use cargo_perf::report::short::Short;
use cargo_perf::report::{Files, Owner, Renderer, Report, Summary, human};
use cargo_perf::rewrite::merge;
use cargo_perf::source::{Heat, Package, Role, SourceFile};

use super::{expect_file, files, package_dir, profile_text, stem};

/// A fixture and what the lints say of it.
pub struct Checked {
    /// Its path.
    pub path: PathBuf,
    /// It as the lints saw it.
    pub file: SourceFile,
    /// What they say.
    pub outcome: Outcome,
}

/// A fixture as a file of a package.
pub fn source(path: &Path) -> SourceFile {
    let name = PathBuf::from(path.file_name().unwrap());
    let text = std::fs::read_to_string(path).unwrap();
    let dependencies = ["regex", "chrono", "rustc_hash", "parking_lot"].map(str::to_owned).to_vec();
    let package =
        Package { name: "fixture".into(), edition: 2021, dependencies, ..Package::default() };
    SourceFile::new(name, text, Role::Product, Arc::new(package))
}

/// Runs every lint over a fixture.
pub fn checked(path: &Path) -> Checked {
    let file = source(path);
    let profile = std::fs::read_to_string(path.with_extension("profile"))
        .map(|text| profile_text::profile(&text, &file.path.to_string_lossy(), &file.text));
    let lints: Vec<&Entry> = cargo_perf::lints::ALL.iter().collect();
    let sources = [file];
    let heat =
        profile.as_ref().ok().map(|profile| Heat::new(profile, Path::new("/fixtures"), &sources));
    let outcome = check(&Input {
        files: &sources,
        heat: heat.as_ref(),
        facts: &Facts::none(),
        lints: &lints,
        known: &cargo_perf::lint::names(cargo_perf::lints::ALL),
        settings: &Settings::default(),
        foreign: &[],
    });
    let [file] = sources;
    Checked { path: path.to_owned(), file, outcome }
}

/// The fixtures of all lints, with the lint's name.
pub fn fixtures() -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    let mut dirs: Vec<PathBuf> = std::fs::read_dir(package_dir().join("ui-tests"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    dirs.sort();
    for dir in dirs {
        let lint = dir.file_name().unwrap().to_string_lossy().into_owned();
        found.extend(files(&dir, "rs").into_iter().map(|path| (lint.clone(), path)));
    }
    found
}

struct One<'a>(&'a SourceFile);

impl Files for One<'_> {
    fn text(&self, _: &Path) -> Option<&str> {
        Some(&self.0.text)
    }

    fn owner(&self, _: &Path) -> Option<Owner> {
        None
    }
}

fn expected(checked: &Checked) -> String {
    let mut text = String::new();
    for problem in &checked.outcome.problems {
        text.push_str(&format!("{}:{}: {}\n", problem.line, problem.column, problem.message));
    }
    let human = human::Human { style: cargo_perf::report::Style::default() };
    for finding in &checked.outcome.findings {
        // A suspect is one line: it is not shown unless asked for.
        if finding.confidence == Confidence::Suspected {
            let report = Report {
                findings: std::slice::from_ref(finding),
                files: &One(&checked.file),
                below: Path::new(""),
                summary: Summary::default(),
            };
            let mut line = Vec::new();
            Short.render(&report, &mut line).unwrap();
            let line = String::from_utf8(line).unwrap();
            text.push_str(line.lines().next().unwrap_or_default());
        } else {
            text.push_str(&human.finding(finding, &One(&checked.file)));
        }
        text.push_str("\n\n");
    }
    text
}

/// The fixture with every safe rewrite of what is shown applied; empty where there is none.
fn fixed(checked: &Checked) -> String {
    let shown = checked.outcome.findings.iter().filter(|f| f.confidence > Confidence::Suspected);
    let safe: Vec<&Suggestion> = shown
        .filter_map(|finding| finding.suggestions.iter().find(|s| s.grade == Grade::Safe))
        .collect();
    let patch = merge(checked.path.parent().unwrap(), &safe);
    assert!(patch.refused.is_empty(), "{}: {:?}", checked.path.display(), patch.refused);
    patch.changes.into_iter().map(|change| change.after).collect()
}

#[test]
fn the_lints_say_of_the_fixtures_what_is_checked_in() {
    let mut wrong = Vec::new();
    for (_, path) in fixtures() {
        let checked = checked(&path);
        wrong.extend(expect_file(&path.with_extension("expected"), &expected(&checked)).err());
        wrong.extend(expect_file(&path.with_extension("fixed"), &fixed(&checked)).err());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_lint_fires_where_it_should_and_is_silent_elsewhere() {
    for (lint, path) in fixtures() {
        let checked = checked(&path);
        let own = || checked.outcome.findings.iter().filter(|finding| finding.lint == lint);
        let shown = own().filter(|finding| finding.confidence > Confidence::Suspected).count();
        let name = stem(&path);
        let place = format!("{lint}/{name}");
        match name.split('_').next() {
            Some("fires") => assert!(shown > 0, "{place} is silent"),
            Some("cold") => assert_eq!(shown, 0, "{place} speaks of cold code"),
            Some("look") => assert_eq!(own().count(), 0, "{place} speaks of a look-alike"),
            _ => panic!("{place}: fixtures are called fires*, cold* or look_alike*"),
        }
    }
}

#[test]
fn an_iterator_that_is_kept_stays_that_of_a_vector() {
    let checked = checked(&package_dir().join("ui-tests/copied_out_buffer/fires.rs"));
    let grade_of = |list: &str| {
        let is_it = |finding: &&cargo_perf::model::finding::Finding| {
            checked.file.text[finding.span.bytes.clone()] == *list
        };
        checked.outcome.findings.iter().find(is_it).unwrap().grade()
    };
    assert_eq!(grade_of("vec![first]"), Some(Grade::Display));
    assert_eq!(grade_of("vec![a, b]"), Some(Grade::Safe));
}
