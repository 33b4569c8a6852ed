//! Inputs that are wrong, missing or odd.

use super::{fixtures, stat, stat_with_input};

const GOOD: &[u8] = b"BenchmarkA 1 100 ns/op\n";

fn from_stdin(input: &[u8]) -> super::Ran {
    stat_with_input(&std::env::temp_dir(), &["-"], input)
}

#[test]
fn an_input_that_cannot_be_opened_ends_in_2_after_the_others_were_printed() {
    let dir = fixtures("benchstat_doc");
    let ran = stat(&dir, &["old.txt", "missing.txt"]);
    assert!(ran.stdout.contains("Encode/format=json-48   1.718µ ± 1%"), "{}", ran.stdout);
    assert!(ran.stderr.contains("could not open missing.txt"), "{}", ran.stderr);
    assert_eq!(ran.code, Some(2));
    let directory = stat(&dir, &["old.txt", ".."]);
    assert_eq!(directory.code, Some(2));
    assert!(directory.stdout.contains("Encode"));
}

#[test]
fn lines_that_cannot_be_read_are_passed_over_and_end_in_2() {
    let mut long = GOOD.to_vec();
    long.extend(b"BenchmarkB");
    long.extend(std::iter::repeat_n(b'x', 1 << 16));
    long.extend(b" 1 1 ns/op\nBenchmarkC 1 100 ns/op\n");
    let ran = from_stdin(&long);
    assert!(ran.stdout.contains("\nA  ") && ran.stdout.contains("\nC  "), "{}", ran.stdout);
    assert!(ran.stderr.contains("-:2: line of more than 64 KiB"), "{}", ran.stderr);
    assert_eq!(ran.code, Some(2));

    let ran =
        from_stdin(b"BenchmarkA 1 100 ns/op\nBenchmark\xff 1 1 ns/op\nBenchmarkC 1 1 ns/op\n");
    assert!(ran.stdout.contains("\nA  ") && ran.stdout.contains("\nC  "), "{}", ran.stdout);
    assert!(ran.stderr.contains("-:2: not UTF-8"), "{}", ran.stderr);
    assert_eq!(ran.code, Some(2));
}

#[test]
fn broken_lines_are_named_and_the_rest_counts() {
    let ran = from_stdin(b"BenchmarkA x\nBenchmarkA 1 100 ns/op\nBenchmarkA 1 100\n");
    assert_eq!(ran.stderr, "-:1: parsing iteration count: invalid syntax\n-:3: missing units\n");
    assert!(ran.stdout.contains("\nA   100.0n ± ∞ ¹\n"), "{}", ran.stdout);
    assert_eq!(ran.code, Some(0));
}

#[test]
fn an_input_without_results_ends_in_2_and_is_named() {
    for input in [&b""[..], b"\n\n", b"PASS\nok\tx\t1s\n", b"BenchmarkA 1 x ns/op\n"] {
        let ran = from_stdin(input);
        assert!(ran.stderr.contains("-: no benchmark results"), "{}", ran.stderr);
        assert_eq!((ran.stdout.as_str(), ran.code), ("", Some(2)));
    }
}

#[test]
fn an_input_of_broken_results_alone_ends_in_2_beside_a_good_one() {
    let (dir, broken) = (fixtures("benchstat_doc"), b"goos: linux\nBenchmarkA 1 x ns/op\n");
    let ran = stat_with_input(&dir, &["old.txt", "-"], broken);
    assert!(ran.stdout.contains("Encode"), "{}", ran.stdout);
    assert!(ran.stderr.contains("-: no benchmark results"), "{}", ran.stderr);
    assert_eq!(ran.code, Some(2));
}

