//! One short process of one bench: seconds per iteration, or how it failed.

use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::cut::Cuts;
use super::side::Target;
use super::{Benches, Error, Which};
use crate::bench::{Call, Choice, Harness, Length, Listing, Reads, Run, Sample, is_of};
use crate::capture::{self, CpuBackend, End, Input, Kind, Output, Recording, Request};
use crate::record;
use crate::workspace::{empty_dir, run_captured};

/// How a run failed.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// It could not be started.
    NotStarted(String),
    /// It exited with a failure, or by a signal.
    Exited {
        /// How.
        status: ExitStatus,
        /// The end of what it wrote.
        output: String,
    },
    /// It took longer than it may, and was ended.
    TooLong(Duration),
    /// It ended well and measured nothing.
    NoSample {
        /// The end of what it wrote.
        output: String,
    },
    /// The caller interrupted it.
    Interrupted,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::NotStarted(why) => write!(f, "could not be started: {why}"),
            Fault::Exited { status, .. } => write!(f, "failed ({status})"),
            Fault::TooLong(limit) => {
                write!(f, "took longer than {} s and was ended", limit.as_secs())
            }
            Fault::NoSample { .. } => f.write_str("ran and measured nothing"),
            Fault::Interrupted => f.write_str("was interrupted"),
        }
    }
}

impl Fault {
    /// The end of what it wrote.
    pub fn output(&self) -> Option<&str> {
        match self {
            Fault::Exited { output, .. } | Fault::NoSample { output } => Some(output),
            _ => None,
        }
    }
}

/// What every process of a comparison shares.
pub(super) struct Processes<'a> {
    pub(super) length: Length,
    pub(super) limit: Duration,
    /// A directory for what a process leaves, emptied before each.
    pub(super) scratch: PathBuf,
    pub(super) interrupt: &'a AtomicBool,
    pub(super) cuts: Cuts,
}

/// What a finished process left.
struct Finished {
    status: ExitStatus,
    stdout: String,
    stderr: String,
    cpu: Duration,
}

/// The last lines of an output are enough to see what went wrong.
const TAIL: usize = 2000;

impl Finished {
    /// Itself, unless it failed.
    fn well(self) -> Result<Self, Fault> {
        if self.status.success() {
            return Ok(self);
        }
        Err(Fault::Exited { status: self.status, output: self.output() })
    }

    fn output(&self) -> String {
        let mut text = format!("{}{}", self.stdout, self.stderr);
        if text.len() > TAIL {
            let start = (text.len() - TAIL..).find(|&at| text.is_char_boundary(at));
            text.drain(..start.unwrap_or(0));
        }
        text
    }
}

