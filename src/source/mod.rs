//! Source files as syntax: from file, line and column to the expression, loop, function and item
//! that stand there, and the heat of each.

pub mod ahead;
pub mod bindings;
pub mod each;
pub mod file;
pub mod heat;
pub mod imports;
pub mod infer;
pub mod lines;
pub mod load;
pub mod loops;
pub mod macros;
pub mod mute;
pub mod names;
pub mod paths;
pub mod scan;
pub mod skeleton;
pub mod span;
pub mod syntax;
mod table;
pub mod tree;

pub use file::{Package, Role, SourceFile};
pub use heat::{Heat, Measured};
pub use syntax::{ParseError, Syntax};
pub use tree::{Node, NodeId, Tree};
