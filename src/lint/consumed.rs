//! Collections that are made and then consumed once: what is made, and what becomes of it.

use syn::{Expr, ExprMethodCall, Stmt};

use super::callers::{handed, is_given_to_walker};
use super::copies::initial;
use super::place;
use super::site::Site;
use crate::source::bindings::{self, Binding, Use, UseRole};
use crate::source::loops;
use crate::source::tree::{Node, NodeId};

/// What a `collect` makes, by the name of its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// A vector or its kin: the elements as they came.
    List,
    /// A text of characters.
    Text,
    /// A set: each element once.
    Set,
    /// A map.
    Map,
    /// A collection, or the first that failed.
    Tried,
}

impl Made {
    /// As the subject of a sentence.
    pub fn in_words(self) -> &'static str {
        match self {
            Made::List => "a vector",
            Made::Text => "a string",
            Made::Set => "a set",
            Made::Map => "a map",
            Made::Tried => "a result",
        }
    }
}

const COUNTED: &str = "to be counted";

/// One use of what was collected.
#[derive(Clone, Debug)]
pub struct Consumed {
    /// Where.
    pub at: NodeId,
    /// `to be walked once`, `for …`.
    pub purpose: String,
    /// The iterator, `…`, in place of what it was collected into.
    pub sketch: String,
    /// The first node behind it.
    pub end: NodeId,
    /// Whether it walks the elements or hands them on, rather than asking a question.
    pub walks: bool,
    /// Whether a peek at the first element answers it.
    pub peeks: bool,
    /// Whether it must be the only use.
    pub alone: bool,
    /// Whether it takes elements out, for which the binding must be mutable.
    pub takes_out: bool,
}

/// What a `collect` makes: told by its turbofish or by the type its `let` is written with.
pub fn made(site: &Site<'_, '_>, call: &ExprMethodCall) -> Option<Made> {
    if call.method == "collect_vec" {
        return Some(Made::List);
    }
    if let Some(turbofish) = &call.turbofish {
        return match turbofish.args.first()? {
            syn::GenericArgument::Type(ty) => of_type(ty),
            _ => None,
        };
    }
    let Some(stmt) = let_of(site) else {
        return is_given_to_walker(site, site.node).then_some(Made::List);
    };
    match site.tree.node(stmt) {
        Node::Stmt(Stmt::Local(local)) => match &local.pat {
            syn::Pat::Type(typed) => of_type(&typed.ty),
            _ => None,
        },
        _ => None,
    }
}

/// What a type is, by its name.
pub fn of_type(ty: &syn::Type) -> Option<Made> {
    let syn::Type::Path(path) = ty else { return None };
    let name = path.path.segments.last()?.ident.to_string();
    // What is sorted or fails at the first error is not what came.
    match name.as_str() {
        "BTreeMap" | "BTreeSet" | "BitVec" | "BitSet" | "BinaryHeap" => None,
        "Result" | "Option" => Some(Made::Tried),
        "String" | "CompactString" | "SmolStr" => Some(Made::Text),
        "VecDeque" | "LinkedList" => Some(Made::List),
        name if name.ends_with("Vec") => Some(Made::List),
        name if name.ends_with("Set") => Some(Made::Set),
        name if name.ends_with("Map") => Some(Made::Map),
        _ => None,
    }
}

/// The `let` whose value the node is.
pub fn let_of(site: &Site<'_, '_>) -> Option<NodeId> {
    let stmt = site.tree.parent(site.node)?;
    let binding = bindings::of_let(site.tree, stmt)?;
    let (init, _) = initial(&binding)?;
    (site.tree.id(init) == Some(site.node)).then_some(stmt)
}

/// Threads, locks, folders, arguments of the program: collecting does the work, ends a borrow, or
/// is done once.
pub fn works_ahead(source: &str) -> bool {
    const PARTS: [&str; 15] = [
        "spawn",
        "by_ref",
        "lock()",
        "borrow()",
        "borrow_mut",
        "read_dir",
        "drain",
        "par_",
        "write()",
        "read()",
        "try_iter",
        "thread",
        "WalkDir",
        "args()",
        "args_os()",
    ];
    PARTS.iter().any(|part| source.contains(part))
}

