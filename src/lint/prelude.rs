//! What a lint file imports.

pub use syn::{Expr, ExprCall, ExprMethodCall, Stmt};

pub use super::claim::{Claim, Shape, Witness};
pub use super::place;
pub use super::registry::{Kind, Lint};
pub use super::site::Site;
pub use crate::model::finding::{Edit, Grade, Suggestion, Types};
pub use crate::source::heat::Quantity;
pub use crate::source::loops::{self, LoopKind};
pub use crate::source::syntax::literal_text;
pub use crate::source::tree::{Node, NodeId};
