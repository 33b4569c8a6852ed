//! # What it finds
//!
//! A search or a shift that walks a whole vector on each turn of a loop: `contains`,
//! `iter().any(|x| x == …)`, `position` or `find` by equality, `remove(0)`, `insert(0, …)`,
//! `drain(..1)`, and `chars().nth(i)`, which walks a text from its start for each index.
//!
//! # What it costs
//!
//! The turns times the length: twice as much input takes four times as long.
//!
//! # The rewrite
//!
//! A set or a map made once for searches, of bytes a table with a place for each, a `VecDeque` for
//! a queue, an iterator instead of an index. Outside of loops, a field that each call searches by a
//! key of its own, asks before each `push`, or shifts, and a lent vector that is asked before each
//! `push`, are listed with `--all`, and otherwise shown only with proof. Characters are collected
//! once, before the loop.
//!
//! # When to keep the code
//!
//! The vector stays small: some dozens of elements are found faster by walking than by hashing.
//! Short arrays written out in the code are passed over, also where they are what each call of a
//! function lends, and slices that are `'static`.
//!
//! # How it was proved
//!
//! The profile shows time in the search, or in moving the elements, below this line.
//! `ui-tests/linear_scan_in_loop` holds the code before and after.

use crate::lint::prelude::*;
use crate::lint::short_lists::{FEW, is_few, stays_small};
use crate::model::type_name::TypeName;
use crate::source::bindings::Origin;
use crate::source::loops::{Loop, around};

/// See the text above.
pub static LINT: Lint = Lint {
    name: "linear_scan_in_loop",
    summary: "a vector or a text is walked from its start on each turn of a loop",
    on: &[Kind::MethodCall],
    methods: &[
        "contains",
        "any",
        "position",
        "rposition",
        "find",
        "filter",
        "remove",
        "insert",
        "drain",
        "nth",
    ],
    check,
};

const WALKING_FEW: &str = "where there are few elements, walking them is faster than hashing one";

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let Some(Expr::MethodCall(call)) = site.expr() else { return None };
    match (call.method.to_string().as_str(), call.args.len()) {
        ("contains", 1) => contains(site, call).or_else(|| by_each_call(site, call)),
        ("any" | "position" | "rposition" | "find", 1) => {
            searched(site, call).or_else(|| by_each_call(site, call))
        }
        ("filter", 1) => searched(site, call),
        ("remove", 1) if is_zero(&call.args[0]) => shifted(site, call, "remove(0)"),
        ("insert", 2) if is_zero(&call.args[0]) => shifted(site, call, "insert(0, …)"),
        ("drain", 1) if is_first(&call.args[0]) => shifted(site, call, "drain(..1)"),
        ("nth", 1) => nth(site, call),
        _ => None,
    }
}

/// A vector of an object that each call searches by a key of its own: who calls is not seen here.
fn by_each_call<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall) -> Option<Claim> {
    let (walked, keyed) = match &*call.receiver {
        Expr::MethodCall(walk) if call.method != "contains" => {
            let Expr::Closure(closure) = &call.args[0] else { return None };
            let walks = matches!(walk.method.to_string().as_str(), "iter" | "iter_mut");
            (&walk.receiver, walks && by_a_key(site, &closure.body))
        }
        // Asked before each `push`: it grows, and so does the search.
        _ => (&call.receiver, call.method == "contains" && is_pushed(site, &call.receiver)),
    };
    // What the caller lends to be pushed to grows from call to call.
    let is_lent = call.method == "contains"
        && matches!(site.type_of(walked).ty, TypeName::Ref { mutable: true, .. });
    if !keyed || !(is_own(walked) || is_lent) || around(site.tree, site.node).next().is_some() {
        return None;
    }
    let typed = site.type_of(walked);
    let ty = typed.ty.peeled();
    if !ty.is_vec() && !ty.is_vec_deque() {
        return None;
    }
    let name = site.source(walked);
    let (keep, sketch) = match call.method == "contains" {
        true => ("keep a set beside it, or instead of it", "if known.insert(key) { … }"),
        false => ("keep a map by this key beside it, or instead of it", "self.by_key.get(&key)"),
    };
    Some(
        Claim::new(site.node, format!("`{name}` is searched from its start on each call"))
            .label("walks it element by element")
            .about(site.node)
            .yields_to(&["searched_twice"])
            .shape(Shape::Possible)
            .types(typed.by)
            .witness(Witness::cpu_in(walks))
            .suggest(Some(Suggestion::shown(keep, sketch))),
    )
}

