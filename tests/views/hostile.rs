//! Files that lie: whatever the bytes, a view is shown or the file is refused, and nothing escapes.

use std::fs;
use std::io::Write;

use cargo_perf::exit::Exit;
use cargo_perf::formats::{self, pprof};
use cargo_perf::model::profile::*;
use cargo_perf::report::views::{self, Prepared, Settings, View, flame, page};

use crate::random::{self, Numbers};
use crate::run::{cargo_perf, fixture};

/// Shows a profile in every way; only what it writes is thrown away.
pub fn show_all(profile: &Profile) {
    let prepared =
        |view| Prepared::new(vec![profile.clone()], None, &Settings::default(), view).ok();
    let mut out = std::io::sink();
    if let Some(mut ready) = prepared(View::Top) {
        views::top::write(&mut ready, &mut out).unwrap();
    }
    if let Some(mut ready) = prepared(View::Tree)
        && let Ok(tree) = views::tree::Tree::new(&mut ready, None)
    {
        tree.write(&mut out).unwrap();
    }
    if let Some(mut ready) = prepared(View::Dot) {
        views::dot::write(&mut ready, &mut out).unwrap();
        views::drawing::write(&mut ready, &mut out).unwrap();
    }
    if let Some(mut ready) = prepared(View::Callgrind) {
        views::callgrind::write(&mut ready, &mut out).unwrap();
    }
    if let Some(ready) = prepared(View::Traces) {
        views::traces::write(&ready, &mut out).unwrap();
        views::tags::write(&ready, &mut out).unwrap();
        views::raw::write(&ready, &mut out).unwrap();
        formats::firefox::write(ready.profile(), "x", &mut out).unwrap();
        formats::speedscope::write(ready.profile(), "x", &mut out).unwrap();
        formats::collapsed::write(ready.profile(), 0, &mut out).unwrap();
    }
    if let Some(ready) = prepared(View::Flame) {
        flame::write(&ready, &flame::Look::default(), &mut out).unwrap();
    }
    if let Some(ready) = prepared(View::Page) {
        let files = vec![None; ready.profile().functions.len()];
        let page = page::Page {
            prepared: &ready,
            findings: &[],
            sources: &[],
            files: &files,
            comparison: None,
        };
        page::write(&page, &mut out).unwrap();
    }
}

/// Flips, cuts, repeats and overwrites bytes.
pub fn mutate(bytes: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut mutated = bytes.to_vec();
    for _ in 0..1 + numbers.below(4) {
        if mutated.is_empty() {
            break;
        }
        let at = numbers.below(mutated.len());
        match numbers.below(5) {
            0 => mutated[at] ^= 1 << numbers.below(8),
            1 => mutated[at] = [0x00, 0x7f, 0x80, 0xff, b'-', b'9', b'"', b'\n'][numbers.below(8)],
            2 => mutated.truncate(at),
            3 => {
                let end = (at + 1 + numbers.below(40)).min(mutated.len());
                let piece = mutated[at..end].to_vec();
                mutated.splice(at..at, piece);
            }
            _ => {
                let end = (at + 1 + numbers.below(12)).min(mutated.len());
                mutated.drain(at..end);
            }
        }
    }
    mutated
}

/// One small file of each format.
fn seeds() -> Vec<(&'static str, Vec<u8>)> {
    let profile = random::profile(4);
    let written = |write: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = Vec::new();
        write(&mut bytes);
        bytes
    };
    vec![
        ("pprof", written(&|out| pprof::write_uncompressed(&profile, out).unwrap())),
        ("gzip", written(&|out| pprof::write(&profile, out).unwrap())),
        ("collapsed", written(&|out| formats::collapsed::write(&profile, 0, out).unwrap())),
        ("firefox", written(&|out| formats::firefox::write(&profile, "x", out).unwrap())),
        ("speedscope", written(&|out| formats::speedscope::write(&profile, "x", out).unwrap())),
        (
            "perf script",
            b"a b 1/2 [0] 1.5: 250 cpu-clock: \n\t ff f+0x1 (/x)\n\t 1 g (inlined)\n  a.rs:3\n\
              \t fe [unknown] ([k])\n\n"
                .repeat(4),
        ),
    ]
}

