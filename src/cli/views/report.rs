//! `cargo perf report`: everything in one HTML file.

use super::options::ViewArgs;
use super::project::Project;
use super::{pager, prepare, serve};
use crate::cli::Context;
use crate::exit::{Exit, Failure};
use crate::report::stat_compare::Compared;
use crate::report::views::View;
use crate::report::views::page::{self, Page};

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
    let from = args.view.from.first().map_or("latest", String::as_str);
    let project = Project::of(from, args.all, context)?;
    let files = project.files(prepared.profile());
    let comparison = comparison(&project, context);
    let page = Page {
        prepared: &prepared,
        findings: &project.findings,
        sources: &project.sources,
        files: &files,
        comparison: comparison.as_ref(),
    };
    let exit = if project.failed { Exit::Usage } else { Exit::Clean };
    if args.serve {
        let mut html = Vec::new();
        page::write(&page, &mut html).map_err(|error| Failure::environment(error.to_string()))?;
        return serve::serve(&html, args.port.unwrap_or(0), context);
    }
    // On a terminal the page goes where the recordings lie; into a pipe it goes as it is.
    let output = match args.view.output {
        None if context.terminal.out => Some(project.default_output("report.html")?),
        given => given,
    };
    pager::show(output.as_deref(), context, |out| page::write(&page, out))?;
    Ok(exit)
}

/// What the latest `compare` left; one that cannot be read is said, and left out.
fn comparison(project: &Project, context: &mut Context<'_>) -> Option<Compared> {
    let path = project.perf_dir.as_ref()?.join("compare.json");
    let text = std::fs::read(&path).ok()?;
    match serde_json::from_slice(&text) {
        Ok(compared) => Some(compared),
        Err(error) => {
            context.warn(&format!("{}: {error}; the report goes without it", path.display()));
            None
        }
    }
}
