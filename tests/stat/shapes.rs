//! Shapes that the reference cases do not have, and the outputs that benchstat does not know.

use std::path::Path;

use super::{fixtures, stat};

fn run(input: &str, args: &[&str]) -> String {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("f"), input).unwrap();
    let mut args = args.to_vec();
    args.push("f");
    let ran = stat(dir.path(), &args);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    // Expected texts begin with a line end, since a continued line would lose its indentation.
    format!("\n{}", ran.stdout)
}

#[test]
fn headings_that_columns_share_are_printed_once_above_them() {
    let mut input = String::new();
    for (a, b) in [("one", "x"), ("one", "y"), ("two", "y")] {
        input.push_str(&format!("BenchmarkA/first={a}/second={b} 1 100 q\n"));
    }
    assert_eq!(
        run(&input, &["-col", "/first,/second"]),
        "
  │                     one                      │              two               │
  │      x      │               y                │               y                │
  │      q      │      q       vs base           │      q       vs base           │
A   100.0 ± ∞ ¹   100.0 ± ∞ ¹  ~ (p=1.000 n=1) ²   100.0 ± ∞ ¹  ~ (p=1.000 n=1) ²
¹ need >= 6 samples for confidence interval at level 0.95
² all samples are equal
"
    );
}

#[test]
fn an_exact_unit_is_compared_by_its_most_frequent_value() {
    let input = "\
Unit size-bytes assume=exact
side: left
BenchmarkA 1 4096 size-bytes
BenchmarkB 1 7 size-bytes
BenchmarkB 1 9 size-bytes
BenchmarkB 1 9 size-bytes
side: right
BenchmarkA 1 5120 size-bytes
BenchmarkB 1 9 size-bytes
";
    assert_eq!(
        run(input, &["-col", "side"]),
        "
        │      left       │             right             │
        │   size-bytes    │  size-bytes   vs base         │
A         4.000Ki ±  0%     5.000Ki ± 0%  +25.00% (n=1)
B           9.000 ± 22% ¹     9.000 ± 0%    0.00% (n=3+1)
geomean     192.0             214.7       +11.80%
¹ exact distribution expected, but values range from 7 to 9
"
    );
}

#[test]
fn columns_without_a_base_leave_their_deltas_empty() {
    let input = "side: left\nBenchmarkA 1 10 q\nside: right\nBenchmarkB 1 20 q\n";
    assert_eq!(
        run(input, &["-col", "side"]),
        "
        │    left     │       right        │
        │      q      │      q       vs base   │
A         10.00 ± ∞ ¹
B                       20.00 ± ∞ ¹
geomean   10.00         20.00        ? ² ³
¹ need >= 6 samples for confidence interval at level 0.95
² benchmark set differs from baseline; geomeans may not be comparable
³ ratios must be >0 to compute geomean
"
    );
}

#[test]
fn one_column_for_everything_has_no_heading() {
    let input = "BenchmarkA 1 10 q\nBenchmarkA 1 20 q\n";
    assert_eq!(
        run(input, &["-col", ""]),
        "
  │      q      │
A   15.00 ± ∞ ¹
¹ need >= 6 samples for confidence interval at level 0.95
"
    );
}

#[test]
fn tables_are_told_apart_by_what_changes() {
    let input = "goos: linux\npkg: b\nBenchmarkA 1 10 q\npkg: a\nBenchmarkA 1 10 q\ngoos: plan9\nBenchmarkA 1 1 q\n";
    assert_eq!(
        run(input, &[]),
        "
goos: linux
pkg: a
  │      f      │
  │      q      │
A   10.00 ± ∞ ¹
¹ need >= 6 samples for confidence interval at level 0.95

pkg: b
  │      f      │
  │      q      │
A   10.00 ± ∞ ¹
¹ need >= 6 samples for confidence interval at level 0.95

goos: plan9
pkg: a
  │      f      │
  │      q      │
A   1.000 ± ∞ ¹
¹ need >= 6 samples for confidence interval at level 0.95
"
    );
}

#[test]
fn markdown_has_a_table_per_unit_with_footnotes_below() {
    let ran = stat(&fixtures("benchstat_doc"), &["--format", "markdown", "old.txt", "new.txt"]);
    assert_eq!(
        ran.stdout,
        "goos: linux · goarch: amd64 · pkg: golang.org/x/perf/cmd/benchstat/testdata

| sec/op | old.txt | new.txt | vs base |
| --- | ---: | ---: | ---: |
| Encode/format=json-48 | 1.718µ ± 1% | 1.423µ ± 1% | **-17.20%** (p=0.000 n=10) |
| Encode/format=gob-48 | 3.066µ ± 0% | 3.070µ ± 2% | ~ (p=0.446 n=10) |
| geomean | 2.295µ | 2.090µ | -8.94% |
"
    );
}

#[test]
fn json_holds_the_numbers() {
    let ran = stat(&fixtures("benchstat_doc"), &["--format", "json", "old.txt", "new.txt"]);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(json["schema"], 1);
    let table = &json["tables"][0];
    assert_eq!(table["key"]["goos"], "linux");
    assert_eq!((&table["unit"], &table["better"]), (&"sec/op".into(), &"lower".into()));
    assert_eq!(table["columns"][1][".file"], "new.txt");
    let cell = &table["rows"][0]["cells"][1];
    assert_eq!(table["rows"][0]["name"], "Encode/format=json-48");
    assert!((cell["center"].as_f64().unwrap() - 1.4225e-6).abs() < 1e-15);
    assert_eq!(cell["n"], 10);
    let change = &cell["vs_base"];
    assert_eq!(change["significant"], true);
    assert!((change["ratio"].as_f64().unwrap() - 0.828).abs() < 1e-3);
    assert!(change["p"].as_f64().unwrap() < 0.001);
    assert_eq!(table["rows"][1]["cells"][1]["vs_base"]["significant"], false);
    assert!((table["geomean"][1]["ratio"].as_f64().unwrap() - 0.9106).abs() < 1e-4);
    // The common flag for machine-readable output means the same.
    let other =
        stat(&fixtures("benchstat_doc"), &["--message-format", "json", "old.txt", "new.txt"]);
    assert_eq!(other.stdout, ran.stdout);
    assert_eq!(Path::new(&ran.stderr), Path::new(""));
}
