//! What a debug build and an optimised one say of places that look alike.

use crate::program::{BUILDS, Program, source};

#[test]
fn every_kind_of_build_tells_the_types_that_decide() {
    for (build, flags) in BUILDS {
        let program = Program::compile("pairs.rs", flags);
        let facts = program.facts();
        let file = source(&facts, &program);
        let ty = |part: &str, name: &str| {
            file.local_type(program.line(part), name)
                .unwrap_or_else(|| panic!("{build}: no type of {name}"))
        };

        assert!(ty("let mut total = Default", "total").is_integer(), "{build}");
        assert!(ty("let mut total: String", "total").is_string(), "{build}");
        assert!(ty("pub fn clones", "shared").peeled().is_shared_pointer(), "{build}");
        assert!(!ty("pub fn clones", "deep").peeled().is_shared_pointer(), "{build}");
        assert!(ty("let mut bare", "bare").is_unbuffered_io(), "{build}");
        assert!(ty("let mut wrapped", "wrapped").is_buffered_io(), "{build}");
        assert!(ty("let blocking", "blocking").guard().is_some(), "{build}");
        assert_eq!(ty("let waiting", "waiting").to_string(), "app::later::MutexGuard<u64>");
        assert!(ty("let mut hashed", "hashed").hash_map().is_some(), "{build}");
        assert!(ty("let mut sorted", "sorted").btree_map().is_some(), "{build}");
        assert!(ty("let mut sorted", "sorted").hash_map().is_none(), "{build}");
    }
}

#[test]
fn the_hidden_iterator_of_a_loop_is_named() {
    let program = Program::compile("pairs.rs", &["-Cdebuginfo=2"]);
    let facts = program.facts();
    let iterator = source(&facts, &program).loop_iterator(program.line("for (é, n)")).unwrap();
    assert_eq!(iterator.short(), "Enumerate<Range<u64>>");
}

#[test]
fn a_call_is_resolved_at_the_column_of_its_method() {
    for (build, flags) in BUILDS {
        let program = Program::compile("pairs.rs", flags);
        let facts = program.facts();
        let file = source(&facts, &program);
        let callees = |part: &str, at: &str| {
            let (line, column) = program.place(part, at);
            file.callees_at(line, column)
        };
        let shared = callees("// shared", "clone()");
        assert_eq!(shared.len(), 1, "{build}: {shared:?}");
        assert_eq!(shared[0].path, "core::clone::Clone::clone", "{build}");
        assert!(shared[0].receiver.is_shared_pointer(), "{build}: {shared:?}");
        let deep = callees("// deep", "clone()");
        assert!(deep.iter().any(|callee| callee.path == "core::clone::Clone::clone"), "{build}");
        assert!(deep.iter().all(|callee| !callee.receiver.is_shared_pointer()), "{build}");
        // The column counts bytes: a letter of two stands before it.
        let hashed = callees("// hashed", "insert");
        assert!(
            hashed
                .iter()
                .any(|callee| callee.path == "std::collections::hash::map::HashMap::insert"),
            "{build}: {hashed:?}"
        );
        let sorted = callees("// sorted", "insert");
        assert!(
            sorted.iter().any(|callee| callee.path.ends_with("BTreeMap::insert")),
            "{build}: {sorted:?}"
        );
        let string = callees("// string", "total +=");
        assert!(!string.is_empty(), "{build}");
        assert!(string.iter().all(|callee| callee.receiver.is_string()), "{build}: {string:?}");
        let integer = callees("// integer", "total +=");
        assert!(integer.iter().all(|callee| callee.receiver.is_integer()), "{build}: {integer:?}");
    }
}

#[test]
fn a_call_tells_what_it_returns() {
    let program = Program::compile("pairs.rs", &["-Cdebuginfo=2"]);
    let facts = program.facts();
    let (line, column) = program.place("let blocking", "guard_of");
    let callees = source(&facts, &program).callees_at(line, column);
    assert_eq!(callees[0].path, "app::guard_of");
    assert_eq!(callees[0].returns.short(), "MutexGuard<u64>");
}

#[test]
fn fields_and_captures_are_known() {
    let program = Program::compile("pairs.rs", &["-Cdebuginfo=2"]);
    let facts = program.facts();
    let file = source(&facts, &program);
    let deep = file.local_type(program.line("pub fn clones"), "deep").unwrap();
    assert_eq!(facts.field_type(deep.peeled(), "rows").unwrap().short(), "Vec<u64>");
    let count = file.local_type(program.line("let count = move"), "count").unwrap();
    assert!(count.is_closure());
    assert_eq!(facts.field_type(&count, "rows").unwrap().short(), "Vec<u64>");
    assert_eq!(facts.field_type(&count, "name").unwrap().short(), "&str");
    assert_eq!(facts.size_of(deep.peeled()), Some(24));
    assert_eq!(facts.size_of(&count), Some(40));
}

#[test]
fn a_file_edited_since_the_build_keeps_the_facts_of_its_other_lines() {
    let program = Program::compile("pairs.rs", &["-Cdebuginfo=2"]);
    let facts = program.facts();
    let edited = program.text.replace("let mut bare = open();", "let mut bare =\n open();");
    let file = facts.of_file(std::path::Path::new("src/main.rs"), &edited);
    let line = program.line("let mut bare");
    assert_eq!(file.local_type(line, "bare"), None);
    assert!(file.local_type(line + 2, "wrapped").unwrap().is_buffered_io());
    assert!(file.local_type(line + 1, "wrapped").is_none());
}

#[test]
fn damaged_files_give_facts_or_an_error_and_never_a_crash() {
    let program = Program::compile("pairs.rs", &["-Cdebuginfo=2", "--crate-type=rlib"]);
    let whole = std::fs::read(&program.binary).unwrap();
    let damaged = program.folder.path().join("damaged");
    // The same damage in every run: a step through the file that hits all of its parts.
    for round in 0..12usize {
        let mut bytes = whole.clone();
        let step = 97 + 389 * round;
        for at in (step..bytes.len()).step_by(step) {
            bytes[at] = bytes[at].wrapping_add(u8::try_from(at % 255).unwrap() + 1);
        }
        bytes.truncate(whole.len() - whole.len() / 13 * round);
        std::fs::write(&damaged, &bytes).unwrap();
        let _ = cargo_perf::facts::Facts::read(&damaged, &program.wanted());
    }
    for garbage in [&b""[..], b"!<arch>\n", b"\x7fELF", &[0xff; 4096]] {
        std::fs::write(&damaged, garbage).unwrap();
        assert!(cargo_perf::facts::Facts::read(&damaged, &program.wanted()).is_err());
    }
}