/// All uses of a local, if each of them is one that an iterator serves as well, in no closure and
/// in no loop of its own.
pub fn uses_of<'a>(
    site: &Site<'_, 'a>,
    binding: &Binding<'a>,
    stmt: NodeId,
    made: Made,
) -> Option<Vec<Consumed>> {
    let tree = site.tree;
    let turn = loops::innermost(tree, stmt).map(|turn| turn.id);
    let mut found = Vec::new();
    for used in site.uses(binding) {
        let is_deeper = tree
            .ancestors(used.id)
            .take_while(|id| *id > binding.scope)
            .any(|outer| matches!(tree.expr(outer), Some(Expr::Closure(_) | Expr::Async(_))));
        if is_deeper || loops::innermost(tree, used.id).map(|turn| turn.id) != turn {
            return None;
        }
        found.push(of_use(site, &used, made)?);
    }
    Some(found)
}

/// `for i in 0..v.len()` in which the vector is only asked for its element `i`.
pub fn walked_by_index<'a>(site: &Site<'_, 'a>, binding: &Binding<'a>) -> Option<NodeId> {
    let tree = site.tree;
    let uses = site.uses(binding);
    let (length, elements) = uses.split_first()?;
    let UseRole::Receiver(call) = length.role else { return None };
    let range = tree.ancestors(length.id).nth(1)?;
    let turn = tree.parent(range)?;
    let (Expr::Range(bounds), Expr::ForLoop(walk)) = (tree.expr(range)?, tree.expr(turn)?) else {
        return None;
    };
    let counter = bindings::simple_name(&walk.pat)?.ident.to_string();
    let is_whole = call.method == "len"
        && bounds.start.as_deref().and_then(literal).is_some_and(|start| start == "0")
        && tree.id(&walk.expr) == Some(range);
    let body = tree.block_id(&walk.body)?;
    let same_turn = |id| loops::innermost(tree, id).is_some_and(|inner| inner.id == turn);
    let all_in_turn = elements.iter().all(|used| {
        let index = tree.parent(used.id).and_then(|outer| tree.expr(outer));
        matches!(index, Some(Expr::Index(index)) if site.source(&index.index) == counter)
            && tree.contains(body, used.id)
            && same_turn(used.id)
    });
    (is_whole && !elements.is_empty() && all_in_turn).then_some(turn)
}

/// The use that stands for all of them, if they are one walk, or questions, or a peek and a walk.
pub fn of_all(uses: &[Consumed]) -> Option<&Consumed> {
    if let [only] = uses {
        return Some(only);
    }
    if uses.iter().any(|used| used.alone) {
        return None;
    }
    let mut walks = uses.iter().filter(|used| used.walks);
    match (walks.next(), walks.next()) {
        // That some are wanted says more than that all are counted.
        (None, _) => uses.iter().find(|used| used.purpose != COUNTED).or(uses.first()),
        (Some(walk), None) => uses.iter().all(|used| used.walks || used.peeks).then_some(walk),
        _ => None,
    }
}

fn of_use<'a>(site: &Site<'_, 'a>, used: &Use<'a>, made: Made) -> Option<Consumed> {
    match used.role {
        UseRole::Opaque | UseRole::Assigned | UseRole::Updated | UseRole::Field => None,
        UseRole::Formatted | UseRole::Dereferenced => None,
        _ => by(site, used.id, made),
    }
}

/// What consumes the value at a node.
pub fn by<'a>(site: &Site<'_, 'a>, id: NodeId, made: Made) -> Option<Consumed> {
    let tree = site.tree;
    let parent = tree.parent(id)?;
    if let Node::Stmt(Stmt::Expr(_, None)) = tree.node(parent) {
        // The last line of a closure with a block.
        let block = tree.parent(tree.parent(parent)?)?;
        let closure = tree.parent(block)?;
        let is_closure = matches!(tree.expr(closure)?, Expr::Closure(_))
            && matches!(tree.expr(block)?, Expr::Block(_));
        return is_closure.then(|| flattened(site, closure, made))?;
    }
    match tree.expr(parent)? {
        Expr::Paren(_) | Expr::Group(_) => by(site, parent, made),
        Expr::MethodCall(call) if tree.id(&call.receiver) == Some(id) => {
            asked(site, parent, call, made)
        }
        Expr::MethodCall(_) | Expr::Call(_) => handed(site, id, parent, made),
        Expr::Closure(_) => flattened(site, parent, made),
        Expr::Reference(_) => match tree.expr(tree.parent(parent)?)? {
            Expr::MethodCall(_) | Expr::Call(_) => handed(site, parent, tree.parent(parent)?, made),
            Expr::ForLoop(turn) if tree.id(&turn.expr) == Some(parent) => {
                walked(site, tree.parent(parent)?, turn, made)
            }
            Expr::Binary(both) => compared(site, tree.parent(parent)?, both, made),
            _ => None,
        },
        Expr::ForLoop(turn) if tree.id(&turn.expr) == Some(id) => walked(site, parent, turn, made),
        Expr::Binary(both) => compared(site, parent, both, made),
        Expr::Index(index) if made == Made::List => indexed(site, parent, index),
        _ => None,
    }
}

