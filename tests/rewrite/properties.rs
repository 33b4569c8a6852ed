//! What holds for any edits of any source: tried on the sources of this package.

use std::path::{Path, PathBuf};

use cargo_perf::model::finding::Suggestion;
use cargo_perf::rewrite::{merge, unified};
use cargo_perf::source::scan::{Limits, scan};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::patches::applied_by_git;
use super::suggestion;

fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources: Vec<(PathBuf, String)> = ["src", "lints", "tests/rewrite"]
        .iter()
        .flat_map(|folder| walkdir::WalkDir::new(root.join(folder)).sort_by_file_name())
        .filter_map(Result::ok)
        .filter(|entry| entry.path().extension().is_some_and(|kind| kind == "rs"))
        .map(|entry| {
            let file = entry.path().strip_prefix(root).unwrap().to_owned();
            (file, std::fs::read_to_string(entry.path()).unwrap())
        })
        .collect();
    let windows: Vec<_> = sources
        .iter()
        .map(|(file, text)| (file.with_extension("crlf.rs"), text.replace('\n', "\r\n")))
        .collect();
    sources.extend(windows);
    // Enough of them to be many, few enough to be quick.
    let step = sources.len() / 40;
    sources.into_iter().step_by(step.max(1)).collect()
}

/// A small generator, so that a failure can be had again.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }
}

/// Ranges of all expressions.
fn expressions(text: &str) -> Vec<std::ops::Range<usize>> {
    struct Collect(Vec<std::ops::Range<usize>>);
    impl Visit<'_> for Collect {
        fn visit_expr(&mut self, expr: &syn::Expr) {
            self.0.push(expr.span().byte_range());
            visit::visit_expr(self, expr);
        }
    }
    let mut collect = Collect(Vec::new());
    collect.visit_file(&syn::parse_file(text).unwrap());
    collect.0.retain(|range| !range.is_empty());
    collect.0
}

fn in_folder(file: &Path, text: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(dir.path().join(file).parent().unwrap()).unwrap();
    std::fs::write(dir.path().join(file), text).unwrap();
    dir
}

/// Wraps `count` random expressions in a call.
fn wraps(random: &mut Random, file: &Path, text: &str, count: usize) -> Vec<Suggestion> {
    let places = expressions(text);
    let mut pick = || places.get(random.below(places.len())).cloned();
    (0..count)
        .filter_map(|_| pick())
        .map(|at| {
            let edits = [(at.start..at.start, "wrapped("), (at.end..at.end, ")")];
            suggestion(file.to_str().unwrap(), &edits)
        })
        .collect()
}

#[test]
fn whatever_is_applied_leaves_everything_else_as_it_was() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (mut applied, mut refused) = (0, 0);
    for (file, text) in sources() {
        let suggestions = wraps(&mut random, &file, &text, 12);
        let dir = in_folder(&file, &text);
        let patch = merge(dir.path(), &suggestions.iter().collect::<Vec<_>>());
        assert_eq!(patch.applied.len() + patch.refused.len(), suggestions.len());
        applied += patch.applied.len();
        refused += patch.refused.len();
        for change in &patch.changes {
            assert_eq!(change.before, text);
            syn::parse_file(&change.after).unwrap();
            let added = "wrapped()".len() * patch.applied.len();
            assert_eq!(change.after.len(), text.len() + added, "{}", file.display());
            let mut rest = change.after.bytes();
            let is_kept = text.bytes().all(|byte| rest.any(|other| other == byte));
            assert!(is_kept, "{}", file.display());
        }
    }
    assert!(applied > 150, "{applied} applied, {refused} refused");
}

#[test]
fn the_order_of_suggestions_that_stay_apart_does_not_matter() {
    let mut random = Random(88_172_645_463_325_252);
    for (file, text) in sources() {
        let dir = in_folder(&file, &text);
        let suggestions = wraps(&mut random, &file, &text, 8);
        let patch = merge(dir.path(), &suggestions.iter().collect::<Vec<_>>());
        let taken: Vec<&Suggestion> = patch.applied.iter().map(|&n| &suggestions[n]).collect();
        let backwards: Vec<&Suggestion> = taken.iter().copied().rev().collect();
        let again = merge(dir.path(), &backwards);
        assert_eq!(again.changes, patch.changes, "{}", file.display());
    }
}

#[test]
fn no_edit_however_wrong_panics_or_breaks_a_file() {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let texts = ["", "}", ";", "\n", "x", "\"", "//", "/*", "use a::b;", "let x = 1;", "'", "fn"];
    let mut changed = 0;
    for (file, text) in sources() {
        let dir = in_folder(&file, &text);
        let suggestions: Vec<Suggestion> = (0..15)
            .map(|_| {
                let edits: Vec<_> = (0..=random.below(2))
                    .map(|_| {
                        let start = random.below(text.len() + 2);
                        (start..start + random.below(6), texts[random.below(texts.len())])
                    })
                    .collect();
                suggestion(file.to_str().unwrap(), &edits)
            })
            .collect();
        let patch = merge(dir.path(), &suggestions.iter().collect::<Vec<_>>());
        for change in &patch.changes {
            changed += 1;
            syn::parse_file(&change.after).unwrap();
            // Not lines of strings that look like one.
            for comment in scan(&text, Limits::NONE).comments {
                let comment = text[comment].trim();
                assert!(change.after.contains(comment), "{}: {comment}", file.display());
            }
        }
    }
    assert!(changed > 10, "{changed}");
}

#[test]
fn git_makes_of_a_diff_what_the_merge_made() {
    let mut random = Random(0xdead_beef_cafe_f00d);
    let mut changes = Vec::new();
    for (file, text) in sources() {
        let dir = in_folder(&file, &text);
        let suggestions = wraps(&mut random, &file, &text, 5);
        changes.extend(merge(dir.path(), &suggestions.iter().collect::<Vec<_>>()).changes);
    }
    assert!(unified(&changes).len() > 10_000);
    let expected: Vec<String> = changes.iter().map(|change| change.after.clone()).collect();
    assert!(applied_by_git(&changes) == expected);
}
