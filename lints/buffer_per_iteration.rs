//! # What it finds
//!
//! A `Vec`, `String`, `HashMap` or other buffer that is made on each turn of a loop, or on each
//! call of a function that the profile shows to be hot, and is used only within it. Where nothing
//! was measured, the buffers of a call are listed with `--all` if they start empty.
//!
//! # What it costs
//!
//! An allocation, the reallocations until it is large enough, and a free: on each turn or call,
//! although the next one needs just the same memory.
//!
//! # The rewrite
//!
//! Make the buffer once above the loop and empty it (`clear`) where it was made: the content is
//! the same on each turn, the memory stays. Safe where the elements own no more than memory;
//! otherwise they are dropped a little later than before. For a function that is called often,
//! four ways are shown: a `&mut` parameter, a field, a scratch buffer of the thread, a pool.
//!
//! # When to keep the code
//!
//! The buffer is handed on or kept, so that each turn needs its own; or it stays empty on most
//! turns, and an empty buffer allocates nothing. A function that calls itself needs one at each
//! level, and is not mentioned.
//!
//! # How it was proved
//!
//! The profile shows allocation below the very calls that make and fill the buffer.
//! `ui-tests/buffer_per_iteration` holds the code before and after.

use crate::lint::filled::walks_over;
use crate::lint::prelude::*;
use crate::model::type_name::TypeName;
use crate::source::bindings::{self, Binding, Origin, Use, UseRole};
use crate::source::loops::{Loop, innermost};

/// See the text above.
pub static LINT: Lint = Lint {
    name: "buffer_per_iteration",
    summary: "a buffer is allocated on each turn or call and thrown away",
    on: &[Kind::Let],
    methods: &[],
    check,
};

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let binding = bindings::of_let(site.tree, site.node)?;
    let Origin::Let(local, stmt) = binding.origin else { return None };
    binding.name.mutability?;
    let made = Made::of(site, &local.init.as_ref()?.expr)?;
    let uses = site.uses(&binding);
    let grows = growing(site, &uses);
    if (grows.is_empty() && !made.allocates()) || uses.iter().any(|used| escapes(site, used)) {
        return None;
    }
    let turn = innermost(site.tree, stmt).filter(|turn| is_own_loop(site, turn));
    if turn.is_none() && calls_itself(site) {
        return None;
    }
    let name = &binding.name.ident;
    let (what, shape) = match turn {
        Some(_) => ("each turn of the loop", Shape::Suspect),
        None if made.allocates()
            || is_reused(&uses)
            || is_called_once(site)
            || !uses.iter().any(|used| may_fill(site, stmt, used))
            || grows.iter().any(|&id| is_on_a_walk(site, stmt, id)) =>
        {
            ("each call", Shape::NeedsProof)
        }
        None => ("each call", Shape::Possible),
    };
    let claim = Claim::new(stmt, format!("`{name}` is allocated on {what} and thrown away"))
        .regions(std::iter::once(stmt).chain(grows))
        .label("the next one needs just the same memory")
        .shape(shape)
        .types(Types::Inferred)
        .about(stmt)
        .witness(Witness::cpu_in(allocates).through(is_buffer));
    let hoisted = turn.and_then(|turn| hoist(site, &binding, &made, turn, local));
    Some(claim.suggest(Some(hoisted.unwrap_or_else(|| match turn {
        Some(_) => above_the_loop(&name.to_string()),
        None => between_calls(&name.to_string(), &made.type_of(site, stmt, name)),
    }))))
}

/// Whether it is filled on a walk: unless somebody measured, its size is what to speak of. Or in a
/// closure, which may be called again and again.
fn is_on_a_walk(site: &Site<'_, '_>, stmt: NodeId, id: NodeId) -> bool {
    let block = site.tree.parent(stmt).unwrap_or(stmt);
    let mut between = site.tree.ancestors(id).take_while(|&outer| outer > block);
    if between.any(|outer| matches!(site.tree.expr(outer), Some(Expr::Closure(_)))) {
        return true;
    }
    let outer = loops::around(site.tree, id).take_while(|turn| turn.id > stmt).last();
    outer.is_some_and(|turn| walks_over(&turn))
}