#[test]
fn damaged_files_of_every_format_are_shown_or_refused() {
    let mut numbers = Numbers::of(11);
    for (format, seed) in seeds() {
        assert!(formats::read(&seed).is_ok(), "{format}: {:?}", formats::read(&seed).err());
        let mut read = 0;
        for round in 0..400 {
            let Ok(profile) = formats::read(&mutate(&seed, &mut numbers)) else { continue };
            read += 1;
            // Showing takes longer than reading: a part of them stands for the rest.
            if round % 8 == 0 {
                show_all(&profile);
            }
        }
        // Damage to a container is always noticed; elsewhere some of it makes another profile.
        assert!(format == "gzip" || read > 0, "no damaged {format} file was read");
    }
}

#[test]
fn extreme_values_overflow_nowhere() {
    let mut profile = random::profile(8);
    let extremes = [i64::MAX, i64::MIN, -1, 0, 1, i64::MAX];
    for (at, sample) in profile.samples.iter_mut().enumerate() {
        for (kind, value) in sample.values.iter_mut().enumerate() {
            *value = extremes[(at + kind) % extremes.len()];
        }
    }
    for location in &mut profile.locations {
        location.address = u64::MAX;
        location.lines.iter_mut().for_each(|line| line.line = u32::MAX);
    }
    profile.mappings.iter_mut().for_each(|mapping| (mapping.start, mapping.limit) = (u64::MAX, 0));
    (profile.time_nanos, profile.duration_nanos) = (i64::MIN, i64::MAX);
    profile.period = i64::MIN;
    show_all(&profile);
}

#[test]
fn deep_recursion_and_empty_profiles_are_shown() {
    let mut profile = random::profile(5);
    profile.samples.truncate(1);
    profile.samples[0].stack = (0..200_000).map(|at| at % profile.locations.len() as u32).collect();
    profile.samples[0].values.iter_mut().for_each(|value| *value = 7);
    show_all(&profile);
    profile.samples.clear();
    show_all(&profile);
    show_all(&Profile::default());
}

#[test]
fn tables_that_run_in_circles_or_out_of_bounds_are_refused() {
    let firefox = |prefix: &str, frame: &str, func: &str, name: &str| {
        format!(
            "{{\"meta\":{{\"interval\":1}},\"libs\":[],\"threads\":[{{\"name\":\"t\",\
             \"samples\":{{\"length\":1,\"stack\":[1],\"weight\":[1]}},\
             \"stackTable\":{{\"prefix\":{prefix},\"frame\":{frame}}},\
             \"frameTable\":{{\"func\":{func}}},\"funcTable\":{{\"name\":{name}}},\
             \"stringArray\":[\"f\"]}}]}}"
        )
    };
    let read = |text: String| formats::read(text.as_bytes());
    assert!(read(firefox("[null,0]", "[0,0]", "[0]", "[0]")).is_ok());
    assert!(read(firefox("[1,0]", "[0,0]", "[0]", "[0]")).is_err());
    assert!(read(firefox("[null,1]", "[0,0]", "[0]", "[0]")).is_err());
    assert!(read(firefox("[null,0]", "[0,9]", "[0]", "[0]")).is_err());
    assert!(read(firefox("[null,0]", "[0,0]", "[9]", "[0]")).is_err());
    assert!(read(firefox("[null,0]", "[0,0]", "[0]", "[9]")).is_err());
    assert!(read(firefox("[null]", "[0]", "[0]", "[0]")).is_err());
}

#[test]
fn of_threads_that_name_sample_types_one_without_is_left_out() {
    let thread = |named: &str| {
        format!(
            "{{\"name\":\"t\",{named}\"samples\":{{\"length\":1,\"stack\":[0],\"weight\":[7]}},\
             \"stackTable\":{{\"prefix\":[null],\"frame\":[0]}},\"frameTable\":{{\"func\":[0]}},\
             \"funcTable\":{{\"name\":[0]}},\"stringArray\":[\"f\"]}}"
        )
    };
    let of = |name: &str| thread(&format!("\"sampleType\":[\"{name}\",\"count\"],"));
    let threads = [of("a"), of("b"), of("c"), thread("")].join(",");
    let text = format!("{{\"meta\":{{\"interval\":1}},\"libs\":[],\"threads\":[{threads}]}}");
    let profile = formats::read(text.as_bytes()).unwrap();
    assert!(profile.samples.iter().all(|sample| sample.values.len() == 3));
    assert_eq!(
        profile.samples.iter().map(|sample| sample.values.iter().sum::<i64>()).sum::<i64>(),
        21
    );
    show_all(&profile);
}

