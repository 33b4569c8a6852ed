//! What `check` takes on trees of 100,000 and 700,000 lines: cold, warm, and after an edit of one
//! file; and beside it, in the same run, what another static linter takes.
//!
//! `SPEED_PEER=path/to/its/program` names that linter (`cargo install cargo-perf --version 0.6.0
//! --root DIR` is one: an unrelated package of that name). Runs alternate; the median is printed.
//! How long syn alone takes for what `check` gives it of these files is printed as well, than which
//! no cold run can be faster, and how long `cargo metadata` does, which a warm run spares where
//! cargo's last answer still holds.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use cargo_perf::source::each::each_heaviest_first;
use cargo_perf::source::mute::muted;
use walkdir::WalkDir;

use crate::crates::{Crate, sources};

const TREES: [usize; 2] = [100_000, 700_000];
const ROUNDS: usize = 5;

struct Tree {
    folder: PathBuf,
    lines: usize,
    bytes: u64,
}

struct Run {
    took: Duration,
    /// The most memory it held, where the system tells.
    peak: u64,
}

/// Prints times, throughput and their ratios.
pub fn speed(crates: &[Crate]) -> Result<(), String> {
    let peer = std::env::var("SPEED_PEER").ok();
    for least in TREES {
        let tree = tree(crates, least)?;
        let size = tree.bytes as f64 / 1e6;
        println!("{} lines, {size:.1} MB, {ROUNDS} alternating runs", tree.lines);
        measure(&tree, peer.as_deref())?;
        println!();
    }
    Ok(())
}

fn measure(tree: &Tree, peer: Option<&str>) -> Result<(), String> {
    let (mut cold, mut warm, mut edited, mut theirs) =
        <(Vec<_>, Vec<_>, Vec<_>, Vec<_>)>::default();
    let (mut parsing, mut listing) = (Vec::new(), Vec::new());
    let texts = texts(&tree.folder)?;
    let ours = env!("CARGO_BIN_EXE_cargo-perf");
    // The same that `check` asks.
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let check = ["check", "--from", "none"];
    let changed = widest(&tree.folder)?;
    let text = fs::read_to_string(&changed).map_err(|error| error.to_string())?;
    for round in 0..ROUNDS {
        if let Some(peer) = peer {
            theirs.push(run(tree, peer, &["check"])?);
        }
        parsing.push(parse(&texts));
        listing.push(run(tree, &cargo, &["metadata", "--no-deps", "--format-version", "1"])?);
        // Nothing is known of the tree.
        let _ = fs::remove_dir_all(tree.folder.join("target"));
        cold.push(run(tree, ours, &check)?);
        warm.push(run(tree, ours, &check)?);
        // The edit adds a function, which other files might ask for.
        let more = format!("{text}\npub fn added_{round}(x: &str) -> String {{ x.to_owned() }}\n");
        fs::write(&changed, more).map_err(|error| error.to_string())?;
        edited.push(run(tree, ours, &check)?);
        fs::write(&changed, &text).map_err(|error| error.to_string())?;
    }
    let base = median(&mut cold).took.as_secs_f64();
    for (name, runs) in [("cold", &mut cold), ("warm", &mut warm), ("one file edited", &mut edited)]
    {
        let run = median(runs);
        let (took, peak) = (run.took.as_secs_f64(), run.peak as f64 / 1e6);
        let allowed = 2.0 * tree.bytes as f64 / 1e6 + 100.0;
        println!(
            "{name:<16} {:>8.1} ms {:>10.0} lines/s  {:>5.3} of cold  peak {peak:.0} MB of {allowed:.0}",
            took * 1e3,
            tree.lines as f64 / took,
            took / base,
        );
    }
    parsing.sort();
    let syn = parsing[parsing.len() / 2];
    println!("{:<16} {:>8.1} ms", "syn alone", syn.as_secs_f64() * 1e3);
    let listed = median(&mut listing).took;
    println!("{:<16} {:>8.1} ms", "cargo metadata", listed.as_secs_f64() * 1e3);
    if !theirs.is_empty() {
        let run = median(&mut theirs);
        let took = run.took.as_secs_f64();
        let (cold, warm) = (median(&mut cold).took, median(&mut warm).took);
        println!(
            "{:<16} {:>8.1} ms {:>10.0} lines/s  peak {:.0} MB",
            "the peer",
            took * 1e3,
            tree.lines as f64 / took,
            run.peak as f64 / 1e6
        );
        println!(
            "cold {:.1} times its throughput (syn alone {:.1}), warm {:.1} times (cargo alone {:.1})",
            took / cold.as_secs_f64(),
            took / syn.as_secs_f64(),
            took / warm.as_secs_f64(),
            took / listed.as_secs_f64()
        );
    }
    Ok(())
}

