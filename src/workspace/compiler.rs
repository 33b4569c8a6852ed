//! Cargo's own diagnostics, passed on as they come.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{ExitStatus, Stdio};
use std::sync::atomic::AtomicBool;

use super::child;
use super::load::Workspace;

/// Whose diagnostics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Compiler {
    /// `cargo check`; like any build it runs build scripts and macros
    Check,
    /// `cargo clippy`, where it is installed; runs them as well
    Clippy,
}

impl Compiler {
    /// Cargo's subcommand.
    pub fn name(self) -> &'static str {
        match self {
            Compiler::Check => "check",
            Compiler::Clippy => "clippy",
        }
    }
}

/// What cargo said and how it ended.
#[derive(Debug)]
pub struct Compiled {
    /// How it ended.
    pub status: ExitStatus,
    /// The line that ends cargo's messages: others may come before it.
    pub last: Option<Vec<u8>>,
}

/// Runs cargo over what was asked for, in its own target directory.
///
/// With `json` its lines go to `out`, byte for byte, else it speaks to people on standard error.
/// What it writes there goes to `err`, or past it where that is a terminal.
pub fn compile(
    workspace: &Workspace,
    compiler: Compiler,
    json: bool,
    extra_args: &[String],
    out: &mut dyn Write,
    err: Option<&mut dyn Write>,
    interrupt: &AtomicBool,
) -> io::Result<Compiled> {
    let request = &workspace.request;
    let mut command = workspace.cargo(None);
    command.args([compiler.name(), "--all-targets"]).args(extra_args);
    command.args(request.features.to_args());
    if json {
        command.args(["--message-format", "json"]);
    }
    if let Some(path) = &request.manifest_path {
        command.arg("--manifest-path").arg(path);
    }
    for package in &request.packages {
        command.args(["--package", package]);
    }
    if request.workspace {
        command.arg("--workspace");
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    command.stderr(if err.is_some() { Stdio::piped() } else { Stdio::inherit() });
    let mut child = command.spawn()?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let (last, said, status) = std::thread::scope(|scope| {
        let waiter = scope.spawn(|| child::wait_in_group(&mut child, interrupt));
        let reader = scope.spawn(|| {
            let mut said = Vec::new();
            // What cannot be read of it is lost, and nothing else.
            let _ = stderr.map(|mut stderr| stderr.read_to_end(&mut said));
            said
        });
        let last = stdout.map_or(Ok(None), |stdout| pass_on(BufReader::new(stdout), out));
        (last, reader.join().unwrap_or_default(), waiter.join())
    });
    if let Some(err) = err {
        err.write_all(&said)?;
    }
    let status = status.map_err(|_| io::Error::other("waiting for it failed"))??;
    Ok(Compiled { status, last: last? })
}

/// Hands on each line but the one that says that it is over.
fn pass_on(mut from: impl BufRead, out: &mut dyn Write) -> io::Result<Option<Vec<u8>>> {
    let mut last = None;
    loop {
        let mut line = Vec::new();
        if from.read_until(b'\n', &mut line)? == 0 {
            return Ok(last);
        }
        if line.starts_with(b"{\"reason\":\"build-finished\"") {
            last = Some(line);
        } else {
            // An editor shows a message as soon as it is there.
            out.write_all(&line).and_then(|()| out.flush())?;
        }
    }
}
