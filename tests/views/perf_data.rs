//! `perf.data`: files made here, files that `perf` makes, and damaged ones.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::Path;
use std::process::Command;

use cargo_perf::exit::Exit;
use cargo_perf::formats::FormatError;
use cargo_perf::model::profile::Profile;
use cargo_perf::symbolize::perf_data;

use crate::hostile::{mutate, show_all};
use crate::random::Numbers;
use crate::run::cargo_perf;

/// Fields of a sample: ip, tid, time, period, call chain, registers, stack.
const SAMPLE_TYPE: u64 = 1 | 2 | 4 | 1 << 8 | 1 << 5 | 1 << 12 | 1 << 13;
/// The frame pointer, the stack pointer and the program counter of x86-64.
const REGS: u64 = 1 << 6 | 1 << 7 | 1 << 8;

fn words(numbers: &[u64]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

fn record(kind: u32, misc: u16, body: &[u8]) -> Vec<u8> {
    let size = u16::try_from(body.len() + 8).unwrap();
    [&kind.to_le_bytes()[..], &misc.to_le_bytes(), &size.to_le_bytes(), body].concat()
}

/// Ends every record that is no sample: who it was, and when.
fn trailer(time: u64) -> Vec<u8> {
    words(&[7 | 7 << 32, time])
}

fn text(text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    bytes.resize(text.len() / 8 * 8 + 8, 0);
    bytes
}

/// A map whose record tells the build of the file.
fn map_of_build(place: [u64; 3], path: &str, build: u8) -> Vec<u8> {
    let [start, length, offset] = place;
    let id = u64::from(build) * 0x0101_0101_0101_0101;
    let id = [&[20, 0, 0, 0][..], &words(&[id, id, id])[..20]].concat();
    let before = words(&[7 | 7 << 32, start, length, offset]);
    let body = [before, id, words(&[5 | 2 << 32]), text(path), trailer(1)];
    record(10, 2 | 1 << 14, &body.concat())
}

fn map(time: u64, [start, length, offset]: [u64; 3], path: &str) -> Vec<u8> {
    let body = [
        words(&[7 | 7 << 32, start, length, offset, 0, 0, 0, 5 | 2 << 32]),
        text(path),
        trailer(time),
    ];
    record(10, 2, &body.concat())
}

fn name(time: u64, name: &str) -> Vec<u8> {
    record(3, 0, &[words(&[7 | 7 << 32]), text(name), trailer(time)].concat())
}

/// A sample with a chain, and no copy of its stack.
fn sample(time: u64, period: u64, chain: &[u64]) -> Vec<u8> {
    let before = words(&[chain[0], 7 | 7 << 32, time, period, chain.len() as u64]);
    record(9, 2, &[before, words(chain), words(&[0, 0])].concat())
}

/// A file of one event, `cpu-clock`.
fn file(records: &[Vec<u8>]) -> Vec<u8> {
    let data = records.concat();
    let mut attr = words(&[1 | 136 << 32, 0, 999, SAMPLE_TYPE, 0, 1 << 18]);
    attr.resize(80, 0);
    attr.extend(words(&[REGS]));
    attr.resize(136, 0);
    attr.extend(words(&[0, 0]));
    let data_at = 104 + attr.len() as u64;
    let header = [
        &b"PERFILE2"[..],
        &words(&[104, 152, 104, 152, data_at, data.len() as u64, 0, 0, 0, 0, 0, 0]),
    ];
    [header.concat(), attr, data].concat()
}

const USER: u64 = -512_i64 as u64;
const KERNEL: u64 = -128_i64 as u64;

/// The functions of a stack, innermost first.
fn names(profile: &Profile, stack: &[u32]) -> Vec<String> {
    let lines = stack.iter().flat_map(|&at| &profile.locations[at as usize].lines);
    lines.map(|line| profile.functions[line.function as usize].name.clone()).collect()
}

#[inline(never)]
extern "C" fn a_function_of_this_test() -> u64 {
    std::hint::black_box(12)
}

/// Where the code of this test lies, in the words of a record.
fn own_map(address: u64) -> ([u64; 3], String) {
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    for line in maps.lines() {
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        let (start, end) = words[0].split_once('-').unwrap();
        let number = |text| u64::from_str_radix(text, 16).unwrap();
        let (start, end) = (number(start), number(end));
        if (start..end).contains(&address) {
            return ([start, end - start, number(words[2])], words[5].to_owned());
        }
    }
    panic!("no map holds {address:#x}");
}

#[test]
fn addresses_are_named_from_the_program_that_ran() {
    let function = a_function_of_this_test as *const () as u64;
    let (place, path) = own_map(function);
    let nowhere = 0x10;
    let bytes = file(&[
        // Out of order, as processors write them.
        sample(30, 5, &[USER, function + 1, nowhere]),
        map(10, place, &path),
        name(10, "worker"),
        sample(31, 6, &[KERNEL, 1 << 63, 3 << 62, USER, function, nowhere]),
        sample(32, 7, &[USER, function + 1, nowhere]),
    ]);
    let profile = perf_data::read(&bytes).unwrap();
    let types: Vec<&str> = profile.sample_types.iter().map(|kind| &*kind.name).collect();
    assert_eq!(types, ["samples", "cpu"]);
    let mut samples: Vec<_> = profile.samples.iter().collect();
    samples.sort_by_key(|sample| sample.values[0]);
    let own = "views::perf_data::a_function_of_this_test";
    let [kernel, twice] = samples[..] else { panic!("{samples:?}") };
    assert_eq!(kernel.values, [1, 6]);
    assert_eq!(names(&profile, &kernel.stack), ["[kernel]", own, "[unknown]"]);
    assert_eq!(twice.values, [2, 12], "equal stacks are added up");
    assert_eq!(names(&profile, &twice.stack), [own, "[unknown]"]);
    assert_eq!(twice.label("thread"), Some("worker"));
    assert_eq!(profile.duration_nanos, 2);
}

#[test]
fn another_build_than_the_one_that_ran_names_nothing() {
    let function = a_function_of_this_test as *const () as u64;
    let (place, path) = own_map(function);
    let own = fs::read(&path).unwrap();
    if memchr::memmem::find(&own, b".note.gnu.build-id").is_none() {
        eprintln!("skipped: programs have no build id here");
        return;
    }
    let bytes = file(&[map_of_build(place, &path, 0xab), sample(2, 1, &[USER, function])]);
    let profile = perf_data::read(&bytes).unwrap();
    let found = names(&profile, &profile.samples[0].stack);
    assert!(found[0].ends_with(": not the build that ran]"), "{found:?}");
}

#[test]
fn what_is_not_read_is_refused_with_the_way_to_read_it() {
    let good = file(&[name(1, "a"), sample(2, 1, &[USER, 16])]);
    assert!(perf_data::read(&good).is_ok());
    let refused = |bytes: &[u8], what: &str| {
        let error = perf_data::read(bytes).unwrap_err().to_string();
        assert!(error.contains(what), "{error}");
    };
    let compressed = file(&[record(81, 0, &[0; 16])]);
    refused(&compressed, "compressed; `perf script -i FILE");
    refused(&[&b"PERFILE2"[..], &words(&[16])].concat(), "pipe; `perf script");
    refused(&[&b"2ELIFREP"[..], &good[8..]].concat(), "byte order; `perf script");
    refused(&good[..good.len() - 1], "go on beyond its end");
    refused(&good[..60], "ends within its header");
    refused(&file(&[name(1, "a")]), "no samples with a stack");
    let mut cut = file(&[name(1, "a"), sample(2, 1, &[USER, 16])]);
    let length = cut.len();
    cut[length - 16 - 8 * 3] = 0xff;
    refused(&cut, "the record at byte 296 is damaged");
    // From elsewhere it is not resolved: that would open files on its word.
    assert_eq!(cargo_perf::formats::read(&good), Err(FormatError::PerfData));
}

#[test]
fn a_pipe_named_as_a_program_is_not_opened() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let map = map(1, [4096, 4096, 0], pipe.to_str().unwrap());
    let profile = perf_data::read(&file(&[map, sample(2, 1, &[USER, 4100])])).unwrap();
    assert_eq!(names(&profile, &profile.samples[0].stack), ["[pipe]"]);
}

