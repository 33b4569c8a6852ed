//! How many turns a loop has, as an expression that can be written before it.

use syn::{BinOp, Expr, ExprMethodCall, Lit, RangeLimits, Stmt};

use super::site::Site;
use crate::model::type_name::TypeName;
use crate::source::bindings::{Origin, UseRole};

/// The number of turns of a loop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turns {
    /// An expression of type `usize`.
    pub text: String,
    /// Whether there are exactly that many, rather than at most.
    pub exact: bool,
    /// The number, where it is a constant.
    pub constant: Option<u64>,
    /// Whether the length is that of a collection in memory; the end of a range may be anything.
    pub in_memory: bool,
    /// Whether the types say that this compiles.
    pub typed: bool,
    /// A method of the project that is called once more to know it.
    pub asked: Option<String>,
}

impl Turns {
    /// As many or fewer.
    #[must_use]
    pub fn at_most(self) -> Turns {
        Turns { exact: false, ..self }
    }
}

/// The turns of `for _ in walked`.
pub fn of<'a>(site: &Site<'_, 'a>, walked: &'a Expr) -> Option<Turns> {
    match walked {
        Expr::Paren(inner) => of(site, &inner.expr),
        Expr::Group(inner) => of(site, &inner.expr),
        Expr::Reference(reference) => length(site, &reference.expr),
        Expr::Array(list) => Some(constant(list.elems.len() as u64)),
        Expr::Range(range) => of_range(site, range),
        Expr::MethodCall(call) => of_method(site, call).or_else(|| lent(site, walked)),
        Expr::Path(_) | Expr::Field(_) => {
            let ty = site.type_of(walked).ty;
            is_iterable_with_length(&ty).then(|| length(site, walked)).flatten()
        }
        _ => None,
    }
}

/// The turns of `while i < n { …; i += 1; }` with an `i` that starts at zero.
pub fn counted<'a>(site: &Site<'_, 'a>, turn: &'a syn::ExprWhile) -> Option<Turns> {
    let Expr::Binary(both) = &*turn.cond else { return None };
    let Some(Stmt::Expr(Expr::Binary(step), Some(_))) = turn.body.stmts.last() else { return None };
    let (id, counter) = (site.tree.id(&turn.cond)?, site.binding(&both.left)?);
    let Origin::Let(local, _) = counter.origin else { return None };
    let turn = site.tree.parent(id)?;
    let is_written = |role| {
        matches!(
            role,
            UseRole::Updated | UseRole::Assigned | UseRole::BorrowedMut | UseRole::Opaque
        )
    };
    let written = site.uses(&counter).iter().filter(|used| is_written(used.role)).count();
    let counts = matches!(both.op, BinOp::Lt(_))
        && matches!(step.op, BinOp::AddAssign(_))
        && site.source(&step.left) == site.source(&both.left)
        && number(&step.right) == Some(1)
        && number(&local.init.as_ref()?.expr) == Some(0)
        && written == 1;
    let measured_of = match &*both.right {
        Expr::MethodCall(call) if call.method == "len" => &call.receiver,
        other => other,
    };
    if !counts || !is_pure(&both.right) || !super::place::is_invariant(site, measured_of, turn) {
        return None;
    }
    let (text, in_memory) = as_usize(site, &both.right)?;
    Some(Turns { in_memory, ..measured(text, true) })
}

fn of_method<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall) -> Option<Turns> {
    let name = call.method.to_string();
    match (name.as_str(), call.args.len()) {
        ("iter" | "iter_mut" | "into_iter", 0) => match of_adapter(site, &call.receiver) {
            Some(turns) => Some(turns),
            None => length(site, &call.receiver).or_else(|| lent(site, &call.receiver)),
        },
        ("bytes", 0) => of_text(site, &call.receiver),
        ("keys" | "values" | "values_mut" | "into_keys" | "into_values", 0) => {
            length(site, &call.receiver)
        }
        ("enumerate" | "rev" | "cloned" | "copied" | "peekable" | "fuse", 0)
        | ("inspect" | "map", 1) => of(site, &call.receiver),
        (
            "filter" | "skip" | "step_by" | "skip_while" | "take_while" | "filter_map"
            | "map_while",
            1,
        ) => of(site, &call.receiver).map(Turns::at_most),
        // The shorter of the two ends the walk.
        ("zip", 1) => of(site, &call.receiver).map(Turns::at_most),
        _ => None,
    }
}

/// The bytes of a text.
fn of_text<'a>(site: &Site<'_, 'a>, text: &'a Expr) -> Option<Turns> {
    let is_text = is_place(text) && site.type_of(text).ty.is_text();
    is_text.then(|| measured(format!("{}.len()", operand(site, text)), true))
}

/// What a method without arguments lends out, such as `self.children()`: asking it twice gives the
/// same.
fn lent<'a>(site: &Site<'_, 'a>, expr: &'a Expr) -> Option<Turns> {
    let Expr::MethodCall(call) = expr else { return None };
    let TypeName::Ref { mutable: false, to } = site.type_of(expr).ty else { return None };
    if !call.args.is_empty() || !is_place(&call.receiver) || !has_len(&to) {
        return None;
    }
    let asked = site.source(expr).to_owned();
    Some(Turns { asked: Some(asked.clone()), ..measured(format!("{asked}.len()"), true) })
}

/// The length of a collection in memory.
pub fn measured(text: String, typed: bool) -> Turns {
    Turns { text, exact: true, constant: None, in_memory: true, typed, asked: None }
}