fn median(runs: &mut [Run]) -> &Run {
    runs.sort_by_key(|run| run.took);
    &runs[runs.len() / 2]
}

fn run(tree: &Tree, program: &str, args: &[&str]) -> Result<Run, String> {
    let failed = |error: std::io::Error| format!("{program}: {error}");
    let mut command = Command::new(program);
    command.current_dir(&tree.folder).args(args).stdout(Stdio::null()).stderr(Stdio::null());
    let started = Instant::now();
    let mut child = command.spawn().map_err(failed)?;
    let mut peak = 0;
    let status = loop {
        if let Some(status) = child.try_wait().map_err(failed)? {
            break status;
        }
        peak = peak.max(held(child.id()).unwrap_or(0));
        std::thread::sleep(Duration::from_millis(1));
    };
    let took = started.elapsed();
    match status.code() {
        Some(0 | 1) => Ok(Run { took, peak }),
        _ => Err(format!("{program} {args:?}: {status}")),
    }
}

/// What `check` gives to syn of each source file of a tree.
fn texts(folder: &Path) -> Result<Vec<String>, String> {
    let files = WalkDir::new(folder).into_iter().filter_map(Result::ok);
    files
        .filter(|entry| entry.path().extension().is_some_and(|ending| ending == "rs"))
        .map(|entry| {
            let text = fs::read_to_string(entry.path()).map_err(|error| error.to_string())?;
            Ok(muted(&text).into_owned())
        })
        .collect()
}

/// How long syn takes for them, on all processors.
fn parse(texts: &[String]) -> Duration {
    let started = Instant::now();
    each_heaviest_first(texts, String::len, |_, text| drop(black_box(syn::parse_file(text))));
    started.elapsed()
}

/// The most that a process held so far, in bytes.
fn held(id: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024)
}

/// A workspace with the sources of published crates, one package each, until it has lines enough.
fn tree(crates: &[Crate], least: usize) -> Result<Tree, String> {
    let failed = |error: std::io::Error| error.to_string();
    // Not below this package: where a manifest lies above a workspace, cargo is asked each time.
    let folder = std::env::temp_dir().join(format!("cargo-perf-speed-{least}"));
    let _ = fs::remove_dir_all(&folder);
    let (mut lines, mut bytes, mut members) = (0, 0, Vec::new());
    for (name, from) in sources(crates)? {
        if lines >= least {
            break;
        }
        let member = folder.join(&name);
        for entry in WalkDir::new(from.join("src")).sort_by_file_name() {
            let Ok(entry) = entry else { continue };
            let is_source = entry.path().extension().is_some_and(|ending| ending == "rs");
            let Ok(text) = fs::read_to_string(entry.path()) else { continue };
            // Templates and test data are no Rust, whatever they are called.
            if !is_source || syn::parse_file(&text).is_err() {
                continue;
            }
            let to = member.join(entry.path().strip_prefix(&from).map_err(|e| e.to_string())?);
            fs::create_dir_all(to.parent().unwrap_or(&member)).map_err(failed)?;
            lines += text.lines().count();
            bytes += text.len() as u64;
            fs::write(to, text).map_err(failed)?;
        }
        if !member.join("src/lib.rs").exists() && !member.join("src/main.rs").exists() {
            let _ = fs::remove_dir_all(&member);
            continue;
        }
        let manifest =
            format!("[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2021\"\n");
        fs::write(member.join("Cargo.toml"), manifest).map_err(failed)?;
        members.push(format!("\"{name}\""));
    }
    if lines < least {
        return Err(format!("all crates together have only {lines} lines"));
    }
    let manifest = format!("[workspace]\nresolver = \"2\"\nmembers = [{}]\n", members.join(", "));
    fs::write(folder.join("Cargo.toml"), manifest).map_err(failed)?;
    Ok(Tree { folder, lines, bytes })
}

/// The root of the largest package: what most other files may ask.
fn widest(folder: &Path) -> Result<PathBuf, String> {
    let roots = WalkDir::new(folder).max_depth(3).into_iter().filter_map(Result::ok);
    roots
        .filter(|entry| entry.file_name() == "lib.rs")
        .max_by_key(|entry| {
            let files = WalkDir::new(entry.path().with_file_name("")).into_iter();
            (files.count(), entry.path().to_owned())
        })
        .map(walkdir::DirEntry::into_path)
        .ok_or_else(|| "no library".to_owned())
}
