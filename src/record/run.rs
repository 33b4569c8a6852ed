//! Runs one program under the recorder, and a bench target as often as it takes for each of its
//! benches to have had its turn.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::again;
use super::apart::{self, Enough};
use super::assemble::Assembler;
use super::pace::Pace;
use super::scratch::Scratch;
use super::watch::{Streams, Watch};
use super::{Error, Failed, Fault, Listener, Options};
use crate::bench::{
    self, Adapter, Call, Choice, Collector, Harness, Listing, Measured, Reads, Run, Shard, Timed,
    Whole, is_of, listed,
};
use crate::capture::raw::Event;
use crate::capture::{self, End, Input, Output, Recording, Request, Switch};
use crate::workspace::{Executable, Workspace, run_captured, run_environment};

/// Listing benches runs the set-up of some, no more.
const LIST_LIMIT: Duration = Duration::from_secs(60);

/// No more of a program's output than this is looked at.
const MOST_OUTPUT: u64 = 256 << 20;

/// What all programs of a recording share.
pub(super) struct Runner<'a> {
    pub(super) options: &'a Options,
    pub(super) pace: Pace,
    pub(super) scratch: &'a Scratch,
    pub(super) listener: &'a Listener<'a>,
    pub(super) interrupt: &'a AtomicBool,
}

/// A program to record.
pub(super) struct Program {
    pub(super) package: String,
    pub(super) target: String,
    pub(super) adapter: Box<dyn Adapter + Send + Sync>,
    /// How profiles call what drives it.
    pub(super) harness: &'static str,
    path: OsString,
    args: Vec<OsString>,
    cwd: Option<PathBuf>,
    env: Vec<(OsString, Option<OsString>)>,
    limit: Option<Duration>,
    switch: Option<Arc<Switch>>,
    command: bool,
}

impl Program {
    pub(super) fn of_bench(workspace: &Workspace, executable: &Executable) -> Self {
        let adapter = bench::adapter_of(executable);
        let target = &executable.target;
        let env = run_environment(workspace, executable);
        Program {
            package: target.package.clone(),
            target: target.name.clone(),
            harness: adapter.harness().name(),
            adapter,
            path: executable.path.clone().into_os_string(),
            args: Vec::new(),
            cwd: Some(target.package_dir.clone()),
            env: env.into_iter().map(|(name, value)| (name.into(), Some(value))).collect(),
            limit: None,
            switch: None,
            command: false,
        }
    }

    pub(super) fn of_command(
        path: &OsString,
        args: &[OsString],
        limit: Option<Duration>,
        switch: Option<Arc<Switch>>,
    ) -> Self {
        let name = Path::new(path).file_name().unwrap_or(path).to_string_lossy().into_owned();
        Program {
            package: String::new(),
            target: name.clone(),
            adapter: Box::new(Whole { name }),
            harness: "command",
            path: path.clone(),
            args: args.to_vec(),
            cwd: None,
            env: Vec::new(),
            limit,
            switch,
            command: true,
        }
    }
}

/// A run that was recorded, with what is known of its benches.
pub(super) struct Finished {
    pub(super) recording: Recording,
    pub(super) reads: Reads,
    pub(super) benches: Vec<Measured>,
    pub(super) failed: Option<Failed>,
}

