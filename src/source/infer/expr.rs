//! Expressions to types.

use syn::{BinOp, Block, Expr, Lit, Member, RangeLimits, Stmt, UnOp};

use super::Infer;
use super::index::{Target, own_type};
use super::lower::FUTURE;
use crate::model::type_name::TypeName;
use crate::source::tree::NodeId;

/// An integer literal without a suffix: some integer type.
pub(super) const INTEGER: &str = "{integer}";
/// A float literal without a suffix.
pub(super) const FLOAT: &str = "{float}";

impl Infer<'_, '_> {
    pub(super) fn expr(&self, expr: &Expr) -> TypeName {
        self.known(expr).unwrap_or(TypeName::Unknown)
    }

    /// `None` where the answer is not known.
    fn known(&self, expr: &Expr) -> Option<TypeName> {
        let bool_type = || Some(TypeName::path("bool"));
        match expr {
            Expr::Paren(inner) => Some(self.infer(&inner.expr)),
            Expr::Group(inner) => Some(self.infer(&inner.expr)),
            Expr::Lit(literal) => literal_type(&literal.lit),
            Expr::Path(path) => self.path(expr, path),
            Expr::Reference(inner) => Some(TypeName::Ref {
                mutable: inner.mutability.is_some(),
                to: Box::new(self.infer(&inner.expr)),
            }),
            Expr::RawAddr(inner) => Some(TypeName::Pointer(Box::new(self.infer(&inner.expr)))),
            Expr::Unary(unary) => self.unary(unary),
            Expr::Binary(binary) => self.binary(binary),
            Expr::Cast(cast) => Some(self.written(&cast.ty, self.tree.id(expr)?)),
            Expr::Call(call) => self.call(call, self.tree.id(expr)?),
            Expr::MethodCall(call) => self.method_call(call, self.tree.id(expr)?),
            Expr::Macro(call) => self.macro_call(&call.mac),
            Expr::Field(field) => self.field(field),
            Expr::Index(index) => self.indexed(index),
            Expr::Struct(literal) => {
                let at = self.tree.id(expr)?;
                self.constructed(&literal.path, at)
            }
            Expr::Tuple(tuple) => {
                Some(TypeName::Tuple(tuple.elems.iter().map(|item| self.infer(item)).collect()))
            }
            Expr::Array(array) => {
                let element = array.elems.first().map_or(TypeName::Unknown, |e| self.infer(e));
                Some(TypeName::Array(Box::new(element), Some(array.elems.len() as u64)))
            }
            Expr::Repeat(repeat) => Some(TypeName::Array(Box::new(self.infer(&repeat.expr)), None)),
            Expr::Range(range) => Some(self.range(range)),
            Expr::Block(block) if block.label.is_none() => self.block(&block.block),
            Expr::Unsafe(block) => self.block(&block.block),
            Expr::Const(block) => self.block(&block.block),
            Expr::Async(block) => {
                // A `return` within gives the block's value; only a plain tail is looked at.
                let value = self.block(&block.block).unwrap_or(TypeName::Unknown);
                let value = if value == TypeName::Never { TypeName::Unknown } else { value };
                Some(TypeName::generic(FUTURE, vec![value]))
            }
            Expr::If(choice) => {
                let Some((_, otherwise)) = &choice.else_branch else {
                    return Some(TypeName::unit());
                };
                let first = self.block(&choice.then_branch).unwrap_or(TypeName::Unknown);
                joined([first, self.infer(otherwise)])
            }
            Expr::Match(choice) => joined(choice.arms.iter().map(|arm| match is_cfg(&arm.attrs) {
                true => TypeName::Unknown,
                false => self.infer(&arm.body),
            })),
            Expr::Try(tried) => {
                let whole = self.infer(&tried.expr);
                matches!(whole.std_name()?, "Option" | "Result")
                    .then(|| whole.args().first().cloned())?
            }
            Expr::Await(awaited) => {
                let whole = self.infer(&awaited.base);
                (whole.name()? == FUTURE).then(|| whole.args().first().cloned())?
            }
            Expr::Closure(_) => Some(TypeName::path("{closure}")),
            Expr::Let(_) => bool_type(),
            Expr::Assign(_) | Expr::While(_) | Expr::ForLoop(_) => Some(TypeName::unit()),
            Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) => Some(TypeName::Never),
            _ => None,
        }
    }

    fn path(&self, expr: &Expr, path: &syn::ExprPath) -> Option<TypeName> {
        let at = self.tree.id(expr)?;
        if path.qself.is_some() {
            return None;
        }
        if let Some(name) = path.path.get_ident() {
            let name = name.to_string();
            if let Some(local) = self.local(at, &name) {
                return Some(local);
            }
            if let "None" = name.as_str() {
                return Some(TypeName::generic("std::option::Option", vec![TypeName::Unknown]));
            }
        }
        let written = self.value_path(&path.path, at)?;
        match self.index.resolve(&self.module_at(at), &written)? {
            Target::Value(module, ty) => Some(self.index.link(ty, &module.path, None, &Vec::new())),
            // A unit struct, a unit variant.
            Target::Type(module, ty) => {
                Some(own_type(module, ty, vec![TypeName::Unknown; ty.params.len()]))
            }
            Target::Variant(module, ty, variant) => {
                let unit = self.index.is_unit_variant(ty, &variant);
                unit.then(|| own_type(module, ty, vec![TypeName::Unknown; ty.params.len()]))
            }
            _ => None,
        }
    }

    /// What a struct literal makes.
    fn constructed(&self, path: &syn::Path, at: NodeId) -> Option<TypeName> {
        let written = self.written_path(path, at);
        if !written.is_unknown() {
            return Some(self.with_open_args(written));
        }
        let written = self.value_path(path, at)?;
        match self.index.resolve(&self.module_at(at), &written)? {
            Target::Variant(module, ty, _) => {
                Some(own_type(module, ty, vec![TypeName::Unknown; ty.params.len()]))
            }
            _ => None,
        }
    }

    /// A type of the workspace named without arguments: these are inferred by the compiler.
    pub(super) fn with_open_args(&self, name: TypeName) -> TypeName {
        match (self.index.definition(&name), name) {
            (Some((_, ty)), TypeName::Path { segments, args }) if args.is_empty() => {
                TypeName::Path { segments, args: vec![TypeName::Unknown; ty.params.len()] }
            }
            (_, name) => name,
        }
    }

    fn unary(&self, unary: &syn::ExprUnary) -> Option<TypeName> {
        let inner = self.infer(&unary.expr);
        match unary.op {
            UnOp::Deref(_) => match inner {
                TypeName::Pointer(to) => Some(*to),
                inner => self.dereferenced(&inner),
            },
            UnOp::Not(_) if inner.is_bool() || inner.is_integer() => Some(inner),
            UnOp::Neg(_) if inner.is_number() => Some(inner),
            _ => None,
        }
    }

    /// What is looked at next for a method or field; a raw pointer is not looked through.
    pub(super) fn dereferenced(&self, name: &TypeName) -> Option<TypeName> {
        match name {
            TypeName::Ref { to, .. } => Some((**to).clone()),
            _ => {
                let arg = || name.args().first().cloned();
                if name.guard().is_some() {
                    // A guard's value is its last argument: `lock_api` puts the raw lock first.
                    return name.args().last().cloned();
                }
                match name.std_name() {
                    Some("String") => Some(TypeName::path("str")),
                    Some("Vec") => Some(TypeName::Slice(Box::new(arg()?))),
                    Some("PathBuf") => Some(TypeName::path("std::path::Path")),
                    Some("OsString") => Some(TypeName::path("std::ffi::OsStr")),
                    Some(
                        "Box" | "Rc" | "Arc" | "Cow" | "LazyLock" | "LazyCell" | "Ref" | "RefMut"
                        | "ManuallyDrop",
                    ) => arg(),
                    Some(_) => None,
                    None => self.index.deref_target(name),
                }
            }
        }
    }

    fn binary(&self, binary: &syn::ExprBinary) -> Option<TypeName> {
        use BinOp::{
            Add, And, BitAnd, BitOr, BitXor, Div, Eq, Ge, Gt, Le, Lt, Mul, Ne, Or, Rem, Shl, Shr,
            Sub,
        };
        match binary.op {
            Eq(_) | Ne(_) | Lt(_) | Le(_) | Gt(_) | Ge(_) | And(_) | Or(_) => {
                Some(TypeName::path("bool"))
            }
            Add(_) | Sub(_) | Mul(_) | Div(_) | Rem(_) | BitAnd(_) | BitOr(_) | BitXor(_) => {
                let left = self.infer(&binary.left);
                if left.is_string() {
                    return Some(left);
                }
                let (left, right) = (left.peeled().clone(), self.infer(&binary.right));
                let right = right.peeled();
                let scalar = |name: &TypeName| name.is_number() || name.is_bool();
                if !scalar(&left) || !scalar(right) {
                    return None;
                }
                // A literal takes the type of the other side.
                let open = matches!(left.name(), Some(INTEGER | FLOAT));
                Some(if open { right.clone() } else { left })
            }
            Shl(_) | Shr(_) => {
                let left = self.infer(&binary.left).peeled().clone();
                let right = self.infer(&binary.right);
                (left.is_integer() && right.peeled().is_integer()).then_some(left)
            }
            // `+=` and the like.
            _ => Some(TypeName::unit()),
        }
    }

    fn field(&self, field: &syn::ExprField) -> Option<TypeName> {
        let mut owner = self.infer(&field.base);
        let name = match &field.member {
            Member::Named(ident) => ident.to_string(),
            Member::Unnamed(index) => index.index.to_string(),
        };
        // A field is looked for through references and smart pointers.
        for _ in 0..8 {
            if let TypeName::Tuple(items) = &owner {
                return items.get(name.parse::<usize>().ok()?).cloned();
            }
            if let Some(found) = self.index.field(&owner, &name) {
                if super::locals::mentions_param(&found) || found.is_complete() {
                    return Some(found);
                }
                return self.said(self.witness.field(&owner, &name)).or(Some(found));
            }
            if let Some(found) = self.said(self.witness.field(&owner, &name)) {
                return Some(found);
            }
            owner = self.dereferenced(&owner)?;
        }
        None
    }

    fn indexed(&self, index: &syn::ExprIndex) -> Option<TypeName> {
        let by = self.infer(&index.index);
        let is_range = by.std_name().is_some_and(|name| name.starts_with("Range"));
        let mut owner = self.infer(&index.expr);
        for _ in 0..8 {
            match &owner {
                TypeName::Slice(element) | TypeName::Array(element, _) => {
                    return if is_range {
                        Some(TypeName::Slice(element.clone()))
                    } else if by.is_integer() {
                        Some((**element).clone())
                    } else {
                        None
                    };
                }
                name if name.is_str() => return is_range.then_some(owner.clone()),
                name => {
                    if let Some(map) = name.hash_map().or_else(|| name.btree_map()) {
                        return map.value.cloned();
                    }
                    if name.is_vec_deque() {
                        return name.element().cloned();
                    }
                }
            }
            owner = self.dereferenced(&owner)?;
        }
        None
    }

    fn range(&self, range: &syn::ExprRange) -> TypeName {
        let ends = [range.start.as_deref(), range.end.as_deref()];
        let mut types = ends.into_iter().flatten().map(|end| self.infer(end));
        let first = types.next().unwrap_or(TypeName::Unknown);
        let second = types.next();
        let element = match second {
            // A literal takes the type of the other end.
            Some(second) if matches!(first.name(), Some(INTEGER | FLOAT)) => second,
            Some(_) | None => first,
        };
        let inclusive = matches!(range.limits, RangeLimits::Closed(_));
        let name = match (range.start.is_some(), range.end.is_some(), inclusive) {
            (true, true, false) => "std::ops::Range",
            (true, true, true) => "std::ops::RangeInclusive",
            (true, false, _) => "std::ops::RangeFrom",
            (false, true, false) => "std::ops::RangeTo",
            (false, true, true) => "std::ops::RangeToInclusive",
            (false, false, _) => return TypeName::path("std::ops::RangeFull"),
        };
        TypeName::generic(name, vec![element])
    }

    /// The value of a block: its last expression.
    pub(super) fn block(&self, block: &Block) -> Option<TypeName> {
        if block.stmts.iter().any(is_conditional) {
            return None;
        }
        match block.stmts.last() {
            None => Some(TypeName::unit()),
            Some(Stmt::Expr(expr, None)) => Some(self.infer(expr)),
            Some(Stmt::Macro(stmt)) if stmt.semi_token.is_none() => self.macro_call(&stmt.mac),
            Some(Stmt::Expr(Expr::Return(_) | Expr::Break(_) | Expr::Continue(_), Some(_))) => {
                Some(TypeName::Never)
            }
            Some(Stmt::Macro(stmt)) if self.macro_call(&stmt.mac) == Some(TypeName::Never) => {
                Some(TypeName::Never)
            }
            Some(Stmt::Expr(Expr::Assign(_) | Expr::ForLoop(_) | Expr::Field(_), Some(_))) => {
                Some(TypeName::unit())
            }
            // What follows a call that never returns gives no value, and is never reached.
            Some(Stmt::Expr(..) | Stmt::Macro(_)) => None,
            Some(_) => Some(TypeName::unit()),
        }
    }

    fn macro_call(&self, mac: &syn::Macro) -> Option<TypeName> {
        let (last, first) = (mac.path.segments.last()?, mac.path.segments.first()?);
        let name = last.ident.to_string();
        let std = mac.path.segments.len() > 1 && super::paths::is_std(&first.ident.to_string());
        if !std && (mac.path.segments.len() > 1 || self.index.defines_macro(&name)) {
            return None;
        }
        match name.as_str() {
            "format" => Some(TypeName::path("std::string::String")),
            "vec" => {
                let element = self
                    .tree
                    .arguments(mac)
                    .and_then(|arguments| arguments.exprs.first())
                    .map_or(TypeName::Unknown, |expr| self.infer(expr));
                Some(TypeName::generic("std::vec::Vec", vec![element]))
            }
            "matches" | "cfg" => Some(TypeName::path("bool")),
            "println" | "print" | "eprintln" | "eprint" | "assert" | "assert_eq" | "assert_ne"
            | "debug_assert" | "debug_assert_eq" | "debug_assert_ne" => Some(TypeName::unit()),
            "panic" | "unreachable" | "todo" | "unimplemented" => Some(TypeName::Never),
            "concat" | "stringify" | "env" | "include_str" | "file" | "module_path" => {
                Some(TypeName::reference(TypeName::path("str")))
            }
            "line" | "column" => Some(TypeName::path("u32")),
            _ => None,
        }
    }
}

