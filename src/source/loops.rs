//! What runs more than once: loops, and closures that an iterator calls for each element.

use syn::{Expr, ExprForLoop, ExprLoop, ExprMethodCall, ExprWhile};

use super::tree::{Node, NodeId, Tree};

/// A loop around a node.
#[derive(Clone, Copy, Debug)]
pub struct Loop<'a> {
    /// The loop, or the method call that an adapter is.
    pub id: NodeId,
    /// What kind.
    pub kind: LoopKind<'a>,
}

/// What kind of loop.
#[derive(Clone, Copy, Debug)]
pub enum LoopKind<'a> {
    /// `for x in xs`.
    For(&'a ExprForLoop),
    /// `while`, `while let`.
    While(&'a ExprWhile),
    /// `loop`.
    Loop(&'a ExprLoop),
    /// A closure that is called for each element.
    Adapter(&'a ExprMethodCall),
}

/// How often a closure is called for one call of the method it is given to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Called {
    /// For each element.
    Repeatedly,
    /// Once or never.
    AtMostOnce,
    /// Once in the life of the program: what it makes is kept.
    OnceEver,
    /// Nobody knows.
    Unknown,
}

/// The loops around a node within its function, innermost first. The head of a `for` is outside
/// its loop. What is computed once ever is outside every loop.
pub fn around<'t, 'a>(tree: &'t Tree<'a>, id: NodeId) -> impl Iterator<Item = Loop<'a>> + 't {
    let mut inner = id;
    let mut ancestors = tree.ancestors(id);
    std::iter::from_fn(move || {
        loop {
            let outer = ancestors.next()?;
            let child = std::mem::replace(&mut inner, outer);
            match tree.node(outer) {
                Node::Item(_) | Node::ImplItem(_) | Node::TraitItem(_) | Node::File(_) => {
                    return None;
                }
                Node::Expr(expr) => match step(tree, outer, expr, child) {
                    Step::Out => return None,
                    Step::Loop(found) => return Some(found),
                    Step::On => {}
                },
                _ => {}
            }
        }
    })
}

/// The innermost loop around a node.
pub fn innermost<'a>(tree: &Tree<'a>, id: NodeId) -> Option<Loop<'a>> {
    around(tree, id).next()
}

/// Whether what stands at a node is computed once in the life of the program: in a `static`, a
/// `const`, or the closure of a lazy cell.
pub fn once_ever(tree: &Tree<'_>, id: NodeId) -> bool {
    let mut inner = id;
    for outer in tree.ancestors(id) {
        match tree.node(outer) {
            Node::Item(syn::Item::Static(_) | syn::Item::Const(_)) => return true,
            Node::ImplItem(syn::ImplItem::Const(_)) | Node::TraitItem(syn::TraitItem::Const(_)) => {
                return true;
            }
            Node::Item(_) | Node::ImplItem(_) | Node::TraitItem(_) | Node::File(_) => return false,
            Node::Expr(Expr::Const(_)) => return true,
            Node::Expr(expr) if called(tree, expr, inner) == Some(Called::OnceEver) => return true,
            _ => {}
        }
        inner = outer;
    }
    false
}

enum Step<'a> {
    Out,
    Loop(Loop<'a>),
    On,
}

fn step<'a>(tree: &Tree<'a>, id: NodeId, expr: &'a Expr, child: NodeId) -> Step<'a> {
    let found = match expr {
        Expr::ForLoop(turn) if tree.id(&turn.expr) != Some(child) => LoopKind::For(turn),
        Expr::While(turn) => LoopKind::While(turn),
        Expr::Loop(turn) => LoopKind::Loop(turn),
        Expr::Const(_) => return Step::Out,
        _ => match (called(tree, expr, child), expr) {
            (Some(Called::OnceEver), _) => return Step::Out,
            (Some(Called::Repeatedly), Expr::MethodCall(call)) => LoopKind::Adapter(call),
            _ => return Step::On,
        },
    };
    Step::Loop(Loop { id, kind: found })
}

