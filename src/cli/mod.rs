//! The command line: raw arguments to resolved options to one call of a stage.
//!
//! One file per subcommand. Each has `Args` (what clap parses) and `run`, which returns the exit
//! code or a [`Failure`] that names the next step.

pub mod options;

mod build;
mod calls;
mod check;
mod ci;
mod comment;
mod compare;
mod duration;
mod explain;
mod fix;
mod formats;
mod hook;
mod init;
mod interrupt;
mod merge;
mod output;
mod profile_source;
mod progress;
mod record;
mod run;
mod scope;
mod shell;
mod signal_switch;
mod stat;
mod views;

use std::ffi::{OsStr, OsString};
use std::io::Write;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::exit::{Exit, Failure};
use crate::report::inert::spoken;
use crate::term::Terminal;
use options::Common;

/// The performance linter that knows what is hot, says what it costs, and proves the rewrite
#[derive(Debug, Parser)]
#[command(name = "cargo-perf", bin_name = "cargo perf", version, max_term_width = 100)]
#[command(disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    run: run::Args,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build the benches, record them, check the code and report (the default)
    Run(run::Args),
    /// Record the benches, or any command, and leave a profile under target/perf
    Record(record::Args),
    /// Lint the code, ranked by the last profile; runs no code of the project
    Check(check::Args),
    /// Apply rewrites; with --prove, keep only those that were measured to pay
    Fix(fix::Args),
    /// Compare the benches of two revisions, or of the working tree against HEAD
    Compare(compare::Args),
    /// Put together what the shards of a job matrix left, and judge all benches as one family
    Merge(merge::Args),
    /// Summarize and compare benchmark results, as benchstat does
    Stat(stat::Args),
    /// Show the costliest functions, as pprof's top does
    Top(views::top::Args),
    /// Show the source of matching functions with the cost of each line
    List(views::list::Args),
    /// Show callers and callees of matching functions
    Peek(views::peek::Args),
    /// Show callers and callees of the costliest functions
    Tree(views::tree::Args),
    /// Show every stack
    Traces(views::traces::Args),
    /// Show the labels of the samples
    Tags(views::tags::Args),
    /// Write everything into one HTML file: benches, findings, flame graph, annotated source
    Report(views::report::Args),
    /// Draw the stacks as a flame graph (SVG)
    Flamegraph(views::flamegraph::Args),
    /// Compare two profiles
    Diff(views::diff::Args),
    /// Write the profile in another format
    Export(views::export::Args),
    /// Show a lint's own text
    Explain(explain::ExplainArgs),
    /// List the lints
    Lints(explain::LintsArgs),
    /// Comment on a pull request
    Comment(comment::Args),
    /// Do what a job of a pull request does: record, compare, check the changed lines, collect
    Ci(ci::Args),
    /// Show the files that put this into commits, pull requests and editors
    Init(init::Args),
    /// Install, remove or run the git hook
    Hook(hook::Args),
    /// Print a completion script for a shell
    Completions(shell::CompletionsArgs),
    /// Print the man page
    Man(shell::ManArgs),
}

/// What every subcommand is given besides its own arguments.
pub struct Context<'a> {
    /// Where results go.
    pub out: &'a mut dyn Write,
    /// Where progress and warnings go.
    pub err: &'a mut dyn Write,
    /// What the terminal can show.
    pub terminal: Terminal,
    /// Flags that every subcommand takes.
    pub common: Common,
}

impl Context<'_> {
    /// A line for people on standard error; silent under `--quiet`.
    pub fn note(&mut self, text: &str) {
        if !self.common.quiet {
            // A closed standard error must not end the run.
            let _ = writeln!(self.err, "{}", spoken(text));
        }
    }

    /// Bytes on standard output. A reader that went away ends the run quietly, as it does for
    /// other tools in a pipe.
    pub fn print(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        match self.out.write_all(bytes).and_then(|()| self.out.flush()) {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                Err(Failure::environment(format!("could not write the output: {error}")))
            }
            _ => Ok(()),
        }
    }

    /// A warning on standard error, with the same prefix as cargo's.
    pub fn warn(&mut self, text: &str) {
        let _ = writeln!(self.err, "warning: {}", spoken(text));
    }
}

