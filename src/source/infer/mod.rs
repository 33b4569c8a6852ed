//! Local inference: the type of an expression, as far as the source tells.
//!
//! Annotations, constructors, literals, signatures and fields of the workspace, and the methods of
//! the standard library are followed. Whatever else may have a say (a trait's method, a generic
//! parameter, a macro, an import that cannot be traced) makes the answer *unknown*: an answer that
//! is given is right.

mod asked;
mod calls;
mod copies;
mod declared;
mod expr;
mod generic;
mod index;
mod iterate;
mod locals;
mod lower;
mod methods;
mod module;
mod paths;
mod patterns;
mod printed;
mod sizes;

pub use asked::Question;
pub use declared::Declared;
pub use index::{Index, Linked};
pub use module::module_path;

use rustc_hash::FxHashMap;
use std::cell::{Cell, RefCell};
use syn::Expr;

use super::lines::LineIndex;
use super::tree::{NodeId, Tree};
use crate::model::finding::Types;
use crate::model::type_name::TypeName;
use lower::{IMPL, PARAM};

/// Deeper questions are given up.
const MAX_DEPTH: u32 = 160;

/// Reads what a parsed file declares, for an [`Index`].
pub fn declared(file: &syn::File, module: &str) -> Declared {
    Declared::read(file, module)
}

/// Where something stands, for a witness that knows lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// 1-based.
    pub line: u32,
    /// 1-based, in bytes.
    pub column: u32,
    /// First line of the function around it, where that function is generic: what holds for one
    /// instance of it need not hold for the next.
    pub generic: Option<u32>,
}

/// Somebody who knows types better than the source tells, such as debug info.
pub trait Witness {
    /// Knows of no place, so that none need be looked up.
    fn is_silent(&self) -> bool {
        false
    }
    /// The local `name` whose pattern stands at a place.
    fn local(&self, place: Place, name: &str) -> Option<TypeName>;
    /// What the call of `name` at a place returns.
    fn call(&self, place: Place, name: &str) -> Option<TypeName>;
    /// A field of a type of the workspace.
    fn field(&self, owner: &TypeName, field: &str) -> Option<TypeName>;
}

/// Knows nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoWitness;

impl Witness for NoWitness {
    fn is_silent(&self) -> bool {
        true
    }

    fn local(&self, _: Place, _: &str) -> Option<TypeName> {
        None
    }

    fn call(&self, _: Place, _: &str) -> Option<TypeName> {
        None
    }

    fn field(&self, _: &TypeName, _: &str) -> Option<TypeName> {
        None
    }
}

/// A type, and who told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// The type; unknown where nobody can tell.
    pub ty: TypeName,
    /// Which witness spoke.
    pub by: Types,
}

/// Types of the expressions of one file.
pub struct Infer<'s, 'a> {
    tree: &'s Tree<'a>,
    lines: &'s LineIndex,
    index: &'s Index,
    witness: &'s dyn Witness,
    /// Path of the file's module.
    module: String,
    /// By the address of the expression.
    known: RefCell<FxHashMap<usize, (TypeName, bool)>>,
    /// `Self` within each `impl`.
    selves: RefCell<FxHashMap<NodeId, TypeName>>,
    sizes: RefCell<FxHashMap<TypeName, u64>>,
    witnessed: Cell<bool>,
    depth: Cell<u32>,
}

impl<'s, 'a> Infer<'s, 'a> {
    /// Infer over one file, whose module has the path `module`.
    pub fn new(
        tree: &'s Tree<'a>,
        lines: &'s LineIndex,
        index: &'s Index,
        witness: &'s dyn Witness,
        module: String,
    ) -> Self {
        Infer {
            tree,
            lines,
            index,
            witness,
            module,
            known: RefCell::default(),
            selves: RefCell::default(),
            sizes: RefCell::default(),
            witnessed: Cell::new(false),
            depth: Cell::new(0),
        }
    }

    /// The type of an expression of the file.
    pub fn type_of(&self, expr: &Expr) -> Typed {
        self.asked(|| self.infer(expr))
    }

    /// The type of the local `name` as seen from a node.
    pub fn type_of_local(&self, at: NodeId, name: &str) -> Typed {
        self.asked(|| self.local(at, name).unwrap_or(TypeName::Unknown))
    }

    /// The type that a written type at a node means.
    pub fn type_of_written(&self, ty: &syn::Type, at: NodeId) -> TypeName {
        public(self.written(ty, at))
    }

    fn asked(&self, question: impl FnOnce() -> TypeName) -> Typed {
        let outer = self.witnessed.replace(false);
        let ty = public(question());
        let by = match (ty.is_unknown(), self.witnessed.replace(outer)) {
            (true, _) => Types::Unknown,
            (false, true) => Types::DebugInfo,
            (false, false) => Types::Inferred,
        };
        Typed { ty, by }
    }

    /// As [`Infer::type_of`], with generic parameters still marked.
    fn infer(&self, expr: &Expr) -> TypeName {
        let key = std::ptr::from_ref(expr).addr();
        if let Some((ty, witnessed)) = self.known.borrow().get(&key) {
            self.witnessed.set(self.witnessed.get() | witnessed);
            return ty.clone();
        }
        let depth = self.depth.get();
        if depth >= MAX_DEPTH {
            return TypeName::Unknown;
        }
        self.depth.set(depth + 1);
        let outer = self.witnessed.replace(false);
        let name = self.expr(expr);
        let witnessed = self.witnessed.get();
        self.witnessed.set(outer | witnessed);
        self.depth.set(depth);
        self.known.borrow_mut().insert(key, (name.clone(), witnessed));
        name
    }

    /// What the witness says of a place, if anything.
    fn heard(
        &self,
        span: proc_macro2::Span,
        at: NodeId,
        ask: impl FnOnce(&dyn Witness, Place) -> Option<TypeName>,
    ) -> Option<TypeName> {
        if self.witness.is_silent() {
            return None;
        }
        self.said(ask(self.witness, self.place(span, at)))
    }

    /// An answer of the witness, if it is one.
    fn said(&self, said: Option<TypeName>) -> Option<TypeName> {
        let said = said.filter(|name| !name.is_unknown())?;
        self.witnessed.set(true);
        Some(said)
    }

    fn place(&self, span: proc_macro2::Span, at: NodeId) -> Place {
        let (line, column) = self.lines.position(self.tree.token(span).start);
        let narrow = |n: usize| u32::try_from(n).unwrap_or(0);
        let generic = self.generic_function(at).map(narrow);
        Place { line: narrow(line), column: narrow(column), generic }
    }
}

/// Generic parameters and `impl Trait` may be any type.
fn public(name: TypeName) -> TypeName {
    let all = |types: Vec<TypeName>| types.into_iter().map(public).collect::<Vec<_>>();
    let boxed = |ty: TypeName| Box::new(public(ty));
    match name {
        TypeName::Path { segments, .. }
            if segments.first().is_some_and(|first| first == PARAM || first == IMPL) =>
        {
            TypeName::Unknown
        }
        TypeName::Path { segments, args } => TypeName::Path { segments, args: all(args) },
        TypeName::Ref { mutable, to } => TypeName::Ref { mutable, to: boxed(*to) },
        TypeName::Pointer(to) => TypeName::Pointer(boxed(*to)),
        TypeName::Slice(to) => TypeName::Slice(boxed(*to)),
        TypeName::Array(to, length) => TypeName::Array(boxed(*to), length),
        TypeName::Tuple(items) => TypeName::Tuple(all(items)),
        TypeName::Dyn(bounds) => TypeName::Dyn(all(bounds)),
        other => other,
    }
}
