//! # What it finds
//!
//! A map or set that is asked for a key and then, of the same key, asked again: `contains_key`
//! before `insert`, `get` or `remove`; `contains` before `insert`; `get` with an `insert` where it
//! found nothing, or of what was made of the answer.
//!
//! Where other work stands between the two questions, or nobody knows what kind of map it is, they
//! are suspects: listed with `--all`, and otherwise only where the profile proves the cost.
//!
//! # What it costs
//!
//! The key is hashed and looked for twice (in a tree: compared along the whole way twice) where
//! the first search knew the answer to both questions.
//!
//! # The rewrite
//!
//! `entry(key).or_insert_with(…)`, the answer that `insert` and `remove` give by themselves, or
//! `if let Some(value) = map.get(&key)`. Safe where the map is known to be one of the standard
//! library, the key is at hand anyway, and nothing stands between the two questions. With work in
//! between it is only shown: what is done in between would see the map as it is afterwards.
//!
//! # When to keep the code
//!
//! `entry` wants an owned key: where keys are mostly there already and the owned key would have to
//! be allocated first, two searches are cheaper. This lint does not speak there.
//!
//! # How it was proved
//!
//! The profile shows the search below the first of the two calls: that is the time to be gained.
//! `ui-tests/double_lookup` holds the code before and after.

use crate::lint::lookups::twice;
use crate::lint::prelude::*;
use crate::model::type_name::TypeName;

/// See the text above.
pub static LINT: Lint = Lint {
    name: "double_lookup",
    summary: "a map is searched twice for the same key",
    on: &[Kind::If, Kind::Match, Kind::Let],
    methods: &[],
    check,
};

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    closely(site).or_else(|| loosely(site))
}

/// Two questions with other work in between: a person sees whether the order may change.
fn loosely(site: &Site<'_, '_>) -> Option<Claim> {
    let found = twice(site)?;
    let asked = Question {
        id: found.first,
        call: found.asked,
        key: &found.asked.args[0],
        types: found.types,
        is_std: false,
    };
    let (again, name) = found.second;
    let suggestion = shown(site, &asked, &name);
    Some(claim(site, &asked, again, suggestion).shape(Shape::Possible))
}

/// Two questions that stand next to each other.
fn closely(site: &Site<'_, '_>) -> Option<Claim> {
    match site.expr()? {
        Expr::If(choice) => match &*choice.cond {
            Expr::Let(found) => fetched(site, &found.expr, choice),
            cond => asked(site, cond, choice),
        },
        Expr::Match(choice) => {
            let call = question(site, &choice.expr)?;
            let none = choice.arms.iter().find(|arm| site.source_of_pat(&arm.pat) == "None")?;
            let inserts = inserts_below(site, site.tree.id(&none.body)?, &call)?;
            Some(by_hand(site, &call, inserts))
        }
        _ => None,
    }
}

/// A question to a map or set about a key.
struct Question<'a> {
    id: NodeId,
    call: &'a ExprMethodCall,
    key: &'a Expr,
    types: Types,
    /// Known to be a map or set of the standard library.
    is_std: bool,
}

/// `map.contains_key(&key)`, `map.get(&key)`, `set.contains(&key)`.
fn question<'a>(site: &Site<'_, 'a>, expr: &'a Expr) -> Option<Question<'a>> {
    let Expr::MethodCall(call) = expr else { return None };
    let (name, args) = place::signature(call);
    let asks_set = name == "contains";
    if args != 1
        || !(asks_set || matches!(name.as_str(), "contains_key" | "get" | "get_mut"))
        || !place::is_place(&call.receiver)
    {
        return None;
    }
    let key = &call.args[0];
    if !place::is_simple(key) {
        return None;
    }
    let typed = site.type_of(&call.receiver);
    let is_map = is_map_or_set(&typed.ty, asks_set);
    // Others have methods of these names too; `contains_key` is a map's whoever wrote it.
    if !is_map && (!typed.ty.is_unknown() || name != "contains_key") {
        return None;
    }
    let hasher = typed.ty.peeled().hash_map().and_then(|map| map.hasher);
    // With a hasher that is the same on each run, the order of the entries depends on when the
    // table grew, and `entry` may grow it a little earlier.
    let is_random = hasher.is_none_or(|hasher| hasher.name() == Some("RandomState"));
    let is_std = is_map && is_random && typed.ty.peeled().std_name().is_some();
    let types = if is_map { typed.by } else { Types::Unknown };
    Some(Question { id: site.tree.id(expr)?, call, key, types, is_std })
}

