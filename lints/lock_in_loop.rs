//! # What it finds
//!
//! A lock that is taken and let go on each turn of a loop, although the lock is the same each time
//! and nothing in the loop waits, blocks, or may want the lock itself. A lock that the closure of
//! `for_each` takes for each element is listed with `--all`, and otherwise shown only with proof.
//!
//! # What it costs
//!
//! Two atomic operations per turn, and per turn a chance that another thread gets in between and
//! the processor's cache line goes back and forth.
//!
//! # The rewrite
//!
//! Take the lock once, before the loop. Never safe: others wait for the whole loop now, and a call
//! in the loop that wants the same lock would wait for ever.
//!
//! # When to keep the code
//!
//! Letting others in between the turns is what is wanted; or the loop is long and its turns are
//! slow. Where the profile shows I/O in the loop nothing is said.
//!
//! # How it was proved
//!
//! The profile shows time, or waiting, in the lock's own functions below this line.
//! `ui-tests/lock_in_loop` holds an example.

use crate::lint::prelude::*;

/// See the text above.
pub static LINT: Lint = Lint {
    name: "lock_in_loop",
    summary: "a lock is taken anew on each turn of a loop",
    on: &[Kind::MethodCall],
    methods: &["lock", "read", "write"],
    check,
};

/// Waiting that is less of the threads' time is not worth a change.
const LEAST_WAIT: f64 = 0.02;

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let Some(Expr::MethodCall(call)) = site.expr() else { return None };
    let method = call.method.to_string();
    if !matches!(method.as_str(), "lock" | "read" | "write") || !call.args.is_empty() {
        return None;
    }
    let Some(turn) = place::own_loop(site, site.node) else { return for_each(site, call) };
    // `while let Some(job) = queue.lock()…`: workers share it on purpose.
    let body = match turn.kind {
        LoopKind::For(turn) => &turn.body,
        LoopKind::While(turn) => &turn.body,
        LoopKind::Loop(_) | LoopKind::Adapter(_) => return None,
    };
    let body = site.tree.block_id(body)?;
    let typed = site.type_of(&call.receiver);
    let mut ty = typed.ty.peeled();
    while ty.is_shared_pointer() || ty.is_std("LazyLock") {
        ty = ty.args().first()?.peeled();
    }
    use crate::model::type_name::Lock;
    let is_blocking = matches!(ty.lock()?, Lock::Std | Lock::ParkingLot);
    if !is_blocking
        || !site.tree.contains(body, site.node)
        || !place::is_invariant(site, &call.receiver, turn.id)
        || blocks(site, body)
        || is_taken_again(site, body, &call.receiver)
    {
        return None;
    }
    let name = site.source(&call.receiver);
    Some(
        Claim::new(site.node, format!("`{name}` is locked anew on each turn of the loop"))
            .label("locked and let go for each turn")
            .types(typed.by)
            .about(site.node)
            .yields_to(&["shared_write"])
            // Who holds the lock in the meantime makes the others wait for the system.
            .refuted_by(body, Quantity::IoCalls)
            .witness(Witness::of(Quantity::LockDelay, LEAST_WAIT))
            .witness(Witness::cpu_in(locks))
            .suggest(Some(taken_once(site, call, turn.id).unwrap_or_else(|| {
                let sketch = format!(
                    "let mut guard = {name}.{method}().unwrap();\nfor … {{\n    …\n}}\ndrop(guard);"
                );
                Suggestion::shown("take it once, before the loop", sketch)
            }))),
    )
}

