//! What a recording costs the program: runs a workload with and without in turn, and prints the
//! ratio of the CPU time that the workload itself needed.
//!
//! `cargo bench --bench overhead [-- WORKLOAD…]`. `OVERHEAD_PAIRS` and `OVERHEAD_MILLIS` set how
//! many pairs are run, and how long a run without recording takes.
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
    use std::collections::HashMap;
    use std::env;
    use std::fs;
    use std::hint::black_box;
    use std::io::Write;
    use std::path::Path;
    use std::process::Command;
    use std::sync::atomic::AtomicBool;
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use cargo_perf::capture::preload::{Agent, Wanted};
    use cargo_perf::capture::{self, Input, Kind, Output, Request};
    use rustix::time::{ClockId, clock_gettime};

    const WORKLOADS: [&str; 6] = ["allocate", "vectors", "strings", "compute", "lock", "write"];

    pub fn main() {
        let args: Vec<String> = env::args().skip(1).filter(|arg| arg != "--bench").collect();
        if let [work, name, times] = args.as_slice()
            && work == "work"
        {
            let start = cpu_time();
            let times = times.parse().expect("a number");
            for i in 0..times {
                step(name, i);
            }
            println!("{}", (cpu_time() - start).as_nanos());
            return;
        }
        let number = |name: &str, default: u64| {
            env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
        };
        let pairs = number("OVERHEAD_PAIRS", 15);
        let millis = number("OVERHEAD_MILLIS", 500);
        println!("{:<12}{:<22}{:>8}{:>20}", "workload", "recorded", "ratio", "quartiles");
        for workload in WORKLOADS {
            if args.is_empty() || args.iter().any(|arg| arg == workload) {
                measure(workload, pairs, Duration::from_millis(millis));
            }
        }
    }

    /// How a run is recorded.
    enum Way {
        /// By the agent alone.
        Agent(Box<Wanted>),
        /// As the tool records, with these kinds, at this rate.
        Tool(Vec<Kind>, u32),
    }

    /// What is recorded, by name.
    fn ways() -> Vec<(&'static str, Way)> {
        let full = Wanted { heap: true, lock: true, io: true, clock: true, ..Wanted::default() };
        // So rare that hardly a sample is taken.
        let rare = Wanted { heap_mean: 1 << 39, growth_mean: 1 << 39, ..full.clone() };
        let timers =
            Wanted { cpu_period: Some(Duration::from_millis(1)), clock: true, ..Wanted::default() };
        let agent = |wanted| Way::Agent(Box::new(wanted));
        vec![
            ("cpu by perf events", Way::Tool(vec![Kind::Cpu], Request::DEFAULT_RATE)),
            // As benches of libtest and divan are recorded.
            ("cpu at 2,991 Hz", Way::Tool(vec![Kind::Cpu], 3 * Request::DEFAULT_RATE)),
            ("cpu by timers", agent(timers)),
            ("counters alone", agent(rare)),
            ("heap, lock, io", agent(full)),
            ("all in one run", Way::Tool(Kind::ALL.to_vec(), Request::DEFAULT_RATE)),
        ]
    }

    fn measure(workload: &str, pairs: u64, length: Duration) {
        let mut times = 1;
        // As many steps as take the wanted time.
        while run(workload, times, None) < length / 4 {
            times *= 2;
        }
        let rough = run(workload, times, None);
        times = (times as f64 * length.as_secs_f64() / rough.as_secs_f64()) as u64;
        for (name, way) in ways() {
            let mut ratios: Vec<f64> = (0..pairs)
                .map(|pair| {
                    let with = || run(workload, times, Some(&way)).as_secs_f64();
                    let without = || run(workload, times, None).as_secs_f64();
                    // Who goes first alternates, so that a drift of the machine cancels out.
                    if pair % 2 == 0 {
                        let with = with();
                        with / without()
                    } else {
                        let without = without();
                        with() / without
                    }
                })
                .collect();
            ratios.sort_by(f64::total_cmp);
            let at = |share: f64| ratios[((ratios.len() - 1) as f64 * share).round() as usize];
            let quartiles = format!("{:.3} to {:.3}", at(0.25), at(0.75));
            println!("{workload:<12}{name:<22}{:>8.3}{quartiles:>20}", at(0.5));
        }
    }

    /// CPU time of the workload.
    fn run(workload: &str, times: u64, way: Option<&Way>) -> Duration {
        let program = env::current_exe().expect("this executable");
        let args = ["work".to_owned(), workload.to_owned(), times.to_string()];
        let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
        let library = Path::new(env!("CARGO_TARGET_TMPDIR")).join("agent");
        let text = match way {
            Some(Way::Tool(kinds, rate)) => {
                let out = directory.path().join("stdout");
                let mut request = Request::new(program, directory.path(), library);
                request.args = args.map(Into::into).to_vec();
                request.kinds.clone_from(kinds);
                request.rate = *rate;
                request.clock_reads = true;
                request.stdin = Input::Null;
                request.stdout = Output::File(out.clone());
                capture::record(&request, &AtomicBool::new(false)).expect("recorded");
                fs::read_to_string(out).expect("the workload's output")
            }
            Some(Way::Agent(wanted)) => {
                let agent = Agent::install(wanted.variant(), &library).expect("installed");
                let variables = wanted.environment(&agent, directory.path(), None);
                output(Command::new(program).args(args).envs(variables.expect("environment")))
            }
            None => output(Command::new(program).args(args)),
        };
        Duration::from_nanos(text.trim().parse().expect("the workload prints its time"))
    }

    fn output(command: &mut Command) -> String {
        let output = command.output().expect("the workload starts");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn cpu_time() -> Duration {
        let time = clock_gettime(ClockId::ProcessCPUTime);
        Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
    }

    /// One step of a workload.
    fn step(workload: &str, i: u64) {
        match workload {
            // Nothing but allocation: 64 blocks of mixed sizes live at a time.
            "allocate" => {
                let mut live: [Option<Vec<u8>>; 64] = [const { None }; 64];
                for n in 0..1000u64 {
                    let random = (i ^ n).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
                    let size = 16 + random % 500;
                    live[random as usize / 512 % 64] =
                        Some(black_box(Vec::with_capacity(size as usize)));
                }
                black_box(&live);
            }
            // Growth by pushing.
            "vectors" => {
                let mut out = Vec::new();
                for n in 0..1000u64 {
                    out.push(black_box(n ^ i));
                }
                black_box(&out);
            }
            // Short strings in a map, as programs have them.
            "strings" => {
                let mut map = HashMap::new();
                for n in 0..100u64 {
                    map.insert(format!("key-{}", n * i % 50), n.to_string());
                }
                black_box(&map);
            }
            "compute" => {
                let mut sum = i;
                for n in 0..100_000u64 {
                    sum = black_box(sum.rotate_left(5) ^ n).wrapping_mul(31);
                }
                black_box(sum);
            }
            // A lock that nobody else wants.
            "lock" => {
                let lock = Arc::new(Mutex::new(i));
                for _ in 0..1000 {
                    *black_box(&lock).lock().expect("not poisoned") += 1;
                }
            }
            "write" => {
                let mut null =
                    std::fs::OpenOptions::new().write(true).open("/dev/null").expect("opened");
                for _ in 0..100 {
                    null.write_all(b"x").expect("written");
                }
            }
            other => panic!("unknown workload {other}"),
        }
    }
}