#[test]
fn damaged_files_are_read_or_refused() {
    let stack = {
        let copied = words(&[1, 4200, 8192, 0, 8192, 4200]);
        let before = words(&[4100, 7 | 7 << 32, 5, 1, 2, USER, 4100, 1, 8192, 8192, 4100, 48]);
        record(9, 2, &[before, copied, words(&[48])].concat())
    };
    let fork = record(7, 0, &[words(&[8 | 7 << 32, 8 | 7 << 32, 3]), trailer(3)].concat());
    let seed = file(&[
        name(1, "a"),
        map(1, [4096, 4096, 0], "/nowhere/a"),
        fork,
        sample(4, 1, &[KERNEL, 1 << 63, USER, 4100, 4200]),
        stack,
    ]);
    assert_eq!(perf_data::read(&seed).unwrap().samples.len(), 2);
    for end in 0..seed.len() {
        assert!(perf_data::read(&seed[..end]).is_err(), "cut at {end}");
    }
    let mut numbers = Numbers::of(17);
    let mut read = 0;
    for round in 0..20_000 {
        let Ok(profile) = perf_data::read(&mutate(&seed, &mut numbers)) else { continue };
        read += 1;
        if round % 100 == 0 {
            show_all(&profile);
        }
    }
    assert!(read > 0, "no damaged file was read");
}