fn is_map_or_set(ty: &TypeName, set: bool) -> bool {
    let ty = ty.peeled();
    ty.hash_map().or_else(|| ty.btree_map()).is_some_and(|map| map.value.is_none() == set)
}

/// `if map.contains_key(&key) …`, `if !map.contains_key(&key) …`, `if a && !set.contains(&key) …`.
fn asked<'a>(site: &Site<'_, 'a>, cond: &'a Expr, choice: &'a syn::ExprIf) -> Option<Claim> {
    let last = match cond {
        Expr::Binary(both) if matches!(both.op, syn::BinOp::And(_)) => &*both.right,
        other => other,
    };
    let (negated, inner) = match last {
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Not(_)) => (true, &*unary.expr),
        other => (false, other),
    };
    let asked = question(site, inner)?;
    if !matches!(asked.call.method.to_string().as_str(), "contains_key" | "contains") {
        return None;
    }
    let is_whole = std::ptr::eq(last, cond);
    if !negated && is_whole {
        let lonely = choice.else_branch.is_none();
        let inserts = if lonely { inserted_behind(site, &asked, choice) } else { None };
        if let Some(inserts) = inserts {
            return Some(claim(site, &asked, inserts, shown(site, &asked, "insert")));
        }
        let index = indexed(site, &asked, &choice.then_branch);
        if let Some(index) = index {
            return Some(claim(site, &asked, index, shown(site, &asked, "get")));
        }
    }
    let (again, first) = again(site, &asked, &choice.then_branch)?;
    let (id, call) = again;
    let name = call.method.to_string();
    let suggestion = match (negated, name.as_str()) {
        (true, "insert") if asked.call.method == "contains" => {
            inserted(site, &asked, last, call, first.as_ref(), choice)
        }
        (true, "insert") if is_whole => entered(site, &asked, call, choice),
        (false, "remove") if is_whole => removed(site, &asked, call, choice),
        (false, "get" | "get_mut") if is_whole => bound(site, &asked, call, choice),
        (true, "insert") | (false, "remove" | "get" | "get_mut") => None,
        _ => return None,
    };
    // The key would have to be made for each question.
    if name == "insert" && !place::is_simple(&call.args[0]) {
        return None;
    }
    let suggestion = suggestion.unwrap_or_else(|| shown(site, &asked, &name));
    Some(claim(site, &asked, id, suggestion))
}

