//! Two questions about one key, wherever the second stands and whatever lies between.

use syn::{Expr, ExprMethodCall, Stmt};

use super::place;
use super::site::Site;
use crate::model::finding::Types;
use crate::model::type_name::TypeName;
use crate::source::bindings;
use crate::source::tree::{Node, NodeId};

/// Two searches for one key.
pub struct Twice<'a> {
    /// The first question.
    pub first: NodeId,
    /// Its call.
    pub asked: &'a ExprMethodCall,
    /// The second one, and the method's name; `get` of `map[key]`.
    pub second: (NodeId, String),
    /// Which witness spoke for the map's type.
    pub types: Types,
}

/// A question about a key.
struct Asked<'a> {
    id: NodeId,
    call: &'a ExprMethodCall,
    types: Types,
    /// The map, without `borrow()` around it.
    map: String,
    key: String,
    /// It asks whether the key is missing.
    negated: bool,
}

/// What is looked for behind a question.
const TAKES: &[&str] = &["get", "get_mut", "remove", "index"];
const PUTS: &[&str] = &["insert"];
const CHANGES: &[&str] = &["insert", "remove"];

/// The two questions that an `if`, a `match` or a `let` begins with.
pub fn twice<'a>(site: &Site<'_, 'a>) -> Option<Twice<'a>> {
    match site.tree.node(site.node) {
        Node::Expr(Expr::If(choice)) => of_if(site, choice),
        Node::Expr(Expr::Match(choice)) => {
            let asked = question(site, &choice.expr)?;
            let mut arms = choice.arms.iter().filter_map(|arm| site.tree.id(&arm.body));
            let found = arms.find_map(|arm| within(site, &asked, arm, PUTS));
            found.or_else(|| behind_leaving(site, &asked, choice)).map(|found| asked.and(found))
        }
        Node::Stmt(Stmt::Local(local)) => {
            let init = local.init.as_ref()?;
            let asked = question(site, &init.expr)?;
            let otherwise = init.diverge.as_ref().and_then(|(_, other)| site.tree.id(other));
            let found = otherwise
                .and_then(|other| within(site, &asked, other, PUTS))
                .or_else(|| behind(site, &asked, site.node, CHANGES))?;
            Some(asked.and(found))
        }
        _ => None,
    }
}

fn of_if<'a>(site: &Site<'_, 'a>, choice: &'a syn::ExprIf) -> Option<Twice<'a>> {
    let then = site.tree.block_id(&choice.then_branch)?;
    let otherwise = choice.else_branch.as_ref().and_then(|(_, other)| site.tree.id(other));
    let leaves = matches!(
        choice.then_branch.stmts.last(),
        Some(Stmt::Expr(Expr::Return(_) | Expr::Continue(_) | Expr::Break(_), _))
    );
    let statement = site.tree.parent(site.node)?;
    if let Expr::Let(found) = &*choice.cond {
        let asked = question(site, &found.expr)?;
        let second = otherwise
            .and_then(|other| within(site, &asked, other, PUTS))
            .or_else(|| within(site, &asked, then, CHANGES))
            .or_else(|| leaves.then(|| behind(site, &asked, statement, PUTS)).flatten())?;
        return Some(asked.and(second));
    }
    conjuncts(&choice.cond).into_iter().find_map(|part| {
        let asked = question(site, part)?;
        let second = if asked.negated {
            within(site, &asked, then, PUTS)
                .or_else(|| otherwise.and_then(|other| within(site, &asked, other, TAKES)))
                .or_else(|| leaves.then(|| behind(site, &asked, statement, TAKES)).flatten())
        } else {
            within(site, &asked, then, TAKES)
                .or_else(|| otherwise.and_then(|other| within(site, &asked, other, PUTS)))
                .or_else(|| leaves.then(|| behind(site, &asked, statement, PUTS)).flatten())
        };
        Some(asked.and(second?))
    })
}

