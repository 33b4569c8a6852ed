//! Benches of each harness: both sides are matched by name, run in pairs, and counted. What is
//! asked here does not depend on how long anything takes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::repository::{commit, init, text, write};

const MANIFEST: &str = r#"[package]
name = "harnesses"
version = "0.1.0"
edition = "2021"

[dev-dependencies]
criterion = { version = "0.8", default-features = false, features = ["cargo_bench_support"] }
divan = "0.1"

[[bench]]
name = "by_bencher"
harness = false

[[bench]]
name = "by_criterion"
harness = false

[[bench]]
name = "by-divan"
harness = false

[[bench]]
name = "by_libtest"

# The harnesses build in half the time.
[profile.bench]
opt-level = 1

[profile.bench.package."*"]
opt-level = 0

[workspace]
"#;

const LIB: &str = "
use std::hint::black_box;

/// As many allocations of 10 bytes.
pub fn allocate(count: usize) {
    for _ in 0..black_box(count) {
        black_box(Vec::<u8>::with_capacity(black_box(10)));
    }
}

/// Allocates more often in the second revision.
pub fn more() {
    allocate(3)
}

pub fn same() {
    allocate(2)
}
";

const CRITERION: &str = "
fn benches(c: &mut criterion::Criterion) {
    c.bench_function(\"group/more (x+y)\", |b| b.iter(harnesses::more));
    c.bench_function(\"same\", |b| b.iter(harnesses::same));
    c.bench_function(\"old\", |b| b.iter(harnesses::same));
}
criterion::criterion_group!(all, benches);
criterion::criterion_main!(all);
";

const DIVAN: &str = "
fn main() { divan::main() }
mod group {
    #[divan::bench]
    fn more() { harnesses::more() }
}
#[divan::bench(threads = [1, 2])]
fn same() { harnesses::same() }
#[divan::bench]
fn old() { harnesses::same() }
";

const LIBTEST: &str = "#![feature(test)]
extern crate test;
mod group {
    #[bench]
    fn more(b: &mut test::Bencher) { b.iter(harnesses::more) }
}
#[bench]
fn same(b: &mut test::Bencher) { b.iter(harnesses::same) }
#[bench]
fn old(b: &mut test::Bencher) { b.iter(harnesses::same) }
";

const BENCHER: &str = "
use bencher::Bencher;
mod group {
    pub fn more(b: &mut bencher::Bencher) { b.iter(harnesses::more) }
}
fn same(b: &mut Bencher) { b.iter(harnesses::same) }
fn old(b: &mut Bencher) { b.iter(harnesses::same) }
bencher::benchmark_group!(all, group::more, same, old);
bencher::benchmark_main!(all);
";

/// Kept between test runs, since the harnesses take long to build; all but what was built is made
/// anew.
fn repository() -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compare-harnesses");
    for part in [".git", "src", "benches", "target/perf/compare/paired"] {
        let _ = fs::remove_dir_all(dir.join(part));
    }
    for part in ["src", "benches"] {
        fs::create_dir_all(dir.join(part)).unwrap();
    }
    let bencher = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/harnesses/bencher");
    let bencher = format!("[dev-dependencies]\nbencher = {{ path = {bencher:?} }}");
    write(&dir, "Cargo.toml", &MANIFEST.replace("[dev-dependencies]", &bencher));
    write(&dir, ".gitignore", "target\n");
    write(&dir, "src/lib.rs", LIB);
    write(&dir, "benches/by_bencher.rs", BENCHER);
    write(&dir, "benches/by_criterion.rs", CRITERION);
    write(&dir, "benches/by-divan.rs", DIVAN);
    write(&dir, "benches/by_libtest.rs", LIBTEST);
    init(&dir);
    dir
}

/// As a sorted list, `target/bench`.
fn names(value: &Value) -> Vec<String> {
    let word = |value: &Value, key: &str| value[key].as_str().unwrap().to_owned();
    let names = value.as_array().unwrap().iter();
    let mut names: Vec<String> =
        names.map(|name| format!("{}/{}", word(name, "target"), word(name, "bench"))).collect();
    names.sort();
    names
}

#[test]
fn benches_of_each_harness_are_matched_run_in_pairs_and_counted() {
    let dir = repository();
    write(&dir, "src/lib.rs", &LIB.replace("allocate(3)", "allocate(4)"));
    for bench in ["by_bencher", "by_criterion", "by-divan", "by_libtest"] {
        let path = format!("benches/{bench}.rs");
        let source = fs::read_to_string(dir.join(&path)).unwrap();
        write(
            &dir,
            &path,
            &source
                .replace("\"old\"", "\"new\"")
                .replace("fn old", "fn new")
                .replace(", old", ", new"),
        );
    }
    commit(&dir);
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-perf"))
        .args(["compare", "HEAD~", "HEAD", "--pairs", "2", "--time-advisory"])
        .args(["--message-format", "json"])
        .current_dir(&dir)
        .env_remove("CARGO_TARGET_DIR")
        // Lets a stable compiler build the benches of libtest, which is the same in a nightly one.
        .env("RUSTC_BOOTSTRAP", "1")
        .output()
        .unwrap();
    let stderr = text(&output.stderr);
    // Times gate nothing here, and two pairs tell nothing about them: the counts gate.
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    let of_each = |bench: &str| {
        ["by-divan", "by_bencher", "by_criterion", "by_libtest"].map(|it| format!("{it}/{bench}"))
    };
    assert_eq!(names(&json["added"]), of_each("new"));
    assert_eq!(names(&json["removed"]), of_each("old"));

    let mut more = of_each("group::more");
    more[2] = "by_criterion/group/more (x+y)".to_owned();
    let same = of_each("same");
    let comparisons = json["comparisons"].as_array().unwrap();
    let compared: Vec<Value> = comparisons.iter().map(|c| c["name"].clone()).collect();
    let mut expected = [more.clone(), same].concat();
    expected.sort();
    assert_eq!(names(&Value::Array(compared)), expected);

    for comparison in comparisons {
        assert_eq!(comparison["time"]["pairs"], 2, "{comparison}");
        assert_eq!(comparison["time"]["verdict"], "too noisy", "{comparison}");
        for side in ["before", "after"] {
            let seconds = comparison["time"][side].as_array().unwrap();
            assert!(seconds.iter().all(|s| s.as_f64().unwrap() > 0.0), "{comparison}");
        }
        // How often libtest and its port ran a bench is worked out from their clock reads, which goes
        // wrong now and then: it is measured here, and its counts are not asked for.
        if ["by_bencher", "by_libtest"].iter().any(|it| comparison["name"]["target"] == *it) {
            continue;
        }
        let counted = comparison["exact"].as_array().unwrap().iter();
        let Some(allocations) = counted.clone().find(|change| change["unit"] == "allocs/op") else {
            panic!("nothing was counted: {comparison}\n{stderr}");
        };
        let is_more = comparison["name"]["bench"].as_str().unwrap().contains("more");
        assert_eq!(allocations["verdict"], if is_more { "more" } else { "same" }, "{comparison}");
        let rounded = |side: &str| allocations[side].as_f64().unwrap().round();
        let expected = if is_more { (3.0, 4.0) } else { (2.0, 2.0) };
        assert_eq!((rounded("before"), rounded("after")), expected, "{comparison}");
    }
    for name in [&more[0], &more[2]] {
        let regressions = json["regressions"].as_array().unwrap();
        assert!(regressions.contains(&Value::from(name.as_str())), "{name} in {regressions:?}");
    }
}
