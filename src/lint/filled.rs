//! Collections that are made empty and then filled in a loop.

use syn::{Expr, ExprMethodCall};

use super::claim::{Growth, Room};
use super::flow::exclude_each_other;
pub use super::flow::{ends_search, is_conditional, leaves, walks_over};
use super::site::Site;
use super::turns::{self, Turns};
use crate::model::finding::{Edit, Grade};
use crate::source::bindings::{self, Binding, Origin, UseRole};
use crate::source::loops::{self, Loop, LoopKind};
use crate::source::tree::{Node, NodeId};

/// A collection that is made empty and filled in a loop.
pub struct Filled<'a> {
    /// The local that holds it.
    pub binding: Binding<'a>,
    /// The `let` statement.
    pub stmt: NodeId,
    /// What makes it.
    pub made: &'a Expr,
    /// The loop that fills it, outermost below the `let`.
    pub outer: Loop<'a>,
    /// The calls that add to it within the loop.
    pub adds: Vec<(NodeId, &'a ExprMethodCall)>,
    /// The calls that add one element outside of any loop, of which the first may allocate.
    pub single: Vec<NodeId>,
    /// How many elements each turn adds; `None` where that depends.
    pub per_turn: Option<PerTurn>,
    /// How many turns the loop has, where that is known before it.
    pub turns: Option<Turns>,
    /// Whether elements are taken out again: a stack or a queue.
    pub is_emptied: bool,
}

/// How many elements a turn adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PerTurn {
    /// Just as many.
    Exactly(usize),
    /// None or one.
    AtMostOne,
}

/// How the capacity would be given, and what that may change.
pub struct Reserved {
    /// The edits.
    pub edits: Vec<Edit>,
    /// Their grade.
    pub grade: Grade,
    /// What may differ.
    pub caveat: Option<String>,
    /// The capacity, as it is written.
    pub capacity: String,
    /// Whether just as many are added.
    pub exact: bool,
}

/// A capacity below this is not worth giving: the first element added allocates about as much.
const WORTH_RESERVING: u64 = 9;

/// The collection that a `let` statement makes empty and a loop below it fills.
///
/// `adds` are the methods that add one element, `extends` those that add any number, `reserves`
/// those that make room.
pub fn filled<'a>(
    site: &Site<'_, 'a>,
    adds: &[&str],
    extends: &[&str],
    reserves: &[&str],
) -> Option<Filled<'a>> {
    let tree = site.tree;
    let binding = bindings::of_let(tree, site.node)?;
    let Origin::Let(local, stmt) = binding.origin else { return None };
    let made = &*local.init.as_ref()?.expr;
    binding.name.mutability?;
    let (mut found, mut single) = (Vec::new(), Vec::new());
    let mut outer: Option<Loop<'a>> = None;
    let (mut in_bulk, mut is_emptied) = (false, false);
    for used in site.uses(&binding) {
        match used.role {
            UseRole::Receiver(call) if extends.iter().any(|name| call.method == name) => {
                let id = tree.parent(used.id)?;
                let around = loops::around(tree, id).take_while(|turn| turn.id > stmt).last();
                match (around, &outer) {
                    // Filled at once, before the loop.
                    (None, None) => return None,
                    (Some(around), None) => outer = Some(around),
                    (Some(around), Some(known)) if known.id == around.id => {}
                    _ => continue,
                }
                in_bulk = true;
                found.push((id, call));
            }
            UseRole::Receiver(call) if adds.iter().any(|name| call.method == name) => {
                let id = tree.parent(used.id)?;
                let around = loops::around(tree, id).take_while(|turn| turn.id > stmt).last();
                let Some(around) = around else {
                    single.push(id);
                    continue;
                };
                match outer {
                    None => outer = Some(around),
                    Some(known) if known.id == around.id => {}
                    // Filled by several loops: what counts is the first.
                    Some(_) => continue,
                }
                found.push((id, call));
            }
            UseRole::Receiver(call)
                if ["pop", "pop_front", "pop_back", "clear", "drain", "truncate"]
                    .iter()
                    .any(|name| call.method == name) =>
            {
                is_emptied = true;
            }
            UseRole::Receiver(call) if reserves.iter().any(|name| call.method == name) => {
                return None;
            }
            // Given away, replaced or handed to who may reserve before the loop: nobody knows.
            UseRole::Assigned | UseRole::BorrowedMut | UseRole::Opaque if outer.is_none() => {
                return None;
            }
            UseRole::Moved if outer.is_none() => return None,
            UseRole::Assigned => return None,
            _ => {}
        }
    }
    let outer = outer?;
    if is_within_loop_made_anew(site, stmt, outer.id) {
        return None;
    }
    let per_turn = if in_bulk || is_emptied { None } else { per_turn(site, &outer, &found) };
    let turns = match outer.kind {
        LoopKind::For(turn) => turns::of(site, &turn.expr),
        LoopKind::Adapter(call) if call.method == "for_each" => turns::of(site, &call.receiver),
        LoopKind::While(turn) => turns::counted(site, turn),
        _ => None,
    };
    Some(Filled { binding, stmt, made, outer, adds: found, single, per_turn, turns, is_emptied })
}

