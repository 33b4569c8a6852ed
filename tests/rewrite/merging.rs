//! Which suggestions go together.

use cargo_perf::rewrite::Refusal;

use super::{merged, of, suggestion};

const LOOP: &str = "fn f(xs: &[u32]) {\n    for x in xs {\n        g(*x);\n    }\n}\n";

#[test]
fn edits_of_several_suggestions_land_in_one_text() {
    let patch = merged(
        LOOP,
        &[
            suggestion("lib.rs", &[(of(LOOP, "g(*x)"), "g(1)"), (of(LOOP, "xs {"), "ys {")]),
            suggestion("lib.rs", &[(of(LOOP, "xs: "), "ys: ")]),
        ],
    );
    assert_eq!(patch.applied, [0, 1]);
    assert_eq!(
        patch.changes[0].after,
        "fn f(ys: &[u32]) {\n    for x in ys {\n        g(1);\n    }\n}\n"
    );
}

#[test]
fn of_two_that_overlap_the_first_is_taken_and_the_second_refused_whole() {
    let patch = merged(
        LOOP,
        &[
            suggestion("lib.rs", &[(of(LOOP, "g(*x)"), "h(*x)")]),
            suggestion("lib.rs", &[(of(LOOP, "xs: "), "ys: "), (of(LOOP, "*x"), "2")]),
        ],
    );
    assert_eq!(patch.applied, [0]);
    assert_eq!(patch.refused, [(1, Refusal::Overlaps("lib.rs".into()))]);
    assert_eq!(patch.changes[0].after, LOOP.replace("g(*x)", "h(*x)"));
}

#[test]
fn the_same_import_twice_is_one_and_the_same_bracket_twice_is_two() {
    let import = (0..0, "use std::fmt::Write as _;\n");
    let a = suggestion("lib.rs", &[import.clone(), (of(LOOP, "g("), "h(")]);
    let b = suggestion("lib.rs", &[import, (of(LOOP, "xs {"), "ys {")]);
    let patch = merged(LOOP, &[a, b]);
    assert_eq!(patch.applied, [0, 1]);
    assert_eq!(patch.changes[0].after.matches("use ").count(), 1);

    let at = of(LOOP, "*x");
    let wrap = |name| suggestion("lib.rs", &[(at.start..at.start, name), (at.end..at.end, ")")]);
    let patch = merged(LOOP, &[wrap("a("), wrap("b(")]);
    assert_eq!(patch.applied, [0]);
    assert_eq!(patch.refused.len(), 1);
}

#[test]
fn statements_put_at_one_place_keep_their_order() {
    let at = of(LOOP, "for").start;
    let hoist = |text| suggestion("lib.rs", &[(at..at, text)]);
    let patch = merged(LOOP, &[hoist("let a = 1;\n    "), hoist("let b = 2;\n    ")]);
    assert_eq!(patch.applied, [0, 1]);
    assert!(patch.changes[0].after.contains("    let a = 1;\n    let b = 2;\n    for x"));
}

#[test]
fn what_would_not_parse_is_refused_and_the_rest_taken() {
    let patch = merged(
        LOOP,
        &[
            suggestion("lib.rs", &[(of(LOOP, "g(*x)"), "g(*x")]),
            suggestion("lib.rs", &[(of(LOOP, "g(*x)"), "g(2)")]),
        ],
    );
    assert!(matches!(&patch.refused[..], [(0, Refusal::Breaks(..))]));
    assert_eq!(patch.changes[0].after, LOOP.replace("*x", "2"));
}

#[test]
fn a_comment_is_never_lost() {
    let text = "fn f() -> u32 {\n    let x = /* why */ 1; // and \"how\"\n    x\n}\n";
    let lost = suggestion("lib.rs", &[(of(text, "let x = /* why */ 1"), "let x = 2")]);
    let patch = merged(text, &[lost]);
    assert_eq!(patch.refused, [(0, Refusal::LosesComment("lib.rs".into(), "/* why */".into()))]);
    let kept = suggestion("lib.rs", &[(of(text, "let x = /* why */ 1"), "let x = /* why */ 2")]);
    assert_eq!(merged(text, &[kept]).applied, [0]);
    let text = "fn f() -> &'static str {\n    \"// no comment\"\n}\n";
    let string = suggestion("lib.rs", &[(of(text, "\"// no comment\""), "\"\"")]);
    assert_eq!(merged(text, &[string]).applied, [0]);
}

#[test]
fn a_macro_definition_is_left_alone_and_a_macro_call_is_not() {
    let text = "macro_rules! m {\n    ($x:expr) => { g($x) };\n}\nfn f() {\n    m!(h(1));\n}\n";
    let inside = suggestion("lib.rs", &[(of(text, "g($x)"), "h($x)")]);
    let call = suggestion("lib.rs", &[(of(text, "h(1)"), "h(2)")]);
    let patch = merged(text, &[inside, call]);
    assert_eq!(patch.refused, [(0, Refusal::MacroDefinition("lib.rs".into()))]);
    assert_eq!(patch.changes[0].after, text.replace("h(1)", "h(2)"));
}

#[test]
fn only_files_of_the_workspace_that_are_rust_are_touched() {
    for file in ["../lib.rs", "/etc/passwd", "a/../../lib.rs", "", "missing.rs"] {
        let patch = merged("", &[suggestion(file, &[(0..0, "fn f() {}")])]);
        assert!(patch.applied.is_empty(), "{file}");
        assert!(patch.changes.is_empty(), "{file}");
    }
    let patch = merged("fn f( {}", &[suggestion("lib.rs", &[(0..0, "fn g() {}")])]);
    assert!(matches!(&patch.refused[..], [(0, Refusal::NotRust(..))]));
    let patch = merged("fn f() {}", &[suggestion("lib.rs", &[])]);
    assert_eq!(patch.refused, [(0, Refusal::NothingToDo)]);
}

#[test]
fn a_place_that_is_not_there_any_more_is_out_of_date() {
    let text = "fn f() { g(\"ä\") }";
    let middle = of(text, "ä").start + 1;
    #[allow(clippy::reversed_empty_ranges)]
    for range in [1000..1001, 5..4, middle..middle, 0..text.len() + 1] {
        let patch = merged(text, &[suggestion("lib.rs", &[(range.clone(), "x")])]);
        assert_eq!(patch.refused, [(0, Refusal::OutOfDate("lib.rs".into()))], "{range:?}");
    }
}

#[test]
fn line_ends_byte_order_mark_and_shebang_are_kept() {
    let text = "\u{feff}#!/bin/run\r\nfn f() {\r\n    g(); // ä\r\n}\r\n";
    let patch = merged(text, &[suggestion("lib.rs", &[(of(text, "g();"), "h();\n    i();")])]);
    assert_eq!(
        patch.changes[0].after,
        "\u{feff}#!/bin/run\r\nfn f() {\r\n    h();\r\n    i(); // ä\r\n}\r\n"
    );
}

#[test]
fn a_rewrite_that_is_there_already_changes_nothing() {
    let patch = merged(LOOP, &[suggestion("lib.rs", &[(of(LOOP, "g(*x)"), "g(*x)")])]);
    assert_eq!(patch.applied, [0]);
    assert!(patch.changes.is_empty());
}
