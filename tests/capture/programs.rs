//! The recorded programs, compiled once, and profiles of them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::{env, fs};

use cargo_perf::capture::{self, End, Input, Kind, Output, Recording, Request};
use cargo_perf::model::profile::{Profile, Sample};
use cargo_perf::symbolize::{Builder, Quality};
use tempfile::TempDir;

/// Where what is compiled lies until the next `cargo clean`.
fn compiled(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("capture").join(name)
}

/// Compiles a program of `tests/fixtures/capture` as a release build with line tables.
pub fn program(name: &str) -> PathBuf {
    compile(name, name, &[]).unwrap_or_else(|error| panic!("{name}.rs: {error}"))
}

/// Compiles with more flags into a file of another name.
pub fn compile(name: &str, into: &str, flags: &[&str]) -> Result<PathBuf, String> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let source =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/capture/{name}.rs"));
    let program = compiled(into);
    let modified = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    if modified(&program).is_some_and(|built| Some(built) > modified(&source)) {
        return Ok(program);
    }
    fs::create_dir_all(compiled("")).map_err(|error| error.to_string())?;
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .args(["--edition=2024", "-Copt-level=3", "-Cdebuginfo=1", "-o"])
        .arg(&program)
        .args(flags)
        .arg(source)
        .output()
        .map_err(|error| error.to_string())?;
    match output.status.success() {
        true => Ok(program),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

/// A finished run with its profile.
pub struct Run {
    pub recording: Recording,
    pub profile: Profile,
    pub quality: Quality,
    pub stdout: String,
}

/// Asks for CPU samples of a program; more is set by the test.
pub fn request(program: &Path, args: &[&str]) -> (Request, TempDir) {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let mut request = Request::new(program, dir.path(), compiled("agent"));
    request.args = args.iter().map(Into::into).collect();
    request.kinds = vec![Kind::Cpu];
    request.stdin = Input::Null;
    request.stdout = Output::File(dir.path().join("stdout"));
    (request, dir)
}

/// Runs a program that must end well, and builds its profile.
pub fn run((request, dir): (Request, TempDir)) -> Run {
    let recording = capture::record(&request, &AtomicBool::new(false)).expect("a recording");
    let End::Exited(status) = recording.end else { panic!("{:?}", recording.end) };
    assert!(status.success(), "{status}");
    let (profile, quality) = profile(&recording);
    let stdout = fs::read_to_string(dir.path().join("stdout")).expect("the program's output");
    Run { recording, profile, quality, stdout }
}

/// The profile of all that was recorded.
pub fn profile(recording: &Recording) -> (Profile, Quality) {
    let kinds: Vec<Kind> = Kind::ALL.into_iter().filter(|&kind| recording.has(kind)).collect();
    let mut builder = Builder::new(&kinds);
    let all = builder.labels(&[]);
    let mut events = recording.events().expect("events");
    while let Some(event) = events.next().expect("an event") {
        builder.event(&event, |_| Some(all));
    }
    builder.finish()
}

impl Run {
    /// Sum of a sample type over the samples that a condition holds for.
    pub fn sum(&self, kind: &str, of: impl Fn(&Sample) -> bool) -> i64 {
        let at = self.profile.sample_type(kind).unwrap_or_else(|| panic!("no {kind}"));
        self.profile
            .samples
            .iter()
            .filter(|sample| of(sample))
            .map(|sample| sample.values[at])
            .sum()
    }

    /// Share of a sample type below a function, named by its last part.
    pub fn share(&self, kind: &str, function: &str) -> f64 {
        let total = self.sum(kind, |_| true);
        let below = self.sum(kind, |sample| self.functions(sample).contains(function));
        below as f64 / total as f64
    }

    /// The last parts of the names of the functions on a stack.
    pub fn functions(&self, sample: &Sample) -> BTreeSet<&str> {
        let locations = sample.stack.iter().map(|&at| &self.profile.locations[at as usize]);
        locations
            .flat_map(|location| &location.lines)
            .map(|line| self.profile.functions[line.function as usize].name.as_str())
            .map(|name| name.rsplit("::").next().unwrap_or(name))
            .collect()
    }
}