/// `match map.get(&key) { Some(x) => return x, None => {} }` and the `insert` behind.
fn behind_leaving(
    site: &Site<'_, '_>,
    asked: &Asked<'_>,
    choice: &syn::ExprMatch,
) -> Option<(NodeId, String)> {
    let leaves = choice.arms.iter().any(|arm| match &*arm.body {
        Expr::Return(_) | Expr::Continue(_) | Expr::Break(_) => true,
        Expr::Block(block) => matches!(
            block.block.stmts.last(),
            Some(Stmt::Expr(Expr::Return(_) | Expr::Continue(_) | Expr::Break(_), _))
        ),
        _ => false,
    });
    leaves.then(|| behind(site, asked, site.tree.parent(site.node)?, PUTS)).flatten()
}

impl<'a> Asked<'a> {
    fn and(&self, second: (NodeId, String)) -> Twice<'a> {
        Twice { first: self.id, asked: self.call, second, types: self.types }
    }
}

/// The parts of `a && b && c`.
fn conjuncts(cond: &Expr) -> Vec<&Expr> {
    match cond {
        Expr::Binary(both) if matches!(both.op, syn::BinOp::And(_)) => {
            let mut parts = conjuncts(&both.left);
            parts.extend(conjuncts(&both.right));
            parts
        }
        Expr::Paren(inner) => conjuncts(&inner.expr),
        other => vec![other],
    }
}

/// The question within what is made of its answer: `map.get(&key).copied().unwrap_or(0)`.
fn question<'a>(site: &Site<'_, 'a>, expr: &'a Expr) -> Option<Asked<'a>> {
    match expr {
        Expr::Paren(inner) => question(site, &inner.expr),
        Expr::Reference(inner) => question(site, &inner.expr),
        Expr::Try(inner) => question(site, &inner.expr),
        Expr::Unary(unary) => {
            let asked = question(site, &unary.expr)?;
            let negates = matches!(unary.op, syn::UnOp::Not(_));
            Some(Asked { negated: asked.negated != negates, ..asked })
        }
        Expr::MethodCall(call) => match call.method.to_string().as_str() {
            "contains_key" | "contains" | "get" | "get_mut" if call.args.len() == 1 => {
                asked(site, expr, call)
            }
            "is_none" => {
                question(site, &call.receiver).map(|asked| Asked { negated: true, ..asked })
            }
            "is_some" | "cloned" | "copied" | "clone" | "unwrap" | "expect" | "unwrap_or"
            | "unwrap_or_else" | "unwrap_or_default" | "map" | "as_ref" | "as_deref" => {
                question(site, &call.receiver)
            }
            _ => None,
        },
        _ => None,
    }
}

fn asked<'a>(site: &Site<'_, 'a>, expr: &'a Expr, call: &'a ExprMethodCall) -> Option<Asked<'a>> {
    let key = &call.args[0];
    let map = map_of(&call.receiver);
    if !is_key(key) || !is_chain(map) {
        return None;
    }
    let is_set = call.method == "contains";
    let typed = site.type_of(&call.receiver);
    let ty = typed.ty.peeled();
    let is_lent = matches!(key, Expr::Reference(_) | Expr::Lit(_))
        || matches!(key, Expr::MethodCall(made) if matches!(
            made.method.to_string().as_str(), "as_str" | "as_ref" | "as_slice" | "as_path"));
    let types = match ty.hash_map().or_else(|| ty.btree_map()) {
        Some(map) if map.value.is_none() == is_set => typed.by,
        Some(_) => return None,
        // Only a map is asked so; a set or a map is lent the key, a set of bits is not.
        None if is_other_map(ty) => typed.by,
        None if ty.is_unknown() && (call.method == "contains_key" || is_lent) => Types::Unknown,
        None => return None,
    };
    Some(Asked {
        id: site.tree.id(expr)?,
        call,
        types,
        map: words(site, map),
        key: key_words(site, key),
        negated: false,
    })
}

/// A map of another crate, by its name.
fn is_other_map(ty: &TypeName) -> bool {
    let Some(name) = ty.name() else { return false };
    let is_from_elsewhere = ty.krate().is_some_and(|krate| krate != "crate");
    let is_map = name.ends_with("HashMap")
        || name.ends_with("HashSet")
        || name.ends_with("IndexMap")
        || name.ends_with("IndexSet")
        || matches!(name, "DashMap" | "DashSet" | "LruCache");
    is_map && is_from_elsewhere
}

