//! Reading and writing profile and benchmark formats: bytes to data and back, nothing else.

pub mod benchfmt;
mod builder;
pub mod collapsed;
mod detect;
mod error;
pub mod firefox;
pub mod harness;
pub mod perf_script;
pub mod pprof;
pub mod speedscope;

pub(crate) use builder::Builder;
pub use detect::read;
pub use error::FormatError;
pub(crate) use perf_script::event_value_type;