/// A field of the object.
fn is_own(place: &Expr) -> bool {
    matches!(place, Expr::Field(_)) && place::root(place).is_some_and(|root| root == "self")
}

/// `|x| x.id == id`, with a name from outside, not a constant.
fn by_a_key(site: &Site<'_, '_>, body: &Expr) -> bool {
    let Expr::Binary(both) = place::bare(body) else { return false };
    let is_name = |expr: &Expr| {
        let mut expr = place::bare(expr);
        while let Expr::Unary(unary) = expr {
            expr = place::bare(&unary.expr);
        }
        let known = site.tree.id(expr).and_then(|id| site.tree.expr(id));
        matches!(
            known.and_then(|expr| site.binding(expr)).map(|found| found.origin),
            Some(Origin::Param(_))
        )
    };
    matches!(both.op, syn::BinOp::Eq(_)) && (is_name(&both.left) || is_name(&both.right))
}

/// Whether the function also pushes to the same vector.
fn is_pushed(site: &Site<'_, '_>, list: &Expr) -> bool {
    let Some(function) = site.function(site.node) else { return false };
    site.tree.below(function.id).any(|id| {
        matches!(site.tree.expr(id), Some(Expr::MethodCall(call))
            if call.method == "push" && place::same(site, &call.receiver, list))
    })
}

/// `known.contains(&x)`.
fn contains<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall) -> Option<Claim> {
    let turn = repeating(site, &call.receiver)?;
    let typed = site.type_of(&call.receiver);
    let element = sequence(&typed.ty)?;
    // Bytes are searched many at a time.
    let is_byte = |ty: &TypeName| ty.peeled().is_primitive("u8");
    if is_byte(element) || element.is_unknown() && is_byte(&site.type_of(&call.args[0]).ty) {
        return None;
    }
    if is_few(site, &call.receiver) || stays_small(&call.receiver, &typed.ty) {
        return None;
    }
    let label = match typed.ty.peeled() {
        TypeName::Slice(_) => "walks the slice",
        TypeName::Array(..) => "walks the array",
        _ => "walks the vector",
    };
    // Comparing characters costs next to nothing, so it takes a long list to lose against a set.
    let shape = if element.is_char() { Shape::NeedsProof } else { Shape::Suspect };
    let name = site.source(&call.receiver);
    let message = format!("`{name}` is searched from its start on each turn of the loop");
    let claim = claim(site, turn, message, label).types(typed.by).shape(shape);
    Some(claim.suggest(Some(as_set(site, call, element, turn).unwrap_or_else(|| {
        let sketch = format!(
            "let known: std::collections::HashSet<_> = {name}.iter().collect();\n\
             … known.contains({})",
            site.source(&call.args[0])
        );
        let idea = Suggestion::shown("look it up in a set", sketch);
        Suggestion { caveat: Some(WALKING_FEW.to_owned()), ..idea }
    }))))
}

