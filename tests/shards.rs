//! A suite over several machines: each compares and records its share, and what they left is put
//! together.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// A repository with one package and benches that are a `main` of their own.
fn repository(benches: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let spin = "pub fn spin(rounds: u64) {
        std::hint::black_box((0..rounds).fold(1_u64, |x, i| std::hint::black_box(x ^ i)));
    }";
    fs::create_dir(dir.path().join("src")).unwrap();
    fs::write(dir.path().join("src/lib.rs"), spin).unwrap();
    fs::write(dir.path().join(".gitignore"), "target\nleft*\n").unwrap();
    set_benches(dir.path(), benches);
    git(dir.path(), &["init", "-q"]);
    commit(dir.path());
    dir
}

fn set_benches(dir: &Path, benches: &[(&str, &str)]) {
    let mut manifest =
        "[package]\nname = \"work\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[workspace]\n"
            .to_owned();
    let _ = fs::remove_dir_all(dir.join("benches"));
    fs::create_dir(dir.join("benches")).unwrap();
    for (name, body) in benches {
        manifest.push_str(&format!("\n[[bench]]\nname = \"{name}\"\nharness = false\n"));
        let main = format!("fn main() {{ {body} }}\n");
        fs::write(dir.join(format!("benches/{name}.rs")), main).unwrap();
    }
    fs::write(dir.join("Cargo.toml"), manifest).unwrap();
}