/// `items.par_iter().for_each(|item| found.lock().unwrap().push(…))`.
fn for_each(site: &Site<'_, '_>, call: &ExprMethodCall) -> Option<Claim> {
    let turn = loops::innermost(site.tree, site.node)?;
    let LoopKind::Adapter(walk) = turn.kind else { return None };
    let receiver = site.tree.expr(site.tree.id(&call.receiver)?)?;
    let typed = site.type_of(receiver);
    let mut ty = typed.ty.peeled();
    while ty.is_shared_pointer() || ty.is_std("LazyLock") {
        ty = ty.args().first()?.peeled();
    }
    ty.lock()?;
    let is_walk = matches!(walk.method.to_string().as_str(), "for_each" | "try_for_each");
    if !is_walk || !place::is_bound_outside(site, receiver, turn.id) {
        return None;
    }
    let name = site.source(receiver);
    let is_parallel = site.source(&walk.receiver).contains("par_");
    let suggestion = if is_parallel {
        let sketch = "let found: Vec<_> = items.par_iter().map(|item| …).collect();";
        Suggestion::shown("let each thread gather its own, and put them together", sketch)
    } else {
        let sketch =
            format!("let mut guard = {name}.{}().unwrap();\nfor … {{\n    …\n}}", call.method);
        Suggestion::shown("take it once, before the walk", sketch)
    };
    Some(
        Claim::new(site.node, format!("`{name}` is locked anew for each element"))
            .label("locked and let go for each element")
            .shape(Shape::Possible)
            .types(typed.by)
            .about(site.node)
            .yields_to(&["shared_write"])
            .witness(Witness::of(Quantity::LockDelay, LEAST_WAIT))
            .witness(Witness::cpu_in(locks))
            .suggest(Some(suggestion)),
    )
}

/// Whether something in the loop waits, or hands control to code that nobody sees.
fn blocks(site: &Site<'_, '_>, body: NodeId) -> bool {
    const WORDS: [&str; 16] = [
        "sleep",
        "recv",
        "send",
        "join",
        "spawn",
        "wait",
        "park",
        "yield_now",
        "read_line",
        "connect",
        "accept",
        "read_to_string",
        "write_all",
        "flush",
        "output",
        "status",
    ];
    site.tree.below(body).any(|id| match site.tree.expr(id) {
        Some(Expr::Await(_)) => true,
        Some(Expr::MethodCall(call)) => WORDS.iter().any(|word| call.method == word),
        Some(Expr::Call(call)) => match &*call.func {
            Expr::Path(path) => {
                let last = path.path.segments.last();
                let is_local = path.path.get_ident().is_some_and(|name| {
                    crate::source::bindings::find(site.tree, id, &name.to_string()).is_some()
                });
                is_local || last.is_some_and(|last| WORDS.iter().any(|word| last.ident == word))
            }
            _ => true,
        },
        _ => false,
    })
}

/// Whether the loop locks the same lock at a second place.
fn is_taken_again(site: &Site<'_, '_>, body: NodeId, lock: &Expr) -> bool {
    let takes = |id: &NodeId| match site.tree.expr(*id) {
        Some(Expr::MethodCall(call)) => {
            let name = call.method.to_string();
            matches!(name.as_str(), "lock" | "read" | "write" | "try_lock")
                && place::same(site, &call.receiver, lock)
        }
        _ => false,
    };
    site.tree.below(body).filter(takes).count() != 1
}

/// `let mut guard = lock.lock().unwrap();` before the loop, and the guard within it.
fn taken_once(site: &Site<'_, '_>, call: &ExprMethodCall, turn: NodeId) -> Option<Suggestion> {
    let tree = site.tree;
    let mut taken = site.node;
    while let Some((outer, call)) = place::called_on(site, taken) {
        if !matches!(call.method.to_string().as_str(), "unwrap" | "expect") {
            break;
        }
        taken = outer;
    }
    let parent = tree.parent(taken)?;
    let used_in_place = match tree.node(parent) {
        Node::Expr(Expr::MethodCall(_) | Expr::Field(_) | Expr::Index(_)) => true,
        Node::Expr(Expr::Unary(unary)) => matches!(unary.op, syn::UnOp::Deref(_)),
        _ => false,
    };
    let statement = tree.parent(turn)?;
    let is_free = !place::has_word(&site.file.text, "guard");
    if !used_in_place || !is_free || !matches!(tree.node(statement), Node::Stmt(_)) {
        return None;
    }
    let start = tree.range(statement).start;
    let indent = site.indentation(start);
    let mutable = if call.method == "read" { "" } else { "mut " };
    let edits = vec![
        site.insert(start, format!("let {mutable}guard = {};\n{indent}", site.text(taken))),
        site.replace(tree.range(taken), "guard"),
        site.insert(tree.range(statement).end, format!("\n{indent}drop(guard);")),
    ];
    Some(Suggestion::with_caveat(
        "take it once, before the loop",
        edits,
        "others wait for the whole loop, and nothing called in it may want the same lock",
    ))
}

/// Frames of taking and leaving a lock.
fn locks(function: &str) -> bool {
    ["Mutex", "RwLock", "mutex", "futex", "rwlock"].iter().any(|part| function.contains(part))
}
