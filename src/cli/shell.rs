//! `cargo perf completions` and `cargo perf man`: the command line's own text for shells.

use std::path::PathBuf;

use clap_complete::Shell;

use crate::cli::{Context, command};
use crate::exit::{Exit, Failure};

/// Arguments of `completions`.
#[derive(Debug, clap::Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Arguments of `man`.
#[derive(Debug, Default, clap::Args)]
pub struct ManArgs {
    /// Write one page per subcommand into this folder instead of printing the main page
    #[arg(long, value_name = "DIR")]
    out_dir: Option<PathBuf>,
}

pub(super) fn completions(
    args: CompletionsArgs,
    context: &mut Context<'_>,
) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command(), "cargo-perf", &mut script);
    context.print(&script)?;
    Ok(Exit::Clean)
}

pub(super) fn man(args: ManArgs, context: &mut Context<'_>) -> Result<Exit, Failure> {
    let command = command().name("cargo-perf").bin_name("cargo-perf");
    let Some(dir) = args.out_dir else {
        let mut page = Vec::new();
        clap_mangen::Man::new(command)
            .render(&mut page)
            .map_err(|error| Failure::environment(format!("could not render the page: {error}")))?;
        context.print(&page)?;
        return Ok(Exit::Clean);
    };
    std::fs::create_dir_all(&dir).and_then(|()| clap_mangen::generate_to(command, &dir)).map_err(
        |error| Failure::usage(format!("could not write to {}: {error}", dir.display())),
    )?;
    Ok(Exit::Clean)
}
