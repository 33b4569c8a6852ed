//! The examples that benchstat's documentation prints.

use super::{fixtures, stat};

const CONFIG: &str = "\
goos: linux
goarch: amd64
pkg: golang.org/x/perf/cmd/benchstat/testdata
";

const OLD_NEW: &str = "
                      │   old.txt   │               new.txt               │
                      │   sec/op    │   sec/op     vs base                │
Encode/format=json-48   1.718µ ± 1%   1.423µ ± 1%  -17.20% (p=0.000 n=10)
Encode/format=gob-48    3.066µ ± 0%   3.070µ ± 2%        ~ (p=0.446 n=10)
geomean                 2.295µ        2.090µ        -8.94%
";

fn check(args: &[&str], table: &str) {
    let ran = stat(&fixtures("benchstat_doc"), args);
    // The tables begin with a line end, since a continued line would lose its indentation.
    assert_eq!(ran.stdout, format!("{CONFIG}{}", &table[1..]), "{args:?}");
    assert_eq!((ran.stderr.as_str(), ran.code), ("", Some(0)));
}

#[test]
fn two_files_are_compared() {
    check(&["old.txt", "new.txt"], OLD_NEW);
    check(
        &["-table", ".config", "-row", ".fullname", "-col", ".file", "old.txt", "new.txt"],
        OLD_NEW,
    );
}

#[test]
fn a_filter_takes_benchmarks_and_units() {
    check(
        &["-filter", "/format:json goos:linux .unit:(ns/op OR B/op)", "old.txt", "new.txt"],
        "
                      │   old.txt   │               new.txt               │
                      │   sec/op    │   sec/op     vs base                │
Encode/format=json-48   1.718µ ± 1%   1.423µ ± 1%  -17.20% (p=0.000 n=10)
",
    );
}

#[test]
fn a_part_of_the_name_makes_the_columns() {
    check(
        &["-col", "/format", "new.txt"],
        "
          │    json     │                 gob                  │
          │   sec/op    │   sec/op     vs base                 │
Encode-48   1.423µ ± 1%   3.070µ ± 2%  +115.82% (p=0.000 n=10)
",
    );
    check(
        &["-col", "/format", "-row", ".name", "new.txt"],
        "
       │    json     │                 gob                  │
       │   sec/op    │   sec/op     vs base                 │
Encode   1.423µ ± 1%   3.070µ ± 2%  +115.82% (p=0.000 n=10)
",
    );
}

#[test]
fn a_fixed_order_turns_the_comparison_round() {
    check(
        &["-col", "/format@(gob json)", "-row", ".name", "-ignore", ".file", "new.txt"],
        "
       │     gob     │                json                 │
       │   sec/op    │   sec/op     vs base                │
Encode   3.070µ ± 2%   1.423µ ± 1%  -53.66% (p=0.000 n=10)
",
    );
}

#[test]
fn rows_that_hide_a_difference_are_marked() {
    check(
        &["-row", ".name", "new.txt"],
        "
       │    new.txt     │
       │     sec/op     │
Encode   2.253µ ± 37% ¹
¹ benchmarks vary in .fullname
",
    );
}

#[test]
fn labels_name_the_columns() {
    check(
        &["O=old.txt", "N=new.txt"],
        "
                      │      O      │                  N                  │
                      │   sec/op    │   sec/op     vs base                │
Encode/format=json-48   1.718µ ± 1%   1.423µ ± 1%  -17.20% (p=0.000 n=10)
Encode/format=gob-48    3.066µ ± 0%   3.070µ ± 2%        ~ (p=0.446 n=10)
geomean                 2.295µ        2.090µ        -8.94%
",
    );
}
