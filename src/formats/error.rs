//! Why bytes are no profile.

use std::fmt;

use super::builder::TooLarge;
use super::pprof::ReadError;

/// Why bytes are no profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormatError {
    /// There are no bytes.
    Empty,
    /// `perf.data`, which needs the programs that ran, so is not read from bytes alone.
    PerfData,
    /// None of the formats that are read.
    Unknown,
    /// A pprof profile that is wrong.
    Pprof(ReadError),
    /// A text format that is wrong.
    Text {
        /// Which.
        format: &'static str,
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        what: &'static str,
    },
    /// JSON that is wrong.
    Json {
        /// Which format.
        format: &'static str,
        /// What is wrong, with the place.
        what: String,
    },
    /// A binary format that is wrong.
    Binary {
        /// Which format.
        format: &'static str,
        /// What is wrong.
        what: String,
    },
    /// More data than fits.
    TooLarge,
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FormatError::Empty => write!(f, "the profile is empty"),
            FormatError::Unknown => write!(
                f,
                "not a profile: neither pprof, collapsed stacks, `perf script`, \
                 Firefox Profiler nor speedscope"
            ),
            FormatError::PerfData => write!(
                f,
                "perf.data holds addresses without names, and programs are not opened on the word \
                 of a file from elsewhere: download it, or let `perf script -i FILE > FILE.txt` \
                 name them where it was recorded"
            ),
            FormatError::Pprof(error) => error.fmt(f),
            FormatError::Text { format, line, what } => {
                write!(f, "not {format}: {what} in line {line}")
            }
            FormatError::Json { format, what } | FormatError::Binary { format, what } => {
                write!(f, "not {format}: {what}")
            }
            FormatError::TooLarge => write!(f, "the profile describes more stacks than fit"),
        }
    }
}

impl std::error::Error for FormatError {}

impl From<ReadError> for FormatError {
    fn from(error: ReadError) -> Self {
        FormatError::Pprof(error)
    }
}

impl From<TooLarge> for FormatError {
    fn from(_: TooLarge) -> Self {
        FormatError::TooLarge
    }
}