/// Runs every chosen bench of a target. Where one of them ends the process, the rest gets another.
pub(super) fn all_benches(
    runner: &Runner<'_>,
    program: &Program,
    assembler: &mut Assembler,
) -> Result<(), Error> {
    let mut choice = runner.options.choice.clone();
    match program.adapter.list(&choice) {
        Listing::Known(names) if names.is_empty() => return Ok(()),
        _ if program.adapter.harness().decides_its_length() => {
            if let Some(names) = list(runner, program, &choice) {
                return apart::each(runner, program, &names, assembler);
            }
        }
        _ => {}
    }
    let mut seen: Vec<String> = Vec::new();
    loop {
        let begun = Instant::now();
        let finished = match chosen(runner, program, None, &choice)? {
            Ok(finished) => finished,
            Err(fault) => {
                assembler.failed(failed(program, None, fault, String::new()));
                return Ok(());
            }
        };
        let mut finished = finished;
        let before = seen.len();
        seen.extend(finished.benches.iter().map(|bench| bench.bench.clone()));
        let culprit = finished.failed.as_ref().map(|failed| failed.bench.clone());
        let alone = take_unclear(program, &mut finished);
        let may_repeat = again::may_repeat(runner, program, &finished);
        assembler.add(program, finished)?;
        if may_repeat {
            again::until_enough(runner, program, begun, assembler)?;
        }
        for name in alone {
            if runner.interrupt.load(Ordering::Relaxed) {
                break;
            }
            match chosen(runner, program, None, &Choice::Exactly(vec![name.clone()]))? {
                Ok(finished) => assembler.add(program, finished)?,
                Err(fault) => {
                    assembler.failed(failed(program, Some(name), fault, String::new()));
                }
            }
        }
        let Some(culprit) = culprit else { break };
        if runner.interrupt.load(Ordering::Relaxed) {
            break;
        }
        // Without a name there is no telling which bench to leave out.
        let Some(culprit) = culprit else { break };
        if !seen.contains(&culprit) {
            seen.push(culprit);
        }
        if seen.len() == before {
            break;
        }
        let mut rest = list(runner, program, &runner.options.choice).unwrap_or_default();
        rest.retain(|name| !seen.iter().any(|seen| is_of(name, seen)));
        if rest.is_empty() {
            break;
        }
        choice = Choice::Exactly(rest);
    }
    if seen.is_empty() {
        assembler.empty(program);
    }
    Ok(())
}

/// What of a target belongs to a share, of which `at` benches were counted before; `None` where
/// nothing does. A target that cannot name its benches is taken whole, or left to another share.
pub(super) fn share(
    runner: &Runner<'_>,
    program: &Program,
    shard: Shard,
    at: &mut usize,
) -> Option<Choice> {
    let mut takes = || {
        *at += 1;
        shard.takes(*at - 1)
    };
    let Some(mut names) = list(runner, program, &runner.options.choice) else {
        return takes().then(|| runner.options.choice.clone());
    };
    names.sort();
    names.dedup();
    names.retain(|_| takes());
    (!names.is_empty()).then_some(Choice::Exactly(names))
}

/// Takes out the benches of a run whose place in it is not known, since others lie beside them:
/// each of these is run again alone. criterion tells the place by its files.
fn take_unclear(program: &Program, finished: &mut Finished) -> BTreeSet<String> {
    let harness = program.adapter.harness();
    if harness == Harness::Criterion || finished.benches.len() < 2 {
        return BTreeSet::new();
    }
    let unclear = |bench: &&Measured| {
        matches!(bench.timed, Timed::Within { .. }) && !bench.samples.is_empty()
    };
    let benches = finished.benches.iter().filter(unclear);
    let names: BTreeSet<String> = benches.map(|bench| listed(&bench.bench).to_owned()).collect();
    finished.benches.retain(|bench| !names.contains(listed(&bench.bench)));
    names
}

/// Runs a command. That it fails is told, that it is ended by its limit is not.
pub(super) fn command(
    runner: &Runner<'_>,
    program: &Program,
    assembler: &mut Assembler,
) -> Result<(), Error> {
    match once(runner, program, None, |_| Call { args: program.args.clone(), env: Vec::new() })? {
        Ok(finished) => assembler.add(program, finished),
        Err(fault) => {
            assembler.failed(failed(program, None, fault, String::new()));
            Ok(())
        }
    }
}