/// How often a closure argument of a call is called; `None` where `child` is no such argument.
fn called(tree: &Tree<'_>, call: &Expr, child: NodeId) -> Option<Called> {
    let is_child = |arg: &&Expr| tree.id(arg) == Some(child);
    match call {
        Expr::MethodCall(call) => {
            let closure = call.args.iter().find(is_child)?;
            matches!(closure, Expr::Closure(_)).then(|| of_method(call))
        }
        Expr::Call(call) => {
            let closure = call.args.iter().find(is_child)?;
            let Expr::Path(path) = &*call.func else { return Some(Called::Unknown) };
            matches!(closure, Expr::Closure(_)).then(|| of_function(&path.path))
        }
        _ => None,
    }
}

fn of_function(path: &syn::Path) -> Called {
    let names: Vec<String> = path.segments.iter().map(|part| part.ident.to_string()).collect();
    match names.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [.., "LazyLock" | "Lazy" | "LazyCell", "new"] => Called::OnceEver,
        [.., "from_fn" | "repeat_with" | "successors"] => Called::Repeatedly,
        _ => Called::Unknown,
    }
}

/// How often a method calls the closure it is given.
pub fn of_method(call: &ExprMethodCall) -> Called {
    let name = call.method.to_string();
    match name.as_str() {
        "get_or_init" | "get_or_try_init" | "call_once" | "call_once_force" => Called::OnceEver,
        "for_each"
        | "try_for_each"
        | "fold"
        | "try_fold"
        | "rfold"
        | "reduce"
        | "filter_map"
        | "flat_map"
        | "take_while"
        | "skip_while"
        | "map_while"
        | "scan"
        | "position"
        | "rposition"
        | "find_map"
        | "partition"
        | "max_by"
        | "max_by_key"
        | "min_by"
        | "min_by_key"
        | "any"
        | "all"
        | "sort_by"
        | "sort_by_key"
        | "sort_by_cached_key"
        | "sort_unstable_by"
        | "sort_unstable_by_key"
        | "select_nth_unstable_by"
        | "retain"
        | "retain_mut"
        | "dedup_by"
        | "dedup_by_key"
        | "binary_search_by"
        | "binary_search_by_key"
        | "partition_point"
        | "chunk_by"
        | "extract_if"
        | "resize_with"
        | "fill_with"
        | "is_sorted_by"
        | "is_sorted_by_key"
        | "is_partitioned"
        | "for_each_with"
        | "for_each_init"
        | "map_with"
        | "map_init"
        | "sum_by"
        | "trim_matches"
        | "trim_start_matches"
        | "trim_end_matches"
        | "sorted_by"
        | "sorted_by_key"
        | "group_by"
        | "into_group_map_by" => Called::Repeatedly,
        "map" | "filter" | "inspect" | "find" => shared_with_option(call),
        "map_err" | "and_then" | "or_else" | "ok_or_else" | "unwrap_or_else" | "map_or"
        | "map_or_else" | "is_some_and" | "is_ok_and" | "is_none_or" | "is_err_and" | "then"
        | "with_context" | "context" | "or_insert_with" | "or_insert_with_key" | "and_modify"
        | "get_or_insert_with" | "unwrap_or_default" | "inspect_err" | "take_if"
        | "wrap_err_with" | "entry" | "or_default" => Called::AtMostOnce,
        _ => Called::Unknown,
    }
}

/// `map`, `filter` and `inspect` are methods of iterators, `Option` and `Result`: what the
/// receiver comes from, or what is done with the result, tells.
fn shared_with_option(call: &ExprMethodCall) -> Called {
    if is_iterator(&call.receiver) { Called::Repeatedly } else { Called::Unknown }
}