/// The loop must follow the `let` in the same function.
fn is_within_loop_made_anew(site: &Site<'_, '_>, stmt: NodeId, outer: NodeId) -> bool {
    let function = |id| site.function(id).map(|function| function.id);
    function(stmt) != function(outer)
}

/// How many elements each turn adds.
fn per_turn(
    site: &Site<'_, '_>,
    turn: &Loop<'_>,
    adds: &[(NodeId, &ExprMethodCall)],
) -> Option<PerTurn> {
    let tree = site.tree;
    if adds
        .iter()
        .any(|&(id, _)| loops::innermost(tree, id).is_none_or(|inner| inner.id != turn.id))
    {
        return None;
    }
    if leaves(site, turn.id, |expr| matches!(expr, Expr::Break(_)) || ends_search(expr)) {
        return None;
    }
    let always = adds.iter().all(|&(id, _)| !is_conditional(site, id, turn.id));
    let skips = leaves(site, turn.id, |expr| matches!(expr, Expr::Continue(_)));
    match (always, skips, adds.len()) {
        (true, false, count) => Some(PerTurn::Exactly(count)),
        (_, _, 1) => Some(PerTurn::AtMostOne),
        _ if exclude_each_other(site, adds) => Some(PerTurn::AtMostOne),
        _ => None,
    }
}

/// The calls within one loop that an empty collection is lent to, to be filled.
///
/// Where the loop is none that walks, only what reads into a buffer is known to fill it.
pub fn lent<'a>(site: &Site<'_, 'a>, binding: &Binding<'a>, stmt: NodeId) -> Option<Vec<NodeId>> {
    let tree = site.tree;
    let mut outer: Option<NodeId> = None;
    let mut found = Vec::new();
    for used in site.uses(binding) {
        let around = loops::around(tree, used.id).take_while(|turn| turn.id > stmt).last();
        match (used.role, around) {
            (UseRole::BorrowedMut, Some(turn)) if outer.is_none_or(|outer| outer == turn.id) => {
                let call = tree.ancestors(used.id).nth(1)?;
                let name = match tree.expr(call)? {
                    Expr::MethodCall(call) => call.method.to_string(),
                    Expr::Call(call) => match &*call.func {
                        Expr::Path(path) => path.path.segments.last()?.ident.to_string(),
                        _ => return None,
                    },
                    _ => continue,
                };
                if matches!(name.as_str(), "take" | "replace" | "swap" | "append") {
                    return None;
                }
                // A line is short, and the next one needs no more room.
                let is_line = matches!(name.as_str(), "read_line" | "read_until");
                if !is_line && (name.starts_with("read") || walks_over(&turn)) {
                    outer = Some(turn.id);
                    found.push(call);
                }
            }
            (UseRole::Receiver(call), _) if call.method == "clear" || call.method == "is_empty" => {
            }
            (UseRole::Borrowed | UseRole::Compared | UseRole::Formatted, _) => {}
            // Nobody knows what it holds by then.
            _ if outer.is_none() => return None,
            _ => {}
        }
    }
    (!found.is_empty()).then_some(found)
}

