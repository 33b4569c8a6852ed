//! `cargo perf comment`: the comment on a pull request or merge request.

mod connect;

pub(super) use connect::event;

use std::path::{Path, PathBuf};

use crate::ci::comment::bundle::{self, Bundle};
use crate::ci::comment::{Body, Outcome, body, collect, compared, review, upsert};
use crate::ci::forge::{self, Forge, PullRequest};
use crate::cli::Context;
use crate::cli::build::load_workspace_to_read;
use crate::cli::output::refuse_place;
use crate::exit::{Exit, Failure};
use crate::workspace::below_top;
use connect::{Connection, Target};

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Findings: what `check --message-format json` printed
    #[arg(long, value_name = "FILE")]
    findings: Option<PathBuf>,
    /// Comparison: what `compare --message-format json` printed, or target/perf/compare.json
    #[arg(long, value_name = "FILE")]
    comparison: Option<PathBuf>,
    /// Write a bundle instead of commenting; needs no token
    #[arg(long, value_name = "FILE", conflicts_with = "post")]
    collect: Option<PathBuf>,
    /// Comment from a bundle that another run collected; it is not trusted
    #[arg(long, value_name = "FILE", conflicts_with_all = ["findings", "comparison"])]
    post: Option<PathBuf>,
    /// Tells comments of several jobs apart
    #[arg(long, value_name = "ID", default_value = "default")]
    id: String,
    /// Also comment at the lines of the findings, with suggestions to commit
    #[arg(long)]
    review: bool,
    /// Also write a check run with annotations (on GitLab the status of the commit)
    #[arg(long)]
    check_run: bool,
    #[command(flatten)]
    connection: Connection,
}

pub(super) fn run(args: Args, context: &mut Context<'_>) -> Result<Exit, Failure> {
    let bundle = match &args.post {
        Some(file) => bundle::read(&read_bundle(file)?)
            .map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?,
        None => gather(&args, context)?,
    };
    let body = body::body(&bundle);
    if let Some(file) = &args.collect {
        write_bundle(&bundle, file, context)?;
        // The run of a fork has its summary even if nobody posts for it.
        summary(&body.text, false, context)?;
        return Ok(Exit::Clean);
    }
    summary(&body.text, true, context)?;
    let forge = args.connection.forge()?;
    let pull = match args.connection.pull_request(&*forge) {
        Ok(Target::Open(pull)) => pull,
        Ok(Target::Gone(why)) => {
            context.warn(&format!("nothing was written: {why}"));
            return Ok(Exit::Clean);
        }
        Err(connect::Error::Forge(error)) => return degrade(error, context),
        Err(connect::Error::Failure(failure)) => return Err(failure),
    };
    let mut worst = Exit::Clean;
    let mut explained = false;
    for part in post(&*forge, &args, &pull, &bundle, &body) {
        match part {
            Ok(said) => context.note(&said),
            Err(error) if error.is_forbidden() => {
                forbidden(&error, !explained, context);
                explained = true;
            }
            Err(error) => {
                context.warn(&error.to_string());
                worst = Exit::Environment;
            }
        }
    }
    if worst != Exit::Clean {
        return Err(Failure::environment("not everything was written")
            .help("the summary of this step has all of it"));
    }
    Ok(Exit::Clean)
}

/// Leaves a bundle for a run with a token.
pub(super) fn write_bundle(
    bundle: &Bundle,
    file: &Path,
    context: &mut Context<'_>,
) -> Result<(), Failure> {
    let text = serde_json::to_vec_pretty(bundle)
        .map_err(|error| Failure::environment(format!("could not write a bundle: {error}")))?;
    make_place(file)?;
    std::fs::write(file, text).map_err(|error| no_bundle(file, &error.to_string()))?;
    context.note(&format!("wrote {}", file.display()));
    Ok(())
}

/// Makes the folder of a bundle, where one can lie there.
pub(super) fn make_place(file: &Path) -> Result<(), Failure> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(|error| no_bundle(file, &error.to_string()))?;
    }
    refuse_place("--collect", file)
}

