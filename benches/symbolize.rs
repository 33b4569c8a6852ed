//! From a recording to a profile: records regex and JSON work of this very program on four
//! threads, with each CPU backend, and prints how complete the stacks are, how long 100,000 of
//! them take to become a profile, and how much memory that needs.
//!
//! `cargo bench --bench symbolize`. `SYMBOLIZE_ROUNDS` sets how much work is recorded.
#![cfg_attr(not(target_os = "linux"), allow(unused))]
#![allow(clippy::print_stdout, reason = "a command whose output is its result")]

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
fn main() {
    linux::main();
}

#[cfg(target_os = "linux")]
mod linux {
    use std::hint::black_box;
    use std::path::Path;
    use std::sync::atomic::AtomicBool;
    use std::time::{Duration, Instant};
    use std::{env, fs, thread};

    use cargo_perf::capture::raw::Event;
    use cargo_perf::capture::{self, CpuBackend, Input, Kind, Output, Recording, Request};
    use cargo_perf::model::profile::Profile;
    use cargo_perf::symbolize::{Builder, Quality};

    /// Stacks of which the time is printed.
    const STACKS: u64 = 100_000;

    pub fn main() {
        let args: Vec<String> = env::args().skip(1).filter(|arg| arg != "--bench").collect();
        if let [work, rounds] = args.as_slice()
            && work == "work"
        {
            let rounds = rounds.parse().expect("a number");
            let work =
                |at: u64| (0..rounds).map(|round| black_box(unit(round + at))).sum::<usize>();
            thread::scope(|scope| (0..4).for_each(|at| drop(scope.spawn(move || work(at)))));
            return;
        }
        let rounds = env::var("SYMBOLIZE_ROUNDS").unwrap_or_else(|_| "2000".to_owned());
        for backend in [CpuBackend::PerfEvents, CpuBackend::Timers] {
            let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
            match record(&rounds, backend, dir.path()) {
                Ok(recording) => measure(&recording, dir.path()),
                Err(error) => println!("{backend:?}: {error}"),
            }
        }
    }

    fn record(rounds: &str, backend: CpuBackend, dir: &Path) -> Result<Recording, capture::Error> {
        let agents = Path::new(env!("CARGO_TARGET_TMPDIR")).join("agent");
        let program = env::current_exe().expect("this executable");
        let mut request = Request::new(program, dir, agents);
        request.args = vec!["work".into(), rounds.into()];
        request.kinds = vec![Kind::Cpu];
        request.cpu_backend = backend;
        request.stdin = Input::Null;
        request.stdout = Output::Null;
        capture::record(&request, &AtomicBool::new(false))
    }

    fn measure(recording: &Recording, dir: &Path) {
        let size: u64 = fs::read_dir(dir)
            .expect("listed")
            .filter_map(|entry| entry.ok()?.metadata().ok())
            .map(|data| data.len())
            .sum();
        let (_, quality, _, _) = profile(recording, 1);
        let times = STACKS.div_ceil(quality.stacks.max(1));
        let (profile, many, unwinding, resolving) = profile(recording, times);
        let share = quality.complete_share().unwrap_or(0.0) * 100.0;
        println!("{}", recording.summary());
        println!("  {} stacks, {share:.3} % complete, {} MB", quality.stacks, size / 1_000_000);
        println!(
            "  {} stacks to a profile: {:.3} s reading and unwinding ({:.2} µs each), \
             {:.3} s resolving {} addresses; {} samples",
            many.stacks,
            unwinding.as_secs_f64(),
            unwinding.as_secs_f64() * 1e6 / many.stacks as f64,
            resolving.as_secs_f64(),
            profile.locations.len(),
            profile.samples.len(),
        );
        println!("  at most {} of memory so far", peak_memory());
    }

    /// Reads the recording several times into one profile.
    fn profile(recording: &Recording, times: u64) -> (Profile, Quality, Duration, Duration) {
        let start = Instant::now();
        let mut builder = Builder::new(&[Kind::Cpu]);
        let all = builder.labels(&[]);
        for _ in 0..times {
            let mut events = recording.events().expect("events");
            while let Some(event) = events.next().expect("an event") {
                // The maps are there from the first time on.
                if matches!(event, Event::Exec { .. }) {
                    continue;
                }
                builder.event(&event, |_| Some(all));
            }
        }
        let unwinding = start.elapsed();
        let (profile, quality) = builder.finish();
        (profile, quality, unwinding, start.elapsed() - unwinding)
    }

    fn peak_memory() -> String {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        line.map_or("an unknown amount".to_owned(), |line| line.trim().to_owned())
    }

    /// Parses and prints JSON, compiles a pattern and searches with it.
    fn unit(round: u64) -> usize {
        let text = format!(
            r#"{{"user":{{"id":{round},"mail":"u{round}@example.org","tags":["a","b{round}"]}}}}"#
        );
        let value: serde_json::Value = serde_json::from_str(&text).expect("valid JSON");
        let printed = serde_json::to_string(&value).expect("printable");
        let pattern = regex::Regex::new(r"(\w+)@(\w+)\.(org|com)").expect("a valid pattern");
        pattern.captures_iter(&printed).count() + printed.len()
    }
}
