//! Sources as an editor leaves them halfway: whatever they are, the lints end and do not panic.

use std::path::PathBuf;
use std::sync::Arc;

use cargo_perf::config::Settings;
use cargo_perf::facts::Facts;
use cargo_perf::lint::{Entry, Input, check, names};
use cargo_perf::lints::ALL;
use cargo_perf::source::{Package, Role, SourceFile};

/// The same numbers in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }
}

/// A piece deleted, doubled, or swapped with another; cut where characters are cut in two.
fn damaged(text: &str, random: &mut Random) -> String {
    let bytes = text.as_bytes();
    let start = random.below(bytes.len());
    let length = 1 + random.below(40);
    let end = (start + length).min(bytes.len());
    let other = random.below(bytes.len());
    let mut made = bytes.to_vec();
    match random.below(4) {
        0 => drop(made.drain(start..end)),
        1 => made.splice(start..start, bytes[start..end].to_vec()).for_each(drop),
        2 if start < made.len() => made.swap(start, other.min(bytes.len() - 1)),
        _ => made.splice(other..other, bytes[start..end].to_vec()).for_each(drop),
    }
    String::from_utf8_lossy(&made).into_owned()
}

fn sources() -> Vec<String> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let folders = ["lints", "src/lint", "src/source/infer", "ui-tests", "examples/cases"];
    let mut found: Vec<PathBuf> = folders
        .iter()
        .flat_map(|folder| walkdir::WalkDir::new(root.join(folder)))
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .collect();
    found.sort();
    found.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

#[test]
fn damaged_sources_are_refused_or_checked_but_never_a_panic() {
    let sources = sources();
    let mut random = Random(7);
    let lints: Vec<&Entry> = ALL.iter().collect();
    let mut parsed = 0;
    for round in 0..400 {
        let text = &sources[random.below(sources.len())];
        let mut text = damaged(text, &mut random);
        for _ in 0..round % 3 {
            text = damaged(&text, &mut random);
        }
        let package = Arc::new(Package { name: "app".to_owned(), ..Package::default() });
        let file = SourceFile::new(PathBuf::from("src/main.rs"), text, Role::Product, package);
        let outcome = check(&Input {
            files: &[file],
            heat: None,
            facts: &Facts::none(),
            lints: &lints,
            known: &names(ALL),
            settings: &Settings::default(),
            foreign: &[],
        });
        parsed += usize::from(outcome.problems.is_empty());
    }
    // Changes within words, strings and comments leave code that is still checked.
    assert!(parsed > 20, "only {parsed} of the damaged sources were still code");
}
