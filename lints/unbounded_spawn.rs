//! # What it finds
//!
//! A thread or task started on each turn of a loop whose number of turns is given by the input: a
//! thread for each element, a task for each connection or message.
//!
//! # What it costs
//!
//! A thread takes some ten microseconds to start and a stack to run on; thousands of them take
//! turns on a few processors. Tasks are cheap, but what each of them holds is not: memory, files,
//! connections to a server that is asked by all of them at once.
//!
//! # The rewrite
//!
//! So many at a time: a pool or `rayon` for work, a `Semaphore` or `buffer_unordered` for tasks.
//! Shown only: how many, its author knows.
//!
//! # When to keep the code
//!
//! There are few, by construction; or something else bounds them, such as the number of
//! connections that are accepted. A loop that takes a permit first is passed over, and so is one
//! over the number of processors.
//!
//! # How it was proved
//!
//! The profile shows time spent starting threads below this line. `ui-tests/unbounded_spawn` holds
//! an example.

use crate::lint::prelude::*;

/// See the text above.
pub static LINT: Lint = Lint {
    name: "unbounded_spawn",
    summary: "the input decides how many threads or tasks are started",
    on: &[Kind::Call, Kind::MethodCall],
    methods: &["spawn", "spawn_scoped"],
    check,
};

/// A loop that takes one of these first, or waits for some to end, has a bound.
const BOUNDS: [&str; 14] = [
    "acquire",
    "acquire_owned",
    "try_acquire_owned",
    "permit",
    "semaphore",
    "Semaphore",
    "join_next",
    "chunks",
    "available_parallelism",
    "num_cpus",
    "num_threads",
    "threads",
    "workers",
    "concurrency",
];

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let (what, is_thread) = started(site, site.expr()?)?;
    let turn = loops::innermost(site.tree, site.node)?;
    let is_own = site.tree.ancestors(site.node).take_while(|&id| id > turn.id).all(|id| {
        // A closure that the loop only defines does not start anything.
        !matches!(site.tree.expr(id), Some(Expr::Async(_)))
    });
    if !is_own || is_bounded(site, turn) {
        return None;
    }
    let shown = match turn.kind {
        LoopKind::For(walk) => site.source(&walk.expr),
        LoopKind::Adapter(call) => site.source(&call.receiver),
        _ => "",
    };
    let shown = if shown.contains('\n') || shown.len() > 30 { "" } else { shown };
    let message = match (is_thread, shown) {
        (true, "") => "a thread is started on each turn of the loop".to_owned(),
        (false, "") => {
            "a task is started on each turn of the loop, however many there are".to_owned()
        }
        (true, all) => format!("a thread is started for each element of `{all}`"),
        (false, all) => format!("a task is started for each element of `{all}`, all at once"),
    };
    let sketch = if is_thread {
        "let processors = std::thread::available_parallelism().map_or(1, |n| n.get());\n\
         for part in all.chunks(all.len().div_ceil(processors)) { scope.spawn(…) }\n\
         // Or: all.par_iter().for_each(…)"
    } else {
        "let permits = std::sync::Arc::new(tokio::sync::Semaphore::new(64));\n\
         …\n    let permit = permits.clone().acquire_owned().await?;\n    \
         tokio::spawn(async move { …; drop(permit) });\n\
         // Or: futures::stream::iter(all).for_each_concurrent(64, …).await"
    };
    let mut claim = Claim::new(site.node, message)
        .label(what)
        .types(Types::NotNeeded)
        .about(site.node)
        .witness(Witness::cpu_in(starts));
    if !matches!(turn.kind, LoopKind::Adapter(_)) {
        claim = claim.related(site.related(turn.id, "in this loop"));
    }
    Some(claim.suggest(Some(Suggestion::shown("run so many at a time", sketch))))
}

