//! What can go wrong around the agent.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// What can go wrong around the agent.
#[derive(Debug)]
pub enum Error {
    /// This build carries no agent.
    NoAgent {
        /// Why.
        why: String,
    },
    /// A file could not be written or read.
    File {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        error: io::Error,
    },
    /// A path cannot be handed over in an environment variable.
    Path {
        /// The path.
        path: PathBuf,
        /// Why not.
        why: &'static str,
    },
    /// A file that should be a capture file is none, or one of another version.
    NotACapture {
        /// The file.
        path: PathBuf,
        /// Where the difference is.
        offset: u64,
        /// What is wrong there.
        why: &'static str,
    },
    /// A file that should be an executable cannot be taken apart.
    Executable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NoAgent { why } => {
                let first = why.lines().next().unwrap_or_default();
                write!(f, "no agent for this target: {first}")
            }
            Error::File { path, error } => write!(f, "{}: {error}", path.display()),
            Error::Path { path, why } => write!(f, "{}: {why}", path.display()),
            Error::NotACapture { path, offset, why } => {
                write!(f, "{}: {why} at byte {offset}", path.display())
            }
            Error::Executable { path, why } => write!(f, "{}: {why}", path.display()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::File { error, .. } => Some(error),
            _ => None,
        }
    }
}