/// Whether a use may add much: in a loop, or by what the buffer is lent to; not a line that is read.
fn may_fill(site: &Site<'_, '_>, stmt: NodeId, used: &Use<'_>) -> bool {
    if !matches!(used.role, UseRole::BorrowedMut) {
        return loops::around(site.tree, used.id).any(|turn| turn.id > stmt);
    }
    let call = site.tree.ancestors(used.id).nth(1).and_then(|call| site.tree.expr(call));
    !matches!(call, Some(Expr::MethodCall(call)) if call.method == "read_line")
}

/// Whether the function itself empties the buffer, to fill it again.
fn is_reused(uses: &[Use<'_>]) -> bool {
    uses.iter().any(|used| matches!(used.role, UseRole::Receiver(call) if call.method == "clear"))
}

/// Functions that run once for each program or value.
fn is_called_once(site: &Site<'_, '_>) -> bool {
    let Some(function) = site.function(site.node) else { return true };
    let name = function.signature.ident.to_string();
    let once = ["main", "run", "new", "default", "from", "with", "build", "init", "setup", "load"];
    once.iter().any(|prefix| {
        name.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    })
}

/// How a buffer is made.
enum Made<'a> {
    /// Empty, perhaps with a capacity.
    Empty {
        /// The capacity, where one is given.
        capacity: Option<&'a Expr>,
        /// The type, as it is written.
        owner: String,
    },
    /// `vec![value; length]`.
    Filled { value: &'a Expr, length: &'a Expr },
}