/// Whether an expression is an iterator by the look of it.
pub fn is_iterator(expr: &Expr) -> bool {
    match expr {
        Expr::Paren(inner) => is_iterator(&inner.expr),
        Expr::Group(inner) => is_iterator(&inner.expr),
        Expr::Reference(inner) => is_iterator(&inner.expr),
        Expr::Range(_) => true,
        Expr::MethodCall(call) => {
            let name = call.method.to_string();
            makes_iterator(&name) || keeps_iterator(&name) && is_iterator(&call.receiver)
        }
        Expr::Call(call) => match &*call.func {
            Expr::Path(path) => {
                let mut names = path.path.segments.iter().rev().map(|part| part.ident.to_string());
                let (last, before) = (names.next(), names.next());
                before.as_deref() == Some("iter")
                    && matches!(
                        last.as_deref(),
                        Some(
                            "once"
                                | "repeat"
                                | "repeat_n"
                                | "repeat_with"
                                | "from_fn"
                                | "successors"
                                | "zip"
                                | "empty"
                        )
                    )
            }
            _ => false,
        },
        _ => false,
    }
}

/// Methods whose result is an iterator whatever the receiver.
fn makes_iterator(name: &str) -> bool {
    matches!(
        name,
        "iter"
            | "iter_mut"
            | "into_iter"
            | "par_iter"
            | "par_iter_mut"
            | "into_par_iter"
            | "chars"
            | "char_indices"
            | "bytes"
            | "lines"
            | "split"
            | "rsplit"
            | "splitn"
            | "rsplitn"
            | "split_terminator"
            | "split_inclusive"
            | "split_whitespace"
            | "split_ascii_whitespace"
            | "keys"
            | "values"
            | "values_mut"
            | "into_keys"
            | "into_values"
            | "drain"
            | "windows"
            | "chunks"
            | "chunks_exact"
            | "chunks_mut"
            | "rchunks"
            | "enumerate"
            | "step_by"
            | "skip_while"
            | "take_while"
            | "map_while"
            | "filter_map"
            | "flat_map"
            | "peekable"
            | "scan"
            | "cycle"
            | "find_iter"
            | "captures_iter"
            | "matches"
            | "match_indices"
            | "components"
            | "args"
            | "vars"
            | "symmetric_difference"
            | "combinations"
            | "tuple_windows"
    )
}

/// Methods whose result is an iterator where the receiver is one.
fn keeps_iterator(name: &str) -> bool {
    matches!(
        name,
        "map"
            | "filter"
            | "inspect"
            | "cloned"
            | "copied"
            | "rev"
            | "zip"
            | "skip"
            | "take"
            | "chain"
            | "by_ref"
            | "fuse"
            | "flatten"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Syntax;

    /// Whether `mark()` stands in a loop, in each function of a text.
    fn in_loop(body: &str) -> bool {
        let text = format!("fn f() {{ {body} }}");
        let syntax = Syntax::parse(&text).unwrap();
        let tree = Tree::new(&syntax);
        let mark = tree
            .ids()
            .find(|&id| {
                text[tree.range(id).start..].starts_with("mark()")
                    && matches!(tree.expr(id), Some(Expr::Call(_)))
            })
            .unwrap();
        innermost(&tree, mark).is_some()
    }

    #[test]
    fn bodies_of_loops_are_in_them_and_heads_are_not() {
        assert!(in_loop("for x in y { mark(); }"));
        assert!(!in_loop("for x in mark() { y(); }"));
        assert!(in_loop("while mark() { }"));
        assert!(in_loop("loop { if a { mark(); } }"));
        assert!(!in_loop("mark(); loop {}"));
        assert!(!in_loop("loop { fn g() { mark(); } }"));
    }

    #[test]
    fn closures_of_iterators_are_loops_and_those_of_options_are_not() {
        assert!(in_loop("a.iter().map(|x| mark());"));
        assert!(in_loop("a.any(|x| mark());"));
        assert!(in_loop("(0..3).filter(|x| mark()).count();"));
        assert!(!in_loop("a.map(|x| mark());"));
        assert!(!in_loop("a.ok_or_else(|| mark());"));
        assert!(in_loop("for x in y { x.ok_or_else(|| mark()); }"));
    }

    #[test]
    fn what_is_made_once_ever_is_in_no_loop() {
        assert!(!in_loop("loop { CELL.get_or_init(|| mark()); }"));
        assert!(!in_loop("loop { static X: LazyLock<u8> = LazyLock::new(|| mark()); }"));
    }
}