#[test]
fn what_criterion_and_libtest_print_is_read_like_results() {
    let criterion = "Benchmarking fib 20: Analyzing\n\
                     fib 20                  time:   [26.029 \u{b5}s 26.251 \u{b5}s 26.505 \u{b5}s]\n\
                     Found 3 outliers among 100 measurements (3.00%)\n";
    let libtest = "running 1 test\n\
                   test a::b ... bench:       1,234.56 ns/iter (+/- 7.89) = 5 MB/s\n";
    let ran = from_stdin(criterion.as_bytes());
    assert!(
        ran.stdout.contains("\nfib_20   26.25\u{b5} \u{b1} \u{221e} \u{b9}\n"),
        "{}",
        ran.stdout
    );
    assert_eq!(ran.code, Some(0));
    let ran = from_stdin(libtest.as_bytes());
    assert!(ran.stdout.contains("\na::b   1.235\u{b5} "), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("B/s") && ran.stdout.contains("\na::b   4.768Mi "),
        "{}",
        ran.stdout
    );
    // Among results of Go's format such lines are noise, as any other.
    let mixed = [GOOD, libtest.as_bytes()].concat();
    let ran = from_stdin(&mixed);
    assert!(ran.stdout.contains("\nA   100.0n ") && !ran.stdout.contains("a::b"), "{}", ran.stdout);
}

#[test]
fn the_directory_that_criterion_leaves_is_read_sample_by_sample() {
    let dir = tempfile::tempdir().unwrap();
    for (side, nanos) in [("old", 100), ("new", 200)] {
        let place = dir.path().join(side).join("a/new");
        std::fs::create_dir_all(&place).unwrap();
        std::fs::write(place.join("benchmark.json"), r#"{"full_id": "a/b c"}"#).unwrap();
        let times: Vec<String> = (1..=10).map(|n| (n * nanos).to_string()).collect();
        let sample = format!(
            r#"{{"iters": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0], "times": [{}]}}"#,
            times.join(", ")
        );
        std::fs::write(place.join("sample.json"), sample).unwrap();
    }
    let ran = stat(dir.path(), &["old", "new"]);
    assert!(
        ran.stdout.contains("a/b_c   100.0n \u{b1} 0%   200.0n \u{b1} 0%  +100.00% (p=0.000 n=10)"),
        "{}",
        ran.stdout
    );
    assert_eq!(ran.code, Some(0));
}

#[test]
fn what_is_no_number_and_what_is_infinite_is_shown_and_not_compared() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, values: [&str; 6]| {
        let lines: Vec<String> =
            values.iter().map(|value| format!("BenchmarkA 1 {value} x/op\n")).collect();
        std::fs::write(dir.path().join(name), lines.concat()).unwrap();
    };
    write("a", ["NaN", "1", "2", "NaN", "3", "4"]);
    write("b", ["1", "2", "3", "4", "5", "+Inf"]);
    let ran = stat(dir.path(), &["a", "b"]);
    assert!(ran.stdout.contains("~ (p=1.000 n=6)"), "{}", ran.stdout);
    assert!(ran.stdout.contains("not numbers"), "{}", ran.stdout);
    assert_eq!(ran.code, Some(0));
}

#[test]
fn wrong_flags_end_in_2_and_show_the_place() {
    let dir = fixtures("benchstat_doc");
    for (args, words) in [
        (
            &["-filter", "a:b c", "old.txt"][..],
            "parsing --filter: syntax error: expected key:value\n\ta:b c\n\t    ^",
        ),
        (&["-row", "a@size", "old.txt"], "parsing --row: syntax error: unknown order \"size\""),
        (&["-alpha", "1.5", "old.txt"], "[0, 1]"),
        (&["-confidence", "x", "old.txt"], "not a number"),
        (&["-format", "html", "old.txt"], "html"),
        (&["-unknown", "x", "old.txt"], "-u"),
        (&[], "required"),
    ] {
        let ran = stat(&dir, args);
        assert!(ran.stderr.contains(words), "{args:?}: {}", ran.stderr);
        assert_eq!((ran.stdout.as_str(), ran.code), ("", Some(2)), "{args:?}");
    }
}

#[test]
fn the_same_file_given_twice_makes_two_columns() {
    let ran = stat(&fixtures("benchstat_doc"), &["-row", ".name", "new.txt", "new.txt", "new.txt"]);
    assert!(ran.stdout.contains("new.txt#0"), "{}", ran.stdout);
    assert!(ran.stdout.contains("new.txt#2"), "{}", ran.stdout);
    assert!(ran.stdout.contains("~ (p=1.000 n=20)"), "{}", ran.stdout);
}

#[test]
fn control_characters_of_names_do_not_reach_the_terminal() {
    let ran = from_stdin(b"note: \x1b[2J\nBenchmark\x1b[31m 1 1 x\n");
    assert!(!ran.stdout.contains('\x1b'), "{:?}", ran.stdout);
}