/// The map, without `borrow()` and `borrow_mut()` around it.
fn map_of(expr: &Expr) -> &Expr {
    match expr {
        Expr::MethodCall(call)
            if call.args.is_empty()
                && matches!(call.method.to_string().as_str(), "borrow" | "borrow_mut") =>
        {
            &call.receiver
        }
        Expr::Paren(inner) => map_of(&inner.expr),
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Deref(_)) => map_of(&unary.expr),
        Expr::Reference(inner) => map_of(&inner.expr),
        other => other,
    }
}

/// A place, or one with methods without arguments on the way.
fn is_chain(expr: &Expr) -> bool {
    match expr {
        Expr::MethodCall(call) => {
            let name = call.method.to_string();
            // Between two locks others may have changed the map.
            let locks = matches!(name.as_str(), "lock" | "read" | "write" | "load" | "unwrap");
            call.args.is_empty() && !locks && is_chain(&call.receiver)
        }
        Expr::Field(field) => is_chain(&field.base),
        Expr::Index(index) => is_chain(&index.expr) && place::is_simple(&index.index),
        other => place::is_place(other),
    }
}

/// What names a key without making it.
fn is_key(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_) => true,
        Expr::Reference(inner) => inner.mutability.is_none() && is_key(&inner.expr),
        Expr::Paren(inner) => is_key(&inner.expr),
        Expr::Unary(inner) => is_key(&inner.expr),
        Expr::Tuple(parts) => parts.elems.iter().all(is_key),
        Expr::Index(index) => is_key(&index.expr) && is_key(&index.index),
        Expr::Cast(cast) => is_key(&cast.expr),
        Expr::MethodCall(call) => {
            let name = call.method.to_string();
            let makes = matches!(
                name.as_str(),
                "to_string" | "to_owned" | "to_vec" | "next" | "pop" | "take" | "recv" | "unwrap"
            ) || name.starts_with("into");
            call.args.is_empty() && !makes && is_key(&call.receiver)
        }
        Expr::Field(field) => is_key(&field.base),
        other => place::is_place(other),
    }
}

fn words(site: &Site<'_, '_>, expr: &Expr) -> String {
    site.source(expr).split_whitespace().collect()
}

/// A key without what only borrows or copies it.
fn key_words(site: &Site<'_, '_>, key: &Expr) -> String {
    let text = words(site, key);
    let mut key = text.trim_start_matches(['&', '*', '(']).trim_end_matches(')');
    for end in [".clone(", ".as_str(", ".as_ref(", ".as_slice(", ".as_path(", ".borrow("] {
        key = key.strip_suffix(end).unwrap_or(key);
    }
    key.to_owned()
}

/// The second question below a node.
fn within(
    site: &Site<'_, '_>,
    asked: &Asked<'_>,
    below: NodeId,
    wanted: &[&str],
) -> Option<(NodeId, String)> {
    std::iter::once(below).chain(site.tree.below(below)).find_map(|id| {
        let name = again(site, asked, id, wanted)?;
        is_untouched(site, asked, id).then_some((id, name))
    })
}

/// The second question in a later statement of the same block, not in a branch or loop of it.
fn behind(
    site: &Site<'_, '_>,
    asked: &Asked<'_>,
    statement: NodeId,
    wanted: &[&str],
) -> Option<(NodeId, String)> {
    let tree = site.tree;
    if !matches!(tree.node(statement), Node::Stmt(_)) {
        return None;
    }
    let mut next = tree.statement_after(statement);
    while let Some(statement) = next {
        let found = std::iter::once(statement).chain(tree.below(statement)).find_map(|id| {
            let name = again(site, asked, id, wanted)?;
            let decides = |outer: &NodeId| match tree.node(*outer) {
                Node::Arm(_) => true,
                Node::Expr(expr) => matches!(
                    expr,
                    Expr::If(_)
                        | Expr::ForLoop(_)
                        | Expr::While(_)
                        | Expr::Loop(_)
                        | Expr::Closure(_)
                ),
                _ => false,
            };
            let is_direct =
                !tree.ancestors(id).take_while(|&outer| outer > statement).any(|o| decides(&o));
            (is_direct && is_untouched(site, asked, id) && !is_kept_back(site, asked, id))
                .then_some((id, name))
        });
        if found.is_some() {
            return found;
        }
        next = tree.statement_after(statement);
    }
    None
}