impl<'a> Made<'a> {
    fn of(site: &Site<'_, 'a>, expr: &'a Expr) -> Option<Made<'a>> {
        match expr {
            Expr::Call(call) => {
                let Expr::Path(function) = &*call.func else { return None };
                let (owner, constructor) = site.source(&call.func).rsplit_once("::")?;
                let full = site.resolve(&function.path);
                let ty = full.rsplit_once("::")?.0;
                let capacity = match (constructor, call.args.len()) {
                    ("new" | "default", 0) => None,
                    ("with_capacity", 1) => call.args.first(),
                    _ => return None,
                };
                is_buffer_type(ty).then(|| Made::Empty { capacity, owner: owner.to_owned() })
            }
            Expr::Macro(call) if call.mac.path.is_ident("vec") => {
                if call.mac.tokens.is_empty() {
                    return Some(Made::Empty { capacity: None, owner: "Vec".to_owned() });
                }
                let arguments = site.tree.arguments(&call.mac)?;
                let [value, length] = arguments.exprs.as_slice() else { return None };
                let between = site.tree.bytes(value).end..site.tree.bytes(length).start;
                let is_repeat = site.file.text.get(between)?.contains(';');
                (is_repeat && matches!(value, Expr::Lit(_)))
                    .then_some(Made::Filled { value, length })
            }
            _ => None,
        }
    }

    /// The buffer's type as its constructor and what is known of its elements say it.
    fn type_of(&self, site: &Site<'_, '_>, stmt: NodeId, name: &syn::Ident) -> String {
        let known = site.types.type_of_local(site.tree.behind(stmt), &name.to_string()).ty;
        match self {
            _ if known.is_complete() => known.short(),
            Made::Empty { owner, .. } if matches!(&**owner, "String" | "BytesMut") => owner.clone(),
            Made::Empty { owner, .. } => format!("{owner}<…>"),
            Made::Filled { .. } => "Vec<…>".to_owned(),
        }
    }

    /// Whether making it already allocates.
    fn allocates(&self) -> bool {
        matches!(self, Made::Filled { .. } | Made::Empty { capacity: Some(_), .. })
    }
}

fn is_buffer_type(path: &str) -> bool {
    let std = ["std::collections::", "alloc::collections::", "hashbrown::"];
    matches!(path, "Vec" | "String" | "std::vec::Vec" | "std::string::String" | "bytes::BytesMut")
        || matches!(path.rsplit("::").next(), Some("FxHashMap" | "FxHashSet"))
        || std.iter().any(|module| {
            path.strip_prefix(module).is_some_and(|name| {
                matches!(name, "HashMap" | "HashSet" | "VecDeque" | "BinaryHeap")
            })
        })
}

/// The calls that make a buffer grow.
fn growing(site: &Site<'_, '_>, uses: &[Use<'_>]) -> Vec<NodeId> {
    const METHODS: &[&str] = &[
        "push",
        "push_str",
        "push_back",
        "push_front",
        "extend",
        "extend_from_slice",
        "append",
        "insert",
        "insert_str",
        "resize",
        "entry",
        "write_all",
        "write_fmt",
        "put_slice",
        "reserve",
    ];
    let grows = |used: &Use<'_>| match used.role {
        UseRole::Receiver(call) => METHODS.iter().any(|name| call.method == name),
        UseRole::BorrowedMut | UseRole::Updated => true,
        // `write!(buffer, …)`: the buffer is the macro's first argument.
        UseRole::Formatted => {
            site.tree.parent(used.id).is_some_and(|id| is_written_by(site, id, used.id))
        }
        _ => false,
    };
    uses.iter().filter(|used| grows(used)).filter_map(|used| site.tree.parent(used.id)).collect()
}

fn is_written_by(site: &Site<'_, '_>, id: NodeId, argument: NodeId) -> bool {
    let mac = match site.tree.node(id) {
        Node::Expr(Expr::Macro(call)) => &call.mac,
        Node::Stmt(Stmt::Macro(call)) => &call.mac,
        _ => return false,
    };
    let writes = mac.path.is_ident("write") || mac.path.is_ident("writeln");
    let first = site.tree.arguments(mac).and_then(|arguments| arguments.exprs.first());
    writes && first.and_then(|first| site.tree.id(first)) == Some(argument)
}

/// Whether a use hands the buffer on, or hides what becomes of it.
fn escapes(site: &Site<'_, '_>, used: &Use<'_>) -> bool {
    let moved = match used.role {
        UseRole::Receiver(call) => {
            let name = call.method.to_string();
            name.starts_with("into_")
                || matches!(
                    name.as_str(),
                    "into" | "try_into" | "leak" | "freeze" | "split" | "split_to" | "split_off"
                )
        }
        UseRole::BorrowedMut => is_taken(site, used.id),
        UseRole::Borrowed
        | UseRole::Updated
        | UseRole::Indexed
        | UseRole::Compared
        | UseRole::Formatted
        | UseRole::Dereferenced => false,
        UseRole::Assigned
        | UseRole::Field
        | UseRole::Iterated
        | UseRole::Opaque
        | UseRole::Moved => true,
    };
    moved || is_captured_by_move(site, used.id)
}

/// `mem::take(&mut buffer)` and its kin.
fn is_taken(site: &Site<'_, '_>, id: NodeId) -> bool {
    let Some(call) = site.tree.ancestors(id).nth(1).and_then(|id| site.tree.expr(id)) else {
        return false;
    };
    let Expr::Call(call) = call else { return false };
    let Expr::Path(function) = &*call.func else { return false };
    let last = function.path.segments.last().map(|part| part.ident.to_string());
    matches!(last.as_deref(), Some("take" | "replace" | "swap"))
}

fn is_captured_by_move(site: &Site<'_, '_>, id: NodeId) -> bool {
    site.tree.ancestors(id).take_while(|&outer| outer > site.node).any(|outer| {
        match site.tree.expr(outer) {
            Some(Expr::Closure(closure)) => closure.capture.is_some(),
            Some(Expr::Async(block)) => block.capture.is_some(),
            _ => false,
        }
    })
}

/// A `for`, `while` or `loop`, not the closure of an iterator.
fn is_own_loop(site: &Site<'_, '_>, turn: &Loop<'_>) -> bool {
    let function = |id| site.function(id).map(|function| function.id);
    !matches!(turn.kind, LoopKind::Adapter(_)) && function(turn.id) == function(site.node)
}

/// Whether the function may be on the stack more than once: a buffer that its calls share would be
/// emptied by an inner one while an outer one still uses it.
fn calls_itself(site: &Site<'_, '_>) -> bool {
    let Some(function) = site.function(site.node) else { return false };
    let own = &function.signature.ident;
    site.tree.below(function.id).any(|id| match site.tree.expr(id) {
        Some(Expr::MethodCall(call)) => call.method == *own,
        Some(Expr::Call(call)) => match &*call.func {
            // `Vec::new()` within a `new` is another's.
            Expr::Path(callee) => {
                callee.path.is_ident(own)
                    || (callee.path.segments.first().is_some_and(|first| first.ident == "Self")
                        && callee.path.segments.last().is_some_and(|last| last.ident == *own))
            }
            _ => false,
        },
        _ => false,
    })
}

/// Makes the buffer above the loop, and empties it where it was made.
fn hoist<'a>(
    site: &Site<'_, 'a>,
    binding: &Binding<'a>,
    made: &Made<'_>,
    turn: Loop<'_>,
    local: &syn::Local,
) -> Option<Suggestion> {
    let tree = site.tree;
    let name = binding.name.ident.to_string();
    let body = tree.parent(site.node)?;
    let loop_statement = tree.parent(turn.id)?;
    let is_direct = tree.parent(body) == Some(turn.id);
    let is_statement = matches!(tree.node(loop_statement), Node::Stmt(_));
    // A binding of the same name outside would be hidden.
    let is_free =
        bindings::find(tree, turn.id, &name).is_none() && !is_used_later(site, turn.id, &name);
    if !is_direct || !is_statement || !is_free {
        return None;
    }
    let pattern = site.file.text.get(tree.token(local.let_token.span).start..)?;
    let pattern = pattern.split_once('=')?.0.trim_end();
    let (above, here) = match made {
        Made::Empty { capacity, owner } => {
            let constructor = match capacity {
                Some(capacity) if is_known_above(site, capacity, turn.id) => {
                    site.source(&local.init.as_ref()?.expr).to_owned()
                }
                Some(_) => format!("{owner}::new()"),
                None => site.source(&local.init.as_ref()?.expr).to_owned(),
            };
            (constructor, format!("{name}.clear();"))
        }
        Made::Filled { value, length } => {
            let (value, length) = (site.source(value), site.source(length));
            ("Vec::new()".to_owned(), format!("{name}.clear();\n{name}.resize({length}, {value});"))
        }
    };
    let indent_here = site.indentation(tree.range(site.node).start);
    let start = tree.range(loop_statement).start;
    let indent_above = site.indentation(start);
    let ty = site.types.type_of_local(tree.behind(site.node), &name).ty;
    let plain = ty.is_plain() || holds_plain(site, binding);
    Some(Suggestion {
        message: format!("make `{name}` once, above the loop, and empty it on each turn"),
        grade: if plain { Grade::Safe } else { Grade::Unsafe },
        edits: vec![
            site.insert(start, format!("{pattern} = {above};\n{indent_above}")),
            site.replace(tree.range(site.node), here.replace('\n', &format!("\n{indent_here}"))),
        ],
        sketch: None,
        caveat: (!plain).then(|| {
            "its elements are dropped on the next turn instead of at the end of this one, and must \
             not borrow from the turn"
                .to_owned()
        }),
        dependency: None,
    })
}