#[test]
fn a_gzip_bomb_is_refused_with_its_name() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bomb.pb.gz");
    let file = fs::File::create(&path).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    // A string table of one text, longer than any file may be.
    gzip.write_all(&[0x32, 0, 0x32, 0x80, 0x80, 0x80, 0x80, 0x10]).unwrap();
    for _ in 0..1100 {
        gzip.write_all(&[b'a'; 1 << 20]).unwrap();
    }
    gzip.finish().unwrap();
    assert!(fs::metadata(&path).unwrap().len() < 16 << 20);
    let ran = cargo_perf(&["top", "--from", &path.display().to_string()]);
    assert_eq!(ran.exit, Exit::Usage);
    assert!(ran.err.contains("bomb.pb.gz") && ran.err.contains("MiB"), "{}", ran.err);
}

#[test]
fn no_view_prints_what_a_terminal_would_obey() {
    let mut profile = pprof::read(&fs::read(fixture("pprof/cpu.pb.gz")).unwrap()).unwrap();
    let bad = "\x1b]0;title\x07\x1b[2J\u{9b}31m\u{202e}\u{200f}\r\n";
    for function in &mut profile.functions {
        function.name.push_str(bad);
        function.filename.push_str(bad);
    }
    profile.mappings[0].filename.push_str(bad);
    profile.comments.push(format!("{bad}comment"));
    profile.sample_types[1].name.push_str(bad);
    profile.samples[0].labels.push(Label::text(bad, bad));
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bad.pb.gz");
    pprof::write(&profile, fs::File::create(&path).unwrap()).unwrap();
    let from = path.display().to_string();
    for view in [
        &["top"][..],
        &["top", "--lines"],
        &["tree"],
        &["peek", "main"],
        &["list", "main"],
        &["traces"],
        &["tags"],
        &["export", "--format", "raw"],
        &["export", "--format", "dot"],
        &["export", "--format", "callgrind"],
        &["export", "--format", "collapsed"],
    ] {
        let mut args = view.to_vec();
        args.extend(["--from", &from]);
        let ran = cargo_perf(&args);
        assert_eq!(ran.exit, Exit::Clean, "{view:?}: {}", ran.err);
        for text in [&ran.out, &ran.err] {
            assert!(
                !text.contains(['\x1b', '\x07', '\u{9b}', '\u{202e}', '\u{200f}', '\r']),
                "{view:?}"
            );
        }
    }
}

#[test]
fn a_listing_reads_nothing_outside_the_workspace() {
    let dir = tempfile::tempdir().unwrap();
    let secret = dir.path().join("secret.rs");
    fs::write(&secret, "the secret\n").unwrap();
    let mut profile = pprof::read(&fs::read(fixture("pprof/cpu.pb.gz")).unwrap()).unwrap();
    for function in &mut profile.functions {
        function.filename = secret.display().to_string();
        function.start_line = 1;
    }
    let path = dir.path().join("p.pb.gz");
    pprof::write(&profile, fs::File::create(&path).unwrap()).unwrap();
    let from = path.display().to_string();
    let ran = cargo_perf(&["list", "main.fib", "--from", &from]);
    assert!(ran.out.contains("outside the workspace") && !ran.out.contains("the secret"));
    assert!(ran.out.contains("     55:"), "{}", ran.out);
    let allowed = dir.path().canonicalize().unwrap().display().to_string();
    let ran = cargo_perf(&["list", "main.fib", "--from", &from, "--source-path", &allowed]);
    assert!(ran.out.contains("the secret"), "{}", ran.out);
}

#[test]
fn no_line_of_a_view_is_a_command_to_a_runner() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("named.txt");
    fs::write(&path, "::error::a;##[error]b;##vso[task]c 5\n::error::a;std::d 3\n").unwrap();
    let from = path.to_str().unwrap();
    for view in [&["top"][..], &["tree"], &["traces"], &["tags"], &["peek", "."], &["list", "."]] {
        let ran = cargo_perf(&[view, &["--from", from]].concat());
        let text = ran.out + &ran.err;
        let is_command = |line: &&str| {
            line.trim_start().starts_with("::") || line.contains("##[") || line.contains("##vso[")
        };
        assert_eq!(text.lines().find(is_command), None, "{view:?}: {text}");
        assert!(view[0] == "tags" || text.contains("error"), "{view:?}: {text}");
    }
    // What a machine reads says what the profile says.
    let ran = cargo_perf(&["export", "--format", "collapsed", "--from", from]);
    assert!(ran.out.contains("##[error]b;##vso[task]c 5"), "{}", ran.out);
}
