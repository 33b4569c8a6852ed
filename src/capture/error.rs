//! Why nothing was recorded.

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::path::PathBuf;

use super::preload;

/// Why nothing was recorded.
#[derive(Debug)]
pub enum Error {
    /// No backend for this system.
    Unsupported {
        /// What a recording needs.
        needs: String,
    },
    /// The program could not be started.
    Start {
        /// The program.
        program: OsString,
        /// The system's reason.
        error: io::Error,
    },
    /// A file of the recording could not be written or read.
    File {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        error: io::Error,
    },
    /// Nothing that was asked for can be recorded here.
    NoBackend {
        /// Why, as a clause for people.
        why: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Unsupported { needs } => write!(f, "recording needs {needs}"),
            Error::Start { program, error } => {
                write!(f, "could not start `{}`: {error}", program.to_string_lossy())
            }
            Error::File { path, error } => write!(f, "{}: {error}", path.display()),
            Error::NoBackend { why } => write!(f, "nothing can be recorded here: {why}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Start { error, .. } | Error::File { error, .. } => Some(error),
            Error::Unsupported { .. } | Error::NoBackend { .. } => None,
        }
    }
}

impl From<preload::Error> for Error {
    fn from(error: preload::Error) -> Self {
        match error {
            preload::Error::File { path, error } => Error::File { path, error },
            preload::Error::NoAgent { .. } => Error::NoBackend { why: error.to_string() },
            preload::Error::Path { ref path, .. }
            | preload::Error::NotACapture { ref path, .. }
            | preload::Error::Executable { ref path, .. } => {
                let path = path.clone();
                Error::File { path, error: io::Error::new(io::ErrorKind::InvalidData, error) }
            }
        }
    }
}
