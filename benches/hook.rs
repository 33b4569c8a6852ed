//! What the hook before a commit takes, with one staged file in a workspace of 100,000 lines,
//! beside a static linter's run over the whole of it.
//!
//! `cargo bench --bench hook`, or with a peer beside it:
//! `HOOK_PEER=path/to/its/cargo-perf cargo bench --bench hook` (`cargo install cargo-perf
//! --version 0.6.0` is one). Runs alternate; the least and the median of each are printed.
#![allow(clippy::print_stdout, reason = "a command whose output is its result")]

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs};

const PACKAGES: usize = 10;
const FILES: usize = 50;
/// Lines of a file; ten packages of fifty files make a hundred thousand.
const LINES: usize = 200;
const ROUNDS: usize = 21;

fn main() {
    let dir = tempfile::tempdir().expect("a directory");
    let lines = workspace(dir.path());
    git(dir.path(), &["init", "-q"]);
    git(dir.path(), &["add", "."]);
    git(dir.path(), &["commit", "-qm", "all"]);
    let staged = "p3/src/m7.rs";
    let text = fs::read_to_string(dir.path().join(staged)).expect("a file of ours");
    fs::write(dir.path().join(staged), text + "\n" + &function(999)).expect("written");
    git(dir.path(), &["add", staged]);

    let ours = env!("CARGO_BIN_EXE_cargo-perf").to_owned();
    let mut commands = vec![("hook run pre-commit", ours, vec!["hook", "run", "pre-commit"])];
    if let Ok(peer) = env::var("HOOK_PEER") {
        commands.push(("the peer, whole", peer, vec!["check"]));
    }
    let mut times = vec![Vec::new(); commands.len()];
    for round in 0..ROUNDS {
        for at in 0..commands.len() {
            let at = (at + round) % commands.len();
            let (_, program, args) = &commands[at];
            times[at].push(run(dir.path(), program, args));
        }
    }
    println!("{lines} lines in {PACKAGES} packages, one file staged, {ROUNDS} alternating runs");
    for ((name, ..), times) in commands.iter().zip(&mut times) {
        times.sort();
        let millis = |time: Duration| time.as_secs_f64() * 1000.0;
        let (least, median) = (millis(times[0]), millis(times[times.len() / 2]));
        println!("{name:24} least {least:8.1} ms   median {median:8.1} ms");
    }
}

fn run(dir: &Path, program: &str, args: &[&str]) -> Duration {
    let mut command = Command::new(program);
    command.current_dir(dir).args(args).stdout(Stdio::null()).stderr(Stdio::null());
    let started = Instant::now();
    let status = command.status().expect("the command starts");
    let took = started.elapsed();
    assert!(status.code().is_some_and(|code| code < 2), "{program} {args:?}: {status}");
    took
}

fn git(dir: &Path, args: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(dir).args(["-c", "user.name=a", "-c", "user.email=a@b"]).args(args);
    assert!(command.status().expect("git").success(), "git {args:?}");
}

/// Writes the workspace; how many lines it has.
fn workspace(dir: &Path) -> usize {
    let members: Vec<String> = (0..PACKAGES).map(|package| format!("\"p{package}\"")).collect();
    let manifest = format!("[workspace]\nresolver = \"2\"\nmembers = [{}]\n", members.join(", "));
    fs::write(dir.join("Cargo.toml"), manifest).expect("written");
    let mut lines = 0;
    for package in 0..PACKAGES {
        let src = dir.join(format!("p{package}/src"));
        fs::create_dir_all(&src).expect("made");
        let manifest =
            format!("[package]\nname = \"p{package}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n");
        fs::write(src.with_file_name("Cargo.toml"), manifest).expect("written");
        let mut root = String::new();
        for file in 0..FILES {
            writeln!(root, "pub mod m{file};").expect("a string");
            let mut text = String::new();
            let mut at = 0;
            while text.lines().count() < LINES {
                text.push_str(&function(at));
                at += 1;
            }
            lines += text.lines().count();
            fs::write(src.join(format!("m{file}.rs")), text).expect("written");
        }
        lines += FILES;
        fs::write(src.join("lib.rs"), root).expect("written");
    }
    lines
}

/// Ten lines that both sides have something to look at in.
fn function(at: usize) -> String {
    format!(
        "pub fn f{at}(words: &[String]) -> Vec<String> {{
    let mut kept = Vec::new();
    for (number, word) in words.iter().enumerate() {{
        let trimmed = word.trim().to_lowercase();
        if trimmed.len() > {at} && number % 3 == 0 {{
            kept.push(format!(\"{{number}}-{{trimmed}}\"));
        }}
    }}
    kept
}}
"
    )
}
