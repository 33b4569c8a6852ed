//! What cargo says of the copy: whether it compiles, and which tests fail.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use cargo_metadata::Message;

use super::attempt::{Compiled, Tests};
use super::rounds::Stop;
use crate::workspace::{Captured, Workspace, run_captured};

/// How cargo is asked.
pub struct Trial<'a> {
    /// The copy.
    pub workspace: &'a Workspace,
    /// Set once the user has interrupted.
    pub interrupt: &'a AtomicBool,
    /// How much longer tests may take than five times what they took before any rewrite.
    pub slack: Duration,
}

/// What the tests said before any rewrite.
#[derive(Clone, Debug)]
pub struct Baseline {
    results: Results,
    took: Duration,
    /// The targets that are tested, as cargo's options, where some do not build; else none.
    targets: Vec<String>,
}

impl Baseline {
    /// The targets that are tested, where some do not build.
    pub fn only(&self) -> Option<String> {
        (!self.targets.is_empty()).then(|| self.targets.join(" "))
    }
}

/// Tests of an unchanged tree may take as long as this.
const PATIENCE: Duration = Duration::from_secs(30 * 60);

impl Trial<'_> {
    /// The slack of tests that are not known to be quick.
    pub const SLACK: Duration = Duration::from_secs(60);

    /// Whether the selected packages compile.
    pub fn compile(&self) -> Result<Compiled, Stop> {
        let ran = self.run(self.cargo("check"), None)?;
        Ok(if ran.status.success() {
            Compiled::Yes
        } else {
            Compiled::No(first_error(&ran.stderr))
        })
    }

    /// Runs the tests of the unchanged tree, those that build.
    pub fn baseline(&self) -> Result<Baseline, Stop> {
        let mut targets = Vec::new();
        let mut start = Instant::now();
        let mut ran = self.run(self.tests(&targets), Some(PATIENCE))?;
        if does_not_build(&ran) {
            // One target that does not build keeps cargo from running the others.
            targets = self.built_tests()?;
            if !targets.is_empty() {
                start = Instant::now();
                ran = self.run(self.tests(&targets), Some(PATIENCE))?;
            }
        }
        let failed =
            |message: String, help: &str| Stop::Failed { message, help: Some(help.to_owned()) };
        if ran.is_late {
            let minutes = PATIENCE.as_secs() / 60;
            return Err(failed(
                format!("the tests did not end within {minutes} minutes, before any rewrite"),
                "`--no-tests` goes without them",
            ));
        }
        if does_not_build(&ran) {
            return Err(failed(
                format!("the tests do not run, before any rewrite: {}", first_error(&ran.stderr)),
                "`cargo test` shows why; `--no-tests` goes without them",
            ));
        }
        Ok(Baseline { results: Results::of(&ran), took: start.elapsed(), targets })
    }

    /// The test targets that build, as cargo's options.
    fn built_tests(&self) -> Result<Vec<String>, Stop> {
        let mut command = self.cargo("build");
        command.args(["--tests", "--keep-going", "--message-format", "json-render-diagnostics"]);
        let ran = self.run(command, Some(PATIENCE))?;
        let messages = Message::parse_stream(ran.stdout.as_bytes()).filter_map(Result::ok);
        let built: BTreeSet<Vec<String>> = messages.filter_map(as_options).collect();
        Ok(built.into_iter().flatten().collect())
    }

    /// Runs the tests again; those that failed before may fail again.
    pub fn test(&self, baseline: &Baseline) -> Result<Tests, Stop> {
        // Building is part of it, and the machine may be busier now.
        let limit = baseline.took * 5 + self.slack;
        let ran = self.run(self.tests(&baseline.targets), Some(limit))?;
        if ran.is_late {
            return Ok(Tests::Hung);
        }
        let results = Results::of(&ran);
        if does_not_build(&ran) {
            return Ok(Tests::Failed(vec![first_error(&ran.stderr)]));
        }
        let new = results.worse_than(&baseline.results);
        Ok(if new.is_empty() {
            Tests::Passed { known: results.failed.into_iter().collect() }
        } else {
            Tests::Failed(new)
        })
    }

    fn tests(&self, targets: &[String]) -> Command {
        let mut command = self.cargo("test");
        command.arg("--no-fail-fast").args(targets);
        command
    }

    fn cargo(&self, subcommand: &str) -> Command {
        let mut command = self.workspace.cargo(None);
        command.args([subcommand, "--color", "never"]);
        command.arg("--target-dir").arg(self.workspace.perf_dir());
        if let Some(path) = &self.workspace.request.manifest_path {
            command.arg("--manifest-path").arg(path);
        }
        for package in self.workspace.packages() {
            command.arg("--package").arg(&package.id.repr);
        }
        command.args(self.workspace.request.features.to_args());
        command
    }

    pub(super) fn run(
        &self,
        mut command: Command,
        limit: Option<Duration>,
    ) -> Result<Captured, Stop> {
        let ran = run_captured(&mut command, limit, self.interrupt);
        if self.interrupt.load(Ordering::Relaxed) {
            return Err(Stop::Interrupted);
        }
        ran.map_err(|error: io::Error| Stop::Failed {
            message: format!("could not start cargo: {error}"),
            help: None,
        })
    }
}

/// Failing without naming a test is failing to build.
fn does_not_build(ran: &Captured) -> bool {
    !ran.is_late && !ran.status.success() && Results::of(ran).failed.is_empty()
}

