//! Building the benches as they will be measured: optimised, with line tables, in a target
//! directory of our own.

use std::ffi::OsString;
use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use cargo_metadata::{Artifact, BuildScript, Message, PackageId};

use super::child;
use super::load::Workspace;
use super::relink;
use super::targets::{BenchTarget, Kind};

/// What to build and how.
#[derive(Clone, Debug)]
pub struct BuildPlan<'a> {
    /// The workspace.
    pub workspace: &'a Workspace,
    /// The targets; not empty.
    pub targets: Vec<&'a BenchTarget>,
    /// The cargo profile; `None` for `bench`.
    pub profile: Option<String>,
    /// A toolchain of rustup's, where not the default one.
    pub toolchain: Option<String>,
    /// Where cargo builds.
    pub target_dir: PathBuf,
    /// More arguments for cargo, such as `--quiet` or `--color always`.
    pub extra_args: Vec<String>,
    /// The program of this package, where executables are to be linked again later; see
    /// [`super::Link`].
    pub relink: Option<PathBuf>,
}

/// Where cargo's progress, warnings and errors go.
pub enum Messages<'a> {
    /// Where ours go, so that cargo sees whether it is a terminal.
    Inherit,
    /// Into this.
    Write(&'a mut dyn Write),
}

/// A built target.
#[derive(Clone, Debug)]
pub struct Executable {
    /// The target.
    pub target: BenchTarget,
    /// The file.
    pub path: PathBuf,
    /// What its package's build script set: environment and library directories.
    pub build_script: Option<BuildScript>,
    /// Names and versions of the packages that were built with it.
    pub packages: Vec<(String, String)>,
    /// The toolchain it was built with, where not the default one.
    pub toolchain: Option<String>,
    /// The folder with what it was linked from, if that was kept.
    pub link: Option<PathBuf>,
}

/// What came of a build.
#[derive(Clone, Debug, Default)]
pub struct Built {
    /// What can be run.
    pub executables: Vec<Executable>,
    /// Targets that do not build; cargo's errors have been shown.
    pub broken: Vec<BenchTarget>,
}

impl Built {
    /// The executables, where none is missing; else the name of the first that is.
    pub fn whole(self) -> Result<Vec<Executable>, String> {
        match self.broken.first() {
            Some(target) => Err(format!("bench target `{}` does not build", target.name)),
            None => Ok(self.executables),
        }
    }
}

/// Why there is no executable.
#[derive(Debug)]
pub enum BuildError {
    /// Cargo could not be started.
    Start(io::Error),
    /// Cargo failed, and nothing was built; its errors have been shown.
    Failed {
        /// As to be typed, to see it again.
        command: String,
    },
    /// The caller was interrupted.
    Interrupted,
    /// Cargo succeeded but named no executable for this target.
    NoExecutable {
        /// The target.
        name: String,
    },
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BuildError::Start(error) => write!(f, "could not start cargo: {error}"),
            BuildError::Failed { .. } => f.write_str("the benches do not build"),
            BuildError::Interrupted => f.write_str("interrupted while building"),
            BuildError::NoExecutable { name } => {
                write!(f, "cargo built `{name}` but named no executable")
            }
        }
    }
}

impl std::error::Error for BuildError {}

