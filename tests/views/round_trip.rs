//! What is exported is read back with the same cost at every function and line.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use cargo_perf::exit::Exit;
use cargo_perf::formats;
use cargo_perf::model::profile::Profile;

use crate::random;
use crate::run::{cargo_perf, fixture};

/// Own cost and cost with callees of each place, by sample type.
type Costs = BTreeMap<(String, String, u32), (i64, i64)>;

fn costs(profile: &Profile, kind: &str, lines: bool) -> Costs {
    let at = profile.sample_types.iter().position(|k| k.name == kind).expect(kind);
    let mut costs = Costs::new();
    for sample in &profile.samples {
        let mut seen = BTreeSet::new();
        let mut leaf = true;
        for &location in &sample.stack {
            let location = &profile.locations[location as usize];
            for line in &location.lines {
                let function = &profile.functions[line.function as usize];
                let (file, number) =
                    if lines { (function.filename.clone(), line.line) } else { Default::default() };
                let key = (function.name.clone(), file, number);
                let cost = costs.entry(key.clone()).or_default();
                cost.0 += if leaf { sample.values[at] } else { 0 };
                cost.1 += if seen.insert(key) { sample.values[at] } else { 0 };
                leaf = false;
            }
        }
    }
    costs.retain(|_, cost| *cost != (0, 0));
    costs
}

fn export(from: &Path, format: &str, options: &[&str]) -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let mut args = vec!["export", "-q", "--format", format];
    let (from, out_text) = (from.display().to_string(), out.display().to_string());
    args.extend(["--from", &from, "--output", &out_text]);
    args.extend(options);
    let ran = cargo_perf(&args);
    assert_eq!(ran.exit, Exit::Clean, "{}", ran.err);
    fs::read(out).unwrap()
}

#[test]
fn formats_with_lines_keep_every_cost_of_every_sample_type() {
    for file in ["cpu.pb.gz", "heap.pb.gz", "mutex.pb.gz"] {
        let from = fixture("pprof").join(file);
        let original = formats::read(&export(&from, "pprof", &[])).unwrap();
        for format in ["firefox", "speedscope"] {
            let read = formats::read(&export(&from, format, &[])).unwrap();
            for kind in &original.sample_types {
                let (expected, found) =
                    (costs(&original, &kind.name, true), costs(&read, &kind.name, true));
                assert!(!expected.is_empty());
                assert_eq!(found, expected, "{file} as {format}: {}", kind.name);
            }
        }
    }
}

#[test]
fn collapsed_stacks_keep_the_costs_of_the_sample_type_chosen() {
    let from = fixture("pprof/heap.pb.gz");
    let original = formats::read(&export(&from, "pprof", &[])).unwrap();
    for (options, lines) in [(&["--lines"][..], true), (&[], false)] {
        for kind in ["alloc_space", "inuse_objects"] {
            let options: Vec<&str> =
                options.iter().copied().chain(["--sample-index", kind]).collect();
            let read = formats::read(&export(&from, "collapsed", &options)).unwrap();
            assert_eq!(costs(&read, "samples", lines), costs(&original, kind, lines));
        }
    }
}

#[test]
fn callgrind_files_hold_every_own_cost() {
    let from = fixture("pprof/heap.pb.gz");
    let text = export(&from, "callgrind", &["--sample-index", "alloc_objects", "--unit", "count"]);
    let text = String::from_utf8(text).unwrap();
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut own: BTreeMap<String, i64> = BTreeMap::new();
    let (mut function, mut after_call) = (String::new(), false);
    for line in text.lines() {
        let name = line.strip_prefix("fn=").or(line.strip_prefix("cfn="));
        if let Some(name) = name {
            let (number, text) = name.split_once(' ').unwrap_or((name, ""));
            if !text.is_empty() {
                names.insert(number.to_owned(), text.to_owned());
            }
            if line.starts_with("fn=") {
                function = names[number].clone();
            }
        } else if line.starts_with("calls=") {
            after_call = true;
        } else if line.starts_with(['0', '+', '-', '*']) {
            let cost: i64 = line.split(' ').nth(2).unwrap().parse().unwrap();
            if !std::mem::take(&mut after_call) {
                *own.entry(function.clone()).or_default() += cost;
            }
        }
    }
    own.retain(|_, cost| *cost != 0);
    let original = formats::read(&export(&from, "pprof", &[])).unwrap();
    let mut expected: BTreeMap<String, i64> = BTreeMap::new();
    for ((name, ..), (flat, _)) in costs(&original, "alloc_objects", false) {
        if flat != 0 {
            expected.insert(name, flat);
        }
    }
    assert_eq!(own, expected);
}

#[test]
fn profiles_with_every_feature_survive_every_format() {
    let dir = tempfile::tempdir().unwrap();
    for seed in 0..40 {
        let path = dir.path().join("random.pb.gz");
        let profile = random::profile(seed);
        formats::pprof::write(&profile, fs::File::create(&path).unwrap()).unwrap();
        let original = formats::read(&export(&path, "pprof", &[])).unwrap();
        for format in ["firefox", "speedscope"] {
            let read = formats::read(&export(&path, format, &[])).unwrap();
            for kind in &original.sample_types {
                // Frames without a name differ: some formats show their address instead.
                let named = |profile: &Profile| {
                    let mut costs = costs(profile, &kind.name, true);
                    costs.retain(|(name, ..), _| !name.starts_with("0x"));
                    costs.into_iter().map(|(key, (_, cum))| (key, cum)).collect::<Vec<_>>()
                };
                assert_eq!(named(&read), named(&original), "seed {seed} as {format}");
            }
        }
    }
}