/// `v[0]`, `v[1..].join(…)`.
fn indexed(site: &Site<'_, '_>, at: NodeId, index: &syn::ExprIndex) -> Option<Consumed> {
    if let Expr::Range(range) = &*index.index {
        let is_whole = range.start.is_none() && range.end.is_none();
        if is_whole && is_matched(site, at) {
            return matched(site, at);
        }
        let (_, call) = place::called_on(site, at)?;
        let walks_on = matches!(&*call.method.to_string(), "iter" | "join" | "concat");
        return walks_on.then(|| walks(site, at, "to be walked once", "….skip(n)"))?;
    }
    let place = literal(&index.index)?;
    let asked = asks(site, at, "for a few of its elements", &format!("….nth({place})"))?;
    Some(Consumed { peeks: place == "0", ..asked })
}

/// Whether a slice is what a `match` or an `if let` takes apart, in a few ways.
fn is_matched(site: &Site<'_, '_>, at: NodeId) -> bool {
    let tree = site.tree;
    let Some(parent) = tree.parent(at) else { return false };
    match tree.expr(parent) {
        Some(Expr::Reference(_)) => is_matched(site, parent),
        Some(Expr::Let(_)) => true,
        Some(Expr::Match(branches)) => branches.arms.len() <= 3,
        _ => false,
    }
}

fn matched(site: &Site<'_, '_>, at: NodeId) -> Option<Consumed> {
    let sketch = "let mut parts = …;\nmatch (parts.next(), parts.next()) { }";
    asks(site, at, "for a few of its elements", sketch)
}

/// What the closure of a `flat_map` returns.
fn flattened(site: &Site<'_, '_>, closure: NodeId, made: Made) -> Option<Consumed> {
    let tree = site.tree;
    let Expr::MethodCall(call) = tree.expr(tree.parent(closure)?)? else { return None };
    let is_flat = call.method == "flat_map"
        || call.method == "map"
            && place::called_on(site, tree.parent(closure)?)
                .is_some_and(|(_, next)| next.method == "flatten");
    (is_flat && made == Made::List).then(|| walks(site, closure, "to be flattened", "…"))?
}

fn literal(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(int), .. }) => Some(int.to_string()),
        _ => None,
    }
}

fn asks(site: &Site<'_, '_>, at: NodeId, purpose: &str, sketch: &str) -> Option<Consumed> {
    Some(Consumed {
        at,
        purpose: purpose.to_owned(),
        sketch: sketch.to_owned(),
        end: site.tree.behind(site.statement(at)?),
        walks: false,
        peeks: false,
        alone: false,
        takes_out: false,
    })
}

/// A use that walks the elements.
pub fn walks(site: &Site<'_, '_>, at: NodeId, purpose: &str, sketch: &str) -> Option<Consumed> {
    Some(Consumed { walks: true, ..asks(site, at, purpose, sketch)? })
}

