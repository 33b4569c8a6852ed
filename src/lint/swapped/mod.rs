//! Another type in place of a map of the standard library: for one map, or under the name that a
//! whole file imports.

mod file;
mod ground;
mod made;
mod one;

use syn::Expr;

/// A hash map or set of the standard library, and what shall stand in its place.
pub struct Swap<'p> {
    /// `HashMap` or `HashSet`.
    pub name: &'p str,
    /// A type that has the same methods but those that set the default hasher.
    pub to: &'p str,
}

/// What holds the map, through its places in a list: `maps` of `maps[i]`.
pub fn element_of(map: &Expr) -> &Expr {
    match map {
        Expr::Index(index) => element_of(&index.expr),
        Expr::Paren(inner) => element_of(&inner.expr),
        _ => map,
    }
}
