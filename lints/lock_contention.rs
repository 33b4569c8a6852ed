//! # What it finds
//!
//! A lock that threads were measured to wait for: the line that waits, and the lines that held
//! the lock meanwhile. Of readers also a lock that takes much of their time without a wait: each of
//! them writes its count of readers, which the processors take from each other. Where nothing was measured, `--all` lists mutexes around a number or a flag,
//! and those from which only an `Arc` is copied out: another kind would do.
//!
//! # What it costs
//!
//! The time waited is time in which a thread does nothing, and each wait costs two switches by the
//! operating system on top of it. The share that is printed is that of the threads' whole time,
//! computing and waiting.
//!
//! # The rewrite
//!
//! By case, shown as code: a number or a flag becomes an atomic; a map is split by its keys into
//! several locks; what is mostly read is kept behind an `Arc` that writers replace; anything else
//! holds the lock for less work, or gathers per thread and merges at the end.
//!
//! # When to keep the code
//!
//! The wait is what the program is for: a queue that waits for work, a barrier at the end.
//!
//! # How it was proved
//!
//! The profile holds the time that each thread waited below this line, and the stack of whoever
//! let the lock go; of readers, the time that threads spend in taking the lock. `ui-tests/lock_contention` holds an example.

use crate::lint::prelude::*;
use crate::model::type_name::TypeName;

/// See the text above.
pub static LINT: Lint = Lint {
    name: "lock_contention",
    summary: "threads wait for a lock",
    on: &[Kind::MethodCall],
    methods: &["lock", "read", "write"],
    check,
};

/// Waiting that is less of the threads' time is not worth a change.
const LEAST_WAIT: f64 = 0.02;

/// So much of the time is what a lock costs whose readers are counted on several processors, and
/// more than one that a single thread takes between two pieces of work.
const LEAST_COUNTING: f64 = 0.1;

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let Some(Expr::MethodCall(call)) = site.expr() else { return None };
    let method = call.method.to_string();
    if !matches!(method.as_str(), "lock" | "read" | "write") || !call.args.is_empty() {
        return None;
    }
    let receiver = site.tree.expr(site.tree.id(&call.receiver)?)?;
    let typed = site.type_of(receiver);
    let lock = locked(&typed.ty);
    // Of an unknown type, only `lock` says by its name what it is.
    if lock.is_none() && (!typed.ty.is_unknown() || method != "lock") {
        return None;
    }
    let reads = method == "read";
    // A chain over several lines is named on one.
    let name: String = site.source(receiver).lines().map(str::trim).collect();
    let (message, shape) = match told_by_type(site, lock, &method) {
        Some(what) => {
            (format!("threads may wait for `{name}`, a mutex around {what}"), Shape::Possible)
        }
        None if reads => (format!("readers of `{name}` meet at its lock"), Shape::NeedsProof),
        None => (format!("threads wait for `{name}`"), Shape::NeedsProof),
    };
    let mut claim = Claim::new(site.node, message);
    if reads {
        // No reader waits for another, but all of them write the count of readers.
        claim = claim.witness(Witness {
            least_share: LEAST_COUNTING,
            ..Witness::cpu_in(waits).above(starts_thread)
        });
    }
    Some(
        claim
            .label(if reads { "takes the lock, and counts itself in" } else { "waits here" })
            .shape(shape)
            .types(if lock.is_some() { typed.by } else { Types::Unknown })
            .witness(Witness { below: Some(waits), ..Witness::of(Quantity::LockDelay, LEAST_WAIT) })
            .about(site.node)
            .yields_to(&[
                "shared_write",
                "lock_in_loop",
                "guard_across_slow_call",
                "sync_guard_across_await",
            ])
            .suggest(Some(by_case(lock.filter(|_| !signals(site)), &method))),
    )
}