/// Whether a statement is compiled under a condition.
pub(super) fn is_conditional(stmt: &Stmt) -> bool {
    let attrs = match stmt {
        Stmt::Local(local) => &local.attrs,
        Stmt::Macro(stmt) => &stmt.attrs,
        Stmt::Expr(Expr::Block(block), _) => &block.attrs,
        Stmt::Expr(Expr::Call(call), _) => &call.attrs,
        Stmt::Expr(Expr::If(choice), _) => &choice.attrs,
        Stmt::Expr(Expr::Macro(call), _) => &call.attrs,
        Stmt::Expr(Expr::Match(choice), _) => &choice.attrs,
        Stmt::Expr(Expr::MethodCall(call), _) => &call.attrs,
        Stmt::Expr(Expr::Path(path), _) => &path.attrs,
        Stmt::Expr(Expr::Return(expr), _) => &expr.attrs,
        Stmt::Expr(Expr::Struct(literal), _) => &literal.attrs,
        Stmt::Expr(Expr::Unsafe(block), _) => &block.attrs,
        _ => return false,
    };
    is_cfg(attrs)
}

fn is_cfg(attrs: &[syn::Attribute]) -> bool {
    attrs.iter().any(|attr| attr.path().is_ident("cfg"))
}

/// The type of a choice: that of its branches which give a value, where they do not differ.
fn joined(branches: impl IntoIterator<Item = TypeName>) -> Option<TypeName> {
    let mut known: Option<TypeName> = None;
    let mut open = false;
    for branch in branches {
        match (&known, branch) {
            (_, TypeName::Never) => {}
            (_, TypeName::Unknown) => open = true,
            (None, branch) => known = Some(branch),
            (Some(first), branch) if *first == branch => {}
            (Some(first), branch) => {
                let common = merged(first, &branch);
                if common.is_unknown() {
                    return None;
                }
                known = Some(common);
            }
        }
    }
    // A reference may be what another branch was turned into.
    match known {
        Some(TypeName::Ref { .. } | TypeName::Fn) if open => None,
        None if open => None,
        None => Some(TypeName::Never),
        known => known,
    }
}

