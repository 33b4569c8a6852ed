//! # What it finds
//!
//! Sorting that does more than it must: a vector sorted on each turn of the loop that fills it, a
//! sort key that is made anew for each comparison (`sort_by_key(|x| x.name.clone())`,
//! `sort_by(|a, b| score(a).cmp(&score(b)))`), and a stable sort of values that are all there is to
//! them: numbers, `&str`, pairs of them.
//!
//! # What it costs
//!
//! Sorting on each turn costs the turns times the length. A key that is made is made some ten or
//! twenty times for each element. A stable sort takes memory to keep equals in their order, which
//! nobody can see of values that are equal in all.
//!
//! # The rewrite
//!
//! Sort once behind the loop, or keep a `BinaryHeap` or a `BTreeSet`; compare by reference, or
//! `sort_by_cached_key`; `sort_unstable`.
//!
//! # When to keep the code
//!
//! Each turn reads what was sorted, and little is added in between: a vector that is sorted but
//! for its end is sorted fast. Short vectors.
//!
//! # How it was proved
//!
//! The profile shows time in the sort below this line. `ui-tests/sort_in_loop` holds the code
//! before and after.

use crate::lint::prelude::*;
use crate::model::type_name::TypeName;

/// See the text above.
pub static LINT: Lint = Lint {
    name: "sort_in_loop",
    summary: "a sort is done again and again, or makes its keys for each comparison",
    on: &[Kind::MethodCall],
    methods: &[
        "sort",
        "sort_unstable",
        "sort_by_key",
        "sort_unstable_by_key",
        "sort_by",
        "sort_unstable_by",
        "sorted_by_key",
        "sorted_unstable_by_key",
        "par_sort_by_key",
        "par_sort_unstable_by_key",
        "sorted_by",
        "sorted_unstable_by",
        "par_sort_by",
        "par_sort_unstable_by",
    ],
    check,
};

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let Some(Expr::MethodCall(call)) = site.expr() else { return None };
    let name = call.method.to_string();
    match (name.as_str(), call.args.len()) {
        ("sort" | "sort_unstable", 0) => sorted_again(site, call).or_else(|| plain(site, call)),
        ("sort_by_key" | "sort_unstable_by_key", 1) => {
            key_made_anew(site, call).or_else(|| sorted_again(site, call))
        }
        ("sort_by" | "sort_unstable_by", 1) => keys_compared(site, call)
            .or_else(|| sorted_again(site, call))
            .or_else(|| made_within(site, call)),
        (
            "sorted_by_key"
            | "sorted_unstable_by_key"
            | "par_sort_by_key"
            | "par_sort_unstable_by_key"
            | "sorted_by"
            | "sorted_unstable_by"
            | "par_sort_by"
            | "par_sort_unstable_by",
            1,
        ) => made_within(site, call),
        _ => None,
    }
}

/// Sorted on each turn of a loop that also adds to it.
fn sorted_again<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall) -> Option<Claim> {
    let turn = place::own_loop(site, site.node)?;
    let typed = site.type_of(&call.receiver);
    if !is_sequence(&typed.ty) || !place::is_place(&call.receiver) {
        return None;
    }
    if !place::is_bound_outside(site, &call.receiver, turn.id) || ends_loop(site, turn.id) {
        return None;
    }
    let adds = |id: NodeId| match site.tree.expr(id) {
        Some(Expr::MethodCall(other)) => {
            matches!(other.method.to_string().as_str(), "push" | "extend" | "insert" | "append")
                && place::same(site, &other.receiver, &call.receiver)
        }
        _ => false,
    };
    // What is emptied or made anew on each turn is another vector each time.
    let renewed = |id: NodeId| match site.tree.expr(id) {
        Some(Expr::MethodCall(other)) => {
            matches!(other.method.to_string().as_str(), "clear" | "drain" | "truncate")
                && place::same(site, &other.receiver, &call.receiver)
        }
        Some(Expr::Assign(assign)) => place::same(site, &assign.left, &call.receiver),
        Some(Expr::Call(other)) => {
            let taken = site.source(&other.func).ends_with("mem::take");
            taken && other.args.first().is_some_and(|arg| place::same(site, arg, &call.receiver))
        }
        _ => false,
    };
    if !site.tree.below(turn.id).any(adds) || site.tree.below(turn.id).any(renewed) {
        return None;
    }
    let name = site.source(&call.receiver);
    let sketch = format!(
        "{name}.{}(…); // once, behind the loop\n\
         // Where each turn reads the least or the largest: std::collections::BinaryHeap",
        call.method
    );
    Some(
        claim(site, format!("`{name}` is sorted on each turn of the loop that adds to it"))
            .label("sorts all that is there already")
            .types(typed.by)
            .related(site.related(turn.id, "in this loop"))
            .suggest(Some(Suggestion::shown("sort once, or keep it in order", sketch))),
    )
}