/// What a mutex protects that another kind of cell would do for: a number, a flag, or a pointer
/// that is only copied out.
fn told_by_type(
    site: &Site<'_, '_>,
    protected: Option<&TypeName>,
    method: &str,
) -> Option<&'static str> {
    let ty = protected.filter(|_| method == "lock" && !signals(site))?;
    if ty.is_integer() {
        return Some("a number");
    }
    if ty.is_bool() {
        return Some("a flag");
    }
    let mut at = site.node;
    while let Some((outer, call)) = place::called_on(site, at) {
        if call.method == "clone" {
            return ty.is_shared_pointer().then_some("an `Arc` that is copied out");
        }
        at = outer;
    }
    None
}

/// A function that waits on a condition variable or wakes who does: it belongs to a mutex, and an
/// atomic has none.
fn signals(site: &Site<'_, '_>) -> bool {
    let Some(around) = site.function(site.node) else { return false };
    site.tree.below(around.id).any(|id| {
        let Some(Expr::MethodCall(call)) = site.tree.expr(id) else { return false };
        let name = call.method.to_string();
        match call.args.len() {
            0 => matches!(name.as_str(), "notify_one" | "notify_all"),
            1 => name == "wait",
            _ => name.starts_with("wait_"),
        }
    })
}

/// What a lock protects; the lock may be behind references and shared pointers.
fn locked(ty: &TypeName) -> Option<&TypeName> {
    let mut ty = ty.peeled();
    while ty.is_shared_pointer() || ty.is_std("LazyLock") {
        ty = ty.args().first()?.peeled();
    }
    ty.lock()?;
    Some(ty.args().last().unwrap_or(&TypeName::Unknown))
}

/// Functions of the standard library, of `parking_lot` and of the system that wait for a lock;
/// waiting for a message or for a thread to end is something else.
fn waits(function: &str) -> bool {
    ["Mutex", "RwLock", "mutex", "rwlock", "futex"].iter().any(|part| function.contains(part))
}

/// Where threads begin that a program starts.
fn starts_thread(function: &str) -> bool {
    function.contains("thread_start") || function.contains("thread::Builder::spawn")
}

fn by_case(protected: Option<&TypeName>, method: &str) -> Suggestion {
    let (message, sketch) = match protected {
        Some(ty) if ty.is_integer() || ty.is_bool() => (
            "make it an atomic: nobody waits for an addition",
            "static COUNT: AtomicU64 = AtomicU64::new(0);\n\
             let count = COUNT.fetch_add(1, Ordering::Relaxed) + 1;",
        ),
        Some(ty) if method != "read" && (ty.hash_map().is_some() || ty.btree_map().is_some()) => (
            "split the map by its keys, so that threads seldom meet at one lock",
            "let shards: [Mutex<HashMap<K, V>>; 16] = Default::default();\n\
             let shard = &shards[BuildHasher::hash_one(&hasher, &key) as usize % shards.len()];\n\
             shard.lock().unwrap().insert(key, value);",
        ),
        Some(ty) if ty.is_shared_pointer() && method == "lock" => (
            "keep the pointer where readers do not wait for each other",
            "static CURRENT: RwLock<Arc<T>> = …;          // or `ArcSwap`\n\
             let current = Arc::clone(&CURRENT.read().unwrap());",
        ),
        _ if method == "read" => (
            "let readers take a snapshot that writers replace",
            "static CURRENT: LazyLock<ArcSwap<T>> = …;   // of the crate `arc-swap`\n\
             use_it(&CURRENT.load());                    // no count that all readers write\n\
             CURRENT.store(Arc::new(new));               // a writer prepares the new value first",
        ),
        _ => (
            "hold it for less work: compute before, take what is needed, let go",
            "let computed = compute(input);              // without the lock\n\
             let taken = std::mem::take(&mut *lock.lock().unwrap()); // let go at the semicolon\n\
             work_on(taken, computed);",
        ),
    };
    Suggestion {
        message: message.to_owned(),
        grade: Grade::Display,
        edits: Vec::new(),
        sketch: Some(sketch.to_owned()),
        caveat: None,
        dependency: None,
    }
}
