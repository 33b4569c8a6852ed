//! Measurements grouped into comparison tables, as benchstat groups them: a filter picks them,
//! projections split them into tables, rows and columns, and each cell is summarized and compared
//! with the first column's.

mod build;
mod cell;
mod extract;
mod filter;
mod lex;
mod order;
mod projection;
mod regexp;
mod table;

pub use build::{Builder, Grouping};
pub use cell::{Cell, Difference, Summary};
pub use filter::Filter;
pub use lex::QueryError;
pub use table::{ColumnSummary, Table};