/// The turns of an iterator that a walk over it is asked of again.
fn of_adapter<'a>(site: &Site<'_, 'a>, expr: &'a Expr) -> Option<Turns> {
    match expr {
        Expr::Paren(inner) => of_adapter(site, &inner.expr),
        Expr::Range(range) => of_range(site, range),
        Expr::MethodCall(call) => of_method(site, call),
        _ => None,
    }
}

/// `place.len()`, where the place can be named twice without doing anything twice.
fn length<'a>(site: &Site<'_, 'a>, place: &'a Expr) -> Option<Turns> {
    if let Expr::Paren(inner) = place {
        return length(site, &inner.expr);
    }
    if let Expr::Array(list) = place {
        return Some(constant(list.elems.len() as u64));
    }
    if !is_place(place) {
        return None;
    }
    let ty = site.type_of(place).ty;
    if let TypeName::Array(_, Some(length)) = ty.peeled() {
        return Some(constant(*length));
    }
    let typed = has_len(&ty);
    if !typed && !ty.is_unknown() {
        return None;
    }
    Some(measured(format!("{}.len()", operand(site, place)), typed))
}

fn of_range<'a>(site: &Site<'_, 'a>, range: &'a syn::ExprRange) -> Option<Turns> {
    let (start, end) = (range.start.as_deref()?, range.end.as_deref()?);
    let inclusive = matches!(range.limits, RangeLimits::Closed(_));
    if let (Some(first), Some(last)) = (number(start), number(end)) {
        let turns = match last.checked_sub(first) {
            Some(turns) => turns.saturating_add(u64::from(inclusive)),
            None => 0,
        };
        return Some(constant(turns));
    }
    if inclusive || !is_pure(end) || !is_pure(start) {
        return None;
    }
    let (end_text, is_length) = as_usize(site, end)?;
    let text = match number(start) {
        Some(0) => end_text,
        Some(first) => format!("{}.saturating_sub({first})", parenthesized(end, end_text)),
        None => {
            let (start_text, _) = as_usize(site, start)?;
            format!("{}.saturating_sub({start_text})", parenthesized(end, end_text))
        }
    };
    Some(Turns { in_memory: is_length, ..measured(text, true) })
}

/// An end of a range as `usize`, and whether it is the length of something.
fn as_usize<'a>(site: &Site<'_, 'a>, end: &'a Expr) -> Option<(String, bool)> {
    let text = site.source(end).to_owned();
    if number(end).is_some() {
        return Some((text, false));
    }
    let is_length = matches!(end, Expr::MethodCall(call) if call.method == "len");
    let ty = site.type_of(end).ty;
    match ty.primitive()? {
        "usize" => Some((text, is_length)),
        "u8" | "u16" | "u32" => Some((format!("{} as usize", operand(site, end)), false)),
        _ => None,
    }
}

fn constant(count: u64) -> Turns {
    Turns { constant: Some(count), ..measured(count.to_string(), true) }
}

fn number(expr: &Expr) -> Option<u64> {
    match expr {
        Expr::Lit(syn::ExprLit { lit: Lit::Int(int), .. }) => int.base10_parse().ok(),
        _ => None,
    }
}

/// The text of an operand of `.` or `as`.
fn operand(site: &Site<'_, '_>, expr: &Expr) -> String {
    let text = site.source(expr);
    match expr {
        Expr::Unary(_) | Expr::Binary(_) | Expr::Cast(_) | Expr::Reference(_) => {
            format!("({text})")
        }
        _ => text.to_owned(),
    }
}

fn parenthesized(expr: &Expr, text: String) -> String {
    let is_simple = matches!(expr, Expr::Path(_) | Expr::Field(_) | Expr::MethodCall(_));
    if is_simple && !text.contains(" as ") { text } else { format!("({text})") }
}

/// A variable, a field, what a reference points to.
pub fn is_place(expr: &Expr) -> bool {
    match expr {
        Expr::Path(path) => path.qself.is_none(),
        Expr::Field(field) => is_place(&field.base),
        Expr::Unary(unary) => matches!(unary.op, syn::UnOp::Deref(_)) && is_place(&unary.expr),
        _ => false,
    }
}

/// An expression that may be evaluated again: places, numbers, lengths and sums of them.
fn is_pure(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_) => true,
        Expr::Paren(inner) => is_pure(&inner.expr),
        Expr::Binary(both) => {
            use syn::BinOp::{Add, Div, Mul};
            matches!(both.op, Add(_) | Mul(_) | Div(_))
                && is_pure(&both.left)
                && is_pure(&both.right)
        }
        Expr::MethodCall(call) => {
            call.method == "len" && call.args.is_empty() && is_place(&call.receiver)
        }
        other => is_place(other),
    }
}

fn is_iterable_with_length(ty: &TypeName) -> bool {
    matches!(ty.peeled(), TypeName::Slice(_) | TypeName::Array(..)) || has_len(ty)
}

/// Collections of the standard library and its kin know their length.
fn has_len(ty: &TypeName) -> bool {
    let ty = ty.peeled();
    matches!(ty, TypeName::Slice(_) | TypeName::Array(..))
        || ty.hash_map().is_some()
        || ty.btree_map().is_some()
        || matches!(ty.std_name(), Some("Vec" | "VecDeque" | "BinaryHeap" | "LinkedList"))
        || matches!(ty.std_name(), Some("Box" | "Rc" | "Arc"))
            && ty.args().first().is_some_and(has_len)
}
