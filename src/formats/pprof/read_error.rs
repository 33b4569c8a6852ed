//! What can be wrong with a pprof file.

use std::fmt;

/// Why a file is no profile. Offsets count bytes of the inflated data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// There are no bytes.
    Empty,
    /// The gzip container is damaged.
    Gzip {
        /// Inflated bytes before the damage.
        offset: u64,
        /// What the decoder said.
        what: String,
    },
    /// The data ends within a field.
    Truncated {
        /// Where.
        offset: u64,
    },
    /// The bytes are no protobuf, or not this message.
    Malformed {
        /// Where.
        offset: u64,
        /// What is wrong there.
        what: &'static str,
    },
    /// A table is referred to by an id or an index it does not have.
    Dangling {
        /// What was referred to.
        what: &'static str,
        /// The id or the index.
        id: u64,
    },
    /// An id is given twice, or is the reserved 0.
    BadId {
        /// Of what.
        what: &'static str,
        /// The id.
        id: u64,
    },
    /// A sample has another number of values than there are sample types.
    ValueCount {
        /// Which sample, from 0.
        sample: usize,
        /// Its number of values.
        values: usize,
        /// The number of sample types.
        types: usize,
    },
    /// More data than the limits allow.
    TooLarge {
        /// The limit that was reached, in bytes.
        limit: u64,
    },
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::Empty => write!(f, "the profile is empty"),
            ReadError::Gzip { offset, what } => {
                write!(f, "the gzip data is damaged after {offset} inflated bytes: {what}")
            }
            ReadError::Truncated { offset } => {
                write!(f, "the profile ends within a field at byte {offset}")
            }
            ReadError::Malformed { offset, what } => {
                write!(f, "not a pprof profile: {what} at byte {offset}")
            }
            ReadError::Dangling { what, id } => {
                write!(f, "the profile refers to {what} {id}, which it does not contain")
            }
            ReadError::BadId { what, id: 0 } => write!(f, "a {what} has the reserved id 0"),
            ReadError::BadId { what, id } => write!(f, "two entries have the {what} id {id}"),
            ReadError::ValueCount { sample, values, types } => write!(
                f,
                "sample {sample} has {values} value(s) where there are {types} sample type(s)"
            ),
            ReadError::TooLarge { limit } => {
                write!(f, "the profile needs more than the {} MiB it is allowed", limit >> 20)
            }
        }
    }
}

impl std::error::Error for ReadError {}