impl<'a> Filled<'a> {
    /// Whether it is worth a word where nobody measured, though nobody knows the number: it is
    /// filled on a walk that is not a search.
    pub fn may_grow_long(&self, site: &Site<'_, 'a>) -> bool {
        let ends = |id: NodeId| {
            let block = site.tree.ancestors(id).find_map(|outer| match site.tree.node(outer) {
                Node::Block(block) => Some(block),
                _ => None,
            });
            let last = block.and_then(|block| block.stmts.last());
            matches!(last, Some(syn::Stmt::Expr(Expr::Break(_) | Expr::Return(_), _)))
        };
        let searches = leaves(site, self.outer.id, ends_search);
        walks_over(&self.outer)
            && !self.is_emptied
            && !searches
            && !self.adds.iter().any(|&(id, _)| ends(id))
    }

    /// The walk, where a `for` has one that says its size itself.
    pub fn walked(&self, site: &Site<'_, 'a>) -> Option<String> {
        let LoopKind::For(turn) = self.outer.kind else { return None };
        let is_direct = self.per_turn.is_some() && !matches!(*turn.expr, Expr::Range(_));
        is_direct.then(|| super::place::on_one_line(site.source(&turn.expr)).to_owned())
    }

    /// The path of the type that the `let` writes, if it ends with one of these names.
    pub fn declared(&self, site: &Site<'_, 'a>, names: &[&str]) -> Option<String> {
        let Origin::Let(local, _) = self.binding.origin else { return None };
        let syn::Pat::Type(typed) = &local.pat else { return None };
        let syn::Type::Path(path) = &*typed.ty else { return None };
        let last = path.path.segments.last()?;
        if !names.iter().any(|name| last.ident == name) || path.qself.is_some() {
            return None;
        }
        let start = site.tree.token(path.path.segments.first()?.ident.span()).start;
        let end = site.tree.token(last.ident.span()).end;
        site.file.text.get(start..end).map(str::to_owned)
    }

    /// Whether the number of elements is known to be too small to matter.
    pub fn is_small(&self) -> bool {
        let per_turn = match self.per_turn {
            Some(PerTurn::Exactly(count)) => count as u64,
            _ => 1,
        };
        let constant = self.turns.as_ref().and_then(|turns| turns.constant);
        constant.is_some_and(|turns| turns.saturating_mul(per_turn) < WORTH_RESERVING)
    }

    /// Gives the capacity where the collection is made, or right before the loop.
    ///
    /// `constructor` writes the constructor with a capacity.
    pub fn reserve(
        &self,
        site: &Site<'_, 'a>,
        constructor: impl Fn(&str) -> Option<String>,
    ) -> Option<Reserved> {
        let turns = self.turns.as_ref()?;
        let per_turn = self.per_turn?;
        let capacity = match per_turn {
            PerTurn::Exactly(count) if count > 1 => format!("{count} * {}", factor(&turns.text)),
            _ => turns.text.clone(),
        };
        let exact = turns.exact && matches!(per_turn, PerTurn::Exactly(_));
        let may_end_early = leaves_function(site, self.outer.id);
        let (grade, caveat) = if !turns.typed {
            let text = turns.text.trim_end_matches(".len()");
            (
                Grade::Unsafe,
                Some(format!("the type of `{text}` is not known here: it must have `len()`")),
            )
        } else if !turns.in_memory && may_end_early {
            let words =
                "the loop may end early, and the number may be far larger than what is added";
            (Grade::Unsafe, Some(words.to_owned()))
        } else if let Some(asked) = &turns.asked {
            (Grade::Unsafe, Some(format!("`{asked}` is called once more")))
        } else if exact {
            (Grade::Safe, None)
        } else {
            (Grade::Unsafe, Some("it may reserve more than is added".to_owned()))
        };
        let edits = if self.is_known_where_made(site) {
            let made = site.tree.bytes(self.made);
            vec![site.replace(made, constructor(&capacity)?)]
        } else {
            let start = self.statement_of_loop(site)?;
            let name = &self.binding.name.ident;
            let indent = site.indentation(start);
            vec![site.insert(start, format!("{name}.reserve({capacity});\n{indent}"))]
        };
        Some(Reserved { edits, grade, caveat, capacity, exact })
    }

