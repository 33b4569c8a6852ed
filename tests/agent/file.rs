//! Capture files that were cut short or damaged, and what the libraries need from outside.

use std::io::Cursor;
use std::path::Path;

use cargo_perf::capture::preload::{Agent, Error, Reader, Variant, Wanted, captures};
use object::Object;

use crate::recorded::{everything, program};

/// A whole capture file of a small run.
fn whole() -> Vec<u8> {
    let directory = tempfile::tempdir().expect("a directory");
    let wanted = Wanted { heap_mean: 4096, ..everything() };
    let agent = Agent::install(Variant::Full, &directory.path().join("agent")).expect("installed");
    let environment = wanted.environment(&agent, directory.path(), None).expect("an environment");
    let mut command = std::process::Command::new(program("workload"));
    command.arg("boxes").envs(environment);
    assert!(command.status().expect("starts").success());
    let files = captures(directory.path()).expect("listed");
    let [file] = files.as_slice() else { panic!("one file expected: {files:?}") };
    let mut bytes = std::fs::read(file).expect("read");
    // What was granted and never used.
    while bytes.ends_with(&[0; 4096]) {
        bytes.truncate(bytes.len() - 4096);
    }
    bytes
}

/// Reads to the end; how many events there were.
fn events(bytes: &[u8]) -> Result<usize, Error> {
    let mut reader = Reader::new(Cursor::new(bytes), Path::new("damaged.capture"))?;
    let mut count = 0;
    while reader.next()?.is_some() {
        count += 1;
    }
    Ok(count)
}

#[test]
fn a_file_cut_anywhere_reads_to_the_cut() {
    let whole = whole();
    let all = events(&whole).expect("a capture file");
    let mut before = 0;
    for cut in (0..whole.len()).step_by(997) {
        match events(&whole[..cut]) {
            Ok(count) => {
                assert!(
                    cut >= 4096 && count >= before && count <= all,
                    "{count} of {all} at {cut}"
                );
                before = count;
            }
            Err(Error::NotACapture { offset, .. }) => assert!(cut < 4096 && offset <= cut as u64),
            Err(other) => panic!("{other}"),
        }
    }
    assert!(before > 0);
}

#[test]
fn damaged_bytes_are_skipped_or_refused_and_never_a_panic() {
    let whole = whole();
    let mut random = 1u64;
    let mut next = |below: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (random >> 33) as usize % below
    };
    for _ in 0..300 {
        let mut bytes = whole.clone();
        for _ in 0..=next(20) {
            let at = next(bytes.len());
            bytes[at] = next(256) as u8;
        }
        match events(&bytes) {
            Ok(_) | Err(Error::NotACapture { .. }) => {}
            Err(other) => panic!("{other}"),
        }
    }
}

#[test]
fn damage_is_reported_with_its_place() {
    let mut bytes = whole();
    bytes[4096..4104].copy_from_slice(&[0xff; 8]);
    let mut reader = Reader::new(Cursor::new(&bytes), Path::new("x")).expect("a capture file");
    while reader.next().expect("readable").is_some() {}
    assert_eq!(reader.summary().damaged.map(|(_, first)| first), Some(4096));
}

#[test]
fn other_files_are_refused_by_name() {
    let error = events(b"not a capture").expect_err("too short");
    assert!(error.to_string().starts_with("damaged.capture: "), "{error}");
    let error = events(&[7; 8192]).expect_err("another file");
    assert!(error.to_string().ends_with("no capture file at byte 0"), "{error}");
}

/// The C library's functions that the agent may call. None of them is one that sanitizers or
/// other agents stand before, and none copies or fills memory.
const ALLOWED: [&str; 10] = [
    "__errno_location",
    "__register_atfork",
    "dlsym",
    "getauxval",
    "pthread_attr_destroy",
    "pthread_attr_getstacksize",
    "pthread_attr_init",
    "pthread_key_create",
    "pthread_self",
    "pthread_setspecific",
];

#[test]
fn the_agent_calls_nothing_that_could_be_interposed_in_a_signal_handler() {
    let directory = tempfile::tempdir().expect("a directory");
    for variant in [Variant::Cpu, Variant::Full] {
        let agent = Agent::install(variant, directory.path()).expect("installed");
        let bytes = std::fs::read(agent.preload()).expect("read");
        let file = object::File::parse(bytes.as_slice()).expect("a library");
        for import in file.imports().expect("imports") {
            let import = import.expect("an import");
            let object::NameOrOrdinal::Name(name) = import.name() else { panic!("a name") };
            let name = String::from_utf8_lossy(name).into_owned();
            assert!(ALLOWED.contains(&name.as_str()), "{variant:?} needs {name}");
        }
    }
}

#[test]
fn the_smaller_library_has_no_hooks_in_the_allocator() {
    let directory = tempfile::tempdir().expect("a directory");
    let agent = Agent::install(Variant::Cpu, directory.path()).expect("installed");
    let bytes = std::fs::read(agent.preload()).expect("read");
    let file = object::File::parse(bytes.as_slice()).expect("a library");
    let exports: Vec<String> = file
        .exports()
        .expect("exports")
        .map(|export| match export.expect("an export").name() {
            object::NameOrOrdinal::Name(name) => String::from_utf8_lossy(name).into_owned(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert!(exports.iter().any(|name| name == "clock_gettime"), "{exports:?}");
    for hook in ["malloc", "free", "read", "write", "syscall"] {
        assert!(!exports.iter().any(|name| name == hook), "{exports:?}");
    }
}