/// The second question about the same key within a block, and whether its first statement is it.
fn again<'a>(
    site: &Site<'_, 'a>,
    asked: &Question<'a>,
    block: &'a syn::Block,
) -> Option<((NodeId, &'a ExprMethodCall), Option<NodeId>)> {
    let tree = site.tree;
    let block = tree.block_id(block)?;
    let found = tree.below(block).find_map(|id| {
        let Some(Expr::MethodCall(call)) = tree.expr(id) else { return None };
        let name = call.method.to_string();
        let asks = matches!(name.as_str(), "insert" | "get" | "get_mut" | "remove");
        let same = asks
            && !call.args.is_empty()
            && place::same(site, &call.receiver, &asked.call.receiver)
            && is_same_key(site, asked.key, &call.args[0]);
        same.then_some((id, call))
    })?;
    // What changes the map or the key in between makes it another question.
    let between = tree.range(block).start..tree.range(found.0).start;
    let before = site.file.text.get(between)?;
    let map = place::root(&asked.call.receiver)?;
    let key = place::root(place::bare(asked.key));
    let touches = |name: &str| place::has_word(before, name);
    if touches(&map) || key.is_some_and(|key| touches(&key)) {
        return None;
    }
    let first = tree.children(block).next();
    Some((found, first.filter(|&first| tree.contains(first, found.0))))
}

/// `if set.contains(&key) { return … }` and the `insert` of the same key in the next statement.
fn inserted_behind<'a>(
    site: &Site<'_, 'a>,
    asked: &Question<'a>,
    choice: &'a syn::ExprIf,
) -> Option<NodeId> {
    let leaves = matches!(
        choice.then_branch.stmts.last()?,
        Stmt::Expr(Expr::Return(_) | Expr::Continue(_) | Expr::Break(_), _)
    );
    let next = site.tree.statement_after(site.tree.parent(site.node)?)?;
    let call = site.tree.children(next).next()?;
    let Some(Expr::MethodCall(insert)) = site.tree.expr(call) else { return None };
    let same = insert.method == "insert"
        && place::same(site, &insert.receiver, &asked.call.receiver)
        && insert
            .args
            .first()
            .is_some_and(|key| place::is_simple(key) && is_same_key(site, asked.key, key));
    (leaves && same).then_some(call)
}

/// `map[&key]` in the branch where the key was found.
fn indexed<'a>(site: &Site<'_, 'a>, asked: &Question<'a>, block: &'a syn::Block) -> Option<NodeId> {
    if asked.call.method != "contains_key" {
        return None;
    }
    let block = site.tree.block_id(block)?;
    site.tree.below(block).find(|&id| {
        let Some(Expr::Index(index)) = site.tree.expr(id) else { return false };
        place::same(site, &index.expr, &asked.call.receiver)
            && is_same_key(site, asked.key, &index.index)
    })
}

/// The same key, borrowed or not.
fn is_same_key(site: &Site<'_, '_>, a: &Expr, b: &Expr) -> bool {
    let strip = |expr: &Expr| {
        let text: String = site.source(expr).split_whitespace().collect();
        text.trim_start_matches(['&', '*']).to_owned()
    };
    strip(a) == strip(b)
}

fn claim(
    site: &Site<'_, '_>,
    asked: &Question<'_>,
    again: NodeId,
    suggestion: Suggestion,
) -> Claim {
    let map = site.source(&asked.call.receiver);
    Claim::new(asked.id, format!("`{map}` is searched twice for the same key"))
        .label("the first search")
        .types(asked.types)
        .witness(Witness::cpu_in(searches))
        .related(site.related(again, "the second one"))
        .suggest(Some(suggestion))
}

/// Lowers the grade where nobody knows what kind of map it is.
fn graded(asked: &Question<'_>, suggestion: Suggestion) -> Suggestion {
    if asked.is_std {
        return suggestion;
    }
    let words = "nobody knows here what kind of map it is: its methods must be those of `HashMap`";
    Suggestion { grade: Grade::Unsafe, caveat: Some(words.to_owned()), ..suggestion }
}

/// `if !set.contains(&key) { set.insert(key); … }` to `if set.insert(key) { … }`.
fn inserted(
    site: &Site<'_, '_>,
    asked: &Question<'_>,
    last: &Expr,
    call: &ExprMethodCall,
    first: Option<&NodeId>,
    choice: &syn::ExprIf,
) -> Option<Suggestion> {
    let &first = first?;
    let whole = site.tree.children(first).next()?;
    let is_all = site.tree.expr(whole).is_some_and(|expr| is_call(expr, call));
    // The other branch might still want the key, which `insert` takes.
    if choice.else_branch.is_some() || !is_all || !place::is_statement(site, first) {
        return None;
    }
    if choice.then_branch.stmts.len() == 1 {
        let text = format!("{};", site.text(whole));
        return is_statement_of_its_own(site, choice, last).then(|| {
            let range = site.tree.range(site.node);
            graded(asked, Suggestion::safe("just insert it", vec![site.replace(range, text)]))
        });
    }
    let next = site.tree.children(site.tree.parent(first)?).nth(1)?;
    let gap = site.tree.range(first).start..site.tree.range(next).start;
    if site.file.text.get(gap.clone())?.contains("//") {
        return None;
    }
    let edits = vec![site.replace(site.tree.bytes(last), site.text(whole)), site.replace(gap, "")];
    Some(graded(asked, Suggestion::safe("ask `insert`, which tells whether it was new", edits)))
}