impl Processes<'_> {
    /// The names of a target's benches that were asked for.
    pub(super) fn list(
        &self,
        target: &Target,
        benches: &Benches,
        which: Which,
    ) -> Result<Vec<String>, Error> {
        let filters = match benches {
            Benches::Matching(filters) => filters.clone(),
            Benches::Exactly(_) => Vec::new(),
        };
        let choice = Choice::Matching(filters);
        let asked = |call| {
            let ran = self.run(target, &target.path, call).and_then(Finished::well);
            ran.map_err(|fault| Error::List { target: target.name.clone(), which, fault })
        };
        let mut names = match target.adapter.list(&choice) {
            Listing::Ask(call) => target.adapter.parse_list(&asked(call)?.stdout),
            Listing::Known(names) => names,
            // What cannot be asked is looked at while it runs.
            Listing::Unknown => {
                let call = target.adapter.run(&choice, &self.length, &self.scratch);
                let measured = target.adapter.measured(&self.left_by(&asked(call)?));
                let names = measured.into_iter().map(|measured| measured.bench);
                names.filter(|name| choice.holds(name)).collect()
            }
        };
        if let Benches::Exactly(wanted) = benches {
            // One that is listed may run as several, with so many threads each.
            names.retain(|name| {
                let listed = target.bench_name(name);
                wanted.iter().any(|wanted| {
                    (&wanted.package, &wanted.target) == (&listed.package, &listed.target)
                        && is_of(name, &wanted.bench)
                })
            });
        }
        names.sort();
        names.dedup();
        Ok(names)
    }

    /// Runs one bench of a copy of the target's executable. Of the samples the fastest counts:
    /// whatever else the machine does only ever adds time.
    pub(super) fn seconds(&self, target: &Target, copy: &Path, bench: &str) -> Result<f64, Fault> {
        if target.adapter.harness().decides_its_length()
            && let Some(samples) = self.cut_short(target, copy, bench)?
            && let Some(seconds) = fastest([samples.as_slice()].into_iter())
        {
            return Ok(seconds);
        }
        let call = target.adapter.sample(bench, &self.length, &self.scratch);
        let finished = self.run(target, copy, call)?.well()?;
        if target.adapter.harness() == Harness::Main {
            return Ok(finished.cpu.as_secs_f64());
        }
        let measured = target.adapter.measured(&self.left_by(&finished));
        let own = measured.iter().filter(|measured| is_of(bench, &measured.bench));
        fastest(own.map(|measured| measured.samples.as_slice()))
            .ok_or_else(|| Fault::NoSample { output: finished.output() })
    }

    fn left_by<'f>(&'f self, finished: &'f Finished) -> Run<'f> {
        let Finished { stdout, stderr, .. } = finished;
        Run { stdout, stderr, scratch: &self.scratch, reads: None }
    }

    fn run(&self, target: &Target, program: &Path, call: Call) -> Result<Finished, Fault> {
        let request = self.request(target, program, call)?;
        match capture::record(&request, self.interrupt) {
            Ok(ran) => self.finished(&ran),
            Err(capture::Error::Unsupported { .. }) => self.run_plainly(&request),
            Err(error) => Err(Fault::NotStarted(error.to_string())),
        }
    }

    /// Runs it for so long at most: the clock reads that it made until then, and whether it came
    /// to its end; `None` where they cannot be seen.
    pub(super) fn reads_of(
        &self,
        target: &Target,
        program: &Path,
        call: Call,
        limit: Duration,
    ) -> Result<Option<(Reads, bool)>, Fault> {
        let mut request = self.request(target, program, call)?;
        request.clock_reads = true;
        // Between any two benches something is printed.
        request.kinds = vec![Kind::Io];
        request.agent_dir = self.scratch.with_file_name("agent");
        request.time_limit = Some(limit.min(self.limit));
        let not_started = |error: capture::Error| Fault::NotStarted(error.to_string());
        let ran = match capture::record(&request, self.interrupt) {
            Ok(ran) => ran,
            Err(capture::Error::Unsupported { .. }) => return Ok(None),
            Err(error) => return Err(not_started(error)),
        };
        match ran.end {
            End::TimedOut => {}
            End::Interrupted => return Err(Fault::Interrupted),
            End::Exited(_) => {
                self.finished(&ran)?.well()?;
            }
        }
        let is_over = matches!(ran.end, End::Exited(_));
        let reads = record::clock_reads(&ran).map_err(not_started)?;
        Ok(Some((reads, is_over)))
    }

    /// Where the two streams of a process go.
    fn streams(&self) -> (PathBuf, PathBuf) {
        (self.scratch.with_file_name("out"), self.scratch.with_file_name("err"))
    }

    /// Nothing is recorded; it is run like any recording.
    fn request(&self, target: &Target, program: &Path, call: Call) -> Result<Request, Fault> {
        let not_started = |error: io::Error| Fault::NotStarted(error.to_string());
        empty_dir(&self.scratch).map_err(not_started)?;
        let env: Vec<(OsString, Option<OsString>)> =
            target.env.iter().cloned().chain(call.env).collect();
        let (out, err) = self.streams();
        let mut request = Request::new(program, &self.scratch, &self.scratch);
        request.kinds = Vec::new();
        request.cpu_backend = CpuBackend::Off;
        request.args = call.args;
        request.cwd = Some(target.cwd.clone());
        request.env = env;
        request.time_limit = Some(self.limit);
        request.stdin = Input::Null;
        request.stdout = Output::File(out);
        request.stderr = Output::File(err);
        Ok(request)
    }

    fn finished(&self, ran: &Recording) -> Result<Finished, Fault> {
        let (out, err) = self.streams();
        let read = |path: &Path| {
            let bytes = fs::read(path).map_err(|error| Fault::NotStarted(error.to_string()))?;
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        };
        match ran.end {
            End::Interrupted => Err(Fault::Interrupted),
            End::TimedOut => Err(Fault::TooLong(self.limit)),
            End::Exited(status) => Ok(Finished {
                status,
                stdout: read(&out)?,
                stderr: read(&err)?,
                cpu: ran.user + ran.system,
            }),
        }
    }

    /// Where nothing can be recorded, a process is still run; its CPU time is not known there, so
    /// the time on the wall stands for it.
    fn run_plainly(&self, request: &Request) -> Result<Finished, Fault> {
        let mut command = Command::new(&request.program);
        command.args(&request.args);
        if let Some(cwd) = &request.cwd {
            command.current_dir(cwd);
        }
        for (name, value) in &request.env {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let start = std::time::Instant::now();
        let ran = run_captured(&mut command, Some(self.limit), self.interrupt)
            .map_err(|error| Fault::NotStarted(error.to_string()))?;
        if self.interrupt.load(std::sync::atomic::Ordering::Relaxed) {
            return Err(Fault::Interrupted);
        }
        if ran.is_late {
            return Err(Fault::TooLong(self.limit));
        }
        let cpu = start.elapsed();
        Ok(Finished { status: ran.status, stdout: ran.stdout, stderr: ran.stderr, cpu })
    }
}

/// Seconds per iteration of the fastest sample; of a bench that was measured at several numbers of
/// threads, the geometric mean over these.
fn fastest<'m>(measured: impl Iterator<Item = &'m [Sample]>) -> Option<f64> {
    let of_one = |samples: &[Sample]| {
        samples
            .iter()
            .filter(|sample| sample.iterations > 0)
            .map(|sample| sample.nanos * 1e-9 / sample.iterations as f64)
            .filter(|seconds| seconds.is_finite())
            .min_by(f64::total_cmp)
    };
    match measured.map(of_one).collect::<Option<Vec<f64>>>()?.as_slice() {
        [] => None,
        [one] => Some(*one),
        several => {
            let logs: f64 = several.iter().map(|seconds| seconds.ln()).sum();
            Some((logs / several.len() as f64).exp())
        }
    }
}
