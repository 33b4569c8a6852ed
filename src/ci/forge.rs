//! What a forge must offer for the pull-request comment; GitHub is one, GitLab another.

use std::fmt;

/// A comment on a pull request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The forge's number of it.
    pub id: u64,
    /// Who wrote it.
    pub author: String,
    /// Its Markdown.
    pub body: String,
}

/// A comment at lines of the changed code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineComment {
    /// The file, relative to the repository's root, with `/`.
    pub path: String,
    /// First line, in the head revision.
    pub first: u64,
    /// Last line.
    pub last: u64,
    /// Its Markdown.
    pub body: String,
}

/// An open pull request, as the forge knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullRequest {
    /// Its number.
    pub number: u64,
    /// The revision at its head.
    pub head: String,
}

/// An annotation of a check run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// The file.
    pub path: String,
    /// First line.
    pub first: u64,
    /// Last line.
    pub last: u64,
    /// One line.
    pub title: String,
    /// The text.
    pub message: String,
}

/// What a check run comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conclusion {
    /// Nothing to say.
    Success,
    /// Something to say that fails nothing.
    Neutral,
    /// A regression.
    Failure,
}

/// A check run, or what a forge has in its place.
#[derive(Clone, Copy, Debug)]
pub struct CheckRun<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it comes to.
    pub conclusion: Conclusion,
    /// One line.
    pub title: &'a str,
    /// Markdown.
    pub summary: &'a str,
    /// At lines.
    pub annotations: &'a [Annotation],
}

/// Why a forge did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The token may not do this.
    Forbidden {
        /// What was asked.
        request: String,
        /// What the forge says it takes.
        permission: Option<String>,
        /// The forge's own words.
        message: String,
    },
    /// There is no such thing, or not any more.
    Missing {
        /// What was asked.
        request: String,
    },
    /// Too many requests, for longer than it is worth waiting.
    Limited {
        /// What was asked.
        request: String,
        /// Seconds until it may work again.
        seconds: u64,
    },
    /// The forge could not be reached or answered with nonsense; the request may have worked.
    Unclear {
        /// What was asked.
        request: String,
        /// What happened.
        message: String,
    },
    /// The forge refused the request as wrong.
    Refused {
        /// What was asked.
        request: String,
        /// The status.
        status: u16,
        /// The forge's own words.
        message: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Forbidden { request, permission, message } => {
                write!(f, "the forge forbids {request}: {message}")?;
                match permission {
                    Some(permission) => write!(f, " (the token lacks {permission})"),
                    None => Ok(()),
                }
            }
            Error::Missing { request } => write!(f, "the forge knows nothing at {request}"),
            Error::Limited { request, seconds } => {
                write!(f, "the forge limits requests: {request} may work again in {seconds} s")
            }
            Error::Unclear { request, message } => write!(f, "{request} failed: {message}"),
            Error::Refused { request, status, message } => {
                write!(f, "the forge refused {request} with {status}: {message}")
            }
        }
    }
}

impl std::error::Error for Error {}

impl Error {
    /// Whether it is the token's rights that are missing; all else was as it should be.
    pub fn is_forbidden(&self) -> bool {
        matches!(self, Error::Forbidden { .. })
    }
}

/// A forge, seen from one repository.
pub trait Forge {
    /// The login that writes our comments.
    fn author(&self) -> Result<String, Error>;
    /// All comments of a pull request, oldest first, over all pages.
    fn comments(&self, number: u64) -> Result<Vec<Comment>, Error>;
    /// Writes a comment.
    fn create(&self, number: u64, body: &str) -> Result<Comment, Error>;
    /// Replaces a comment's text.
    fn update(&self, number: u64, id: u64, body: &str) -> Result<(), Error>;
    /// Removes a comment.
    fn delete(&self, number: u64, id: u64) -> Result<(), Error>;
    /// The open pull requests whose head is this revision.
    fn pull_requests_at(&self, revision: &str) -> Result<Vec<PullRequest>, Error>;
    /// The pull request of this number.
    fn pull_request(&self, number: u64) -> Result<PullRequest, Error>;
    /// The comments at lines that stand already.
    fn line_comments(&self, number: u64) -> Result<Vec<Comment>, Error>;
    /// Lines of the head revision that the pull request changes or shows, by file.
    fn changed_lines(&self, number: u64) -> Result<Vec<(String, Vec<u64>)>, Error>;
    /// Writes comments at lines, as one review.
    fn review(&self, pull: &PullRequest, comments: &[LineComment]) -> Result<(), Error>;
    /// The info string of a fenced block that a click puts in place of so many lines, up to
    /// the line that the comment stands at.
    fn suggestion(&self, lines: u64) -> String;
    /// Writes a check run with annotations.
    fn check_run(&self, revision: &str, run: &CheckRun<'_>) -> Result<(), Error>;
}