/// Whether the condition is nothing else, and the `if` is a statement.
fn is_statement_of_its_own(site: &Site<'_, '_>, choice: &syn::ExprIf, last: &Expr) -> bool {
    let is_statement =
        site.tree.parent(site.node).is_some_and(|id| matches!(site.tree.node(id), Node::Stmt(_)));
    is_statement && std::ptr::eq(&*choice.cond, last)
}

/// `if !map.contains_key(&key) { map.insert(key, value); }` to `map.entry(key).or_insert(value);`.
fn entered(
    site: &Site<'_, '_>,
    asked: &Question<'_>,
    call: &ExprMethodCall,
    choice: &syn::ExprIf,
) -> Option<Suggestion> {
    let [Stmt::Expr(only, Some(_))] = choice.then_branch.stmts.as_slice() else { return None };
    let (key, value) = (call.args.first()?, call.args.iter().nth(1)?);
    if !is_call(only, call)
        || choice.else_branch.is_some()
        || !is_statement_of_its_own(site, choice, &choice.cond)
        || has_comment(site, choice)
    {
        return None;
    }
    let (map, value_text) = (site.source(&call.receiver), site.source(value));
    let touched = [place::root(&call.receiver), place::root(place::bare(key))];
    let uses_them = touched.iter().flatten().any(|name| place::has_word(value_text, name));
    if uses_them || place::may_leave(site, site.tree.id(value)?) {
        return None;
    }
    let made = match value {
        Expr::Lit(_) | Expr::Path(_) => format!("or_insert({value_text})"),
        Expr::Call(made) if made.args.is_empty() && is_constructor(site.source(&made.func)) => {
            format!("or_insert_with({})", site.source(&made.func))
        }
        _ => format!("or_insert_with(|| {value_text})"),
    };
    let text = format!("{map}.entry({}).{made};", site.source(key));
    let edits = vec![site.replace(site.tree.range(site.node), text)];
    Some(graded(asked, Suggestion::safe("look for its place once", edits)))
}

/// `if map.contains_key(&key) { map.remove(&key); }` to `map.remove(&key);`.
fn removed(
    site: &Site<'_, '_>,
    asked: &Question<'_>,
    call: &ExprMethodCall,
    choice: &syn::ExprIf,
) -> Option<Suggestion> {
    let [Stmt::Expr(only, Some(_))] = choice.then_branch.stmts.as_slice() else { return None };
    let is_plain = is_call(only, call)
        && choice.else_branch.is_none()
        && is_statement_of_its_own(site, choice, &choice.cond)
        && !has_comment(site, choice);
    let text = format!("{};", site.source(only));
    is_plain.then(|| {
        let edits = vec![site.replace(site.tree.range(site.node), text)];
        let message = "just remove it: nothing happens where it is not there";
        graded(asked, Suggestion::safe(message, edits))
    })
}