/// Builds the targets with one call of cargo. One that does not build takes nothing from the others.
///
/// The user's flags stay as they are; only debug info and symbols are asked for, through the
/// profile's environment variables, which win over what the manifest says.
pub fn build(
    plan: &BuildPlan<'_>,
    messages: Messages<'_>,
    interrupt: &AtomicBool,
) -> Result<Built, BuildError> {
    let mut command = cargo_command(plan);
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    command.stderr(match messages {
        Messages::Inherit => Stdio::inherit(),
        Messages::Write(_) => Stdio::piped(),
    });
    let mut child = child::spawn(&mut command).map_err(BuildError::Start)?;
    let stdout = child.stdout.take();
    let stderr = child.stderr.take();
    let (status, told) = std::thread::scope(|scope| {
        let reader = scope.spawn(|| stdout.map(read_messages).unwrap_or_default());
        let waiter = scope.spawn(|| child::wait(&mut child, interrupt));
        if let (Some(stderr), Messages::Write(out)) = (stderr, messages) {
            forward(stderr, out);
        }
        (waiter.join(), reader.join().unwrap_or_default())
    });
    if interrupt.load(Ordering::Relaxed) {
        return Err(BuildError::Interrupted);
    }
    let success = match status {
        Ok(Ok(status)) => status.success(),
        Ok(Err(error)) => return Err(BuildError::Start(error)),
        Err(_) => false,
    };
    let mut result = Built::default();
    for target in &plan.targets {
        match executable(plan, target, &told) {
            Some(executable) => result.executables.push(executable),
            None if success => {
                return Err(BuildError::NoExecutable { name: target.name.clone() });
            }
            None => result.broken.push((*target).clone()),
        }
    }
    // Where each target was built, cargo failed at something else.
    if !success && (result.executables.is_empty() || result.broken.is_empty()) {
        return Err(BuildError::Failed { command: shell_words(&command) });
    }
    Ok(result)
}

fn cargo_command(plan: &BuildPlan<'_>) -> Command {
    let mut command = plan.workspace.cargo(plan.toolchain.as_deref());
    if keeps_going(plan) {
        command.args(["build", "--keep-going", "--profile"]);
        command.arg(plan.profile.as_deref().unwrap_or("bench"));
    } else {
        command.args(["bench", "--no-run"]);
        if let Some(profile) = &plan.profile {
            command.args(["--profile", profile]);
        }
    }
    command.args(["--message-format", "json-render-diagnostics"]);
    command.arg("--target-dir").arg(&plan.target_dir);
    if let Some(path) = &plan.workspace.request.manifest_path {
        command.arg("--manifest-path").arg(path);
    }
    let mut packages: Vec<&PackageId> = plan.targets.iter().map(|t| &t.package_id).collect();
    packages.sort();
    packages.dedup();
    for package in packages {
        command.args(["--package", &package.repr]);
    }
    let mut args = Vec::new();
    for target in &plan.targets {
        let arg = match target.kind {
            Kind::Bench => vec!["--bench".to_owned(), target.name.clone()],
            Kind::Bin => vec!["--bin".to_owned(), target.name.clone()],
            Kind::Lib => vec!["--lib".to_owned()],
        };
        if !args.contains(&arg) {
            args.push(arg);
        }
    }
    command.args(args.iter().flatten());
    command.args(plan.workspace.request.features.to_args());
    command.args(&plan.extra_args);
    for (name, value) in profile_environment(plan.profile.as_deref().unwrap_or("bench")) {
        command.env(name, value);
    }
    if let Some(program) = &plan.relink {
        command.envs(relink::environment(program, &plan.target_dir));
    }
    command
}

/// Whether cargo is asked to build what it can. `cargo bench` is never: it takes no `--keep-going`.
/// `cargo build` makes the same files of targets in `benches/`, but not of libraries and binaries.
fn keeps_going(plan: &BuildPlan<'_>) -> bool {
    let several = plan.targets.len() > 1;
    several
        && plan.targets.iter().all(|target| target.kind == Kind::Bench)
        && cargo_minor(plan).is_some_and(|minor| minor >= 74)
}

/// The second number of cargo's version.
fn cargo_minor(plan: &BuildPlan<'_>) -> Option<u32> {
    let output = plan.workspace.cargo(plan.toolchain.as_deref()).arg("-V").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.strip_prefix("cargo 1.")?.split('.').next()?.parse().ok()
}

/// `debug = 1`: the richest debug info that leaves the code as it is.
fn profile_environment(profile: &str) -> Vec<(String, &'static str)> {
    let profile = profile.to_uppercase().replace('-', "_");
    let mut set = vec![
        (format!("CARGO_PROFILE_{profile}_DEBUG"), "1"),
        (format!("CARGO_PROFILE_{profile}_STRIP"), "none"),
    ];
    if cfg!(target_os = "linux") {
        // Debug info in files beside the executable would not be found again.
        set.push((format!("CARGO_PROFILE_{profile}_SPLIT_DEBUGINFO"), "off"));
    }
    set
}

