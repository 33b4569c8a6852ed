//! Flame graphs: the stacks of a profile as a tree, and the tree as SVG.

mod colors;
mod svg;
mod tree;

pub(crate) use colors::tint;
pub use svg::{Look, write};
pub(crate) use tree::{Node, Tree};
