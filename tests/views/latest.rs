//! The workspace's own recording is shown for what can be done about it; a file that is named, as
//! pprof shows it.

use std::fs;
use std::path::Path;

use cargo_perf::exit::Exit;
use cargo_perf::formats::pprof;

use crate::page::workspace;
use crate::run::{Ran, cargo_perf};

/// Runs a view with the workspace's recording, which is this profile.
fn view(profile: &Path, args: &[&str]) -> Ran {
    let root = profile.parent().unwrap();
    fs::create_dir_all(root.join("target/perf")).unwrap();
    fs::copy(profile, root.join("target/perf/profile.pb.gz")).unwrap();
    let manifest = root.join("Cargo.toml").display().to_string();
    let ran = cargo_perf(&[args, &["--manifest-path", &manifest]].concat());
    assert_eq!(ran.exit, Exit::Clean, "{}", ran.err);
    ran
}

#[test]
fn what_std_costs_is_charged_to_the_caller() {
    let (_dir, profile) = workspace();
    let folded = view(&profile, &["top"]).out;
    assert!(folded.contains("charged to their callers"), "{folded}");
    assert!(folded.contains("90ms 90.00% 90.00%       90ms 90.00%  regex::Regex::new"), "{folded}");
    assert!(!folded.contains("<img"), "{folded}");
    let named = profile.display().to_string();
    for plain in [view(&profile, &["top", "--plain"]), view(&profile, &["top", "--from", &named])] {
        assert!(plain.out.contains("90ms 90.00% 90.00%       90ms 90.00%  <img"), "{}", plain.out);
        assert!(!plain.out.contains("charged"), "{}", plain.out);
    }
    assert_eq!(view(&profile, &["top", "--from", &named, "--plain=false"]).out, folded);
}

#[test]
fn a_listing_has_allocations_beside_and_findings_below_the_lines() {
    let (_dir, profile) = workspace();
    let text = view(&profile, &["list", "is_word"]).out;
    let lines: Vec<&str> = text.lines().collect();
    let at = lines.iter().position(|line| line.contains("let word =")).expect("the line is listed");
    assert!(lines[at].starts_with("         .       90ms        4kB!     4:let word ="), "{text}");
    assert!(lines[at + 1].contains("^ recompiled_regex-"), "{text}");
    assert!(lines[at + 1].contains("(proved"), "{text}");
    assert!(lines[at + 2].starts_with("      10ms       10ms          .      5:"), "{text}");
    let plain = view(&profile, &["list", "is_word", "--plain"]).out;
    assert!(plain.contains("\n         .       90ms      4:let word ="), "{plain}");
    assert!(!plain.contains("recompiled_regex"));
}

#[test]
fn few_samples_are_said_beside_the_view_and_below_the_findings() {
    let (_dir, path) = workspace();
    let enough = view(&path, &["top"]);
    assert!(!enough.err.contains("few samples"), "{}", enough.err);
    let mut profile = pprof::read(&fs::read(&path).unwrap()).unwrap();
    profile.benches[0].cpu_samples = 25;
    pprof::write(&profile, fs::File::create(&path).unwrap()).unwrap();
    let said = "few samples: 25 in `words`: shares may be 10 points off; \
                `cargo perf record --time 5s` takes more";
    assert!(view(&path, &["top"]).err.contains(said));
    assert_eq!(view(&path, &["top"]).out, enough.out);
    assert!(!view(&path, &["top", "-q"]).err.contains(said));
    // What was allocated is counted, not sampled as time is.
    assert!(!view(&path, &["top", "--sample-index", "alloc_space"]).err.contains(said));
    let checked = view(&path, &["check"]).out;
    assert!(checked.contains(&format!("heat from 1 bench\n{said}\n")), "{checked}");
    assert!(!view(&path, &["check", "--message-format", "json"]).out.contains("few samples"));
}