/// A set made before the loop, where the vector does not change in it.
fn as_set<'a>(
    site: &Site<'_, 'a>,
    call: &'a ExprMethodCall,
    element: &TypeName,
    turn: Loop<'a>,
) -> Option<Suggestion> {
    let hashes = element.is_integer()
        || element.is_char()
        || element.is_string()
        || element.is_text()
        || element.is_bool();
    let fixed = is_fixed(site, &call.receiver, turn.id);
    let statement = statement_of_loop(site, turn)?;
    if !hashes || !fixed || place::has_word(&site.file.text, "known") {
        return None;
    }
    let start = site.tree.range(statement).start;
    let indent = site.indentation(start);
    let receiver = site.source(&call.receiver);
    let made =
        format!("let known: std::collections::HashSet<_> = {receiver}.iter().collect();\n{indent}");
    let edits =
        vec![site.insert(start, made), site.replace(site.tree.bytes(&*call.receiver), "known")];
    let caveat = "making the set allocates and hashes each element once: a short vector, or few \
                  turns, are slower";
    Some(Suggestion::with_caveat("look it up in a set made before the loop", edits, caveat))
}

/// `xs.iter().any(|x| x == y)` and its kin.
fn searched<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall) -> Option<Claim> {
    let Expr::MethodCall(walk) = &*call.receiver else { return None };
    let walks = matches!(walk.method.to_string().as_str(), "iter" | "iter_mut" | "values" | "keys");
    let Expr::Closure(closure) = &call.args[0] else { return None };
    if !walks || !walk.args.is_empty() || !by_equality(&closure.body) {
        return None;
    }
    let turn = repeating(site, &walk.receiver)?;
    let typed = site.type_of(&walk.receiver);
    let ty = typed.ty.peeled();
    // An `Option` has an iterator too; what the elements are does not matter otherwise.
    if ty.is_std("Option") || is_few(site, &walk.receiver) || stays_small(&walk.receiver, ty) {
        return None;
    }
    let name = site.source(&walk.receiver);
    let method = call.method.to_string();
    let message = format!("`{name}` is searched from its start on each turn of the loop");
    let is_bytes = ty.element().is_some_and(|element| element.is_primitive("u8"));
    Some(
        claim(site, turn, message, "walks it element by element")
            .types(if ty.is_unknown() { Types::NotNeeded } else { typed.by })
            .suggest(Some(looked_up(&method, name, is_bytes))),
    )
}

/// What is made once, to be asked instead.
fn looked_up(method: &str, name: &str, is_bytes: bool) -> Suggestion {
    let (what, sketch) = match (method, is_bytes) {
        ("any", true) => (
            "look it up in a table of all bytes made once",
            "let mut known = [false; 256];\n\
             ….iter().for_each(|&byte| known[usize::from(byte)] = true);\n\
             … known[usize::from(byte)]",
        ),
        (_, true) => (
            "look it up in a table of all bytes made once",
            "let mut places = [None; 256];\n\
             ….iter().enumerate().rev().for_each(|(i, &byte)| places[usize::from(byte)] = Some(i));\n\
             … places[usize::from(byte)]",
        ),
        ("any", false) => (
            "look it up in a set made once",
            "let known: std::collections::HashSet<_> = ….iter().map(|x| …).collect();\n\
             … known.contains(…)",
        ),
        ("find", false) => (
            "look it up in a map made once",
            "let by_key: std::collections::HashMap<_, _> = ….iter().map(|x| (…, x)).collect();\n\
             … by_key.get(…)",
        ),
        (_, false) => (
            "look it up in a map made once",
            "let places: std::collections::HashMap<_, _> = ….iter().enumerate().map(|(i, x)| (…, i)).collect();\n\
             … places.get(…)",
        ),
    };
    let idea = Suggestion::shown(what, sketch.replacen('…', name, 1));
    // A table of bytes needs no hash.
    Suggestion { caveat: (!is_bytes).then(|| WALKING_FEW.to_owned()), ..idea }
}

/// `|x| x.name == wanted`, also as a part of a condition.
fn by_equality(body: &Expr) -> bool {
    match place::bare(body) {
        Expr::Binary(both) => match both.op {
            syn::BinOp::Eq(_) => true,
            syn::BinOp::And(_) => by_equality(&both.left) || by_equality(&both.right),
            _ => false,
        },
        Expr::MethodCall(call) => call.method == "eq" && call.args.len() == 1,
        _ => false,
    }
}