/// Whether a set is told only later, and not always: it holds what turned out to fail.
fn is_kept_back(site: &Site<'_, '_>, asked: &Asked<'_>, second: NodeId) -> bool {
    let after = site.statement(asked.id).map_or(asked.id, |statement| site.tree.behind(statement));
    let between = site.tree.range(after).start..site.tree.range(second).start;
    asked.call.method == "contains"
        && site.file.text.get(between).is_some_and(|text| place::has_word(text, "return"))
}

/// Whether a node asks the same map for the same key again.
fn again(site: &Site<'_, '_>, asked: &Asked<'_>, id: NodeId, wanted: &[&str]) -> Option<String> {
    let (map, key, name) = match site.tree.expr(id)? {
        Expr::MethodCall(call) => {
            let name = call.method.to_string();
            let count = match name.as_str() {
                "insert" if asked.call.method != "contains" => 2,
                _ => 1,
            };
            if call.args.len() != count {
                return None;
            }
            (&*call.receiver, &call.args[0], name)
        }
        Expr::Index(index) => (&*index.expr, &*index.index, "index".to_owned()),
        _ => return None,
    };
    // A copy of a text must be made for each `insert`: two searches may be cheaper.
    let is_same = wanted.contains(&name.as_str())
        && is_key(key)
        && words(site, map_of(map)) == asked.map
        && key_words(site, key) == asked.key
        && !(name == "insert" && is_cloned_text(site, key));
    let name = if name == "index" { "get".to_owned() } else { name };
    is_same.then_some(name)
}

fn is_cloned_text(site: &Site<'_, '_>, key: &Expr) -> bool {
    let Expr::MethodCall(call) = key else { return false };
    let Some(receiver) = site.tree.id(&call.receiver).and_then(|id| site.tree.expr(id)) else {
        return false;
    };
    call.method == "clone" && {
        let ty = site.type_of(receiver).ty;
        ty.is_unknown() || ty.peeled().is_text()
    }
}

/// Whether neither the map nor the key is changed, as far as can be seen, between the questions.
fn is_untouched(site: &Site<'_, '_>, asked: &Asked<'_>, second: NodeId) -> bool {
    let tree = site.tree;
    let (start, end) = (tree.range(asked.id).end, tree.range(second).start);
    let Some(between) = site.file.text.get(start..end) else { return false };
    let touches = if asked.map.chars().all(|c| c.is_alphanumeric() || c == '_') {
        place::has_word(between, &asked.map)
    } else {
        between.split_whitespace().collect::<String>().contains(&asked.map)
    };
    if touches {
        return false;
    }
    let root: String = asked.key.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    if root.is_empty() || root == "self" {
        return true;
    }
    let bound = |id| bindings::find(tree, id, &root).map(|found| std::ptr::from_ref(found.name));
    let assigns = |id: NodeId| match tree.expr(id) {
        Some(Expr::Assign(assign)) => place::root(&assign.left).is_some_and(|name| name == root),
        Some(Expr::Binary(both)) if bindings::is_update(&both.op) => {
            place::root(&both.left).is_some_and(|name| name == root)
        }
        Some(Expr::Reference(lent)) => {
            lent.mutability.is_some() && place::root(&lent.expr).is_some_and(|name| name == root)
        }
        _ => false,
    };
    let function = site.function(asked.id).map_or(tree.root(), |function| function.id);
    let changes = tree.below(function).filter(|&id| id > asked.id && id < second).any(assigns);
    bound(asked.id) == bound(second) && !changes
}