const PROGRAM: &str = "use std::hint::black_box;
#[inline(never)]
fn leaf(n: u64) -> u64 {
    (0..20_000).fold(n, |x: u64, i: u64| black_box(x.wrapping_mul(31) ^ i))
}
#[inline(never)]
fn middle(n: u64) -> u64 {
    black_box(leaf(n)) + 1
}
fn main() {
    println!(\"{}\", (0..4000).map(middle).fold(0, u64::wrapping_add));
}
";

/// Records a program, and has `perf` say what it recorded; `None` where it cannot.
fn recorded(folder: &Path, options: &[&str]) -> Option<(String, String)> {
    let perf = |args: &[&str]| Command::new("perf").current_dir(folder).args(args).output().ok();
    let args = [&["record", "-q", "-e", "cpu-clock:u", "-F", "499", "-o", "perf.data"], options];
    let output = perf(&[&args.concat()[..], &["./program"]].concat());
    if !output.is_some_and(|output| output.status.success()) {
        eprintln!("skipped: perf is not installed, or may not record here");
        return None;
    }
    let script = perf(&["script", "-i", "perf.data"])?.stdout;
    fs::write(folder.join("perf.txt"), script).unwrap();
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    Some((path("perf.data"), path("perf.txt")))
}

#[test]
fn what_perf_recorded_adds_up_as_perf_says() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("program.rs"), PROGRAM).unwrap();
    let args = ["-O", "-Cdebuginfo=1", "-Cforce-frame-pointers=yes", "program.rs"];
    let built = Command::new("rustc").current_dir(folder.path()).args(args).status();
    assert!(built.unwrap().success());
    for options in [&["-g"][..], &["--call-graph", "dwarf"], &[]] {
        let Some((data, script)) = recorded(folder.path(), options) else { return };
        let rows = |from: &str| {
            let show = "^program::(leaf|middle|main)$";
            let args = ["top", "--plain", "--nodecount", "0", "--show", show, "--from", from];
            let ran = cargo_perf(&args);
            assert_eq!(ran.exit, Exit::Clean, "{}", ran.err);
            let rows = ran.out.lines().filter(|line| line.contains('%'));
            let rows = rows.filter(|line| line.contains("program::") || line.contains("nodes"));
            let mut rows: Vec<String> = rows.map(str::to_owned).collect();
            // Equal rows may be in either order.
            rows.sort();
            rows
        };
        let ours = rows(&data);
        assert!(ours.iter().any(|row| row.ends_with("program::leaf")), "{options:?}: {ours:?}");
        assert_eq!(ours, rows(&script), "{options:?}");
    }
}