/// Runs these benches of a target; see [`once`].
pub(super) fn chosen(
    runner: &Runner<'_>,
    program: &Program,
    alone: Option<&str>,
    choice: &Choice,
) -> Result<Result<Finished, Fault>, Error> {
    let call = |scratch: &Path| program.adapter.run(choice, &runner.pace.length, scratch);
    let mut finished = once(runner, program, alone, call)?;
    // It may have run others beside them.
    if let (Harness::Bencher, Ok(finished)) = (program.adapter.harness(), &mut finished) {
        finished.benches.retain(|bench| choice.holds(&bench.bench));
    }
    Ok(finished)
}

/// Runs the program once: for all benches that the call asks for, or for one whose name is given,
/// when the program is ended once it has shown enough. An inner error is a fault of this program only.
pub(super) fn once(
    runner: &Runner<'_>,
    program: &Program,
    alone: Option<&str>,
    call: impl Fn(&Path) -> Call,
) -> Result<Result<Finished, Fault>, Error> {
    let raw_dir = runner.scratch.fresh("raw").map_err(Error::Scratch)?;
    let left = runner.scratch.fresh("left").map_err(Error::Scratch)?;
    let out_dir = runner.scratch.fresh("output").map_err(Error::Scratch)?;
    let streams = Streams::in_dir(&out_dir);
    let call = call(&left);
    let mut request = Request::new(program.path.clone(), raw_dir, runner.scratch.agent_dir());
    request.args = call.args;
    request.cwd = program.cwd.clone();
    request.env = program.env.iter().cloned().chain(call.env).collect();
    request.kinds = runner.options.kinds.clone();
    request.rate = runner.pace.rate;
    request.clock_reads = program.adapter.harness() != Harness::Main;
    let calls = &runner.options.calls;
    request.probes = match program.command {
        true => calls.probes.clone(),
        false => calls.of(Path::new(&program.path)),
    };
    request.children = program.command;
    request.time_limit = program.limit;
    request.switch = program.switch.clone();
    if !program.command {
        request.stdin = Input::Null;
        request.stdout = Output::File(streams.out.clone());
        request.stderr = Output::File(streams.err.clone());
    }
    let fault = Mutex::new(None);
    let enough = alone.map(|bench| Enough::of(bench, runner.pace.length.measure, &request.raw_dir));
    let recording = if program.command {
        capture::record(&request, runner.interrupt)
    } else {
        watched(runner, program, &request, &streams, &left, (&fault, enough.as_ref()))
    };
    let recording = match recording {
        Ok(recording) => recording,
        // What fails to start or to be recorded may be this program's alone.
        Err(error @ (capture::Error::Unsupported { .. } | capture::Error::NoBackend { .. })) => {
            return Err(Error::Capture(error));
        }
        Err(error) if program.command => return Err(Error::Capture(error)),
        Err(error) => return Ok(Err(Fault::NotRecorded(error.to_string()))),
    };
    let fault = fault.into_inner().unwrap_or_default().or(match recording.end {
        End::Exited(status) if !status.success() => Some(Fault::Exited(status)),
        _ => None,
    });
    let reads = if request.clock_reads {
        clock_reads(&recording).map_err(Error::Capture)?
    } else {
        Reads::default()
    };
    let (stdout, stderr) = (read_output(&streams.out), read_output(&streams.err));
    let run = Run {
        stdout: &stdout,
        stderr: &stderr,
        scratch: &left,
        reads: (!reads.threads.is_empty()).then_some(&reads),
    };
    let mut benches = program.adapter.measured(&run);
    let well = matches!(recording.end, End::Exited(status) if status.success());
    let cut = !matches!(recording.end, End::Exited(_)) && fault.is_none();
    let begun = alone.filter(|_| cut).and_then(|bench| apart::begun(program, bench, &reads));
    // That another bench failed which runs after it is told where that one is recorded.
    let is_of_another = alone.is_some_and(|bench| {
        benches.iter().any(|measured| measured.bench == bench)
            && program.adapter.at(&run).is_some_and(|at| at != bench)
    });
    let fault = fault.filter(|_| !is_of_another);
    let at = match alone {
        _ if well || begun.is_some() => None,
        Some(bench) => Some(bench.to_owned()),
        None => program.adapter.at(&run),
    };
    if let Some(begun) = begun {
        benches = vec![begun];
    }
    let unfinished = at.clone().filter(|at| benches.iter().all(|bench| bench.bench != *at));
    if let Some(bench) = unfinished {
        // What was recorded of it until then shows where it hangs or what it did.
        let (after, before, why) = (last_end(&benches), None, "it did not finish");
        let timed = Timed::Within { after, before, why };
        benches.push(Measured { bench, iterations: None, samples: Vec::new(), timed });
    }
    let failed = fault.map(|fault| failed(program, at, fault, shown(&stdout, &stderr)));
    Ok(Ok(Finished { recording, reads, benches, failed }))
}

