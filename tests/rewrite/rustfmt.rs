//! Clean files stay clean, others are left as they are.

use std::fs;

use cargo_perf::rewrite::Rustfmt;

use super::change;

const CLEAN: &str = "fn f() {\n    g(1);\n}\n";
const UNTIDY: &str = "fn f() {\n  g( 1 );\n}\n";

#[test]
fn a_clean_file_is_formatted_and_an_untidy_one_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let rustfmt = Rustfmt::new(dir.path());
    let mut clean = change("lib.rs", CLEAN, "fn f() {\n    g( 1,2 );\n}\n");
    rustfmt.keep_clean(&mut clean, "2024");
    assert_eq!(clean.after, "fn f() {\n    g(1, 2);\n}\n");
    let mut untidy = change("lib.rs", UNTIDY, "fn f() {\n  g( 1,2 );\n}\n");
    rustfmt.keep_clean(&mut untidy, "2024");
    assert_eq!(untidy.after, "fn f() {\n  g( 1,2 );\n}\n");
}

#[test]
fn the_configuration_beside_the_file_counts() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("src")).unwrap();
    fs::write(dir.path().join("rustfmt.toml"), "tab_spaces = 2\n").unwrap();
    let rustfmt = Rustfmt::new(dir.path());
    let mut two = change("src/lib.rs", "fn f() {\n  g(1);\n}\n", "fn f() {\n    g(2);\n}\n");
    rustfmt.keep_clean(&mut two, "2021");
    assert_eq!(two.after, "fn f() {\n  g(2);\n}\n");
}
