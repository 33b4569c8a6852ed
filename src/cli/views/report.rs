//! `cargo perf report`: everything in one HTML file.

use std::path::PathBuf;

use super::options::ViewArgs;
use super::{pager, prepare, serve};
use crate::cli::check::{self, Wanted};
use crate::cli::{Context, profile_source};
use crate::exit::{Exit, Failure};
use crate::model::finding::{Confidence, Finding};
use crate::report::views::View;
use crate::report::views::page::{self, Page, Source};
use crate::source::paths;

/// Arguments.
#[derive(Debug, Default, clap::Args)]
pub struct Args {
    /// Serve the page on a loopback port instead of writing a file
    #[arg(long)]
    serve: bool,
    /// The port to serve on [default: any that is free]
    #[arg(long, value_name = "PORT", requires = "serve")]
    port: Option<u16>,
    /// Show suspects too: shapes that nothing measured backs
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    view: ViewArgs,
}

pub(in crate::cli) fn run(args: Args, context: &mut Context<'_>) -> Result<Exit, Failure> {
    let prepared = prepare(&args.view, View::Page, context)?;
    let project = Project::of(&args, context)?;
    let recorded: Vec<&str> =
        prepared.profile().functions.iter().map(|function| function.filename.as_str()).collect();
    let names: Vec<PathBuf> = project.sources.iter().map(|source| source.path.clone()).collect();
    let files = paths::matched(&project.root, &names, &recorded);
    let page = Page {
        prepared: &prepared,
        findings: &project.findings,
        sources: &project.sources,
        files: &files,
    };
    let exit = if project.failed { Exit::Usage } else { Exit::Clean };
    if args.serve {
        let mut html = Vec::new();
        page::write(&page, &mut html).map_err(|error| Failure::environment(error.to_string()))?;
        return serve::serve(&html, args.port.unwrap_or(0), context);
    }
    // On a terminal the page goes where the recordings lie; into a pipe it goes as it is.
    let output = match args.view.output {
        None if context.terminal.out => Some(project.default_output()?),
        given => given,
    };
    pager::show(output.as_deref(), context, |out| page::write(&page, out))?;
    Ok(exit)
}

/// What the workspace adds to the profile: its sources and the findings in them.
struct Project {
    root: PathBuf,
    perf_dir: Option<PathBuf>,
    sources: Vec<Source>,
    findings: Vec<Finding>,
    /// A file could not be looked at.
    failed: bool,
}

impl Project {
    fn of(args: &Args, context: &mut Context<'_>) -> Result<Self, Failure> {
        let Ok(workspace) = check::load_workspace(context) else {
            return Ok(Project {
                root: profile_source::source_root(context)?,
                perf_dir: None,
                sources: Vec::new(),
                findings: Vec::new(),
                failed: false,
            });
        };
        let from = args.view.from.first().map_or("latest", String::as_str);
        let checked = check::lint(&workspace, &Wanted::all(&[], &[], from))?;
        let failed = check::report_problems(&checked.outcome, context);
        let is_shown = |finding: &Finding| args.all || finding.confidence != Confidence::Suspected;
        let sources = checked
            .files
            .iter()
            .map(|file| Source { path: file.path.clone(), text: file.text.clone() })
            .collect();
        Ok(Project {
            root: workspace.root().to_owned(),
            perf_dir: Some(workspace.perf_dir()),
            sources,
            findings: checked.outcome.findings.into_iter().filter(is_shown).collect(),
            failed,
        })
    }

    fn default_output(&self) -> Result<PathBuf, Failure> {
        let Some(dir) = &self.perf_dir else {
            return Err(Failure::usage("no file to write the report to")
                .help("name one with `--output FILE`, or redirect the output"));
        };
        std::fs::create_dir_all(dir)
            .map_err(|error| Failure::environment(format!("{}: {error}", dir.display())))?;
        Ok(dir.join("report.html"))
    }
}
