//! How long the views take on large profiles, beside the tools people use today.
//!
//! `cargo bench --bench views` makes the profiles, runs each command a few times, the tools in
//! turn, and prints the shortest time of each, with the load of the machine. A tool that is not
//! there is left out. `INFERNO` names the folder of inferno's programs where they are not in
//! `PATH` (`cargo install inferno --root DIR` puts them into `DIR/bin`); `ROUNDS` the number of
//! rounds.

// The figures are the output.
#![allow(clippy::print_stdout)]

mod browser;
mod make;
mod server;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Something that is measured: how long it took, `None` where it is not there or fails.
type Measured<'a> = Box<dyn Fn() -> Option<Duration> + 'a>;

fn main() {
    let rounds = std::env::var("ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(3);
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("views");
    fs::create_dir_all(&dir).expect("a directory for the profiles");
    let path = |name: &str| dir.join(name).display().to_string();
    let (large, small, script) =
        (path("million.pb.gz"), path("hundred-thousand.pb.gz"), path("perf-script.txt"));
    make::write_profile(Path::new(&large), 1_000_000);
    make::write_profile(Path::new(&small), 100_000);
    make::write_script(Path::new(&script), 200 << 20);

    let ours = env!("CARGO_BIN_EXE_cargo-perf");
    let mine = |args: &[&str]| -> Measured<'_> {
        let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
        Box::new(move || time(Command::new(ours).args(&args)))
    };
    let pprof = |arg: &'static str| -> Measured<'_> {
        let large = &large;
        Box::new(move || time(Command::new("go").args(["tool", "pprof", arg, large])))
    };
    println!("load of the machine: {}", load());
    println!("{:<48} {:>12} {:>12}", "", "cargo perf", "the other");
    row(
        "top, a million samples (go tool pprof -top)",
        rounds,
        &mine(&["top", "--from", &large]),
        &pprof("-top"),
    );
    row(
        "flame graph, a million samples (pprof's page)",
        rounds,
        &mine(&["flamegraph", "--from", &large]),
        &(Box::new(|| server::time_to_flame_graph(&large)) as Measured<'_>),
    );
    row(
        "call graph, a million samples (pprof -dot)",
        rounds,
        &mine(&["export", "--format", "dot", "--from", &large]),
        &pprof("-dot"),
    );
    row(
        "collapse 200 MB of perf script (inferno)",
        rounds,
        &mine(&["export", "--format", "collapsed", "--from", &script]),
        &(Box::new(|| time(Command::new(inferno("inferno-collapse-perf")).arg(&script)))
            as Measured<'_>),
    );
    row(
        "200 MB of perf script to a flame graph (inferno)",
        rounds,
        &mine(&["flamegraph", "--from", &script]),
        &(Box::new(|| collapse_and_draw(&script)) as Measured<'_>),
    );
    row(
        "report, a hundred thousand samples",
        rounds,
        &mine(&["report", "--from", &small]),
        &nobody(),
    );
    report(ours, &small, &dir);
    println!("load of the machine: {}", load());
}

fn nobody<'a>() -> Measured<'a> {
    Box::new(|| None)
}

/// Ours and the other in turn, the shortest time of each.
fn row(what: &str, rounds: usize, mine: &Measured<'_>, other: &Measured<'_>) {
    let (mut best, mut theirs) = (Duration::MAX, Some(Duration::MAX));
    for _ in 0..rounds {
        best = best.min(mine().expect("our own program runs"));
        theirs = theirs.and_then(|best| Some(best.min(other()?)));
    }
    let shown = |time: Duration| format!("{:.2} s", time.as_secs_f64());
    let theirs = theirs.map_or_else(|| "not there".to_owned(), shown);
    println!("{what:<48} {:>12} {theirs:>12}", shown(best));
}

/// How large the page is, and how soon a browser answers in it.
fn report(ours: &str, profile: &str, dir: &Path) {
    let page = Command::new(ours).args(["report", "--from", profile]).output();
    let page = page.expect("our own program runs").stdout;
    println!("the report's size: {:.2} MB (asked: below 5)", page.len() as f64 / 1e6);
    match browser::open(&page, dir) {
        Some(times) => println!(
            "in the browser: drawn after {:.0} ms, a search answered after {:.0} ms, a zoom after \
             {:.0} ms (asked: below 2000)",
            times.drawn, times.searched, times.zoomed
        ),
        None => println!("in the browser: no Chromium in PATH, not measured"),
    }
}

/// How long a command takes; `None` where it is not there or fails.
fn time(command: &mut Command) -> Option<Duration> {
    let start = Instant::now();
    let ran = command.stdout(Stdio::null()).stderr(Stdio::null()).status().ok()?;
    ran.success().then(|| start.elapsed())
}

/// inferno's two programs joined by a pipe, as its users do.
fn collapse_and_draw(script: &str) -> Option<Duration> {
    let start = Instant::now();
    let mut first = Command::new(inferno("inferno-collapse-perf"))
        .arg(script)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let second = Command::new(inferno("inferno-flamegraph"))
        .stdin(first.stdout.take()?)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let first = first.wait().ok()?;
    (first.success() && second.ok()?.success()).then(|| start.elapsed())
}

fn inferno(program: &str) -> PathBuf {
    std::env::var_os("INFERNO").map_or_else(|| program.into(), |dir| Path::new(&dir).join(program))
}

/// Processes that ran or wanted to, over the last minute.
fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().filter(|word| !word.is_empty()).unwrap_or("not known").to_owned()
}