/// Whether a `return` or `break` follows the sort in its block.
fn ends_loop(site: &Site<'_, '_>, turn: NodeId) -> bool {
    site.tree.ancestors(site.node).take_while(|&id| id > turn).any(|id| {
        let Node::Block(_) = site.tree.node(id) else { return false };
        site.tree.children(id).filter(|&stmt| stmt > site.node).any(|stmt| {
            let below = std::iter::once(stmt).chain(site.tree.children(stmt));
            below
                .into_iter()
                .any(|id| matches!(site.tree.expr(id), Some(Expr::Return(_) | Expr::Break(_))))
        })
    })
}

/// A stable sort of numbers in a loop.
fn plain<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall) -> Option<Claim> {
    if call.method != "sort" {
        return None;
    }
    let typed = site.type_of(&call.receiver);
    let element = typed.ty.peeled().element().filter(|_| is_sequence(&typed.ty))?;
    let what = alike(element)?;
    let name = site.source(&call.receiver);
    let edit = site.replace(site.tree.token(call.method.span()), "sort_unstable");
    let mut claim =
        claim(site, format!("`{name}` is sorted stably, and equal {what} are all alike"))
            .label("takes memory to keep equals in their order")
            .types(typed.by)
            .suggest(Some(Suggestion::safe("sort it without", vec![edit])));
    if what != "numbers" {
        // Comparing is what takes the time then.
        claim.witnesses = vec![Witness::cpu_in(allocates_memory).through(sorts)];
    }
    Some(claim)
}

/// What elements are called of which equal ones cannot be told apart.
fn alike(element: &TypeName) -> Option<&'static str> {
    let ty = element.peeled();
    let is_borrowed = element.is_reference();
    if let TypeName::Tuple(parts) = ty {
        return (!parts.is_empty() && parts.iter().all(|part| alike(part).is_some()))
            .then_some("values");
    }
    if ty.is_integer() || ty.is_char() || ty.is_bool() {
        Some("numbers")
    } else if is_borrowed && ty.is_text() {
        Some("texts")
    } else {
        (is_borrowed && matches!(ty.std_name(), Some("Path" | "OsStr"))).then_some("paths")
    }
}

/// `sort_by(|a, b| …)` with a closure that makes its keys somewhere within.
fn made_within<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall) -> Option<Claim> {
    let Expr::Closure(closure) = &call.args[0] else { return None };
    let body = site.tree.id(&closure.body)?;
    let within = std::iter::once(body).chain(site.tree.below(body));
    let made =
        within.into_iter().find_map(|id| allocates(site, site.tree.expr(id)?)).or_else(|| {
            match place::bare(&closure.body) {
                Expr::MethodCall(compared) if closure.inputs.len() == 2 => {
                    recomputed(site, &compared.receiver)
                }
                key if closure.inputs.len() == 1 => recomputed(site, key),
                // A function that compares.
                _ => None,
            }
        })?;
    Some(
        claim(site, "the sort makes its keys anew for each comparison")
            .label(format!("{made} for each comparison"))
            .types(Types::NotNeeded)
            .suggest(Some(Suggestion::shown("make each key once", "sort_by_cached_key(|x| …)"))),
    )
}