fn no_bundle(file: &Path, why: &str) -> Failure {
    Failure::usage(format!("--collect {}: {why}", file.display()))
        .help("name a file that can be written")
}

/// A run for a fork has a token that only reads; its summary says everything.
fn degrade(error: forge::Error, context: &mut Context<'_>) -> Result<Exit, Failure> {
    if !error.is_forbidden() {
        return Err(Failure::environment(error.to_string()));
    }
    forbidden(&error, true, context);
    Ok(Exit::Clean)
}

fn forbidden(error: &forge::Error, with_help: bool, context: &mut Context<'_>) {
    context.warn(&format!("not everything was written: {error}"));
    if with_help {
        context.note(
            "the summary of this step has all of it. A job needs `permissions: pull-requests: \
             write`, and `checks: write` for --check-run; for forks, collect with `--collect` and \
             post with `--post` from a `workflow_run` job",
        );
    }
}

/// Writes what was asked for, each part whatever became of the others: a token may be allowed one
/// and not the other. Returns what was done.
fn post(
    forge: &dyn Forge,
    args: &Args,
    pull: &PullRequest,
    bundle: &Bundle,
    body: &Body,
) -> Vec<Result<String, forge::Error>> {
    let number = pull.number;
    let mut parts = vec![upsert(forge, number, &args.id, body).map(|outcome| {
        let word = match outcome {
            Outcome::Silent => "nothing to say on",
            Outcome::Created => "commented on",
            Outcome::Updated => "updated the comment on",
            Outcome::Unchanged => "left the comment as it was on",
        };
        format!("{word} pull request {number}")
    })];
    if args.review {
        let written = review::review(forge, pull, &bundle.findings);
        parts.push(written.map(|count| format!("{count} new at its lines")));
    }
    if args.check_run {
        let written = review::check_run(forge, pull, &args.id, bundle, &body.text);
        parts.push(written.map(|()| "wrote a check run".to_owned()));
    }
    parts
}

fn gather(args: &Args, context: &Context<'_>) -> Result<Bundle, Failure> {
    if args.findings.is_none() && args.comparison.is_none() {
        return Err(Failure::usage("there is nothing to comment on")
            .help("give --findings FILE, --comparison FILE, or --post BUNDLE"));
    }
    let mut bundle = Bundle { schema: bundle::SCHEMA, ..Bundle::default() };
    if let Some(file) = &args.findings {
        let text = String::from_utf8_lossy(&read(file)?).into_owned();
        // Findings of a workspace that is not here stand as they are.
        let below = load_workspace_to_read(context)
            .map(|workspace| below_top(workspace.root()))
            .unwrap_or_default();
        bundle.findings = collect::findings(&text, &below)
            .map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?;
    }
    if let Some(file) = &args.comparison {
        compared::comparison(&read(file)?, &mut bundle)
            .map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?;
    }
    Ok(bundle)
}

/// The same text as a step summary, where the runner gives a file for it.
pub(super) fn summary(
    text: &str,
    or_print: bool,
    context: &mut Context<'_>,
) -> Result<(), Failure> {
    match std::env::var_os("GITHUB_STEP_SUMMARY").filter(|file| !file.is_empty()) {
        Some(file) => {
            use std::io::Write as _;
            let file = PathBuf::from(file);
            std::fs::OpenOptions::new()
                .append(true)
                .create(true)
                .open(&file)
                .and_then(|mut file| writeln!(file, "{text}"))
                .map_err(|error| Failure::environment(format!("{}: {error}", file.display())))
        }
        None if or_print => context.print(format!("{text}\n").as_bytes()),
        None => Ok(()),
    }
}

/// No more of a bundle is read than is needed to see that it is too large.
fn read_bundle(path: &Path) -> Result<Vec<u8>, Failure> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(bundle::LARGEST as u64 + 1).read_to_end(&mut bytes))
        .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    Ok(bytes)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}