/// The target of a built test, as cargo's options say it.
fn as_options(message: Message) -> Option<Vec<String>> {
    let Message::CompilerArtifact(artifact) = message else { return None };
    if !artifact.profile.test {
        return None;
    }
    let target = &artifact.target;
    let named = |option: &str| Some(vec![option.to_owned(), target.name.clone()]);
    if target.is_test() {
        named("--test")
    } else if target.is_bin() {
        named("--bin")
    } else if target.is_example() {
        named("--example")
    } else if target.is_bench() {
        named("--bench")
    } else {
        Some(vec!["--lib".to_owned()])
    }
}

/// What a run of the tests named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Results {
    /// How many tests of this name passed; targets may share names.
    passed: BTreeMap<String, usize>,
    /// Tests that failed; for targets that name none, the target.
    failed: BTreeSet<String>,
}

impl Results {
    fn of(ran: &Captured) -> Results {
        let mut results = Results::default();
        for line in ran.stdout.lines().filter_map(|line| line.strip_prefix("test ")) {
            if let Some(name) = line.strip_suffix(" ... ok") {
                *results.passed.entry(without_line(name)).or_default() += 1;
            } else if let Some(name) = line.strip_suffix(" ... FAILED") {
                results.failed.insert(without_line(name));
            }
        }
        for line in ran.stderr.lines() {
            let rest = line.trim().strip_prefix("error: test failed, to rerun pass `");
            if let Some(target) = rest.and_then(|rest| rest.split('`').next()) {
                results.failed.insert(target.to_owned());
            }
        }
        results
    }

    /// What fails now and did not, and what does not pass any more: a target that crashes names
    /// neither.
    fn worse_than(&self, before: &Results) -> Vec<String> {
        let failed = self.failed.difference(&before.failed).cloned();
        let missing = before.passed.iter().filter(|(name, count)| {
            self.passed.get(*name).is_none_or(|now| now < count) && !self.failed.contains(*name)
        });
        failed.chain(missing.map(|(name, _)| name.clone())).collect()
    }
}

/// The name of a documentation test without its line, which a rewrite above it moves.
fn without_line(name: &str) -> String {
    match name.split_once(" (line ") {
        Some((file, rest)) => {
            format!("{file}{}", rest.split_once(')').map_or("", |(_, rest)| rest))
        }
        None => name.to_owned(),
    }
}

/// The first error of the compiler, in one line with its place.
fn first_error(stderr: &str) -> String {
    let mut lines = stderr.lines().skip_while(|line| !line.starts_with("error"));
    let Some(error) = lines.next() else {
        return stderr.lines().last().unwrap_or("cargo failed without a word").to_owned();
    };
    let place = lines.next().and_then(|line| line.trim().strip_prefix("--> "));
    match place {
        Some(place) => format!("{error} ({place})"),
        None => error.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(stdout: &str, stderr: &str) -> Captured {
        Captured {
            status: std::process::ExitStatus::default(),
            is_late: false,
            stdout: stdout.to_owned(),
            stderr: stderr.to_owned(),
        }
    }

    #[test]
    fn failing_tests_and_targets_are_named() {
        let stdout = "running 3 tests\ntest a::works ... ok\ntest a::adds ... FAILED\n\
                      test src/lib.rs - f (line 3) ... FAILED\ntest b ... ignored\n";
        let stderr = "error: test failed, to rerun pass `--lib`\n\
                      error: test failed, to rerun pass `-p x --doc`\n\nCaused by:\n";
        let results = Results::of(&ran(stdout, stderr));
        let names: Vec<&str> = results.failed.iter().map(String::as_str).collect();
        assert_eq!(names, ["--lib", "-p x --doc", "a::adds", "src/lib.rs - f"]);
        assert_eq!(results.passed.len(), 1);
    }

    #[test]
    fn a_rewrite_answers_for_new_failures_and_for_tests_that_are_gone() {
        let of =
            |stdout: &str| Results::of(&ran(stdout, "error: test failed, to rerun pass `--lib`"));
        let before = of("test a ... ok\ntest b ... FAILED\ntest src/x.rs - f (line 9) ... ok\n");
        let worse = |stdout: &str| of(stdout).worse_than(&before);
        let none: [&str; 0] = [];
        assert_eq!(
            worse("test a ... ok\ntest b ... FAILED\ntest src/x.rs - f (line 12) ... ok\n"),
            none
        );
        assert_eq!(
            worse("test a ... ok\ntest b ... ok\ntest src/x.rs - f (line 9) ... ok\n"),
            none
        );
        assert_eq!(worse("test a ... FAILED\ntest src/x.rs - f (line 9) ... ok\n"), ["a"]);
        // The target crashed before it could name anything.
        assert_eq!(worse(""), ["a", "src/x.rs - f"]);
    }

    #[test]
    fn the_first_error_has_its_place() {
        let stderr = "warning: x\nerror[E0425]: cannot find value `y`\n --> src/lib.rs:1:2\n  |\n\
                      error: aborting\n";
        assert_eq!(first_error(stderr), "error[E0425]: cannot find value `y` (src/lib.rs:1:2)");
        assert_eq!(first_error("error: no such package"), "error: no such package");
        assert_eq!(first_error(""), "cargo failed without a word");
    }
}
