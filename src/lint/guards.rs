//! Locals that hold a blocking lock: where it is taken, and how to let go of it sooner.

use syn::{Expr, Stmt};

use super::place;
use super::site::Site;
use crate::model::finding::Suggestion;
use crate::model::type_name::Lock;
use crate::source::bindings::{self, Origin};
use crate::source::infer::Typed;
use crate::source::tree::{Node, NodeId};

/// Waiting that is less of the threads' time is not worth a change.
pub const LEAST_WAIT: f64 = 0.02;

/// A local that is the guard of a blocking lock.
pub struct Held<'a> {
    /// Its name.
    pub name: String,
    /// The block in which it lives.
    pub scope: NodeId,
    /// The first node behind its statement.
    pub from: NodeId,
    /// Its statement.
    pub stmt: NodeId,
    /// What it is made by.
    pub init: &'a Expr,
    /// The call that locks.
    pub locking: NodeId,
    /// Its type.
    pub typed: Typed,
}

/// The guard that the `let` at this site makes.
pub fn held<'a>(site: &Site<'_, 'a>) -> Option<Held<'a>> {
    let binding = bindings::of_let(site.tree, site.node)?;
    let Origin::Let(local, stmt) = binding.origin else { return None };
    let init = &*local.init.as_ref()?.expr;
    // Types are asked for only where they decide.
    let locking = locking(site, init)?;
    let typed = site.type_of(init);
    if !is_blocking(typed.ty.guard()?.lock) {
        return None;
    }
    Some(Held {
        name: binding.name.ident.to_string(),
        scope: binding.scope,
        from: binding.from,
        stmt,
        init,
        locking,
        typed,
    })
}

/// Whether a thread blocks where it has to wait for such a lock.
pub fn is_blocking(lock: Lock) -> bool {
    matches!(lock, Lock::Std | Lock::ParkingLot)
}

/// The call of `lock` below `unwrap` and its kin.
fn locking(site: &Site<'_, '_>, init: &Expr) -> Option<NodeId> {
    match init {
        Expr::MethodCall(call) => match call.method.to_string().as_str() {
            "lock" | "read" | "write" => site.tree.id(init),
            _ => locking(site, &call.receiver),
        },
        Expr::Try(tried) => locking(site, &tried.expr),
        _ => None,
    }
}

/// Whether a place stands in a closure or an `async` block within `scope`, which may run later.
pub fn is_deferred(site: &Site<'_, '_>, id: NodeId, scope: NodeId) -> bool {
    site.tree
        .ancestors(id)
        .take_while(|&outer| outer > scope)
        .any(|outer| matches!(site.tree.expr(outer), Some(Expr::Closure(_) | Expr::Async(_))))
}

impl Held<'_> {
    /// `drop(guard);` before the statement that waits at `waits`, where neither the guard nor
    /// anything that may borrow from it is used from there on; else how to hold it for less. The
    /// messages are for either. `is_given_away` says that it is dropped or moved already.
    pub fn let_go(
        &self,
        site: &Site<'_, '_>,
        waits: NodeId,
        is_given_away: bool,
        [drop_it, hold_for_less]: [&str; 2],
    ) -> Suggestion {
        let statement = (!is_given_away).then(|| self.last_free(site, waits)).flatten();
        let Some(statement) = statement else {
            let init = site.source(self.init);
            let init = if init.contains('\n') { "…" } else { init };
            let sketch = format!(
                "let taken = {{\n    let {} = {init};\n    … // what is needed of it\n}};",
                self.name
            );
            return Suggestion::shown(hold_for_less, sketch);
        };
        let start = site.tree.range(statement).start;
        let indent = site.indentation(start);
        Suggestion::with_caveat(
            drop_it,
            vec![site.insert(start, format!("drop({});\n{indent}", self.name))],
            "others may take the lock before this is done",
        )
    }

    /// The statement that waits, where nothing of the guard is needed from there on.
    fn last_free(&self, site: &Site<'_, '_>, waits: NodeId) -> Option<NodeId> {
        let tree = site.tree;
        let statement = tree.children(self.scope).find(|&stmt| tree.contains(stmt, waits))?;
        let after = tree.range(statement).start..tree.range(self.scope).end;
        let is_needed = place::has_word(site.file.text.get(after)?, &self.name);
        let earlier = tree.children(self.scope).take_while(|&stmt| stmt < statement);
        (!is_needed && !earlier.into_iter().any(|stmt| self.may_borrow(site, stmt)))
            .then_some(statement)
    }

    /// Whether a statement makes a local of the guard that may borrow from it.
    fn may_borrow(&self, site: &Site<'_, '_>, stmt: NodeId) -> bool {
        let Node::Stmt(Stmt::Local(local)) = site.tree.node(stmt) else { return false };
        let Some(init) = &local.init else { return false };
        // A number keeps nothing of what it was made from.
        let ty = site.type_of(&init.expr).ty;
        let is_plain = ty.is_number() || ty.is_bool() || ty.is_char() || ty.is_string();
        stmt != self.stmt && !is_plain && place::has_word(site.source(&init.expr), &self.name)
    }
}