/// Both say the same, one more of it than the other: `Vec<_>` and `Vec<u8>`.
fn merged(a: &TypeName, b: &TypeName) -> TypeName {
    if let (Some(INTEGER | FLOAT), true) = (a.name(), b.is_number()) {
        return b.clone();
    }
    if let (Some(INTEGER | FLOAT), true) = (b.name(), a.is_number()) {
        return a.clone();
    }
    let filled = super::locals::filled(a.clone(), b.clone());
    let back = super::locals::filled(b.clone(), a.clone());
    if filled == back { filled } else { TypeName::Unknown }
}

fn literal_type(literal: &Lit) -> Option<TypeName> {
    let named = |name: &str| Some(TypeName::path(name));
    match literal {
        Lit::Str(_) => Some(TypeName::reference(TypeName::path("str"))),
        Lit::ByteStr(bytes) => {
            let length = bytes.value().len() as u64;
            let bytes = TypeName::Array(Box::new(TypeName::path("u8")), Some(length));
            Some(TypeName::reference(bytes))
        }
        Lit::CStr(_) => Some(TypeName::reference(TypeName::path("std::ffi::CStr"))),
        Lit::Byte(_) => named("u8"),
        Lit::Char(_) => named("char"),
        Lit::Bool(_) => named("bool"),
        Lit::Int(number) => match number.suffix() {
            "" => named(INTEGER),
            suffix => named(suffix),
        },
        Lit::Float(number) => match number.suffix() {
            "" => named(FLOAT),
            suffix => named(suffix),
        },
        _ => None,
    }
}
