//! Where a view's text goes: a file, a pager on a terminal, or standard output.

use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::cli::Context;
use crate::exit::{Exit, Failure};
use crate::report::inert::Commandless;
use crate::workspace;

/// Writes a view that people read, also in the log of a runner: its lines are no commands.
pub(super) fn show_text(
    output: Option<&Path>,
    context: &mut Context<'_>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<Exit, Failure> {
    show(output, context, |out| {
        let mut lines = Commandless::new(out);
        write(&mut lines)?;
        lines.finish()
    })
}

/// Writes a view to where it was asked for.
pub(super) fn show(
    output: Option<&Path>,
    context: &mut Context<'_>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<Exit, Failure> {
    if let Some(path) = output {
        return to_file(path, context, write);
    }
    if context.terminal.out
        && let Some(mut child) = pager()
    {
        // The pager shares the terminal; what was written before must be there first.
        let _ = context.out.flush();
        if let Some(stdin) = child.stdin.take() {
            let mut stdin = BufWriter::new(stdin);
            // Leaving the pager early closes the pipe, which is no failure.
            let _ = write(&mut stdin).and_then(|()| stdin.flush());
        }
        let _ = child.wait();
        return Ok(Exit::Clean);
    }
    let mut out = BufWriter::with_capacity(1 << 16, &mut *context.out);
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::environment(format!("could not write the output: {error}")))
        }
        _ => Ok(Exit::Clean),
    }
}

/// Whole or not at all; what is no ordinary file, such as `/dev/null`, stays what it is.
fn to_file(
    path: &Path,
    context: &mut Context<'_>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<Exit, Failure> {
    workspace::replace(path, write).map_err(|(path, error)| {
        Failure::environment(format!("could not write {}: {error}", path.display()))
    })?;
    context.note(&format!("wrote {}", path.display()));
    Ok(Exit::Clean)
}

/// `PAGER`, else `less` set to leave short text on the screen; none where it is `cat` or empty.
fn pager() -> Option<Child> {
    let chosen = std::env::var("CARGO_PERF_PAGER").or_else(|_| std::env::var("PAGER"));
    let line = chosen.unwrap_or_else(|_| "less".to_owned());
    let mut words = line.split_whitespace();
    let program = words.next().filter(|&program| program != "cat")?;
    let mut command = Command::new(program);
    command.args(words).stdin(Stdio::piped());
    if std::env::var_os("LESS").is_none() {
        command.env("LESS", "FSX");
    }
    command.spawn().ok()
}