/// `sort_by_key(|x| x.name.clone())`.
fn key_made_anew<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall) -> Option<Claim> {
    let Expr::Closure(closure) = &call.args[0] else { return None };
    let key = place::bare(&closure.body);
    let made = recomputed(site, key)?;
    let receiver = site.type_of(&call.receiver);
    let parameter = closure.inputs.first().and_then(crate::source::bindings::simple_name);
    let claim = claim(site, "the sort makes a key anew for each comparison")
        .label(format!("{made} for each comparison"))
        .types(if receiver.ty.is_unknown() { Types::NotNeeded } else { receiver.by });
    if let (Expr::MethodCall(copy), Some(parameter)) = (key, parameter) {
        let text = site.source(&copy.receiver);
        let is_copy =
            matches!(copy.method.to_string().as_str(), "clone" | "to_owned" | "to_string");
        let name = parameter.ident.to_string();
        let by_name = place::root(&copy.receiver).as_deref() == Some(&*name);
        if is_copy && by_name && place::is_place(&copy.receiver) && text != name {
            let by = if call.method == "sort_by_key" { "sort_by" } else { "sort_unstable_by" };
            let field = &text[name.len()..];
            let edits = vec![site.replace(
                site.tree.token(call.method.span()).start..site.tree.range(site.node).end,
                format!("{by}(|a, b| a{field}.cmp(&b{field}))"),
            )];
            let is_text = site.type_of(&copy.receiver).ty.is_text();
            let message = "compare without a copy";
            return Some(claim.suggest(Some(if is_text && is_sequence(&receiver.ty) {
                Suggestion::safe(message, edits)
            } else {
                let caveat = "the order of what is compared must be that of its copy";
                Suggestion::with_caveat(message, edits, caveat)
            })));
        }
    }
    let method = site.tree.token(call.method.span());
    let edits = vec![site.replace(method, "sort_by_cached_key")];
    let message = "make each key once";
    let is_known = allocates(site, key).is_some();
    Some(claim.suggest(Some(if is_known && is_sequence(&receiver.ty) && is_pure(site, key) {
        Suggestion::safe(message, edits)
    } else {
        let caveat = "the closure is called once for each element, no longer for each comparison";
        Suggestion::with_caveat(message, edits, caveat)
    })))
}

/// `sort_by(|a, b| key(a).cmp(&key(b)))`.
fn keys_compared<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall) -> Option<Claim> {
    let Expr::Closure(closure) = &call.args[0] else { return None };
    let Expr::MethodCall(compared) = place::bare(&closure.body) else { return None };
    let (left, right) = (&*compared.receiver, compared.args.first()?);
    if !matches!(compared.method.to_string().as_str(), "cmp" | "partial_cmp") {
        return None;
    }
    let made = recomputed(site, left)?;
    recomputed(site, right)?;
    let is_known = allocates(site, left).is_some();
    let receiver = site.type_of(&call.receiver);
    let names: Vec<String> = closure
        .inputs
        .iter()
        .filter_map(|input| Some(crate::source::bindings::simple_name(input)?.ident.to_string()))
        .collect();
    let [a, b] = names.as_slice() else { return None };
    let (left_text, right_text) = (site.source(left), site.source(place::bare(right)));
    let is_mirrored = replaced(left_text, a, b) == right_text && left_text != right_text;
    let claim = claim(site, "the sort makes two keys anew for each comparison")
        .label(format!("{made} for each comparison"))
        .types(if receiver.ty.is_unknown() { Types::NotNeeded } else { receiver.by });
    let shown = format!("{}.sort_by_cached_key(|{a}| {left_text});", site.source(&call.receiver));
    let message = "make each key once";
    Some(claim.suggest(Some(if is_mirrored && compared.method == "cmp" {
        let from = site.tree.token(call.method.span()).start;
        let edits = vec![site.replace(
            from..site.tree.range(site.node).end,
            format!("sort_by_cached_key(|{a}| {left_text})"),
        )];
        if is_known && is_sequence(&receiver.ty) && is_pure(site, left) {
            Suggestion::safe(message, edits)
        } else {
            let caveat = "the key is made once for each element, no longer for each comparison";
            Suggestion::with_caveat(message, edits, caveat)
        }
    } else {
        Suggestion::shown(message, shown)
    })))
}

/// A text with one name in place of another.
fn replaced(text: &str, name: &str, by: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    let flush = |word: &mut String, out: &mut String| {
        out.push_str(if word == name { by } else { word });
        word.clear();
    };
    for c in text.chars() {
        if c.is_alphanumeric() || c == '_' {
            word.push(c);
        } else {
            flush(&mut word, &mut out);
            out.push(c);
        }
    }
    flush(&mut word, &mut out);
    out
}