/// A method that is called on it.
fn asked<'a>(
    site: &Site<'_, 'a>,
    at: NodeId,
    call: &'a ExprMethodCall,
    made: Made,
) -> Option<Consumed> {
    let name = call.method.to_string();
    let alone = |asks: Option<Consumed>| asks.map(|asks| Consumed { alone: true, ..asks });
    match (made, name.as_str(), call.args.len()) {
        (_, "is_empty", 0) => {
            let asks = asks(site, at, "to see whether it is empty", "….next().is_none()")?;
            Some(Consumed { peeks: true, ..asks })
        }
        (Made::List, "first", 0) => {
            Some(Consumed { peeks: true, ..asks(site, at, "for its first element", "….next()")? })
        }
        (Made::List, "last", 0) => asks(site, at, "for its last element", "….last()"),
        (Made::List, "len", 0) => asks(site, at, COUNTED, "….count()"),
        (Made::Text, "len", 0) => asks(site, at, COUNTED, "….map(char::len_utf8).sum::<usize>()"),
        (Made::List, "get", 1) => {
            let asks = asks(site, at, "for a few of its elements", "….nth(n)")?;
            Some(Consumed { alone: literal(&call.args[0]).is_none(), ..asks })
        }
        (Made::List, "pop", 0) | (Made::List, "remove" | "swap_remove", 1) => {
            let is_fixed = call.args.first().is_none_or(|arg| literal(arg).is_some());
            let asks = asks(site, at, "for a few of its elements", "….nth(n)")?;
            is_fixed.then_some(Consumed { takes_out: true, ..asks })
        }
        (Made::List | Made::Set, "contains", 1) => {
            alone(asks(site, at, "to see whether it holds one", "….any(|one| one == wanted)"))
        }
        (Made::Map, "get" | "contains_key" | "remove", 1) => {
            alone(asks(site, at, "for one lookup", "….find(|(key, _)| key == wanted)"))
        }
        (Made::List, "iter" | "into_iter", 0) => chained(site, at),
        (Made::List, "join", 1) => walks(
            site,
            at,
            "to be joined",
            "for part in … {\n    // push the separator and the part to one String\n}",
        ),
        (Made::List, "concat", 0) => walks(site, at, "to be concatenated", "….collect::<String>()"),
        (Made::List, "as_slice", 0) if is_matched(site, at) => matched(site, at),
        (Made::Tried, "is_ok" | "is_some", 0) => {
            alone(asks(site, at, "to see whether none failed", "….all(|one| one.is_ok())"))
        }
        (Made::Tried, "is_err" | "is_none", 0) => {
            alone(asks(site, at, "to see whether one failed", "….any(|one| one.is_err())"))
        }
        (Made::Text, "chars" | "bytes", 0) => walks(site, at, "to be walked again", "…"),
        _ => None,
    }
}

/// `v.iter()…`, `v.into_iter()…`.
fn chained(site: &Site<'_, '_>, at: NodeId) -> Option<Consumed> {
    if let Some((_, next)) = place::called_on(site, at) {
        let name = next.method.to_string();
        // Needs an iterator that begins anew, or knows its end.
        if matches!(name.as_str(), "cycle" | "len" | "as_slice" | "rposition" | "combinations") {
            return None;
        }
        let Some(Expr::MethodCall(collect)) = site.expr() else { return None };
        if name == "rev" && !has_two_ends(&collect.receiver) {
            return None;
        }
    }
    walks(site, at, "to be walked once", "…")
}

/// Whether a chain can be walked from its end.
fn has_two_ends(expr: &Expr) -> bool {
    match expr {
        Expr::MethodCall(call) => match call.method.to_string().as_str() {
            "iter" | "into_iter" | "chars" | "bytes" | "char_indices" | "lines" | "windows"
            | "chunks" | "split_whitespace" => true,
            "map" | "filter" | "filter_map" | "cloned" | "copied" | "rev" | "flatten" => {
                has_two_ends(&call.receiver)
            }
            _ => false,
        },
        Expr::Range(_) => true,
        Expr::Paren(inner) => has_two_ends(&inner.expr),
        _ => false,
    }
}

fn walked(
    site: &Site<'_, '_>,
    at: NodeId,
    turn: &syn::ExprForLoop,
    made: Made,
) -> Option<Consumed> {
    let body = site.tree.block_id(&turn.body)?;
    // A set holds each once, a map the last of each key.
    if made != Made::List || place::may_wait(site, body) {
        return None;
    }
    let found = walks(site, at, "to be walked once", "for item in … { }")?;
    Some(Consumed { end: site.tree.behind(body), ..found })
}

fn compared(
    site: &Site<'_, '_>,
    at: NodeId,
    both: &syn::ExprBinary,
    made: Made,
) -> Option<Consumed> {
    if !bindings::is_comparison(&both.op) || !matches!(made, Made::List | Made::Text) {
        return None;
    }
    let found = asks(site, at, "to be compared", "….eq(other)")?;
    Some(Consumed { alone: true, ..found })
}
