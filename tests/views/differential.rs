//! Our views beside those of the installed `go tool pprof`, on profiles made from numbers.
//!
//! Without Go there is nothing to compare with, and the test says so.

use std::path::Path;
use std::process::Command;

use cargo_perf::exit::Exit;
use cargo_perf::formats::pprof;

use crate::random;
use crate::run::cargo_perf;

/// The view's name for pprof and for us, and options of both.
const VIEWS: &[(&[&str], &[&str])] = &[
    (&["-top"], &["top"]),
    (&["-tree"], &["tree"]),
    (&["-peek", "a|main"], &["peek", "a|main"]),
    (&["-list", "app|main"], &["list", "app|main"]),
    (&["-callgrind", "-output=/dev/stdout"], &["export", "--format", "callgrind"]),
    (&["-dot"], &["export", "--format", "dot"]),
    (&["-traces"], &["traces"]),
    (&["-tags"], &["tags"]),
    (&["-raw"], &["export", "--format", "raw"]),
];

/// The views that later releases print as the one we follow does, that of Go 1.19.
const UNCHANGED: [&str; 2] = ["-top", "-list"];

const OPTIONS: &[&[&str]] = &[
    &[],
    &["cum"],
    &["lines"],
    &["noinlines"],
    &["files"],
    &["filefunctions"],
    &["addresses"],
    &["sample_index=0"],
    &["nodecount=7"],
    &["nodefraction=0.1", "edgefraction=0.05"],
    &["focus=parse"],
    &["ignore=alloc"],
    &["hide=core|std"],
    &["show=app|main"],
    &["show_from=parse"],
    &["prune_from=parse"],
    &["tagfocus=bench=parse"],
    &["tagignore=main"],
    &["tagfocus=bytes=64:1kb"],
    &["tagshow=bench"],
    &["tagroot=bench"],
    &["tagleaf=thread,bytes"],
    &["mean", "sample_index=0"],
    &["unit=ms"],
    &["divide_by=3"],
    &["relative_percentages", "focus=parse"],
    &["compact_labels"],
    &["trim=false"],
    &["nodecount=3", "cum"],
    &["noinlines", "lines"],
    &["drop_negative"],
];

fn go(args: &[String], dir: &Path) -> Option<(bool, String)> {
    let ran = Command::new("go")
        .args(["tool", "pprof"])
        .args(args)
        .env("TZ", "UTC")
        .env("HOME", dir)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .ok()?;
    Some((ran.status.success(), String::from_utf8_lossy(&ran.stdout).into_owned()))
}

fn go_minor() -> Option<u32> {
    let ran = Command::new("go").arg("version").output().ok()?;
    let text = String::from_utf8_lossy(&ran.stdout).into_owned();
    text.split("go1.").nth(1)?.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[test]
fn views_equal_those_of_the_installed_pprof() {
    let Some(minor) = go_minor() else {
        eprintln!("no `go` in PATH: nothing to compare with");
        return;
    };
    let rounds = std::env::var("CARGO_PERF_DIFFERENTIAL_ROUNDS");
    let rounds: u64 = rounds.ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(1);
    let dir = tempfile::tempdir().unwrap();
    let file = |seed: u64| {
        let path = dir.path().join(format!("{seed}.pb.gz"));
        pprof::write(&random::profile(seed), std::fs::File::create(&path).unwrap()).unwrap();
        path.display().to_string()
    };
    let (mut compared, mut wrong) = (0, Vec::new());
    for seed in 0..rounds * OPTIONS.len() as u64 {
        let options = OPTIONS[seed as usize % OPTIONS.len()];
        let profile = file(seed);
        // Now and then a difference between two profiles of one kind.
        let base = match seed % 5 {
            3 => vec![format!("base={}", file_like(seed, dir.path()))],
            4 => vec![format!("diff_base={}", file_like(seed, dir.path()))],
            _ => Vec::new(),
        };
        let all: Vec<String> =
            options.iter().map(|&option| option.to_owned()).chain(base).collect();
        for (theirs, ours) in VIEWS {
            if minor > 19 && !UNCHANGED.contains(&theirs[0]) {
                continue;
            }
            // There pprof leaves callees without a name.
            if theirs[0] == "-callgrind" && options == ["drop_negative"] {
                continue;
            }
            let words = |words: &[&str]| -> Vec<String> {
                words.iter().map(|&word| word.to_owned()).collect()
            };
            let mut their_args = words(theirs);
            their_args.extend(all.iter().map(|option| format!("-{option}")));
            their_args.push(profile.clone());
            let mut our_args = words(ours);
            our_args.extend(all.iter().map(|option| format!("--{option}")));
            our_args.push(format!("--from={profile}"));
            let (success, expected) = go(&their_args, dir.path()).unwrap();
            let ran = cargo_perf(&our_args);
            let agree = if success {
                same(&ran.out, &expected, theirs[0]) && ran.exit == Exit::Clean
            } else {
                ran.exit == Exit::Usage
            };
            compared += 1;
            if !agree {
                let pairs = ran.out.lines().zip(expected.lines());
                let first = pairs.filter(|(ours, theirs)| ours != theirs).take(2);
                let first: Vec<_> = first.collect();
                wrong.push(format!("{}: {first:#?} {}", our_args.join(" "), ran.err));
            }
        }
    }
    for wrong in wrong.iter().take(8) {
        eprintln!("{wrong}");
    }
    assert!(wrong.is_empty(), "{} of {compared} views differ", wrong.len());
}

/// The same text; in drawings, nodes of one name may stand in another order.
fn same(ours: &str, theirs: &str, view: &str) -> bool {
    let sorted = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    ours == theirs || (view == "-dot" && sorted(ours) == sorted(theirs))
}

/// A second profile with the same sample types.
fn file_like(seed: u64, dir: &Path) -> String {
    let mut other = random::profile(seed);
    other.samples.truncate(other.samples.len() / 2);
    for sample in &mut other.samples {
        sample.values.iter_mut().for_each(|value| *value = *value * 3 / 2);
    }
    let path = dir.join(format!("{seed}.base.pb.gz"));
    pprof::write(&other, std::fs::File::create(&path).unwrap()).unwrap();
    path.display().to_string()
}