/// `queue.remove(0)`: all that is behind moves.
fn shifted<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall, what: &str) -> Option<Claim> {
    let turn = repeating(site, &call.receiver);
    let typed = site.type_of(&call.receiver);
    let ty = typed.ty.peeled();
    if !ty.is_vec() && !ty.is_string() || turn.is_none() && !is_own(&call.receiver) {
        return None;
    }
    let name = site.source(&call.receiver);
    let each = if turn.is_some() { "turn of the loop" } else { "call" };
    let message = format!("`{name}` is shifted by one on each {each}");
    let sketch = match (what, ty.is_string()) {
        ("insert(0, …)", true) => "push at the end, and reverse the characters once".to_owned(),
        (_, true) => format!("let mut rest = {name}.chars();\n… rest.next()"),
        ("insert(0, …)", _) => format!(
            "let mut {}: std::collections::VecDeque<_> = …;\n{name}.push_front(…); // or push, and reverse once",
            plain(name)
        ),
        _ => format!(
            "let mut {}: std::collections::VecDeque<_> = …;\n{name}.pop_front() // or an iterator",
            plain(name)
        ),
    };
    let label = format!("`{what}` moves all elements behind");
    let claim = match turn {
        Some(turn) => claim(site, turn, message, label),
        None => Claim::new(site.node, message)
            .label(label)
            .about(site.node)
            .shape(Shape::Possible)
            .witness(Witness::cpu_in(walks)),
    };
    Some(
        claim
            .types(typed.by)
            .suggest(Some(Suggestion::shown("take from a queue, or walk it once", sketch))),
    )
}

/// `text.chars().nth(i)`.
fn nth<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall) -> Option<Claim> {
    let Expr::MethodCall(walk) = &*call.receiver else { return None };
    let method = walk.method.to_string();
    if !matches!(method.as_str(), "chars" | "char_indices" | "lines" | "split_whitespace")
        || !walk.args.is_empty()
        || matches!(call.args[0], Expr::Lit(_))
    {
        return None;
    }
    let typed = site.type_of(&walk.receiver);
    if !typed.ty.is_text() && !typed.ty.is_unknown() {
        return None;
    }
    let turn = repeating(site, &walk.receiver)?;
    let name = site.source(&walk.receiver);
    // The loop's own counter: each index is asked for, and each from the start.
    let counts = match site.binding(place::bare(&call.args[0])).map(|binding| binding.origin) {
        Some(Origin::For(walked)) => matches!(place::bare(&walked.expr), Expr::Range(_)),
        _ => false,
    };
    let message = format!("`{name}` is walked from its start for each index");
    let sketch = format!("for (i, c) in {name}.{method}().enumerate() {{ … }}");
    let claim = claim(site, turn, message, "walks all that comes before")
        .types(typed.by)
        .shape(if counts { Shape::Certain } else { Shape::Suspect });
    let suggestion = collected(site, call, walk, turn).unwrap_or_else(|| {
        Suggestion::shown("walk it once, or collect it before the loop", sketch)
    });
    Some(claim.suggest(Some(suggestion)))
}

/// `let chars: Vec<char> = text.chars().collect();` before the loop.
fn collected<'a>(
    site: &Site<'_, 'a>,
    call: &'a ExprMethodCall,
    walk: &'a ExprMethodCall,
    turn: Loop<'a>,
) -> Option<Suggestion> {
    let is_text = site.type_of(&walk.receiver).ty.is_text();
    let is_free = !place::has_word(&site.file.text.replace(".chars()", ""), "chars");
    let statement = statement_of_loop(site, turn)?;
    if walk.method != "chars" || !is_text || !is_free || !is_fixed(site, &walk.receiver, turn.id) {
        return None;
    }
    let start = site.tree.range(statement).start;
    let indent = site.indentation(start);
    let receiver = site.source(&walk.receiver);
    let index = site.source(&call.args[0]);
    let edits = vec![
        site.insert(
            start,
            format!("let chars: Vec<char> = {receiver}.chars().collect();\n{indent}"),
        ),
        site.replace(site.tree.range(site.node), format!("chars.get({index}).copied()")),
    ];
    Some(Suggestion::safe("collect the characters once, before the loop", edits))
}