/// Whether an expression starts a thread or a task.
fn started<'a>(site: &Site<'_, 'a>, expr: &'a Expr) -> Option<(&'static str, bool)> {
    match expr {
        Expr::Call(call) => {
            let Expr::Path(path) = &*call.func else { return None };
            match site.resolve(&path.path).as_str() {
                "std::thread::spawn" => Some(("a thread with its stack", true)),
                "tokio::spawn"
                | "tokio::task::spawn"
                | "tokio::task::spawn_local"
                | "async_std::task::spawn"
                | "smol::spawn" => Some(("a task", false)),
                "tokio::task::spawn_blocking" => Some(("a thread of the blocking pool", true)),
                _ => None,
            }
        }
        Expr::MethodCall(call) if call.method == "spawn_scoped" => {
            is_builder(site, &call.receiver).then_some(("a thread with its stack", true))
        }
        Expr::MethodCall(call) if call.method == "spawn" && call.args.len() == 1 => {
            let ty = site.type_of(&call.receiver).ty;
            let ty = ty.peeled();
            // A set that starts what it is given is not who decides how many.
            if place::root(&call.receiver).as_deref() == Some("self") {
                return None;
            }
            if ty.is_from("tokio", "JoinSet") || is_join_set(site, &call.receiver) {
                Some(("a task", false))
            } else if ty.is_std("Scope") && ty.passes("thread") || is_builder(site, &call.receiver)
            {
                Some(("a thread with its stack", true))
            } else {
                None
            }
        }
        _ => None,
    }
}

/// A local that `JoinSet::new()` makes.
fn is_join_set(site: &Site<'_, '_>, expr: &Expr) -> bool {
    let Some(binding) = site.binding(expr) else { return false };
    let crate::source::bindings::Origin::Let(local, _) = binding.origin else { return false };
    let Some(init) = &local.init else { return false };
    matches!(&*init.expr, Expr::Call(call) if matches!(&*call.func, Expr::Path(path)
        if site.resolve(&path.path) == "tokio::task::JoinSet::new"))
}

/// `thread::Builder::new()…`.
fn is_builder(site: &Site<'_, '_>, expr: &Expr) -> bool {
    match expr {
        Expr::MethodCall(call) => is_builder(site, &call.receiver),
        Expr::Call(call) => matches!(&*call.func, Expr::Path(path)
            if site.resolve(&path.path) == "std::thread::Builder::new"),
        _ => false,
    }
}

/// Whether something bounds the number of turns, or of those that run at a time.
fn is_bounded(site: &Site<'_, '_>, turn: loops::Loop<'_>) -> bool {
    let walked = match turn.kind {
        LoopKind::For(walk) => Some(&*walk.expr),
        LoopKind::Adapter(call) => Some(&*call.receiver),
        _ => None,
    };
    if walked.is_some_and(|walked| is_fixed_number(site, walked)) {
        return true;
    }
    let text = match walked {
        Some(walked) => site.source(walked),
        None => "",
    };
    let body = site.text(turn.id);
    let head = body.get(..body.find("spawn").unwrap_or(0)).unwrap_or_default();
    BOUNDS.iter().any(|word| place::has_word(head, word) || place::has_word(text, word))
        || text.to_lowercase().contains("worker")
        || text.to_lowercase().contains("thread")
}

/// A range or a list whose length the code gives, not the input.
fn is_fixed_number<'a>(site: &Site<'_, 'a>, walked: &'a Expr) -> bool {
    match place::bare(walked) {
        Expr::Range(range) => range.end.as_deref().is_some_and(|end| {
            // `0..n`: a number that somebody chose, unless it is the length of something.
            !matches!(place::bare(end), Expr::MethodCall(call) if call.method == "len")
        }),
        Expr::Array(_) => true,
        Expr::Macro(call) => call.mac.path.is_ident("vec"),
        Expr::MethodCall(call) => is_fixed_number(site, &call.receiver),
        other => {
            let ty = site.type_of(other).ty;
            let is_array =
                matches!(ty.peeled(), crate::model::type_name::TypeName::Array(_, Some(_)));
            let is_constant = matches!(other, Expr::Path(path)
            if path.path.segments.last().is_some_and(|last| {
                last.ident.to_string().chars().all(|c| !c.is_lowercase())
            }));
            is_array || is_constant
        }
    }
}

/// Frames of starting a thread.
fn starts(function: &str) -> bool {
    [
        "thread::spawn",
        "Builder::spawn",
        "spawn_unchecked",
        "pthread_create",
        "clone3",
        "Thread::new",
    ]
    .iter()
    .any(|part| function.contains(part))
}
