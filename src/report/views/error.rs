//! Why a view cannot be shown.

use std::fmt;

/// Why a view cannot be shown. Everything here is about the invocation or the profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ViewError {
    /// The profile measures nothing.
    NoSampleTypes,
    /// The sample type asked for is not in the profile.
    UnknownSampleType {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// Profiles that cannot be put together.
    Incompatible(String),
    /// A regular expression does not parse.
    BadPattern {
        /// The option it was given for.
        option: &'static str,
        /// What is wrong with it.
        what: String,
    },
    /// Nothing matches the expression a view was asked for.
    NoMatch(String),
    /// No sample belongs to the bench asked for.
    UnknownBench {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// Values cannot be divided by 0.
    ZeroDivisor,
    /// Normalizing needs a profile to compare with.
    NoBase,
}

impl fmt::Display for ViewError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ViewError::NoSampleTypes => write!(f, "the profile has no sample types"),
            ViewError::UnknownSampleType { name, known } => {
                write!(f, "the profile has no sample type `{name}`; it has {}", known.join(", "))
            }
            ViewError::Incompatible(what) => {
                write!(f, "the profiles cannot be put together: {what}")
            }
            ViewError::BadPattern { option, what } => {
                write!(f, "`{option}` is not a regular expression: {what}")
            }
            ViewError::NoMatch(pattern) => write!(f, "no matches found for regexp: {pattern}"),
            ViewError::UnknownBench { name, known } if known.is_empty() => {
                write!(f, "no samples of bench `{name}`: the profile names no benches")
            }
            ViewError::UnknownBench { name, known } => {
                write!(f, "no samples of bench `{name}`; the profile has {}", known.join(", "))
            }
            ViewError::ZeroDivisor => write!(f, "cannot divide values by 0"),
            ViewError::NoBase => write!(f, "nothing to normalize by: no base profile was given"),
        }
    }
}

impl std::error::Error for ViewError {}