/// When the last bench was over, where only the system's clock tells.
fn last_end(benches: &[Measured]) -> Option<std::time::SystemTime> {
    benches.iter().rev().find_map(|bench| match bench.timed {
        Timed::Within { before, .. } => before,
        _ => None,
    })
}

fn watched(
    runner: &Runner<'_>,
    program: &Program,
    request: &Request,
    streams: &Streams,
    left: &Path,
    (fault, enough): (&Mutex<Option<Fault>>, Option<&Enough>),
) -> Result<Recording, capture::Error> {
    let (stop, done) = (AtomicBool::new(false), AtomicBool::new(false));
    let watch = Watch {
        streams,
        adapter: &*program.adapter,
        scratch: left,
        stall: runner.options.stall,
        listener: runner.listener,
        interrupt: runner.interrupt,
        stop: &stop,
        done: &done,
        fault,
        enough,
    };
    std::thread::scope(|scope| {
        let watching = scope.spawn(|| watch.run());
        let recording = capture::record(request, &stop);
        done.store(true, Ordering::Release);
        watching.thread().unpark();
        recording
    })
}

/// The clock reads of the program that was started.
pub(crate) fn clock_reads(recording: &Recording) -> Result<Reads, capture::Error> {
    let mut collector = Collector::of(recording.pid);
    let mut events = recording.agent_events()?;
    while let Some(event) = events.next()? {
        if let Event::Clock(read) = event {
            collector.push(&read);
        }
    }
    Ok(collector.finish())
}

pub(super) fn failed(
    program: &Program,
    bench: Option<String>,
    fault: Fault,
    output: String,
) -> Failed {
    let (package, target) = (program.package.clone(), program.target.clone());
    Failed { package, target, bench, fault, output }
}

fn read_output(path: &Path) -> String {
    use std::io::Read;
    let mut bytes = Vec::new();
    if let Ok(file) = fs::File::open(path) {
        // What can be read of it is all that anybody will see of it.
        let _ = file.take(MOST_OUTPUT).read_to_end(&mut bytes);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The last lines of both streams.
fn shown(stdout: &str, stderr: &str) -> String {
    const LINES: usize = 60;
    let tail = |text: &str| {
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(LINES)..].join("\n")
    };
    let (out, err) = (tail(stdout), tail(stderr));
    match (out.trim().is_empty(), err.trim().is_empty()) {
        (true, _) => err,
        (_, true) => out,
        _ => format!("{out}\n{err}"),
    }
}

/// The names of the chosen benches; `None` where the target does not tell any.
fn list(runner: &Runner<'_>, program: &Program, choice: &Choice) -> Option<Vec<String>> {
    let call = match program.adapter.list(choice) {
        Listing::Ask(call) => call,
        Listing::Known(names) => return Some(names),
        Listing::Unknown => return None,
    };
    let mut command = Command::new(&program.path);
    command.args(&call.args);
    if let Some(cwd) = &program.cwd {
        command.current_dir(cwd);
    }
    for (name, value) in program.env.iter().chain(&call.env) {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    match run_captured(&mut command, Some(LIST_LIMIT), runner.interrupt) {
        Ok(ran) if ran.status.success() => {
            Some(program.adapter.parse_list(&ran.stdout)).filter(|names| !names.is_empty())
        }
        _ => None,
    }
}