/// What a key allocates, in words.
fn allocates<'a>(site: &Site<'_, 'a>, key: &'a Expr) -> Option<&'static str> {
    match place::bare(key) {
        Expr::MethodCall(call) => {
            let typed = site.type_of(&call.receiver);
            let ty = typed.ty.peeled();
            match call.method.to_string().as_str() {
                "to_lowercase" | "to_uppercase" | "to_ascii_lowercase" | "to_ascii_uppercase"
                    if !ty.is_char() && !ty.is_primitive("u8") =>
                {
                    Some("another string")
                }
                "to_string" | "to_owned" | "to_path_buf" | "to_vec" => Some("a copy"),
                "to_string_lossy" | "into_owned" => Some("a text"),
                "clone" if ty.owns_heap() || ty.is_string() => Some("a copy"),
                "replace" | "join" => Some("another string"),
                "collect" => Some("a collection"),
                _ => None,
            }
        }
        Expr::Macro(call) if call.mac.path.is_ident("format") => Some("another string"),
        Expr::Tuple(parts) => parts.elems.iter().find_map(|part| allocates(site, part)),
        _ => None,
    }
}

/// What a key takes to make, in words: an allocation, or work by the look of it.
fn recomputed<'a>(site: &Site<'_, 'a>, key: &'a Expr) -> Option<&'static str> {
    let key = place::bare(key);
    if let Some(made) = allocates(site, key) {
        return Some(made);
    }
    match key {
        Expr::MethodCall(call) => {
            let name = call.method.to_string();
            match name.as_str() {
                "metadata" | "canonicalize" | "symlink_metadata" => Some("asks the file system"),
                "count" if call.args.is_empty() => Some("a walk"),
                name if is_work(name) => Some("computed"),
                _ => recomputed(site, &call.receiver),
            }
        }
        Expr::Call(call) => {
            let Expr::Path(path) = &*call.func else { return None };
            let name = path.path.segments.last()?.ident.to_string();
            if name.starts_with(char::is_uppercase) {
                return call.args.iter().find_map(|arg| recomputed(site, arg));
            }
            let is_cheap =
                matches!(name.as_str(), "from" | "min" | "max" | "new" | "len" | "size_of");
            (!is_cheap && !call.args.is_empty()).then_some("computed")
        }
        Expr::Tuple(parts) => parts.elems.iter().find_map(|part| recomputed(site, part)),
        Expr::Unary(inner) => recomputed(site, &inner.expr),
        Expr::Field(field) => recomputed(site, &field.base),
        Expr::Try(tried) => recomputed(site, &tried.expr),
        _ => None,
    }
}

/// Methods that do not only look something up, by their names.
fn is_work(name: &str) -> bool {
    ["compute", "calc", "parse", "normalize"].iter().any(|start| name.starts_with(start))
        || ["distance", "similarity", "score_"].iter().any(|part| name.contains(part))
}

/// Whether making the key twice or once is all the same: conversions of the standard library.
fn is_pure<'a>(site: &Site<'_, 'a>, key: &'a Expr) -> bool {
    let text = |expr: &'a Expr| site.type_of(expr).ty.is_text();
    match place::bare(key) {
        Expr::MethodCall(call) => {
            call.args.iter().all(place::is_simple)
                && text(&call.receiver)
                && (place::is_place(&call.receiver) || is_pure(site, &call.receiver))
        }
        Expr::Tuple(parts) => {
            parts.elems.iter().all(|part| place::is_simple(part) || is_pure(site, part))
        }
        _ => false,
    }
}

fn is_sequence(ty: &TypeName) -> bool {
    let ty = ty.peeled();
    ty.is_vec() || matches!(ty, TypeName::Slice(_) | TypeName::Array(..))
}

fn claim(site: &Site<'_, '_>, message: impl Into<String>) -> Claim {
    Claim::new(site.node, message).about(site.node).witness(Witness::cpu_in(sorts))
}

/// Frames of taking memory.
fn allocates_memory(function: &str) -> bool {
    function.contains("alloc")
}

/// Frames of sorting.
fn sorts(function: &str) -> bool {
    function.contains("sort")
}