/// `if map.contains_key(&key) { let value = map.get(&key).unwrap(); … }` to
/// `if let Some(value) = map.get(&key) { … }`.
fn bound(
    site: &Site<'_, '_>,
    asked: &Question<'_>,
    call: &ExprMethodCall,
    choice: &syn::ExprIf,
) -> Option<Suggestion> {
    let [Stmt::Local(local), next, ..] = choice.then_branch.stmts.as_slice() else { return None };
    let Expr::MethodCall(unwrapped) = &*local.init.as_ref()?.expr else { return None };
    let unwraps = matches!(unwrapped.method.to_string().as_str(), "unwrap" | "expect");
    let pattern = match &local.pat {
        syn::Pat::Ident(name) if name.subpat.is_none() => site.source_of_pat(&local.pat),
        _ => return None,
    };
    if !unwraps || !is_call(&unwrapped.receiver, call) || !local.attrs.is_empty() {
        return None;
    }
    let tree = site.tree;
    let block = tree.block_id(&choice.then_branch)?;
    let gap = tree.range(tree.children(block).next()?).start..tree.bytes(next).start;
    if site.file.text.get(gap.clone())?.contains("//") {
        return None;
    }
    let cond = format!("let Some({pattern}) = {}", site.source(&unwrapped.receiver));
    let edits = vec![site.replace(tree.bytes(&*choice.cond), cond), site.replace(gap, "")];
    Some(graded(asked, Suggestion::safe("ask for the value at once", edits)))
}

/// A function that can be named instead of being called in a closure.
fn is_constructor(path: &str) -> bool {
    matches!(path.rsplit_once("::"), Some((_, "new" | "default")))
}

fn has_comment(site: &Site<'_, '_>, choice: &syn::ExprIf) -> bool {
    let body = site.tree.block_id(&choice.then_branch).map(|id| site.text(id));
    body.is_none_or(|text| text.contains("//") || text.contains("/*"))
}

fn is_call(expr: &Expr, call: &ExprMethodCall) -> bool {
    matches!(expr, Expr::MethodCall(found) if std::ptr::eq(found, call))
}

/// `if let Some(value) = map.get(&key) { … } else { … map.insert(key, …) … }`.
fn fetched<'a>(site: &Site<'_, 'a>, expr: &'a Expr, choice: &'a syn::ExprIf) -> Option<Claim> {
    let asked = question(site, expr)?;
    let (_, otherwise) = choice.else_branch.as_ref()?;
    let inserts = inserts_below(site, site.tree.id(otherwise)?, &asked)?;
    Some(by_hand(site, &asked, inserts))
}

/// An `insert` of the same key, which is at hand without being made.
fn inserts_below<'a>(site: &Site<'_, 'a>, below: NodeId, asked: &Question<'a>) -> Option<NodeId> {
    std::iter::once(below).chain(site.tree.below(below)).find(|&id| {
        let Some(Expr::MethodCall(call)) = site.tree.expr(id) else { return false };
        call.method == "insert"
            && call.args.len() == 2
            && place::same(site, &call.receiver, &asked.call.receiver)
            && place::is_simple(&call.args[0])
            && is_same_key(site, asked.key, &call.args[0])
    })
}

fn by_hand(site: &Site<'_, '_>, asked: &Question<'_>, inserts: NodeId) -> Claim {
    claim(site, asked, inserts, shown(site, asked, "insert"))
}

fn shown(site: &Site<'_, '_>, asked: &Question<'_>, second: &str) -> Suggestion {
    let map = site.source(&asked.call.receiver);
    let borrowed = site.source(asked.key);
    let key = borrowed.trim_start_matches('&');
    match second {
        "insert" if asked.call.method == "contains" => {
            Suggestion::shown("ask `insert`", format!("if {map}.insert({key}) {{\n    …\n}}"))
        }
        "insert" => Suggestion::shown(
            "look for its place once",
            format!("let value = {map}.entry({key}).or_insert_with(|| …);"),
        ),
        _ => Suggestion::shown(
            "ask for the value at once",
            format!("if let Some(value) = {map}.{second}({borrowed}) {{\n    …\n}}"),
        ),
    }
}

/// Frames of looking for a key.
fn searches(function: &str) -> bool {
    let parts = ["hash_one", "make_hash", "RawTable", "SipHash", "search_tree", "find_key_index"];
    parts.iter().any(|part| function.contains(part))
        || ["::contains_key", "::contains", "::get", "::get_mut", "::get_inner", "::find"]
            .iter()
            .any(|end| function.ends_with(end))
}