/// What cargo told in its messages.
#[derive(Default)]
struct Told {
    artifacts: Vec<Artifact>,
    scripts: Vec<BuildScript>,
}

fn read_messages(stdout: impl Read) -> Told {
    let mut told = Told::default();
    for message in Message::parse_stream(BufReader::new(stdout)) {
        match message {
            Ok(Message::CompilerArtifact(artifact)) => told.artifacts.push(artifact),
            Ok(Message::BuildScriptExecuted(script)) => told.scripts.push(script),
            // What rustc says is on standard error, rendered; a broken pipe ends the stream.
            Ok(_) => {}
            Err(_) => break,
        }
    }
    told
}

fn forward(stderr: impl Read, out: &mut dyn Write) {
    let mut stderr = BufReader::new(stderr);
    let mut line = Vec::new();
    while stderr.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
        // A closed standard error must not end the build.
        let _ = out.write_all(&line);
        line.clear();
    }
}

fn executable(plan: &BuildPlan<'_>, target: &BenchTarget, told: &Told) -> Option<Executable> {
    let artifact = told.artifacts.iter().find(|artifact| {
        artifact.package_id == target.package_id
            && artifact.target.name == target.name
            && artifact.target.src_path.as_std_path() == target.source
            && artifact.profile.test == (target.libtest || target.kind != Kind::Bench)
            && artifact.executable.is_some()
    });
    // A `harness = false` target is reported as a test by some versions of cargo.
    let artifact = artifact.or_else(|| {
        told.artifacts.iter().find(|artifact| {
            artifact.package_id == target.package_id
                && artifact.target.src_path.as_std_path() == target.source
                && artifact.executable.is_some()
        })
    });
    let path = artifact?.executable.clone()?.into_std_path_buf();
    let mut packages: Vec<(String, String)> =
        told.artifacts.iter().filter_map(|a| name_and_version(&a.package_id)).collect();
    packages.sort();
    packages.dedup();
    Some(Executable {
        target: target.clone(),
        link: plan.relink.as_ref().and_then(|_| relink::link_of(&plan.target_dir, &path)),
        path,
        build_script: told.scripts.iter().find(|s| s.package_id == target.package_id).cloned(),
        packages,
        toolchain: plan.toolchain.clone(),
    })
}

/// From `registry+…#criterion@0.8.2`, `path+file:///…/criterion#0.8.2`, or the older
/// `criterion 0.8.2 (registry+…)`.
fn name_and_version(id: &PackageId) -> Option<(String, String)> {
    let pair = |name: &str, version: &str| Some((name.to_owned(), version.to_owned()));
    let Some((source, fragment)) = id.repr.rsplit_once('#') else {
        let mut words = id.repr.split(' ');
        return pair(words.next()?, words.next()?);
    };
    match fragment.split_once('@') {
        Some((name, version)) => pair(name, version),
        None => pair(source.rsplit('/').next()?, fragment),
    }
}

pub(super) fn shell_words(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<String> = words.map(quoted).collect();
    words.join(" ")
}

fn quoted(word: &std::ffi::OsStr) -> String {
    let word = OsString::from(word).to_string_lossy().into_owned();
    let plain = |c: char| c.is_alphanumeric() || "-_./:=@,+%".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word } else { format!("'{word}'") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profile_name_becomes_part_of_the_variable() {
        let set = profile_environment("fast-bench");
        assert_eq!(set[0], ("CARGO_PROFILE_FAST_BENCH_DEBUG".to_owned(), "1"));
        assert_eq!(set[1], ("CARGO_PROFILE_FAST_BENCH_STRIP".to_owned(), "none"));
    }

    #[test]
    fn package_ids_of_every_form_give_name_and_version() {
        let of = |repr: &str| name_and_version(&PackageId { repr: repr.to_owned() });
        let criterion = Some(("criterion".to_owned(), "0.8.2".to_owned()));
        assert_eq!(of("registry+https://example.invalid/index#criterion@0.8.2"), criterion);
        assert_eq!(of("path+file:///src/criterion#0.8.2"), criterion);
        assert_eq!(of("criterion 0.8.2 (registry+https://example.invalid)"), criterion);
    }
}