/// Parses the arguments and runs the subcommand.
pub fn run(
    args: &[OsString],
    out: &mut dyn Write,
    err: &mut dyn Write,
    terminal: Terminal,
) -> Exit {
    let cli = match parse(args) {
        Ok(cli) => cli,
        Err(error) => return print_clap_error(&error, out, err, terminal),
    };
    let color = cli.common.color;
    let mut context = Context { out, err, terminal, common: cli.common };
    let command = cli.command.unwrap_or(Command::Run(cli.run));
    let allowed = command.refuse_format(context.common.message_format);
    let result = allowed.and_then(|()| command.run(&mut context));
    match result {
        Ok(exit) => exit,
        Err(failure) => {
            print_failure(&failure, context.err, terminal.color_err(color));
            failure.exit
        }
    }
}

impl Command {
    fn run(self, context: &mut Context<'_>) -> Result<Exit, Failure> {
        match self {
            Command::Run(args) => run::run(args, context),
            Command::Record(args) => record::run(args, context),
            Command::Check(args) => check::run(args, context),
            Command::Fix(args) => fix::run(args, context),
            Command::Compare(args) => compare::run(args, context),
            Command::Merge(args) => merge::run(args, context),
            Command::Stat(args) => stat::run(args, context),
            Command::Top(args) => views::top::run(args, context),
            Command::List(args) => views::list::run(args, context),
            Command::Peek(args) => views::peek::run(args, context),
            Command::Tree(args) => views::tree::run(args, context),
            Command::Traces(args) => views::traces::run(args, context),
            Command::Tags(args) => views::tags::run(args, context),
            Command::Report(args) => views::report::run(args, context),
            Command::Flamegraph(args) => views::flamegraph::run(args, context),
            Command::Diff(args) => views::diff::run(args, context),
            Command::Export(args) => views::export::run(args, context),
            Command::Explain(args) => explain::explain(args, context),
            Command::Lints(args) => explain::lints(args, context),
            Command::Comment(args) => comment::run(args, context),
            Command::Ci(args) => ci::run(args, context),
            Command::Init(args) => init::run(args, context),
            Command::Hook(args) => hook::run(args, context),
            Command::Completions(args) => shell::completions(args, context),
            Command::Man(args) => shell::man(args, context),
        }
    }
}

/// `cargo perf x` reaches us as `cargo-perf perf x`, and `cargo-perf x` as it is; both parse.
fn parse(args: &[OsString]) -> Result<Cli, clap::Error> {
    let mut args = args.to_vec();
    if args.get(1).map(OsString::as_os_str) == Some(OsStr::new("perf")) {
        args.remove(1);
    }
    stat::accept_one_dash(&mut args);
    let matches = command().try_get_matches_from(args)?;
    Cli::from_arg_matches(&matches)
}

/// The whole command line, for completions, the man page and the tests.
pub fn command() -> clap::Command {
    Cli::command()
}

fn print_clap_error(
    error: &clap::Error,
    out: &mut dyn Write,
    err: &mut dyn Write,
    terminal: Terminal,
) -> Exit {
    let (stream, color, exit): (&mut dyn Write, bool, Exit) = if error.use_stderr() {
        (err, terminal.color_err(None), Exit::Usage)
    } else {
        (out, terminal.color_out(None), Exit::Clean)
    };
    let text = error.render();
    let _ = if color { write!(stream, "{}", text.ansi()) } else { write!(stream, "{text}") };
    exit
}

fn print_failure(failure: &Failure, err: &mut dyn Write, color: bool) {
    let (red, cyan, reset) =
        if color { ("\x1b[1;31m", "\x1b[1;36m", "\x1b[0m") } else { ("", "", "") };
    let _ = writeln!(err, "{red}error{reset}: {}", spoken(&failure.message));
    if let Some(help) = &failure.help {
        let _ = writeln!(err, "{cyan}help{reset}: {}", spoken(help));
    }
}