/// Whether the code behind the loop uses the name for something else.
fn is_used_later(site: &Site<'_, '_>, turn: NodeId, name: &str) -> bool {
    let Some(block) =
        site.tree.ancestors(turn).find(|&id| matches!(site.tree.node(id), Node::Block(_)))
    else {
        return true;
    };
    let behind = site.tree.behind(turn);
    site.tree
        .below(block)
        .filter(|&id| id >= behind)
        .any(|id| matches!(site.tree.expr(id), Some(Expr::Path(path)) if path.path.is_ident(name)))
}

/// Whether an expression can stand above the loop. It need not have the same value there: it is
/// only the room that the buffer begins with.
fn is_known_above(site: &Site<'_, '_>, expr: &Expr, turn: NodeId) -> bool {
    let Some(id) = site.tree.id(expr) else { return false };
    std::iter::once(id).chain(site.tree.below(id)).all(|id| match site.tree.expr(id) {
        Some(Expr::Lit(_) | Expr::Paren(_) | Expr::Field(_)) => true,
        // `n - 1` may only be right where the loop turns at all.
        Some(Expr::Binary(both)) => matches!(both.op, syn::BinOp::Add(_) | syn::BinOp::Mul(_)),
        Some(Expr::MethodCall(call)) => call.method == "len" && call.args.is_empty(),
        Some(Expr::Path(path)) => path.path.get_ident().is_none_or(|name| {
            bindings::find(site.tree, id, &name.to_string()).is_none_or(|found| {
                let has_value = match found.origin {
                    Origin::Let(local, _) => local.init.is_some(),
                    _ => true,
                };
                found.from <= turn && has_value
            })
        }),
        _ => false,
    })
}