    /// Whether what the capacity is made of has the same value at the `let`.
    fn is_known_where_made(&self, site: &Site<'_, 'a>) -> bool {
        let LoopKind::For(turn) = self.outer.kind else { return false };
        let tree = site.tree;
        let Some(walked) = tree.id(&turn.expr) else { return false };
        let names = std::iter::once(walked).chain(tree.below(walked)).filter_map(|id| {
            match tree.expr(id) {
                Some(Expr::Path(path)) => path.path.get_ident().map(|name| (id, name.to_string())),
                _ => None,
            }
        });
        let between = |id: &NodeId| *id >= tree.behind(self.stmt) && *id < self.outer.id;
        let (mut names, scope) = (names, self.binding.scope);
        names.all(|(id, name)| {
            let there = bindings::find(tree, self.stmt, &name);
            let here = bindings::find(tree, id, &name);
            let same = match (there, here) {
                (Some(there), Some(here)) => std::ptr::eq(there.name, here.name),
                (None, None) => true,
                _ => false,
            };
            let changes = tree.below(scope).filter(between).any(|id| match tree.expr(id) {
                Some(Expr::Path(path)) if path.path.is_ident(&name) => !is_read(site, id),
                Some(Expr::Macro(call)) => tree.arguments(&call.mac).is_none(),
                _ => false,
            });
            same && !changes
        })
    }

    /// Where a statement before the loop goes.
    fn statement_of_loop(&self, site: &Site<'_, 'a>) -> Option<usize> {
        let stmt = site.tree.parent(self.outer.id)?;
        matches!(site.tree.node(stmt), Node::Stmt(_)).then(|| site.tree.range(stmt).start)
    }
}

/// Whether a path expression only reads: a length, a borrow, a field of it.
fn is_read(site: &Site<'_, '_>, id: NodeId) -> bool {
    let Some(parent) = site.tree.parent(id) else { return false };
    match site.tree.node(parent) {
        Node::Expr(Expr::Reference(reference)) => reference.mutability.is_none(),
        Node::Expr(Expr::MethodCall(call)) if site.tree.id(&call.receiver) == Some(id) => {
            let name = call.method.to_string();
            matches!(
                name.as_str(),
                "len"
                    | "is_empty"
                    | "iter"
                    | "get"
                    | "first"
                    | "last"
                    | "as_slice"
                    | "as_str"
                    | "as_ref"
                    | "contains"
                    | "contains_key"
                    | "keys"
                    | "values"
                    | "clone"
                    | "starts_with"
            )
        }
        Node::Expr(Expr::Field(_)) => is_read(site, parent),
        Node::Expr(Expr::Binary(both)) => {
            bindings::is_comparison(&both.op)
                || !bindings::is_update(&both.op)
                || site.tree.id(&both.right) == Some(id)
        }
        Node::Expr(Expr::Index(_)) => is_read(site, parent),
        _ => false,
    }
}

/// Whether the loop may be left by `return` or `?`.
fn leaves_function(site: &Site<'_, '_>, turn: NodeId) -> bool {
    let exits = |id| matches!(site.tree.expr(id), Some(Expr::Return(_) | Expr::Try(_)));
    site.tree.below(turn).any(exits)
}

fn factor(text: &str) -> String {
    let is_simple = text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '(' | ')'));
    if is_simple { text.to_owned() } else { format!("({text})") }
}

/// How to ask for the room that a collection of this type usually needs where it is made.
pub fn room(site: &Site<'_, '_>, made: &Expr, path: &str, growth: Growth) -> Room {
    let text = format!("{path}::with_capacity({})", Room::LENGTH);
    Room::new(growth, site.replace(site.tree.bytes(made), text))
}
