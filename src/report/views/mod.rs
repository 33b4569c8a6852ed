//! Views of a profile in the words, columns, order and rounding of pprof.

pub mod callgrind;
mod clock;
pub mod dot;
pub mod drawing;
pub mod error;
pub mod flame;
mod graph;
mod header;
mod heat_color;
pub mod list;
mod measure;
mod nodelets;
pub mod page;
pub mod prepare;
mod prepared;
pub mod raw;
pub mod settings;
mod short_name;
pub mod tags;
pub mod top;
pub mod traces;
pub mod tree;

pub use error::ViewError;
pub use measure::auto_label as readable;
pub use prepare::Base;
pub use prepared::Prepared;
pub use settings::{Granularity, Settings, View};
