//! `cargo perf init`: shows the files that put the tool into a project's commits, pull requests and
//! editors; writes those that are not there yet when told to.

use std::fs;
use std::path::Path;

use crate::cli::Context;
use crate::cli::build::load_workspace;
use crate::exit::{Exit, Failure};
use crate::workspace::below_top;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// For what [default: all]
    #[arg(value_enum, value_name = "PART")]
    parts: Vec<Part>,
    /// Write the files; one that is there already is never touched
    #[arg(long)]
    write: bool,
}

/// A part of a project that the tool can be put into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Pull requests on GitHub, those of forks too
    Github,
    /// The pre-commit framework
    PreCommit,
    /// rust-analyzer in VS Code
    Vscode,
}

/// A file of a part.
struct File {
    part: Part,
    path: &'static str,
    text: &'static str,
    /// What to do where somebody else's stands there.
    by_hand: &'static str,
}

const FILES: &[File] = &[
    File {
        part: Part::Github,
        path: ".github/workflows/cargo-perf.yml",
        text: include_str!("../../docs/workflows/cargo-perf.yml"),
        by_hand: "compare it with what is shown",
    },
    File {
        part: Part::Github,
        path: ".github/workflows/cargo-perf-comment.yml",
        text: include_str!("../../docs/workflows/cargo-perf-comment.yml"),
        by_hand: "compare it with what is shown",
    },
    File {
        part: Part::PreCommit,
        path: ".pre-commit-config.yaml",
        text: "repos:\n  - repo: https://github.com/OWNER/cargo-perf\n    rev: REVISION\n    hooks:\n      \
               - id: cargo-perf\n",
        by_hand: "add the entry below `repos:` to it",
    },
    File {
        part: Part::Vscode,
        path: ".vscode/settings.json",
        text: include_str!("../../docs/editors/vscode.json"),
        by_hand: "add the settings to it",
    },
];

pub(super) fn run(args: Args, context: &mut Context<'_>) -> Result<Exit, Failure> {
    let workspace = load_workspace(context)?;
    // Forges and editors look at the top of the repository, not at the workspace below it.
    let below = below_top(workspace.root());
    let top = workspace.root().ancestors().nth(below.iter().count()).unwrap_or(workspace.root());
    let wanted = |file: &&File| args.parts.is_empty() || args.parts.contains(&file.part);
    let mut placeholders = false;
    for file in FILES.iter().filter(wanted) {
        let path = top.join(file.path);
        let there = fs::symlink_metadata(&path).is_ok();
        let word = match (there, args.write) {
            (true, _) => format!("is there already; {}", file.by_hand),
            (false, true) => "written".to_owned(),
            (false, false) => "would be written".to_owned(),
        };
        placeholders |= file.text.contains("OWNER/");
        context.print(format!("# {}: {word}\n{}\n", file.path, file.text).as_bytes())?;
        if args.write && !there {
            write(&path, file.text)
                .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
        }
    }
    if placeholders {
        context.note("put the repository that holds cargo perf, and a tag of it, in the place of OWNER/cargo-perf and REVISION");
    }
    if !args.write {
        context.note("nothing was written; --write writes what is not there yet");
    }
    context.note("the hook of plain git: cargo perf hook install");
    Ok(Exit::Clean)
}

/// Creates the file, and never opens one that somebody made meanwhile.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}