fn git(dir: &Path, args: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(dir).args(["-c", "user.name=a", "-c", "user.email=a@b"]).args(args);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

fn commit(dir: &Path) {
    git(dir, &["add", "-A"]);
    git(dir, &["commit", "-q", "-m", "x"]);
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn perf(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cargo-perf"))
        .args(args)
        .current_dir(dir)
        .env_remove("CARGO_TARGET_DIR")
        .output()
        .unwrap()
}

/// The names in a list of benches or of comparisons.
fn names(list: &Value) -> Vec<String> {
    let name = |one: &Value| {
        let target = if one["name"].is_null() { &one["target"] } else { &one["name"]["target"] };
        target.as_str().unwrap().to_owned()
    };
    list.as_array().unwrap().iter().map(name).collect()
}

#[test]
fn shares_are_compared_apart_and_judged_together() {
    let quick = [("a", "work::spin(1)"), ("b", "work::spin(1)"), ("c", "work::spin(1)")];
    let dir = repository(&[&quick[..], &[("old", "work::spin(1)")]].concat());
    set_benches(dir.path(), &[&quick[..], &[("new", "work::spin(1)")]].concat());
    commit(dir.path());
    let mut seen: Vec<Vec<String>> = vec![Vec::new(); 3];
    for shard in 1..=3 {
        let share = format!("{shard}/3");
        let args = [
            "compare",
            "HEAD~1",
            "HEAD",
            "--shard",
            &share,
            "--budget",
            "1s",
            "--message-format",
            "json",
        ];
        let output = perf(dir.path(), &args);
        assert!(output.status.code().is_some_and(|code| code < 2), "{}", text(&output.stderr));
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        seen[0].extend(names(&json["comparisons"]));
        seen[1].extend(names(&json["added"]));
        seen[2].extend(names(&json["removed"]));
        let left = dir.path().join(format!("left/{shard}"));
        fs::create_dir_all(&left).unwrap();
        let file = "target/perf/compare.json";
        fs::rename(dir.path().join(file), left.join("compare.json")).unwrap();
    }
    seen[0].sort();
    assert_eq!(seen, [vec!["a", "b", "c"], vec!["new"], vec!["old"]]);

    let merge = ["merge", "left/1", "left/2", "left/3/compare.json", "--message-format", "json"];
    let output = perf(dir.path(), &merge);
    assert!(output.status.code().is_some_and(|code| code < 2), "{}", text(&output.stderr));
    let merged: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(names(&merged["comparisons"]), ["a", "b", "c"]);
    assert_eq!(
        (names(&merged["added"]), names(&merged["removed"])),
        (vec!["new".to_owned()], vec!["old".to_owned()])
    );
    assert!(merged["canary"].is_object(), "each shard compared a copy with itself");
    let kept = fs::read_to_string(dir.path().join("target/perf/compare.json")).unwrap();
    assert_eq!(kept.as_bytes(), output.stdout);

    // What a share alone may claim, it may not among as many as there are.
    for (wrong, word) in [
        (&["merge", "left/1", "left/1"][..], "another shard"),
        (&["merge", "left"], "no shard left anything"),
        (&["merge", "left/absent"], "absent"),
        (&["compare", "--shard", "4/3"], "2/4"),
    ] {
        let output = perf(dir.path(), wrong);
        assert_eq!(output.status.code(), Some(2), "{wrong:?}: {}", text(&output.stderr));
        assert!(text(&output.stderr).contains(word), "{wrong:?}: {}", text(&output.stderr));
    }
}

#[test]
fn claims_are_judged_anew_among_all_benches() {
    let dir = tempfile::tempdir().unwrap();
    // Each share claims one bench slower at a level that does not stand among forty.
    for shard in 0..40 {
        let p = if shard == 0 { 0.004 } else { 0.9 };
        let (verdict, ratio) = if shard == 0 { ("slower", 1.1) } else { ("no change", 1.0) };
        let json = serde_json::json!({"schema": 1, "base": "b", "head": "h", "ended": "done",
            "machine": format!("m{}", shard % 2),
            "comparisons": [{"name": {"package": "p", "target": "t", "bench": format!("b{shard}")},
                "exact": [], "notes": [],
                "time": {"verdict": verdict, "ratio": ratio, "low": ratio, "high": ratio, "p": p,
                    "p_holm": p, "pairs": 8, "more_pairs": null, "before": [1.0], "after": [1.0]}}],
            "regressions": if shard == 0 { vec!["t/b0"] } else { vec![] }});
        fs::write(dir.path().join(format!("{shard}.json")), json.to_string()).unwrap();
    }
    let files: Vec<String> = (0..40).map(|shard| format!("{shard}.json")).collect();
    let args: Vec<&str> = ["merge", "--out-dir", "out", "--message-format", "json"]
        .into_iter()
        .chain(files.iter().map(String::as_str))
        .collect();
    let output = perf(dir.path(), &args);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let merged: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(merged["comparisons"][0]["time"]["verdict"], "too noisy");
    assert_eq!(
        (&merged["machine"], &merged["regressions"]),
        (&"m0; m1".into(), &Value::Array(vec![]))
    );
    let other = fs::read_to_string(dir.path().join("1.json")).unwrap().replace("\"h\"", "\"x\"");
    fs::write(dir.path().join("1.json"), other).unwrap();
    let output = perf(dir.path(), &args);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("different revisions"), "{}", text(&output.stderr));
}

#[test]
fn recorded_shares_become_one_profile() {
    let dir = repository(&[("a", "work::spin(9_000_000)"), ("b", "work::spin(9_000_000)")]);
    let mut folders = vec!["merge".to_owned()];
    for share in ["1/2", "2/2"] {
        let output = perf(dir.path(), &["record", "--shard", share, "--time", "100ms"]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let folder = format!("left{}", &share[..1]);
        fs::create_dir(dir.path().join(&folder)).unwrap();
        for file in ["profile.pb.gz", "bench.txt"] {
            let from = dir.path().join("target/perf").join(file);
            fs::rename(from, dir.path().join(&folder).join(file)).unwrap();
        }
        folders.push(folder);
    }
    let args: Vec<&str> = folders.iter().map(String::as_str).collect();
    let output = perf(dir.path(), &args);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let lines = fs::read_to_string(dir.path().join("target/perf/bench.txt")).unwrap();
    let benches: Vec<&str> = lines.lines().filter(|line| line.starts_with("Benchmark")).collect();
    assert_eq!(benches.len(), 2, "{lines}");
    let output = perf(dir.path(), &["tags"]);
    let tags = text(&output.stdout);
    assert!(tags.contains(" a\n") && tags.contains(" b\n"), "{tags}");
}
