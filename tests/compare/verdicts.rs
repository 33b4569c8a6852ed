//! Benches with a `main` of their own, whose work is three times as much, the same, or gone.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::repository::{commit, compare, compare_as, git, init, text, write};

/// A repository with one package and these benches, committed.
fn repository(benches: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("benches")).unwrap();
    fs::create_dir_all(dir.path().join("src")).unwrap();
    write(
        dir.path(),
        "src/lib.rs",
        "pub fn spin(rounds: u64) {
            std::hint::black_box((0..rounds).fold(1_u64, |x, i| {
                std::hint::black_box(x.wrapping_mul(31).wrapping_add(i))
            }));
        }",
    );
    write(dir.path(), ".gitignore", "target\n");
    set_benches(dir.path(), benches);
    init(dir.path());
    dir
}

fn set_benches(dir: &Path, benches: &[(&str, &str)]) {
    let mut manifest =
        "[package]\nname = \"work\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[workspace]\n"
            .to_owned();
    let _ = fs::remove_dir_all(dir.join("benches"));
    fs::create_dir_all(dir.join("benches")).unwrap();
    for (name, body) in benches {
        manifest.push_str(&format!("\n[[bench]]\nname = \"{name}\"\nharness = false\n"));
        write(dir, &format!("benches/{name}.rs"), &format!("fn main() {{ {body} }}\n"));
    }
    write(dir, "Cargo.toml", &manifest);
}

#[test]
fn three_times_the_work_is_slower_and_the_users_files_stay_as_they_are() {
    let dir = repository(&[("spin", "work::spin(3_000_000)"), ("old", "work::spin(1000)")]);
    set_benches(dir.path(), &[("spin", "work::spin(9_000_000)"), ("new", "work::spin(1000)")]);
    let before = git(dir.path(), &["status", "--porcelain"]);
    let output = compare(dir.path(), &["--message-format", "json"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let spin = &json["comparisons"][0];
    assert_eq!(spin["name"]["target"], "spin");
    assert_eq!(spin["time"]["verdict"], "slower");
    assert!(spin["time"]["ratio"].as_f64().unwrap() > 1.5, "{spin}");
    assert_eq!(json["regressions"], serde_json::json!(["spin"]));
    assert_eq!(json["added"][0]["target"], "new");
    assert_eq!(json["removed"][0]["target"], "old");
    assert_eq!((&json["base"], &json["head"]), (&"HEAD".into(), &"working tree".into()));
    assert_eq!(git(dir.path(), &["status", "--porcelain"]), before);
    // What was measured is there as benchmark results, too.
    for side in ["base", "head"] {
        let path = dir.path().join(format!("target/perf/compare-{side}.txt"));
        let kept = fs::read_to_string(path).unwrap();
        assert!(kept.lines().filter(|line| line.ends_with(" sec/op")).count() >= 8, "{kept}");
    }
}

#[test]
fn under_another_name_the_program_varies_the_order_of_functions_too() {
    let dir = repository(&[("spin", "work::spin(1000)")]);
    let program = dir.path().join("target/perf-under-another-name");
    fs::create_dir_all(dir.path().join("target")).unwrap();
    fs::copy(env!("CARGO_BIN_EXE_cargo-perf"), &program).unwrap();
    let output = compare_as(&program, dir.path(), &["--budget", "1s"]);
    // One code may, rarely, be called slower than itself.
    assert!(output.status.code().is_some_and(|code| code < 2), "{}", text(&output.stderr));
    let kept = dir.path().join("target/perf/compare/kept/base");
    let links: Vec<_> = walkdir::WalkDir::new(&kept)
        .into_iter()
        .filter(|entry| entry.as_ref().is_ok_and(|entry| entry.file_name() == "link.json"))
        .collect();
    assert_eq!(links.len(), usize::from(cfg!(target_os = "linux")));
}

#[test]
fn a_side_that_does_not_build_or_run_ends_in_3_and_is_named() {
    let dir = repository(&[("a", "work::missing()"), ("b", "work::spin(1000)")]);
    set_benches(dir.path(), &[("a", "work::spin(1000)"), ("b", "work::spin(1000)")]);
    let output = compare(dir.path(), &["--budget", "1s"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(text(&output.stderr).contains("error: HEAD: bench target `a` does not build"));
    assert!(text(&output.stderr).contains("missing"), "cargo's own words are shown");
    let shown = text(&output.stdout);
    let row = |bench: &str| shown.lines().any(|line| line.split(' ').next() == Some(bench));
    assert!(row("b"), "the other one is compared: {shown}");
    assert!(!row("a"), "what does not build is not new: {shown}");

    commit(dir.path());
    set_benches(dir.path(), &[("a", "panic!(\"out of luck\")"), ("b", "work::spin(1000)")]);
    let output = compare(dir.path(), &["--budget", "1s"]);
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    let stderr = text(&output.stderr);
    assert!(stderr.contains("a (after) failed"), "{stderr}");
    assert!(stderr.contains("out of luck"), "{stderr}");
    assert!(text(&output.stdout).contains("\nb "), "the other bench was compared");
}

#[test]
fn revisions_and_filters_that_mean_nothing_end_in_2() {
    let dir = repository(&[("a", "work::spin(1000)")]);
    let output = compare(dir.path(), &["no-such-branch"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("no commit is called `no-such-branch`"));
    let output = compare(dir.path(), &["HEAD", "HEAD", "no-such-bench"]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    fs::remove_dir_all(dir.path().join(".git")).unwrap();
    let output = compare(dir.path(), &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("git repository"), "{}", text(&output.stderr));
}
