//! Each rewritten fixture does what the fixture did.

#[rustfmt::skip]
#[path = "../../ui-tests/mod.rs"]
mod ui_tests;

#[test]
fn rewritten_code_behaves_as_before() {
    for (name, before, after) in ui_tests::PAIRS {
        assert_eq!(before(), after(), "{name}");
    }
}