fn claim(site: &Site<'_, '_>, turn: Loop<'_>, message: String, label: impl Into<String>) -> Claim {
    let head = match turn.kind {
        LoopKind::Adapter(_) => "called for each element",
        _ => "in this loop",
    };
    let mut claim = Claim::new(site.node, message)
        .label(label)
        .about(site.node)
        .witness(Witness::cpu_in(walks));
    if !matches!(turn.kind, LoopKind::Adapter(_)) {
        claim = claim.related(site.related(turn.id, head));
    }
    claim
}

/// The innermost loop outside of which the place is bound.
fn repeating<'a>(site: &Site<'_, 'a>, place: &'a Expr) -> Option<Loop<'a>> {
    if !place::is_place(place::bare(place)) {
        return None;
    }
    let mut turns = around(site.tree, site.node).collect::<Vec<_>>().into_iter();
    // A search that ends the loop is done once.
    let turn = turns.find(|turn| place::is_bound_outside(site, place, turn.id))?;
    (!leaves_at_once(site, turn)).then_some(turn)
}

/// Whether the statement with the search leaves the loop whatever it finds.
fn leaves_at_once(site: &Site<'_, '_>, turn: Loop<'_>) -> bool {
    site.tree
        .ancestors(site.node)
        .take_while(|&id| id > turn.id)
        .any(|id| matches!(site.tree.expr(id), Some(Expr::Return(_) | Expr::Break(_))))
}

/// A vector or a slice, by its element.
fn sequence(ty: &TypeName) -> Option<&TypeName> {
    let ty = ty.peeled();
    let is_sequence = ty.is_vec()
        || ty.is_vec_deque()
        || matches!(ty, TypeName::Slice(_))
        || matches!(ty, TypeName::Array(_, length) if length.is_none_or(|length| length > FEW));
    ty.element().filter(|_| is_sequence)
}

/// Whether nothing in the loop can change the place: an immutable local that is not behind
/// `&mut`, or one that the loop leaves alone.
fn is_fixed<'a>(site: &Site<'_, 'a>, place: &'a Expr, turn: NodeId) -> bool {
    let Some(binding) = site.binding(place::bare(place)) else { return false };
    let ty = site.type_of(place::bare(place)).ty;
    binding.name.mutability.is_none()
        && !matches!(ty, TypeName::Ref { mutable: true, .. })
        && place::is_invariant(site, place, turn)
}

/// The statement that a `for` or `while` is.
fn statement_of_loop(site: &Site<'_, '_>, turn: Loop<'_>) -> Option<NodeId> {
    match turn.kind {
        LoopKind::Adapter(_) => None,
        _ => place::own_statement(site, turn.id),
    }
}

fn is_zero(expr: &Expr) -> bool {
    matches!(expr, Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(int), .. })
        if int.base10_parse::<u64>().is_ok_and(|number| number == 0))
}

/// `..1`, `0..1`.
fn is_first(expr: &Expr) -> bool {
    let Expr::Range(range) = expr else { return false };
    let from_zero = range.start.as_deref().is_none_or(is_zero);
    let until_one = matches!(range.end.as_deref(), Some(Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(int), .. }))
        if int.base10_parse::<u64>().is_ok_and(|number| number == 1));
    from_zero && until_one
}

/// The last part of a place, as the name of a local.
fn plain(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// Frames of searching and shifting.
fn walks(function: &str) -> bool {
    const PARTS: [&str; 13] = [
        "contains",
        "::any",
        "::position",
        "::rposition",
        "::find",
        "::remove",
        "::insert",
        "::drain",
        "::nth",
        "advance_by",
        "memmove",
        "ptr::copy",
        "memchr",
    ];
    PARTS.iter().any(|part| function.contains(part))
}