/// Whether what is added tells that the elements own memory at most: nothing else need be known of
/// the buffer's type.
fn holds_plain<'a>(site: &Site<'_, 'a>, binding: &Binding<'a>) -> bool {
    site.uses(binding).iter().any(|used| {
        let UseRole::Receiver(call) = used.role else { return false };
        let Some(added) = call.args.first().filter(|_| call.args.len() == 1) else { return false };
        let ty = site.type_of(added).ty;
        match &*call.method.to_string() {
            "push" | "push_back" | "push_front" => ty.is_plain(),
            "extend_from_slice" => {
                let list = ty.peeled();
                let list = if list.is_std("Box") { list.args().first() } else { Some(list) };
                list.and_then(TypeName::element).is_some_and(TypeName::is_plain)
            }
            _ => false,
        }
    })
}

/// The calls that make and fill buffers.
fn is_buffer(function: &str) -> bool {
    [
        "vec::Vec",
        "string::String",
        "HashMap",
        "HashSet",
        "VecDeque",
        "BytesMut",
        "RawVec",
        "from_elem",
        "Write>::write",
        "hashbrown::",
        "::extend",
        "BinaryHeap",
    ]
    .iter()
    .any(|part| function.contains(part))
}

/// Frames of the allocator.
fn allocates(function: &str) -> bool {
    ["malloc", "calloc", "realloc", "_int_malloc", "_int_realloc", "__rust_alloc", "__rust_realloc"]
        .contains(&function)
        || [
            "finish_grow",
            "alloc::alloc::",
            "try_allocate_in",
            "grow_one",
            "reserve_rehash",
            "je_malloc",
            "mi_malloc",
        ]
        .iter()
        .any(|part| function.contains(part))
}

fn above_the_loop(name: &str) -> Suggestion {
    by_hand(format!(
        "let mut {name} = …; // above the loop\nloop {{\n    {name}.clear();\n    …\n}}"
    ))
}

fn between_calls(name: &str, ty: &str) -> Suggestion {
    let owner = ty.split('<').next().unwrap_or(ty);
    by_hand(format!(
        "// A caller that calls often lends its own buffer:\nfn work({name}: &mut {ty}) {{ {name}.clear(); … }}\n\n\
         // An object that lives long keeps one:\nstruct Worker {{ {name}: {ty} }}\n\n\
         // No object and many callers: one for each thread:\n\
         thread_local! {{ static SCRATCH: RefCell<{ty}> = RefCell::new({owner}::default()); }}\n\n\
         // Buffers that travel between threads: a pool that they return to."
    ))
}

fn by_hand(sketch: String) -> Suggestion {
    Suggestion {
        message: "keep the buffer and empty it instead".to_owned(),
        grade: Grade::Display,
        edits: Vec::new(),
        sketch: Some(sketch),
        caveat: None,
        dependency: None,
    }
}
