//! Which forge, which repository, and which of its pull requests: from flags, else from what the
//! runner says of itself.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

use crate::ci::forge::{self, Forge, PullRequest};
use crate::ci::github::GitHub;
use crate::ci::gitlab::GitLab;
use crate::exit::Failure;

/// Where to comment.
#[derive(Debug, clap::Args)]
pub(super) struct Connection {
    /// The forge [default: gitlab where GITLAB_CI is set, else github]
    #[arg(long, value_enum, value_name = "FORGE")]
    forge: Option<Kind>,
    /// The pull request or merge request [default: that of the event]
    #[arg(long, value_name = "NUMBER")]
    pull_request: Option<u64>,
    /// The repository, OWNER/NAME [default: GITHUB_REPOSITORY, or CI_PROJECT_ID]
    #[arg(long, value_name = "REPOSITORY")]
    repository: Option<String>,
    /// The API's address [default: GITHUB_API_URL, or CI_API_V4_URL; else the public one]
    #[arg(long, value_name = "URL")]
    api_url: Option<String>,
    /// The login that owns the comment [default: that of the token]
    #[arg(long, value_name = "LOGIN")]
    author: Option<String>,
}

/// `--forge`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// GitHub and GitHub Enterprise; the token is GITHUB_TOKEN
    Github,
    /// GitLab; the token is GITLAB_TOKEN, of a user or project with the scope `api`
    Gitlab,
}

/// The pull request to comment on.
pub(super) enum Target {
    /// It is open, and its head is what was measured, as far as that is known.
    Open(PullRequest),
    /// It was closed or moved on; a newer run speaks for it.
    Gone(String),
}

/// Why it is not known.
pub(super) enum Error {
    Forge(forge::Error),
    Failure(Failure),
}

impl From<forge::Error> for Error {
    fn from(error: forge::Error) -> Self {
        Error::Forge(error)
    }
}

impl Connection {
    fn kind(&self) -> Kind {
        self.forge.unwrap_or(match variable("GITLAB_CI") {
            Some(_) => Kind::Gitlab,
            None => Kind::Github,
        })
    }

    /// The forge.
    pub(super) fn forge(&self) -> Result<Box<dyn Forge>, Failure> {
        let (repository, url, token) = match self.kind() {
            Kind::Github => ("GITHUB_REPOSITORY", "GITHUB_API_URL", "GITHUB_TOKEN"),
            Kind::Gitlab => ("CI_PROJECT_ID", "CI_API_V4_URL", "GITLAB_TOKEN"),
        };
        let named = self.repository.clone().or_else(|| variable(repository));
        let is_name = |name: &String| match self.kind() {
            Kind::Github => name.split('/').count() == 2 && is_path(name),
            Kind::Gitlab => is_path(name),
        };
        let Some(repository) = named.filter(is_name) else {
            return Err(Failure::usage("the repository is not known")
                .help(format!("give --repository OWNER/NAME, or set {repository}")));
        };
        let public = match self.kind() {
            Kind::Github => "https://api.github.com",
            Kind::Gitlab => "https://gitlab.com/api/v4",
        };
        let url = self.api_url.clone().or_else(|| variable(url)).unwrap_or_else(|| public.into());
        let token = secret(token)?;
        let author = self.author.clone();
        let pause = |time: Duration| std::thread::sleep(time);
        Ok(match self.kind() {
            Kind::Github => Box::new(GitHub::new(&url, &repository, &token, author, pause)),
            Kind::Gitlab => Box::new(GitLab::new(&url, &repository, &token, author, pause)),
        })
    }

    /// The pull request: named by the user, or by the event that the forge itself wrote. Of a
    /// `workflow_run`, only the revision is taken, and the forge is asked what it belongs to.
    pub(super) fn pull_request(&self, forge: &dyn Forge) -> Result<Target, Error> {
        if let Some(number) = self.pull_request {
            return Ok(Target::Open(forge.pull_request(number)?));
        }
        let unknown = |message: &str| {
            Error::Failure(Failure::usage(message).help("name it with --pull-request NUMBER"))
        };
        if self.kind() == Kind::Gitlab {
            let number = variable("CI_MERGE_REQUEST_IID").and_then(|text| text.parse().ok());
            let number = number.ok_or_else(|| unknown("this is no pipeline of a merge request"))?;
            let head = variable("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA")
                .or_else(|| variable("CI_COMMIT_SHA"));
            return Ok(still(forge.pull_request(number)?, head.as_deref()));
        }
        let event = event().map_err(Error::Failure)?;
        if let Some(number) = event["pull_request"]["number"].as_u64() {
            let head = event["pull_request"]["head"]["sha"].as_str();
            return Ok(still(forge.pull_request(number)?, head));
        }
        let head = event["workflow_run"]["head_sha"]
            .as_str()
            .filter(|head| head.bytes().all(|byte| byte.is_ascii_alphanumeric()))
            .ok_or_else(|| unknown("the event names no pull request"))?;
        Ok(match forge.pull_requests_at(head)?.as_slice() {
            [pull] => Target::Open(pull.clone()),
            [] => Target::Gone(format!(
                "no open pull request has {head} at its head; it was closed or has moved on"
            )),
            _ => {
                let message = format!("several open pull requests have {head} at their head");
                return Err(unknown(&message));
            }
        })
    }
}

/// A run that took long must not speak over that of a later push.
fn still(pull: PullRequest, measured: Option<&str>) -> Target {
    match measured {
        Some(head) if head != pull.head => Target::Gone(format!(
            "pull request {} has moved on from {} to {}",
            pull.number,
            head.get(..10).unwrap_or(head),
            pull.head.get(..10).unwrap_or(&pull.head)
        )),
        _ => Target::Open(pull),
    }
}

/// What the runner says this run is about.
pub(in crate::cli) fn event() -> Result<Value, Failure> {
    let Some(path) = variable("GITHUB_EVENT_PATH").map(PathBuf::from) else {
        return Err(Failure::usage(
            "this is no run of GitHub Actions: GITHUB_EVENT_PATH is not set",
        )
        .help("name the pull request with --pull-request NUMBER"));
    };
    serde_json::from_slice(&super::read(&path)?)
        .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}

/// A token, only from the environment: an argument would stand in process lists and logs.
fn secret(name: &str) -> Result<String, Failure> {
    let Some(token) = variable(name) else {
        return Err(Failure::usage(format!("{name} is not set")).help(match name {
            "GITHUB_TOKEN" => "in a workflow: `env: GITHUB_TOKEN: ${{ github.token }}`",
            _ => "make a project access token with the scope `api` and set it as a masked variable",
        }));
    };
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Failure::usage(format!("{name} holds characters that no token has")));
    }
    Ok(token)
}

/// A variable that is set to something.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Names with nothing in them that means something in an address.
fn is_path(name: &str) -> bool {
    name.split('/').all(|part| {
        !part.is_empty()
            && part.bytes().any(|b| b != b'.')
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    })
}
