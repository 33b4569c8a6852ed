//! `cargo perf comment`: the pull-request comment.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

use crate::ci::comment::bundle::{self, Bundle, Flagged};
use crate::ci::comment::{Outcome, body, collect, compared, upsert};
use crate::ci::forge::{self, Forge, LineComment, PullRequest};
use crate::ci::github::GitHub;
use crate::cli::Context;
use crate::exit::{Exit, Failure};

/// Review comments written in one run; the comment itself lists the rest.
const MOST_LINE_COMMENTS: usize = 20;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Findings: what `check --message-format json` printed
    #[arg(long, value_name = "FILE")]
    findings: Option<PathBuf>,
    /// Comparison: what `compare --message-format json` printed
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
    /// The pull request [default: that of the event]
    #[arg(long, value_name = "NUMBER")]
    pull_request: Option<u64>,
    /// The repository, OWNER/NAME
    #[arg(long, value_name = "REPOSITORY", env = "GITHUB_REPOSITORY")]
    repository: Option<String>,
    /// The API's address, also of GitHub Enterprise
    #[arg(
        long,
        value_name = "URL",
        env = "GITHUB_API_URL",
        default_value = "https://api.github.com"
    )]
    api_url: String,
    /// The login that owns the comment [default: that of the token]
    #[arg(long, value_name = "LOGIN")]
    author: Option<String>,
    /// Also comment at the lines of the findings, with suggestions to commit
    #[arg(long)]
    review: bool,
}

pub(super) fn run(args: Args, context: &mut Context<'_>) -> Result<Exit, Failure> {
    let bundle = match &args.post {
        Some(file) => bundle::read(&read(file)?)
            .map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?,
        None => gather(&args)?,
    };
    if let Some(file) = &args.collect {
        let text = serde_json::to_vec_pretty(&bundle)
            .map_err(|error| Failure::environment(format!("could not write a bundle: {error}")))?;
        std::fs::write(file, text)
            .map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?;
        context.note(&format!("wrote {}", file.display()));
        return Ok(Exit::Clean);
    }
    let body = body::body(&bundle);
    summary(&body.text, context)?;
    let forge = github(&args)?;
    let posted = post(&forge, &args, &bundle, &body);
    match posted {
        Ok((pull, outcome)) => {
            let word = match outcome {
                Outcome::Silent => "nothing to say on",
                Outcome::Created => "commented on",
                Outcome::Updated => "updated the comment on",
                Outcome::Unchanged => "left the comment as it was on",
            };
            context.note(&format!("{word} pull request {}", pull.number));
            Ok(Exit::Clean)
        }
        Err(Posting::Forge(error @ forge::Error::Forbidden { .. })) => {
            // A run for a fork has a token that only reads; its summary says everything.
            context.warn(&format!("no comment was written: {error}"));
            context.note(
                "give the job `permissions: pull-requests: write`; for forks, collect with \
                 `--collect` and post with `--post` from a `workflow_run` job",
            );
            Ok(Exit::Clean)
        }
        Err(Posting::Forge(error)) => Err(Failure::environment(error.to_string())),
        Err(Posting::Failure(failure)) => Err(failure),
    }
}

enum Posting {
    Forge(forge::Error),
    Failure(Failure),
}

impl From<forge::Error> for Posting {
    fn from(error: forge::Error) -> Self {
        Posting::Forge(error)
    }
}

fn post(
    forge: &dyn Forge,
    args: &Args,
    bundle: &Bundle,
    body: &crate::ci::comment::Body,
) -> Result<(PullRequest, Outcome), Posting> {
    let pull = pull_request(forge, args)?;
    let outcome = upsert(forge, pull.number, &args.id, body)?;
    if args.review {
        review(forge, &pull, &bundle.findings)?;
    }
    Ok((pull, outcome))
}

/// Comments at lines that the pull request shows, each finding once in its life.
fn review(forge: &dyn Forge, pull: &PullRequest, findings: &[Flagged]) -> Result<(), forge::Error> {
    let shown = forge.changed_lines(pull.number)?;
    let standing = forge.line_comments(pull.number)?;
    let comments: Vec<LineComment> = findings
        .iter()
        .filter(|finding| {
            let marker = body::line_marker(&finding.id);
            !standing.iter().any(|comment| comment.body.contains(&marker))
        })
        .filter(|finding| {
            shown.iter().any(|(file, lines)| {
                *file == finding.path
                    && (finding.first..=finding.last.min(finding.first + 200))
                        .all(|line| lines.contains(&line))
            })
        })
        .take(MOST_LINE_COMMENTS)
        .map(|finding| LineComment {
            path: finding.path.clone(),
            first: finding.first,
            last: finding.last,
            body: body::line_body(finding),
        })
        .collect();
    if comments.is_empty() { Ok(()) } else { forge.review(pull, &comments) }
}

/// The pull request: named by the user, or by the event that the forge itself wrote. Of a
/// `workflow_run`, only the revision is taken, and the forge is asked what it belongs to.
fn pull_request(forge: &dyn Forge, args: &Args) -> Result<PullRequest, Posting> {
    if let Some(number) = args.pull_request {
        return Ok(forge.pull_request(number)?);
    }
    let event = event().map_err(Posting::Failure)?;
    if let Some(number) = event["pull_request"]["number"].as_u64() {
        return Ok(forge.pull_request(number)?);
    }
    let unknown = |message: String| {
        Posting::Failure(Failure::usage(message).help("name it with --pull-request NUMBER"))
    };
    let Some(head) = event["workflow_run"]["head_sha"].as_str() else {
        return Err(unknown("the event names no pull request".to_owned()));
    };
    match forge.pull_requests_at(head)?.as_slice() {
        [pull] => Ok(pull.clone()),
        [] => Err(unknown(format!("no open pull request has {head} at its head"))),
        _ => Err(unknown(format!("several open pull requests have {head} at their head"))),
    }
}

fn event() -> Result<Value, Failure> {
    let Some(path) = std::env::var_os("GITHUB_EVENT_PATH").map(PathBuf::from) else {
        return Err(Failure::usage(
            "this is no run of GitHub Actions: GITHUB_EVENT_PATH is not set",
        )
        .help("name the pull request with --pull-request NUMBER"));
    };
    serde_json::from_slice(&read(&path)?)
        .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}

fn gather(args: &Args) -> Result<Bundle, Failure> {
    if args.findings.is_none() && args.comparison.is_none() {
        return Err(Failure::usage("there is nothing to comment on")
            .help("give --findings FILE, --comparison FILE, or --post BUNDLE"));
    }
    let mut bundle = Bundle { schema: bundle::SCHEMA, ..Bundle::default() };
    if let Some(file) = &args.findings {
        let text = String::from_utf8_lossy(&read(file)?).into_owned();
        bundle.findings = collect::findings(&text)
            .map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?;
    }
    if let Some(file) = &args.comparison {
        compared::comparison(&read(file)?, &mut bundle)
            .map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?;
    }
    Ok(bundle)
}

/// The same text as a step summary, where the runner gives a file for it.
fn summary(text: &str, context: &mut Context<'_>) -> Result<(), Failure> {
    match std::env::var_os("GITHUB_STEP_SUMMARY").map(PathBuf::from) {
        Some(file) => {
            use std::io::Write as _;
            std::fs::OpenOptions::new()
                .append(true)
                .create(true)
                .open(&file)
                .and_then(|mut file| writeln!(file, "{text}"))
                .map_err(|error| Failure::environment(format!("{}: {error}", file.display())))
        }
        None => context.print(format!("{text}\n").as_bytes()),
    }
}

fn github(args: &Args) -> Result<GitHub, Failure> {
    let Some(repository) = args.repository.as_deref().filter(|name| is_repository(name)) else {
        return Err(Failure::usage("the repository is not known")
            .help("give --repository OWNER/NAME, or set GITHUB_REPOSITORY"));
    };
    // Only from the environment: an argument would stand in process lists and logs.
    let Some(token) = std::env::var("GITHUB_TOKEN").ok().filter(|token| !token.is_empty()) else {
        return Err(Failure::usage("GITHUB_TOKEN is not set")
            .help("in a workflow: `env: GITHUB_TOKEN: ${{ github.token }}`"));
    };
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Failure::usage("GITHUB_TOKEN holds characters that no token has"));
    }
    let pause = |time: Duration| std::thread::sleep(time);
    Ok(GitHub::new(&args.api_url, repository, &token, args.author.clone(), pause))
}

fn is_repository(name: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    name.split_once('/').is_some_and(|(owner, name)| part(owner) && part(name))
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}
